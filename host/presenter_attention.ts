/**
 * What asks for the presenter's attention: a soft bell, and a question that has to be seen before it can be answered.
 *
 * @module
 */
import type { Clock } from "./clock.ts";

/** The bell rings no more often. */
const RING_EVERY_MS = 5_000;
/** A question is answered by no key before this: what is typed just when it comes is meant for the program. */
const ARM_MS = 600;

/** Rings, and knows for how long a question has been shown. */
export class Attention {
  readonly #clock: Clock;
  readonly #onArmed: () => void;
  #rings = 0;
  #rangMs = -Infinity;
  #question = "";
  #armed = false;
  #cancel: () => void = () => {};

  /** `onArmed`: the question that is shown can be answered from now on. */
  constructor(clock: Clock, onArmed: () => void) {
    this.#clock = clock;
    this.#onArmed = onArmed;
  }

  /** How often the bell has rung. */
  get rings(): number {
    return this.#rings;
  }

  /** Whether the question that is shown has been there for long enough to be answered. */
  get armed(): boolean {
    return this.#armed;
  }

  /** Rings once, unless it did so just now. */
  ring(): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#rangMs < RING_EVERY_MS) return;
    this.#rangMs = nowMs;
    this.#rings++;
  }

  /** This is asked now; an empty text for nothing. Returns whether it is another question than before. */
  ask(question: string): boolean {
    if (question === this.#question) return false;
    this.#question = question;
    this.#armed = false;
    this.#cancel();
    this.#cancel = question === "" ? () => {} : this.#clock.after(ARM_MS, () => {
      this.#armed = true;
      this.#onArmed();
    });
    return true;
  }

  /** Nothing is asked any more. */
  end(): void {
    this.#cancel();
  }
}
