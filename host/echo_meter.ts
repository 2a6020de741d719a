/**
 * How long it takes until what was typed is seen.
 *
 * @module
 */
import { Histogram } from "./metrics/histogram.ts";
import type { HistogramMeasure } from "./metrics/measures.ts";

/** What echo latencies are counted in. */
const ECHO_MS = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 2_500];
/**
 * A key that showed nothing for this long may have no echo: the next one is measured in its place. A screen that changes
 * this much later was not changed by it.
 */
const ECHO_STALE_MS = 1_000, ECHO_MAX_MS = 5_000;

/** Measures from a key to the next frame. */
export class EchoMeter {
  readonly #echo = new Histogram(ECHO_MS);
  /** When what was typed was, of which no frame has shown anything yet; -1 when there is nothing. */
  #typedMs = -1;

  /** Somebody typed. */
  typed(nowMs: number): void {
    if (this.#typedMs < 0 || nowMs - this.#typedMs > ECHO_STALE_MS) this.#typedMs = nowMs;
  }

  /** The screen has changed, and everybody was sent it. */
  shown(nowMs: number): void {
    if (this.#typedMs < 0) return;
    const tookMs = nowMs - this.#typedMs;
    this.#typedMs = -1;
    if (tookMs <= ECHO_MAX_MS) this.#echo.observe(tookMs);
  }

  /** What was measured. */
  measure(): HistogramMeasure {
    return this.#echo.measure();
  }
}
