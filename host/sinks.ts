/**
 * Everyone who watches a session.
 *
 * @module
 */
import type { Clock } from "./clock.ts";
import type { Sink } from "./session.ts";

/** What {@link Sinks} are made of. */
export interface SinksOptions {
  readonly clock: Clock;
  /** One failed, and was removed. */
  onError(sink: Sink, error: unknown): void;
}

/** How long they may take to close. */
const CLOSE_MS = 3_000;

/** Sinks: one that fails is removed and told of, and the others go on. */
export class Sinks {
  readonly #options: SinksOptions;
  readonly #sinks = new Set<Sink>();

  constructor(options: SinksOptions) {
    this.#options = options;
  }

  /** Whether one of them wants every line. */
  get wantEveryLine(): boolean {
    for (const sink of this.#sinks) if (sink.everyLine === true) return true;
    return false;
  }

  add(sink: Sink): void {
    this.#sinks.add(sink);
  }

  /** Takes one away without closing it. */
  remove(sink: Sink): void {
    this.#sinks.delete(sink);
  }

  /** Whether one is still there: one that failed is not. */
  has(sink: Sink): boolean {
    return this.#sinks.has(sink);
  }

  /** Does something with one. */
  tell(sink: Sink, action: (sink: Sink) => void): void {
    try {
      action(sink);
    } catch (error) {
      this.#sinks.delete(sink);
      this.#options.onError(sink, error);
    }
  }

  /** Does something with all that are there now. */
  tellAll(action: (sink: Sink) => void): void {
    for (const sink of [...this.#sinks]) this.tell(sink, action);
  }

  /** Closes all of them, and does not wait for long. */
  async close(): Promise<void> {
    const { clock, onError } = this.#options;
    const closing = [...this.#sinks].map(async (sink) => {
      try {
        await sink.close();
      } catch (error) {
        onError(sink, error);
      }
    });
    this.#sinks.clear();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(CLOSE_MS, resolve);
    await Promise.race([Promise.all(closing), late]);
    cancel();
  }
}
