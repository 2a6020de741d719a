/**
 * Text from outside on a line of our own.
 *
 * @module
 */
import { printable } from "../format/text.ts";

/** What turns the direction of a line around, or is there without being seen. */
const UNSEEN = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const MAX_LENGTH = 256;

/**
 * A text that stays in its place: no control characters, nothing that changes the direction of writing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(legible("\x1b]0;a\u202eb\x07"), "]0;ab");
 * ```
 */
export function legible(text: string): string {
  return printable(text, MAX_LENGTH).replace(UNSEEN, "");
}
