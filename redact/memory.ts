/**
 * Secrets that were found: a part of one is secret too when it turns up alone, where the rest of it has scrolled off,
 * was cut off by the program, or is wrapped in another way.
 *
 * Only what looks drawn at random is remembered, so that a part of it is found nowhere by chance.
 *
 * @module
 */
import type { Found } from "./matcher.ts";
import { MAX_TEXT, Parts } from "./parts.ts";
import { looksRandom } from "./values.ts";

/** Fewest characters in a row of a remembered secret that are masked. */
export const MIN_PART = 8;
/** Most characters of all secrets: then the older half is forgotten. Of one, {@link MAX_TEXT}: the rest is left out. */
const MAX_CHARACTERS = 256 * MAX_TEXT;

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
  #characters = 0;
  /** Where any {@link MIN_PART} characters in a row of a secret are. */
  #parts = this.#noParts();
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
    for (const word of secret.split(/\s+/)) this.#learnWord(rule, word.slice(0, MAX_TEXT));
  }

  #learnWord(rule: string, text: string): void {
    // Code is no secret, whatever it was taken for: parts of it are everywhere.
    if (/[<>(){}[\],;"'`]/.test(text)) return;
    if (this.#parts.find(text, text.length - MIN_PART) || !looksRandom(text)) return;
    const last = this.#secrets.at(-1);
    if (last !== undefined && last.rule === rule && text.startsWith(last.text)) {
      const from = last.text.length - MIN_PART + 1;
      this.#characters += text.length - last.text.length;
      last.text = text;
      this.#parts.add(this.#secrets.length - 1, from);
      this.#changes?.added(text.slice(from));
      return;
    }
    if (this.#characters + text.length > MAX_CHARACTERS) this.#forget();
    this.#characters += text.length;
    this.#secrets.push({ rule, text });
    this.#parts.add(this.#secrets.length - 1, 0);
    this.#changes?.added(text);
  }

  /** Adds the parts of remembered secrets that are in a text. */
  find(found: Found[], text: string): void {
    if (this.#parts.isEmpty) return;
    for (let from = 0; from + MIN_PART <= text.length;) {
      const part = this.#parts.find(text, from);
      if (part === undefined) {
        from++;
        continue;
      }
      const secret = this.#secrets[part.text]!;
      let to = from + MIN_PART;
      while (to < text.length && text[to] === secret.text[part.at + to - from]) to++;
      found.push({ rule: secret.rule, start: from, from, to, known: true });
      from = to - MIN_PART + 1;
    }
  }

  #noParts(): Parts {
    return new Parts(MIN_PART, (number) => this.#secrets[number]!.text);
  }

  /** Forgets the older half, by characters. */
  #forget(): void {
    let older = 0;
    while (this.#characters > MAX_CHARACTERS / 2) {
      this.#characters -= this.#secrets[older++]!.text.length;
    }
    this.#secrets = this.#secrets.slice(older);
    this.#parts = this.#noParts();
    this.#secrets.forEach((_, number) => this.#parts.add(number, 0));
    this.#changes?.left(this.#secrets.map(({ text }) => text));
  }
}
