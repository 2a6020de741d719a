/**
 * What a mouse does on the local terminal, and where that is on the session's screen.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";
import type { Span, Viewport } from "./viewport.ts";

/** A mouse event as it is typed into a session. */
export type MousePart = Extract<InputPart, { kind: "mouse" }>;

/**
 * Reads a mouse report, in SGR or in classic bytes. The place is a cell of the local terminal, from 0. `undefined` for what
 * cannot be typed: wheels that go sideways, a fourth button, or no report at all.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const report = parseMouse(new TextEncoder().encode("\x1b[<0;5;3M"));
 * assert.deepEqual(report, { kind: "mouse", action: "down", button: 0, x: 4, y: 2 });
 * ```
 */
export function parseMouse(raw: Uint8Array): MousePart | undefined {
  const sequence = String.fromCharCode(...raw.subarray(1, 64));
  const sgr = /^\[<(\d+);(\d+);(\d+)([Mm])$/.exec(sequence);
  if (sgr !== null) {
    return mousePart(Number(sgr[1]), Number(sgr[2]) - 1, Number(sgr[3]) - 1, sgr[4] === "m");
  }
  if (!sequence.startsWith("[M") || raw.length !== 6) return undefined;
  const bits = raw[3]! - 32;
  // The classic report does not say which button went up.
  const up = (bits & 3) === 3 && (bits & 32) === 0;
  return mousePart(up ? bits & ~3 : bits, raw[4]! - 33, raw[5]! - 33, up);
}

/** A report's place on the session's screen; `undefined` beside it, unless a button is held: then at its edge. */
export function placeMouse(part: MousePart, viewport: Viewport): MousePart | undefined {
  const held = part.action === "up" || (part.action === "move" && part.button !== undefined);
  const x = place(part.x, viewport.x, held), y = place(part.y, viewport.y, held);
  return x === undefined || y === undefined ? undefined : { ...part, x, y };
}

function mousePart(bits: number, x: number, y: number, up: boolean): MousePart | undefined {
  const button = bits & 3;
  const place = {
    x,
    y,
    ...(bits & 4 && { shift: true as const }),
    ...(bits & 8 && { alt: true as const }),
    ...(bits & 16 && { ctrl: true as const }),
  };
  if (!(x >= 0 && y >= 0) || bits >= 128) return undefined;
  if (bits & 64) {
    if (button > 1) return undefined;
    return { kind: "mouse", action: button === 0 ? "wheel-up" : "wheel-down", ...place };
  }
  const action = bits & 32 ? "move" : up ? "up" : "down";
  if (button !== 3) return { kind: "mouse", action, button: button as 0 | 1 | 2, ...place };
  return action === "move" ? { kind: "mouse", action, ...place } : undefined;
}

/** A local column or row, from 0, in the session's. */
function place(local: number, { from, at, length }: Span, clamped: boolean): number | undefined {
  const inside = local - at;
  if (inside >= 0 && inside < length) return from + inside;
  return clamped ? from + Math.max(0, Math.min(inside, length - 1)) : undefined;
}
