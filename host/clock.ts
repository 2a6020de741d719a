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

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A clock that counts from now on: session time. */
export function startedNow(clock: Clock): Clock {
  const startMs = clock.now();
  return {
    now: () => clock.now() - startMs,
    after: (delayMs, callback) => clock.after(delayMs, callback),
  };
}
