/**
 * How fast a program types: below what a host lets pass, so that nothing is refused and no connection cut. Pure.
 *
 * @module
 */

/** Messages, and parts of input: a host passes 200 a second, and 400 at once after a rest. */
export const MESSAGES_PER_SECOND = 180, BURST_MESSAGES = 300;
/** Characters: a host passes 32 KiB a second, and 128 KiB at once after a rest. They are counted as UTF-8. */
export const BYTES_PER_SECOND = 30_000, BURST_BYTES = 96 * 1_024;

/** What may still be sent. */
export interface Budget {
  readonly messages: number;
  readonly bytes: number;
  readonly atMs: number;
}

/** Something to be sent. */
export interface Cost {
  readonly messages: number;
  readonly bytes: number;
}

/** Who has sent nothing yet. */
export const RESTED: Budget = { messages: BURST_MESSAGES, bytes: BURST_BYTES, atMs: -Infinity };

/** Sends, or says how long to wait first. What costs more than all there may be is sent when there is all of it. */
export function spend(
  budget: Budget,
  { messages, bytes }: Cost,
  nowMs: number,
): { readonly budget: Budget; readonly waitMs: number } {
  const seconds = Math.max(0, nowMs - budget.atMs) / 1_000;
  const now = {
    messages: Math.min(BURST_MESSAGES, budget.messages + seconds * MESSAGES_PER_SECOND),
    bytes: Math.min(BURST_BYTES, budget.bytes + seconds * BYTES_PER_SECOND),
    atMs: nowMs,
  };
  const short = Math.max(
    (Math.min(messages, BURST_MESSAGES) - now.messages) / MESSAGES_PER_SECOND,
    (Math.min(bytes, BURST_BYTES) - now.bytes) / BYTES_PER_SECOND,
  );
  if (short > 0) return { budget: now, waitMs: Math.ceil(short * 1_000) };
  return {
    budget: { ...now, messages: now.messages - messages, bytes: now.bytes - bytes },
    waitMs: 0,
  };
}
