/**
 * Time, as an argument.
 *
 * @module
 */

/** Where the time comes from, and what wakes one up. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after a time, at most {@link MAX_DELAY_MS}. Returns what cancels it; cancelling twice is fine. */
  after(delayMs: number, callback: () => void): () => void;
}

/** A timer with a longer delay would fire at once. */
export const MAX_DELAY_MS = 2 ** 31 - 1;

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
