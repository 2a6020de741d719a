/**
 * Commands as a shell would read them.
 *
 * @module
 */

/**
 * A command line that a POSIX shell takes apart into these words.
 *
 * @example
 * ```ts
 * import { quoteCommand } from "./shell_words.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(quoteCommand(["echo", "it's", "a b"]), `echo 'it'\\''s' 'a b'`);
 * ```
 */
export function quoteCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
