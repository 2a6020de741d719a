/**
 * How much of a message may have come before all of it has. The runtime keeps an unfinished WebSocket message in memory,
 * however long it becomes and in however many frames it comes, and shows nothing of it; but the system knows how many
 * bytes a connection has brought. Pure: what the system says is told to it.
 *
 * @module
 */
import { COMMAND_MAX_BYTES } from "../wire/limits.ts";

/** Most that may come of a message, TLS and frames included, before its sender was let in; it may have 4 KB then. */
export const STRANGER_UNFINISHED_BYTES = 64 * 1_024;
/**
 * Most that may come of a viewer's. Beyond what one message may have, for several can wait to be looked at while the host
 * is busy.
 */
export const VIEWER_UNFINISHED_BYTES = 4 * COMMAND_MAX_BYTES;
/** Most that a connection may have brought before it became a WebSocket: the requests of pages and proxies. */
const REQUESTS_MAX_BYTES = 1_024 * 1_024;

/** What is passed on in place of a message that has become too long before it was whole: one that is too long. */
export function tooLongMessage(): Uint8Array {
  return new Uint8Array(COMMAND_MAX_BYTES + 1);
}

/** What is to be done with a socket: nothing, telling its sender and the session, or cutting the connection. */
export type Sentence = "none" | "tell" | "cut";

/** What is known of one socket. */
export class UnfinishedMessage {
  #isIn = false;
  #heard = false;
  #isTold = false;
  /** What the connection had brought when the last whole message was there. */
  #baseBytes: number | undefined;

  /** Whether its sender was let in. */
  get isIn(): boolean {
    return this.#isIn;
  }

  /** A whole message came. */
  heard(): void {
    this.#heard = true;
  }

  /** Its sender was let in. */
  letIn(): void {
    this.#isIn = true;
  }

  /** The system says how much the connection has brought until now, in bytes. */
  look(receivedBytes: number): Sentence {
    if (this.#isTold) return "cut";
    if (this.#heard) this.#baseBytes = receivedBytes;
    this.#heard = false;
    this.#baseBytes ??= Math.min(receivedBytes, REQUESTS_MAX_BYTES);
    const mostBytes = this.#isIn ? VIEWER_UNFINISHED_BYTES : STRANGER_UNFINISHED_BYTES;
    this.#isTold = receivedBytes - this.#baseBytes > mostBytes;
    return this.#isTold ? "tell" : "none";
  }
}
