/**
 * Cleaning of text that comes from outside.
 *
 * @module
 */

// deno-lint-ignore no-control-regex -- control characters are what it removes
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

/**
 * `text` without control characters and lone surrogates, cut to `maxLength` UTF-16 units, never inside a
 * surrogate pair.
 *
 * @example
 * ```ts
 * import { printable } from "./text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(printable("a\x1b]52;c;\x07b", 100), "a]52;c;b");
 * ```
 */
export function printable(text: string, maxLength: number): string {
  const clean = text.slice(0, maxLength * 4).replace(CONTROLS, "").slice(0, maxLength);
  return clean.isWellFormed() ? clean : clean.replace(LONE_SURROGATES, "");
}

const LONE_SURROGATES = /\p{Surrogate}/gu;
