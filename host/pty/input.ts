/**
 * What was typed or pasted and the kernel has not taken yet.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";

/** How much may wait for a program that does not read its input. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** How a write is to be treated. */
export interface WriteOptions {
  /** Whether {@link InputQueue.drop} forgets what of it still waits. */
  readonly droppable?: boolean;
  /** Written in place of what was dropped, when a part had been taken already: what ends a bracketed paste. */
  readonly ending?: Uint8Array;
}

interface Waiting {
  rest: Uint8Array;
  readonly done: PromiseWithResolvers<void>;
  readonly options: WriteOptions;
  /** Whether the kernel has taken a part. */
  begun: boolean;
}

/**
 * A queue of writes, taken up in order. It is bounded: a write that would make more than
 * {@link MAX_WAITING_BYTES} wait is refused as a whole with `input-queue-full`, and nothing of it is written.
 */
export class InputQueue {
  readonly #accept: (data: Uint8Array) => number;
  readonly #queue: Waiting[] = [];
  #bytes = 0;
  #failure: Error | undefined;

  /** `accept` takes as much as there is room for at once, and returns how much that was. */
  constructor(accept: (data: Uint8Array) => number) {
    this.#accept = accept;
  }

  /** Bytes that wait for room. */
  get waitingBytes(): number {
    return this.#bytes;
  }

  /**
   * Writes all of `data` behind what waits already. What cannot go at once is copied, so the caller may reuse
   * its buffer as soon as this returns.
   */
  write(data: Uint8Array, options: WriteOptions = {}): Promise<void> {
    if (this.#failure !== undefined) return quietly(Promise.reject(this.#failure));
    if (this.#bytes + data.length > MAX_WAITING_BYTES) {
      return Promise.reject(
        new CollabError(
          "input-queue-full",
          `Cannot pass on ${data.length} bytes of input: ${this.#bytes} wait for the program already, and ${MAX_WAITING_BYTES} may`,
        ),
      );
    }
    const taken = this.#queue.length === 0 ? this.#acceptFrom(data) : 0;
    if (taken === data.length) return Promise.resolve();
    const waiting = {
      rest: data.slice(taken),
      done: Promise.withResolvers<void>(),
      options,
      begun: taken > 0,
    };
    this.#queue.push(waiting);
    this.#bytes += waiting.rest.length;
    return quietly(waiting.done.promise);
  }

  /** Writes what there is room for now. */
  flush(): void {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const taken = this.#acceptFrom(first.rest);
      this.#bytes -= taken;
      first.begun ||= taken > 0;
      first.rest = first.rest.subarray(taken);
      if (first.rest.length > 0) return;
      this.#queue.shift();
      first.done.resolve();
    }
  }

  /** Forgets what waits of droppable writes, which count as done. */
  drop(): void {
    for (const waiting of this.#queue.splice(0)) {
      const { options: { droppable, ending }, begun } = waiting;
      if (droppable === true) {
        this.#bytes -= waiting.rest.length;
        waiting.rest = begun && ending !== undefined ? ending.slice() : new Uint8Array(0);
        this.#bytes += waiting.rest.length;
      }
      if (waiting.rest.length > 0) this.#queue.push(waiting);
      else waiting.done.resolve();
    }
  }

  /** Rejects all that waits, and every later write. */
  close(failure: Error): void {
    this.#failure ??= failure;
    this.#bytes = 0;
    for (const { done } of this.#queue.splice(0)) done.reject(this.#failure);
  }

  #acceptFrom(data: Uint8Array): number {
    let total = 0;
    while (total < data.length) {
      const taken = this.#accept(data.subarray(total));
      if (taken === 0) break;
      total += taken;
    }
    return total;
  }
}

/** A key typed as the program exits is nobody's bug: such a rejection counts only for one who awaits it. */
function quietly(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
