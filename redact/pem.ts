/**
 * Private keys in PEM, whose lines say nothing of what they are: what counts is the line that they begin with.
 *
 * @module
 */
import type { Range } from "./rule.ts";

/** The name of the rule. */
export const PEM_RULE = "private-key";

const BEGIN = /-----BEGIN ?[A-Z0-9 ]*PRIVATE ?KEY(?: ?BLOCK)?-----|^Private-Lines: ?\d+$/g;
const END = /-----END[ A-Z0-9-]*|^Private-MAC:/;
const END_OF_KEY = /-----END ?[A-Z0-9 ]*PRIVATE ?KEY/;
/** Lines that stand between the first line and the key. */
const HEADER = /^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Key-Derivation|Argon2-\w+): /;
/** What a program may put before a line: its number, a mark of a quote, a comment, a difference, a list. */
const BEFORE = /^(?:\s*\d{1,6}(?:[\s:|│-]|$))?[\s>#*+"'`|│:,.-]*/;
/** And after it. */
const AFTER = /(?:\\+[nr])*[\s"'`,.+\\|│]*$/;

/** Whether a text ends inside a private key: where the first line of one ends that has no last line. */
export function keyOpensAt(text: string): number {
  if (!text.includes("-----BEGIN") && !text.startsWith("Private-Lines:")) return -1;
  let at = -1;
  for (const match of text.matchAll(BEGIN)) at = match.index + match[0].length;
  return at >= 0 && text.indexOf("-----END", at) < 0 ? at : -1;
}

/** Whether a text has the last line of a private key. */
export function keyCloses(text: string): boolean {
  return END_OF_KEY.test(text);
}

/** What a line is, if the line before it is inside a private key. */
export type KeyLine =
  /** Part of the key, which stands at a place of the line. */
  | { readonly kind: "body"; readonly range: Range }
  /** Nothing of the key, but it goes on. */
  | { readonly kind: "between" }
  /** The key's last line, or one that is none of its lines; part of the key may stand before it. */
  | { readonly kind: "end"; readonly range?: Range };

/** Looks at one line behind the first one of a private key. What stands behind the cursor may not belong to it. */
export function keyLine(text: string, cursorAt = -1): KeyLine {
  const end = text.search(END);
  if (end >= 0) {
    const body = bodyOf(text.slice(0, end));
    return body === undefined ? { kind: "end" } : { kind: "end", range: body };
  }
  if (text.trim() === "" || HEADER.test(text.trim())) return { kind: "between" };
  const body = bodyOf(text) ?? (cursorAt > 0 ? bodyOf(text.slice(0, cursorAt)) : undefined) ??
    longRun(text);
  return body === undefined ? { kind: "end" } : { kind: "body", range: body };
}

/** Base64 among other text that is too long for a word; a resize may have brought two rows together. */
function longRun(text: string): Range | undefined {
  const found = /[A-Za-z0-9+/=]{24,}(?: +[A-Za-z0-9+/=]{4,})*/.exec(text);
  return found === null ? undefined : { from: found.index, to: found.index + found[0].length };
}

/** Length of the lines of a key, but for the last one; shorter ones may be anything. */
export const FULL_LINE = 40;

/** Base64 that a line consists of, but for what stands around lines. */
export function bodyOf(text: string): Range | undefined {
  const bare = text.replace(AFTER, "");
  let from = BEFORE.exec(bare)![0].length;
  // What looks like a line's number or a sign may be the beginning of the key itself.
  const glued = /[A-Za-z0-9+/=]*$/.exec(bare.slice(0, from))![0];
  if (!/^\d+$/.test(glued) || from === bare.length) from -= glued.length;
  return from < bare.length && /^[A-Za-z0-9+/=]+$/.test(bare.slice(from))
    ? { from, to: bare.length }
    : undefined;
}
