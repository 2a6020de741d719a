/**
 * The mouse, as the session's program expects it: what xterm reports in the modes that the program has set. Pure.
 *
 * @module
 */
import type { Modes, MouseTracking } from "../format/frame.ts";
import type { InputPart } from "../wire/input.ts";

/** One mouse event. */
export type MousePart = Extract<InputPart, { readonly kind: "mouse" }>;

/** No button, or, in the classic bytes, whichever was let go. */
const NO_BUTTON = 3;
const MOTION = 32;
const WHEEL = 64;
/** Largest column or row, from 1, that a classic byte can say. */
const BYTE_MAX = 223;

/** The report of a mouse event; `undefined` when the program has not asked for it, or its place cannot be said. */
export function encodeMouse(part: MousePart, modes: Modes): Uint8Array | undefined {
  if (!isReported(part, modes.mouse)) return undefined;
  const x = part.x + 1, y = part.y + 1;
  const modifiers = modes.mouse === "press"
    ? 0 // The X10 protocol has none.
    : (part.shift ? 4 : 0) | (part.alt ? 8 : 0) | (part.ctrl ? 16 : 0);
  switch (modes.mouseEncoding) {
    case "sgr": {
      const code = button(part) | modifiers;
      const final = part.action === "up" ? "m" : "M";
      return new TextEncoder().encode(`\x1b[<${code};${x};${y}${final}`);
    }
    case "bytes": {
      if (x > BYTE_MAX || y > BYTE_MAX) return undefined;
      const code = (part.action === "up" ? NO_BUTTON : button(part)) | modifiers;
      return new Uint8Array([0x1b, 0x5b, 0x4d, code + 32, x + 32, y + 32]);
    }
    case "sgr-pixels":
      // How large a cell is, nobody knows: each viewer has its own.
      return undefined;
    default:
      return modes.mouseEncoding satisfies never;
  }
}

function isReported({ action, button }: MousePart, mouse: MouseTracking): boolean {
  const wheel = action === "wheel-up" || action === "wheel-down";
  if ((action === "down" || action === "up") && button === undefined) return false;
  switch (mouse) {
    case "none":
      return false;
    case "press":
      return action === "down";
    case "click":
      return wheel || action === "down" || action === "up";
    case "drag":
      return action !== "move" || button !== undefined;
    case "move":
      return true;
    default:
      return mouse satisfies never;
  }
}

function button({ action, button }: MousePart): number {
  switch (action) {
    case "down":
    case "up":
      return button ?? NO_BUTTON;
    case "move":
      return MOTION | (button ?? NO_BUTTON);
    case "wheel-up":
      return WHEEL;
    case "wheel-down":
      return WHEEL | 1;
    default:
      return action satisfies never;
  }
}
