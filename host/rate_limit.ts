/**
 * How much one participant may type: a token bucket of bytes and of messages, and a short backlog for what is above
 * it. Pure.
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
/** Bytes that may wait. A message that would make it more is refused as a whole. */
export const BACKLOG_MAX_BYTES = 64 * 1_024;
/** Messages that may wait: two seconds of them. */
export const BACKLOG_MAX_MESSAGES = 2 * MESSAGES_PER_SECOND;
/** Time between two pieces of the backlog. */
export const DRAIN_MS = 20;

/** A message up to this is never cut: it could be the sequence of one key. */
const WHOLE_BYTES = 640;
/** Cutting off less than this is not worth it. */
const PIECE_MIN_BYTES = 64;
/** Longest sequence of a key or a mark, so that a cut can keep away from it. */
const SEQUENCE_MAX_BYTES = 16;

/** What one participant may still type, and what waits. */
export interface RateLimit {
  /** Tokens at `atMs`. */
  readonly bytes: number;
  readonly messages: number;
  readonly atMs: number;
  /** What waits, oldest first. Bounded by {@link BACKLOG_MAX_BYTES} and {@link BACKLOG_MAX_MESSAGES}. */
  readonly backlog: readonly Uint8Array[];
  readonly backlogBytes: number;
  /** Whether the oldest is the rest of a message that has been paid for. */
  readonly begun: boolean;
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
  begun: false,
});

/** Takes a message after all those before it; `undefined` when there is no room for it, and nothing has changed. */
export function offer(limit: RateLimit, message: Uint8Array, nowMs: number): Drained | undefined {
  const { backlog, backlogBytes } = limit;
  const queued = {
    ...limit,
    backlog: [...backlog, message],
    backlogBytes: backlogBytes + message.length,
  };
  // Behind others it waits for its time, however much is allowed by now.
  const drained = backlog.length === 0 ? drain(queued, nowMs) : { limit: queued, pass: [] };
  const { limit: next } = drained;
  if (next.backlogBytes > BACKLOG_MAX_BYTES || next.backlog.length > BACKLOG_MAX_MESSAGES) {
    return undefined;
  }
  if (next.backlog.length === 0) return drained;
  // What waits is a copy: neither the caller's buffer nor the part of it that has passed is kept.
  const last = next.backlog.at(-1)!.slice();
  return { ...drained, limit: { ...next, backlog: [...next.backlog.slice(0, -1), last] } };
}

/** What of the backlog may pass now. */
export function drain(limit: RateLimit, nowMs: number): Drained {
  let { bytes, messages } = refill(limit, nowMs);
  let { begun } = limit;
  const pass: Uint8Array[] = [];
  let rest: Uint8Array | undefined;
  let done = 0;
  for (; done < limit.backlog.length; done++) {
    const message = limit.backlog[done]!;
    const length = pieceLength(message, bytes);
    if (length === 0 || (!begun && messages < 1)) break;
    if (!begun) messages--;
    bytes -= length;
    pass.push(message.subarray(0, length));
    begun = length < message.length;
    if (begun) {
      rest = message.subarray(length);
      break;
    }
  }
  const waiting = limit.backlog.slice(done);
  if (rest !== undefined) waiting[0] = rest;
  const passed = pass.reduce((sum, piece) => sum + piece.length, 0);
  const backlogBytes = limit.backlogBytes - passed;
  return { limit: { bytes, messages, atMs: nowMs, backlog: waiting, backlogBytes, begun }, pass };
}

/** Everything that waits and then `message`, whatever the limit: it was allowed by name. It counts all the same. */
export function passAll(limit: RateLimit, message: Uint8Array, nowMs: number): Drained {
  const { bytes, messages } = refill(limit, nowMs);
  const spent = limit.backlogBytes + message.length;
  return {
    limit: { ...RESTED, bytes: Math.max(0, bytes - spent), messages, atMs: nowMs },
    pass: [...limit.backlog, message],
  };
}

/** Without what waits. */
export function forget(limit: RateLimit): RateLimit {
  if (limit.backlog.length === 0) return limit;
  return { ...limit, backlog: [], backlogBytes: 0, begun: false };
}

function refill(limit: RateLimit, nowMs: number): { bytes: number; messages: number } {
  const seconds = Math.max(0, nowMs - limit.atMs) / 1_000;
  return {
    bytes: Math.min(BURST_BYTES, limit.bytes + seconds * BYTES_PER_SECOND),
    messages: Math.min(BURST_MESSAGES, limit.messages + seconds * MESSAGES_PER_SECOND),
  };
}

/** How much of a message passes with so many tokens; 0 when none of it does yet. */
function pieceLength(message: Uint8Array, tokens: number): number {
  if (message.length <= tokens) return message.length;
  if (message.length <= WHOLE_BYTES || tokens < PIECE_MIN_BYTES) return 0;
  return cutBefore(message, Math.min(Math.floor(tokens), message.length - SEQUENCE_MAX_BYTES));
}

/**
 * A place at or shortly before `at` that is not inside a key's sequence or a character: a program that waits in vain
 * for the rest of either takes what it has for something else.
 */
function cutBefore(message: Uint8Array, at: number): number {
  const from = at - SEQUENCE_MAX_BYTES;
  const escape = message.subarray(from, at).lastIndexOf(0x1b);
  if (escape !== -1) return from + escape;
  let end = at;
  while (end > from && (message[end]! & 0xc0) === 0x80) end--;
  return end;
}
