/**
 * Time, as an argument.
 *
 * @module
 */

/** A clock that never goes back, and its timers. */
export interface Clock {
  /** Milliseconds since an arbitrary start, with fractions. */
  now(): number;
  /** Calls back once after so many milliseconds; what it returns takes that back. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The longest delay a timer takes; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
