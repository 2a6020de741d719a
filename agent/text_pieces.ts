/**
 * A long text in pieces, so that typing can stop between them.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";

/** Longest piece, in UTF-16 units. */
export const PIECE_LENGTH = 1_024;

/**
 * Pieces of a text, none of which ends within a character or a line break.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(piecesOf("ab😀c", 3), ["ab", "😀c"]);
 * ```
 */
export function piecesOf(text: string, length: number = PIECE_LENGTH): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + length, text.length);
    if (to < text.length && to > from + 1 && isWithin(text, to)) to--;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

/** A text as messages of input. */
export function textParts(text: string): InputPart[][] {
  return piecesOf(text).map((piece) => [{ kind: "text", text: piece }]);
}

function isWithin(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1), after = text.charCodeAt(at);
  const pair = before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
  return pair || (before === 0x0d && after === 0x0a);
}
