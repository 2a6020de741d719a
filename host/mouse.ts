/**
 * The mouse on the presenter's terminal, as the program in the session has to see it.
 *
 * @module
 */
import type { MouseEncoding } from "../format/frame.ts";
import type { Span, Viewport } from "../viewer/viewport.ts";

/**
 * A mouse report with its place moved from the local terminal to the session's screen; `undefined` when it is not on
 * the session's screen (the status line, the margin), or is not a report.
 */
export function placeMouse(
  raw: Uint8Array,
  encoding: MouseEncoding,
  viewport: Viewport,
): Uint8Array | undefined {
  const whole = viewport.x.at === 0 && viewport.x.from === 0 && viewport.y.at === 0 &&
    viewport.y.from === 0;
  const sequence = String.fromCharCode(...raw.subarray(1));
  // Where a pixel is in cells is not known here.
  if (encoding === "sgr-pixels") return whole ? raw : undefined;
  const sgr = /^\[<(\d+);(\d+);(\d+)([Mm])$/.exec(sequence);
  if (sgr !== null) {
    const x = place(Number(sgr[2]), viewport.x), y = place(Number(sgr[3]), viewport.y);
    if (x === undefined || y === undefined) return undefined;
    return whole ? raw : new TextEncoder().encode(`\x1b[<${sgr[1]};${x};${y}${sgr[4]}`);
  }
  if (!sequence.startsWith("[M") || raw.length !== 6) return undefined;
  const x = place(raw[4]! - 32, viewport.x), y = place(raw[5]! - 32, viewport.y);
  if (x === undefined || y === undefined) return undefined;
  return whole ? raw : new Uint8Array([...raw.subarray(0, 4), x + 32, y + 32]);
}

/** A local column or row, from 1, in the session's numbers. */
function place(local: number, { from, at, length }: Span): number | undefined {
  const inside = local - 1 - at;
  return inside >= 0 && inside < length ? inside + from + 1 : undefined;
}
