/**
 * Rows above a screen that were looked at, by their numbers.
 *
 * @module
 */
import type { Known } from "./lines.ts";

/** So many of the latest are remembered: more than are looked at together. A power of two. */
const MAX_KNOWN = 1024;

/** Each has its place by its number, so that to look one up, or to forget the oldest, takes no search. */
export class KnownRows {
  readonly #lines = new Float64Array(MAX_KNOWN).fill(NaN);
  /** The highest number of them. */
  #latest = -1;
  readonly #known: (Known | undefined)[] = new Array(MAX_KNOWN).fill(undefined);

  /** The row with a number, if it is remembered. */
  get(line: number): Known | undefined {
    if (line > this.#latest) return undefined;
    const place = line & (MAX_KNOWN - 1);
    return this.#lines[place] === line ? this.#known[place] : undefined;
  }

  /** Remembers a row in the place of one that is {@link MAX_KNOWN} lines older. */
  set(line: number, known: Known): void {
    const place = line & (MAX_KNOWN - 1);
    this.#lines[place] = line;
    if (line > this.#latest) this.#latest = line;
    this.#known[place] = known;
  }

  /** Forgets all of them. */
  clear(): void {
    this.#latest = -1;
    this.#lines.fill(NaN);
    this.#known.fill(undefined);
  }
}
