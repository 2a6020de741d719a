/**
 * Secrets that were found: a part of one is secret too when it turns up alone, where the rest of it has scrolled off,
 * was cut off by the program, or is wrapped in another way.
 *
 * Only what looks drawn at random is remembered, so that a part of it is found nowhere by chance.
 *
 * @module
 */
import type { Found } from "./matcher.ts";
import { looksRandom } from "./values.ts";

/** Fewest characters in a row of a remembered secret that are masked. */
export const MIN_PART = 8;
/** Most secrets remembered, and most characters of one: then the older half is forgotten, the rest is left out. */
const MAX_SECRETS = 256, MAX_LENGTH = 4096;

/** A secret; it may be found shorter first, while it grows. */
interface Remembered {
  readonly rule: string;
  text: string;
}

/** What is told of a {@link Memory} to who looks for its secrets. */
export interface MemoryChanges {
  /** Text was added of which parts are secret. */
  added(text: string): void;
  /** Some was forgotten; this is what is left. */
  left(texts: readonly string[]): void;
}

/** The remembered secrets of one redactor. It never leaves the process. */
export class Memory {
  #secrets: Remembered[] = [];
  /** Where any {@link MIN_PART} characters in a row of a secret are. */
  #parts = new Map<string, { readonly secret: Remembered; readonly at: number }>();
  readonly #changes: MemoryChanges | undefined;

  constructor(changes?: MemoryChanges) {
    this.#changes = changes;
  }

  /** How many secrets are remembered. */
  get size(): number {
    return this.#secrets.length;
  }

  /** Remembers what of a secret looks drawn at random. */
  learn(rule: string, secret: string): void {
    for (const word of secret.split(/\s+/)) this.#learnWord(rule, word.slice(0, MAX_LENGTH));
  }

  #learnWord(rule: string, text: string): void {
    // Code is no secret, whatever it was taken for: parts of it are everywhere.
    if (/[<>(){}[\],;"'`]/.test(text)) return;
    if (this.#parts.has(text.slice(-MIN_PART)) || !looksRandom(text)) return;
    const last = this.#secrets.at(-1);
    if (last !== undefined && last.rule === rule && text.startsWith(last.text)) {
      const from = last.text.length - MIN_PART + 1;
      last.text = text;
      this.#addParts(last, from);
      this.#changes?.added(text.slice(from));
      return;
    }
    if (this.#secrets.length >= MAX_SECRETS) this.#forget();
    const remembered = { rule, text };
    this.#secrets.push(remembered);
    this.#addParts(remembered, 0);
    this.#changes?.added(text);
  }

  /** Adds the parts of remembered secrets that are in a text. */
  find(found: Found[], text: string): void {
    if (this.#parts.size === 0) return;
    for (let from = 0; from + MIN_PART <= text.length;) {
      const part = this.#parts.get(text.slice(from, from + MIN_PART));
      if (part === undefined) {
        from++;
        continue;
      }
      const { secret, at } = part;
      let to = from + MIN_PART;
      while (to < text.length && text[to] === secret.text[at + to - from]) to++;
      found.push({ rule: secret.rule, start: from, from, to, known: true });
      from = to - MIN_PART + 1;
    }
  }

  #addParts(secret: Remembered, from: number): void {
    for (let at = from; at + MIN_PART <= secret.text.length; at++) {
      const part = secret.text.slice(at, at + MIN_PART);
      if (!this.#parts.has(part)) this.#parts.set(part, { secret, at });
    }
  }

  #forget(): void {
    const left = this.#secrets.slice(MAX_SECRETS / 2);
    this.#secrets = left;
    this.#parts = new Map();
    for (const secret of left) this.#addParts(secret, 0);
    this.#changes?.left(left.map(({ text }) => text));
  }
}
