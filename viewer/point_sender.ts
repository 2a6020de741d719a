/**
 * Where one points, told to the host: at once, but not more often than it is good for.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

/** A cell of the session's screen, from 0. */
export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** At most twenty a second. */
const INTERVAL_MS = 50;

/** Tells where one points. What comes too soon after the last one waits; only the newest place does. */
export class PointSender implements Disposable {
  readonly #clock: Clock;
  readonly #send: (at: Cell | undefined) => void;
  #sentMs = -Infinity;
  #sent: Cell | undefined;
  #cancel: (() => void) | undefined;
  #next: Cell | undefined;

  constructor(clock: Clock, send: (at: Cell | undefined) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  /** One points at a cell, or no longer: that is told at once. */
  point(at: Cell | undefined): void {
    this.#next = at;
    const waitMs = at === undefined ? 0 : this.#sentMs + INTERVAL_MS - this.#clock.now();
    if (waitMs <= 0) return this.#flush();
    this.#cancel ??= this.#clock.after(waitMs, () => this.#flush());
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
  }

  #flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const at = this.#next;
    if (at?.x === this.#sent?.x && at?.y === this.#sent?.y) return;
    this.#sent = at;
    this.#sentMs = this.#clock.now();
    this.#send(at);
  }
}
