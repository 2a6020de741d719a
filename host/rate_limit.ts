/**
 * How much one participant may type: a token bucket of bytes and of messages, and a short backlog for what is above
 * it. Pure.
 *
 * A message passes whole or not at all. A paste that passed in parts would hold its brackets open, and what others
 * type meanwhile would be pasted; the rest of a key's sequence that comes late is read as another key. So a message
 * passes as soon as there is any token left, and those after it wait until what it took is made up for.
 *
 * @module
 */

/** Bytes that pass at once after a rest: a paste of 100 KB does. */
export const BURST_BYTES = 128 * 1_024;
/** Bytes that pass in a second when somebody does not rest. */
export const BYTES_PER_SECOND = 32 * 1_024;
/** Messages that pass at once after a rest. */
export const BURST_MESSAGES = 400;
/** Messages that pass in a second when somebody does not rest. */
export const MESSAGES_PER_SECOND = 200;
/** Bytes that may wait, or that one message may take beyond what there is. A message that needs more is refused. */
export const BACKLOG_MAX_BYTES = 64 * 1_024;
/** Messages that may wait: two seconds of them. */
export const BACKLOG_MAX_MESSAGES = 2 * MESSAGES_PER_SECOND;
/** Time between two looks at the backlog. */
export const DRAIN_MS = 20;

/** What one participant may still type, and what waits. */
export interface RateLimit {
  /** Tokens at `atMs`; fewer than none when a message took more than there were. */
  readonly bytes: number;
  readonly messages: number;
  readonly atMs: number;
  /** What waits, oldest first. Bounded by {@link BACKLOG_MAX_BYTES} and {@link BACKLOG_MAX_MESSAGES}. */
  readonly backlog: readonly Uint8Array[];
  readonly backlogBytes: number;
}

/** What passes now, and what remains. */
export interface Drained {
  readonly limit: RateLimit;
  readonly pass: readonly Uint8Array[];
}

/** Somebody who has typed nothing yet. */
export const RESTED: RateLimit = Object.freeze({
  bytes: BURST_BYTES,
  messages: BURST_MESSAGES,
  atMs: 0,
  backlog: [],
  backlogBytes: 0,
});

/** Takes a message after all those before it; `undefined` when there is no room for it, and nothing has changed. */
export function offer(limit: RateLimit, message: Uint8Array, nowMs: number): Drained | undefined {
  const { backlog, backlogBytes } = limit;
  const { bytes, messages } = refill(limit, nowMs);
  if (backlog.length === 0 && messages >= 1 && bytes >= 1) {
    const left = bytes - message.length;
    if (left < -BACKLOG_MAX_BYTES) return undefined;
    const next = { ...limit, bytes: left, messages: messages - 1, atMs: nowMs };
    return { limit: next, pass: [message] };
  }
  const waiting = backlogBytes + message.length;
  if (waiting > BACKLOG_MAX_BYTES || backlog.length >= BACKLOG_MAX_MESSAGES) return undefined;
  // A copy: the caller may use its buffer again.
  const next = { ...limit, backlog: [...backlog, message.slice()], backlogBytes: waiting };
  return { limit: next, pass: [] };
}

/** What of the backlog may pass now. */
export function drain(limit: RateLimit, nowMs: number): Drained {
  let { bytes, messages } = refill(limit, nowMs);
  let { backlogBytes } = limit;
  let done = 0;
  for (; done < limit.backlog.length && bytes >= 1 && messages >= 1; done++) {
    const { length } = limit.backlog[done]!;
    bytes -= length;
    backlogBytes -= length;
    messages--;
  }
  return {
    limit: { bytes, messages, atMs: nowMs, backlog: limit.backlog.slice(done), backlogBytes },
    pass: limit.backlog.slice(0, done),
  };
}

/** Everything that waits and then `message`, whatever the limit: it was allowed by name. It counts all the same. */
export function passAll(limit: RateLimit, message: Uint8Array, nowMs: number): Drained {
  const { bytes, messages } = refill(limit, nowMs);
  const spent = limit.backlogBytes + message.length;
  return {
    limit: { ...RESTED, bytes: Math.min(bytes, Math.max(0, bytes - spent)), messages, atMs: nowMs },
    pass: [...limit.backlog, message],
  };
}

/** Without what waits. */
export function forget(limit: RateLimit): RateLimit {
  if (limit.backlog.length === 0) return limit;
  return { ...limit, backlog: [], backlogBytes: 0 };
}

function refill(limit: RateLimit, nowMs: number): { bytes: number; messages: number } {
  const seconds = Math.max(0, nowMs - limit.atMs) / 1_000;
  return {
    bytes: Math.min(BURST_BYTES, limit.bytes + seconds * BYTES_PER_SECOND),
    messages: Math.min(BURST_MESSAGES, limit.messages + seconds * MESSAGES_PER_SECOND),
  };
}
