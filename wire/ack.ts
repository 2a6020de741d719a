/**
 * When a viewer says what it has painted: seldom enough that a thousand viewers cost the host little, often enough
 * that it knows who lags.
 *
 * @module
 */

/** Least time between two acknowledgements. */
const BUSY_MS = 100;
/** Least time between two of them while little is unacknowledged. */
const QUIET_MS = 1_000;
/** So much unacknowledged is not little. */
const BUSY_BYTES = 64 * 1024;

/** What an acknowledgement says. */
export interface Ack {
  readonly seq: number;
  readonly bytes: number;
}

/** Decides on acknowledgements for one connection. */
export class AckPolicy {
  /** What came and was not painted yet, in order. */
  #unpainted: Ack[] = [];
  #painted: Ack = { seq: 0, bytes: 0 };
  #acked: Ack = { seq: 0, bytes: 0 };
  #ackedAtMs = -Infinity;
  /** Whether the last acknowledgement was for much: the rest of it is not kept waiting. */
  #busy = false;

  /** A state or a stream message came; with it, `bytes` in all. */
  received(seq: number, bytes: number): void {
    this.#unpainted.push({ seq, bytes });
  }

  /** All up to message `seq` has been painted. */
  painted(seq: number): void {
    let count = 0;
    for (const next of this.#unpainted) {
      if (next.seq > seq) break;
      this.#painted = next;
      count++;
    }
    if (count > 0) this.#unpainted.splice(0, count);
  }

  /** When the next acknowledgement should go, or `undefined` when there is nothing to acknowledge. */
  get dueMs(): number | undefined {
    const bytes = this.#painted.bytes - this.#acked.bytes;
    if (bytes === 0) return undefined;
    return this.#ackedAtMs + (this.#busy || bytes >= BUSY_BYTES ? BUSY_MS : QUIET_MS);
  }

  /** The acknowledgement to send now. */
  take(nowMs: number): Ack {
    this.#busy = this.#painted.bytes - this.#acked.bytes >= BUSY_BYTES;
    this.#acked = this.#painted;
    this.#ackedAtMs = nowMs;
    return this.#acked;
  }
}
