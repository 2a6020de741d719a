/**
 * How many scrolled lines a live stream carries: all of what a command prints at once, and little of a flood that
 * nobody could read. A token bucket. Pure.
 *
 * @module
 */

/** Lines that are carried at once after a rest. */
export const BURST_LINES = 1_000;
/** Lines that are carried in a second of a flood. */
export const LINES_PER_SECOND = 12_000;

/** What may still be carried. */
export interface LineBudget {
  /** Lines at `atMs`, and a part of one. */
  readonly lines: number;
  readonly atMs: number;
}

/** A stream that has carried nothing yet. */
export const FULL_BUDGET: LineBudget = Object.freeze({ lines: BURST_LINES, atMs: 0 });

/**
 * The budget at a later time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const flooded = { lines: 0, atMs: 5_000 };
 * assert.equal(refilled(flooded, 5_016).lines, 192);
 * assert.equal(refilled(flooded, 60_000).lines, BURST_LINES);
 * ```
 */
export function refilled({ lines, atMs }: LineBudget, nowMs: number): LineBudget {
  const more = Math.max(0, nowMs - atMs) * LINES_PER_SECOND / 1_000;
  return { lines: Math.min(BURST_LINES, lines + more), atMs: nowMs };
}

/** What is left when so many lines were carried. */
export function spent({ lines, atMs }: LineBudget, carried: number): LineBudget {
  return { lines: Math.max(0, lines - carried), atMs };
}
