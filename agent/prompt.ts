/**
 * Whether a shell waits for a command, by what it looks like. Pure.
 *
 * @module
 */

/** A line looks like a prompt for good after nothing has changed for so long. */
export const PROMPT_QUIET_MS = 150;

/** What prompts end in. */
const ENDING = /[$#%>❯➜»] +$/u;
/** What asks for the rest of a command: `> `, `quote> `, `for cmdsubst> `, `... `. */
const CONTINUATION = /^(?:(?:[a-z]+ )*[a-z]*> +|\.\.\. +)$/;

/**
 * Whether the text before the cursor is a prompt.
 *
 * @param learned the text that was before the cursor at a prompt that was typed at
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.ok(looksLikePrompt("ada@box:~$ ", undefined));
 * assert.ok(looksLikePrompt("➜  src git:(main) ✗ ", "➜  ~ git:(main) ✗ "));
 * assert.ok(!looksLikePrompt("quote> ", "$ "));
 * ```
 */
export function looksLikePrompt(text: string, learned: string | undefined): boolean {
  if (text.trim() === "") return false;
  if (learned !== undefined && learned.trim() !== "") {
    if (text === learned || text.endsWith(learned)) return true;
    if (isAlike(text, learned)) return true;
  }
  return ENDING.test(text) && !CONTINUATION.test(text);
}

/** The same prompt in another directory, or with another count: it begins and ends alike, and not with a word. */
function isAlike(text: string, learned: string): boolean {
  const [first] = text.trimStart(), [learnedFirst] = learned.trimStart();
  const last = text.trimEnd().at(-1), space = text.length - text.trimEnd().length;
  return first === learnedFirst && last === learned.trimEnd().at(-1) &&
    space === learned.length - learned.trimEnd().length && !/[\p{L}\p{N}]/u.test(last ?? "a");
}
