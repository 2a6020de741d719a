/**
 * How often something took how long: counted as it happens, read when somebody asks.
 *
 * @module
 */
import type { HistogramMeasure } from "./measures.ts";

/** Counts durations by their length. Counting is a few comparisons and two additions. */
export class Histogram {
  readonly #boundsMs: readonly number[];
  /** One more than there are bounds: the last is for what was longer. */
  readonly #counts: number[];
  #sumMs = 0;

  /** @param boundsMs the longest that each bucket takes, in milliseconds, ascending */
  constructor(boundsMs: readonly number[]) {
    this.#boundsMs = boundsMs;
    this.#counts = new Array<number>(boundsMs.length + 1).fill(0);
  }

  /** Counts a duration; one below zero as zero. */
  observe(ms: number): void {
    const bounds = this.#boundsMs;
    let i = 0;
    while (i < bounds.length && ms > bounds[i]!) i++;
    this.#counts[i]!++;
    if (ms > 0) this.#sumMs += ms;
  }

  /** All that was counted. */
  measure(): HistogramMeasure {
    let count = 0;
    const buckets = this.#boundsMs.map((boundMs, i) => {
      count += this.#counts[i]!;
      return { le: boundMs / 1_000, count };
    });
    count += this.#counts.at(-1)!;
    return { count, sumSeconds: this.#sumMs / 1_000, buckets };
  }
}
