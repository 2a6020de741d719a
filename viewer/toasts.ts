/**
 * What has just happened, told for a while.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

/** How long it is told. */
const TOAST_MS = 4_000;

/** The newest thing that has happened. */
export class Toasts {
  readonly #clock: Clock;
  #text = "";
  #untilMs = -Infinity;
  #leftOut = { lines: 0, untilMs: -Infinity };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is told now. */
  get text(): string | undefined {
    return this.#clock.now() < this.#untilMs ? this.#text : undefined;
  }

  /** How long it is told still; `undefined` when nothing is. */
  get leftMs(): number | undefined {
    const leftMs = this.#untilMs - this.#clock.now();
    return leftMs > 0 ? leftMs : undefined;
  }

  /** Tells something, in place of what was told. */
  say(text: string): void {
    this.#text = text;
    this.#untilMs = this.#clock.now() + TOAST_MS;
  }

  /** Lines left out in a row are told as one number. */
  leaveOut(lines: number): void {
    const before = this.leftMs !== undefined && this.#clock.now() < this.#leftOut.untilMs
      ? this.#leftOut.lines
      : 0;
    this.#leftOut = { lines: before + lines, untilMs: this.#clock.now() + TOAST_MS };
    this.say(`${this.#leftOut.lines.toLocaleString("en")} lines left out`);
  }
}
