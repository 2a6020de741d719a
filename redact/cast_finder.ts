/**
 * Looks for many texts at once.
 *
 * @module
 */

/** Shortest text that can be looked for. */
export const MIN_FOUND = 6;
const TABLE_BITS = 16;

/**
 * Finds out whether any of some texts is in another one, in time in proportion to that one however many they are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const finder = new TextFinder(["hunter2!", "s3cret-key"]);
 * assert.equal(finder.find("my s3cret-key is here"), "s3cret-key");
 * assert.equal(finder.find("nothing"), undefined);
 * ```
 */
export class TextFinder {
  /** The length of the longest text. */
  readonly longest: number;
  /** Which first three characters there are, hashed: most places are passed over with one look. */
  readonly #table = new Uint8Array(1 << TABLE_BITS);
  readonly #byBeginning = new Map<string, string[]>();

  /** Texts shorter than {@link MIN_FOUND} are left out. */
  constructor(texts: Iterable<string>) {
    let longest = 0;
    for (const text of texts) {
      if (text.length < MIN_FOUND) continue;
      longest = Math.max(longest, text.length);
      this.#table[hashAt(text, 0)] = 1;
      const beginning = text.slice(0, MIN_FOUND);
      const others = this.#byBeginning.get(beginning);
      if (others === undefined) this.#byBeginning.set(beginning, [text]);
      else others.push(text);
    }
    this.longest = longest;
  }

  /** One of the texts that is in `text`; `undefined` when none is. */
  find(text: string): string | undefined {
    if (this.longest === 0) return undefined;
    const table = this.#table;
    for (let at = 0; at + MIN_FOUND <= text.length; at++) {
      if (table[hashAt(text, at)] === 0) continue;
      const found = this.#byBeginning.get(text.slice(at, at + MIN_FOUND))
        ?.find((candidate) => text.startsWith(candidate, at));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function hashAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 0x9e5 ^ text.charCodeAt(at + 1) * 0x83 ^ text.charCodeAt(at + 2)) &
    (1 << TABLE_BITS) - 1;
}
