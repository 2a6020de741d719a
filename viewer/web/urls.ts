/**
 * Addresses in text: pure.
 *
 * @module
 */

/** An address, and where in the text it is; `end` is exclusive. */
export interface FoundUrl {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

const URLS = /\bhttps?:\/\/[^\s<>"'`{}|\\^\u2500-\u259f\u3000-\u303f\uff00-\uffef]+/gi;
const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[" };
const MAX_LENGTH = 2_083;

/**
 * The web addresses in a text. A full stop after one does not belong to it, nor does a bracket that it did not open.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const [found] = findUrls("(see https://example.org/a_(b)).");
 * assert.equal(found!.url, "https://example.org/a_(b)");
 * ```
 */
export function findUrls(text: string): readonly FoundUrl[] {
  const found: FoundUrl[] = [];
  for (const match of text.matchAll(URLS)) {
    const url = trimmed(match[0]);
    if (url.length > MAX_LENGTH || !URL.canParse(url)) continue;
    if (!/^https?:$/.test(new URL(url).protocol)) continue;
    found.push({ start: match.index, end: match.index + url.length, url });
  }
  return found;
}

function trimmed(raw: string): string {
  let url = raw;
  for (;;) {
    const last = url.at(-1) ?? "";
    const open = PAIRS[last];
    const alone = open !== undefined && count(url, open) < count(url, last);
    if (!alone && !/[.,;:!?*]/.test(last)) return url;
    url = url.slice(0, -1);
  }
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}
