/**
 * The frames that viewers may still be at.
 *
 * @module
 */
import type { SafeFrame } from "../redact/redactor.ts";

/** The last frames of a stream, by the message that they are the state after. */
export class FrameRing {
  readonly #capacity: number;
  readonly #frames = new Map<number, SafeFrame>();

  /** @param capacity how many are kept; the oldest goes first */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  set(seq: number, frame: SafeFrame): void {
    this.#frames.set(seq, frame);
    if (this.#frames.size <= this.#capacity) return;
    const [oldest] = this.#frames.keys();
    this.#frames.delete(oldest!);
  }

  get(seq: number): SafeFrame | undefined {
    return this.#frames.get(seq);
  }
}
