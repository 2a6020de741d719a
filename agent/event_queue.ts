/**
 * Events for a reader that may be slow: the newest are kept.
 *
 * @module
 */

/** An iterator over what is pushed. At most `max` wait; of those before them only the number is told. */
export class EventQueue<T> implements AsyncIterableIterator<T> {
  readonly #max: number;
  readonly #missed: (count: number) => T;
  readonly #onReturn: () => void;
  #waiting: T[] = [];
  #dropped = 0;
  #over = false;
  #readers: ((result: IteratorResult<T>) => void)[] = [];

  constructor(max: number, missed: (count: number) => T, onReturn: () => void) {
    this.#max = max;
    this.#missed = missed;
    this.#onReturn = onReturn;
  }

  push(value: T): void {
    if (this.#over) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader({ done: false, value });
    this.#waiting.push(value);
    if (this.#waiting.length <= this.#max) return;
    this.#waiting.shift();
    this.#dropped++;
  }

  /** Nothing more comes; what waits can be read still. */
  end(): void {
    this.#over = true;
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#dropped > 0) {
      const value = this.#missed(this.#dropped);
      this.#dropped = 0;
      return Promise.resolve({ done: false, value });
    }
    if (this.#waiting.length > 0) {
      return Promise.resolve({ done: false, value: this.#waiting.shift()! });
    }
    if (this.#over) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  return(): Promise<IteratorResult<T>> {
    this.#waiting = [];
    this.#dropped = 0;
    this.end();
    this.#onReturn();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
