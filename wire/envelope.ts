/**
 * The clear envelope around every message: all that a relay sees of it besides its size.
 *
 * ```text
 *   0        1                          5
 *   ┌────────┬──────────────────────────┬───────────────┐
 *   │J000KKKK│ sequence, big-endian u32 │ sealed or not │
 *   └────────┴──────────────────────────┴───────────────┘
 *   K  1 client hello  2 host hello  3 channel  4 stream      J  a join can start here
 * ```
 *
 * @module
 */
import { PeerError } from "./closing.ts";
import { SEQ_MAX } from "./limits.ts";

/** Bytes of an envelope. */
export const ENVELOPE_BYTES = 5;

/** What a message is: the two halves of a handshake, one viewer's own channel, the stream for all of them. */
export type MessageType = "client-hello" | "host-hello" | "channel" | "stream";

/** A message's envelope. */
export interface Envelope {
  readonly type: MessageType;
  /** Whether a viewer that saw nothing of the stream yet can start with this message. */
  readonly joinable: boolean;
  /** Counts a direction of a channel, or the stream, from 1. It is 0 in a hello. */
  readonly seq: number;
}

const TYPES: readonly (MessageType | undefined)[] = [
  undefined,
  "client-hello",
  "host-hello",
  "channel",
  "stream",
];
const JOINABLE = 0x80;

/** Writes an envelope into the first {@link ENVELOPE_BYTES} of `message`. */
export function writeEnvelope(message: Uint8Array, envelope: Envelope): void {
  const { type, joinable, seq } = envelope;
  message[0] = TYPES.indexOf(type) | (joinable ? JOINABLE : 0);
  message[1] = seq >>> 24;
  message[2] = seq >>> 16;
  message[3] = seq >>> 8;
  message[4] = seq;
}

/** Reads a message's envelope. Throws a {@link PeerError} when there is none. */
export function readEnvelope(message: Uint8Array): Envelope {
  const first = message[0];
  if (first === undefined || message.length < ENVELOPE_BYTES) throw malformed("it has no envelope");
  const type = TYPES[first & ~JOINABLE];
  const joinable = (first & JOINABLE) !== 0;
  if (type === undefined) throw malformed("its envelope's type is not known");
  if (joinable && type !== "stream") throw malformed("a join can start at a stream message only");
  const seq = readSeq(message);
  if ((type === "client-hello" || type === "host-hello") !== (seq === 0)) {
    throw malformed("its sequence number does not go with its type");
  }
  return { type, joinable, seq };
}

/** The sequence number of a message that has an envelope. */
export function readSeq(message: Uint8Array): number {
  return ((message[1]! << 24) | (message[2]! << 16) | (message[3]! << 8) | message[4]!) >>> 0;
}

/** The sequence number after `seq`. Throws a {@link PeerError} when there is none: it never wraps. */
export function nextSeq(seq: number): number {
  if (seq >= SEQ_MAX) throw new PeerError("sequence-exhausted");
  return seq + 1;
}

function malformed(detail: string): PeerError {
  return new PeerError("message-malformed", detail);
}
