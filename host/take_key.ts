/**
 * When the key that takes control is not meant: just after control came back, and while it is held down. Pure.
 *
 * @module
 */

/** How long after control came back the key does nothing: who wanted to take it may press it once too often. */
const CAME_BACK_MS = 1_000;
/** A key that is held down comes again within this. */
const REPEATS_MS = 400;

/** Knows until when the take key does nothing. Times are those of one clock, in milliseconds. */
export class TakeKey {
  #idleUntilMs = -Infinity;

  /** Control came back to the presenter. */
  cameBack(nowMs: number): void {
    this.#idleUntilMs = nowMs + CAME_BACK_MS;
  }

  /** Whether the key does nothing now. */
  isIdle(nowMs: number): boolean {
    return nowMs < this.#idleUntilMs;
  }

  /** The key came while it did nothing: held down, it goes on doing so. */
  pressed(nowMs: number): void {
    if (this.isIdle(nowMs)) {
      this.#idleUntilMs = Math.max(this.#idleUntilMs, nowMs + REPEATS_MS);
    }
  }
}
