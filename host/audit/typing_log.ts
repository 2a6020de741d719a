/**
 * Listens to everybody who types, and says when a line of it is to be written.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { TypedEntry } from "./entry.ts";
import type { Mask } from "./masks.ts";
import { dueMs, NOTHING_TYPED, step, type TypingInput, type TypingState } from "./typing.ts";
import { Typist } from "./typist.ts";

/** What a {@link TypingLog} needs. */
export interface TypingLogOptions {
  readonly clock: Clock;
  readonly mask: Mask;
  write(entry: TypedEntry): void;
}

/** The one who typed last. */
interface Active {
  readonly id: string;
  readonly hidden: boolean;
}

/** How soon to look at what could be the beginning of a key and was not gone on with. */
const HELD_MS = 2_000;

/** Makes entries of what is typed. */
export class TypingLog {
  readonly #options: TypingLogOptions;
  readonly #typists = new Map<string, Typist>();
  #state: TypingState = NOTHING_TYPED;
  #active: Active | undefined;
  #typedAtMs = 0;
  /** When the timer goes off; `undefined` when there is none. */
  #timerMs: number | undefined;
  #cancelTimer: () => void = () => {};

  constructor(options: TypingLogOptions) {
    this.#options = options;
  }

  /** Somebody typed; `hidden` where the terminal does not show it. */
  typed(id: string, bytes: Uint8Array, hidden: boolean): void {
    if (this.#active?.id !== id || this.#active.hidden !== hidden) this.flush();
    this.#active = { id, hidden };
    const { clock } = this.#options;
    this.#typedAtMs = clock.now();
    let typist = this.#typists.get(id);
    if (typist === undefined) this.#typists.set(id, typist = new Typist());
    this.#step({ kind: "typed", id, hidden, units: typist.read(bytes, clock.now()) });
    this.#arm();
  }

  /** Writes what is pending: others may type from here on. */
  flush(): void {
    const active = this.#active;
    this.#active = undefined;
    if (active === undefined) return;
    const units = this.#typists.get(active.id)?.flush() ?? [];
    if (units.length > 0) this.#step({ kind: "typed", ...active, units });
    this.#step({ kind: "flush" });
  }

  /** Somebody is gone. */
  forget(id: string): void {
    if (this.#active?.id === id) this.flush();
    this.#typists.delete(id);
  }

  /** Writes what is pending; nothing comes after it. */
  end(): void {
    this.flush();
    this.#cancelTimer();
  }

  #step(input: TypingInput): void {
    const { clock, mask, write } = this.#options;
    const { state, entries } = step(this.#state, input, { nowMs: clock.now(), mask });
    this.#state = state;
    for (const entry of entries) write(entry);
  }

  /** The timer is not set anew at each key: when it goes off too early it is set again. */
  #arm(): void {
    if (this.#active === undefined || this.#timerMs !== undefined) return;
    const { clock } = this.#options;
    const wantedMs = Math.min(dueMs(this.#state) ?? Infinity, this.#typedAtMs + HELD_MS);
    this.#timerMs = wantedMs;
    this.#cancelTimer = clock.after(Math.max(0, wantedMs - clock.now()), () => {
      this.#timerMs = undefined;
      const due = dueMs(this.#state) ?? this.#typedAtMs + HELD_MS;
      if (due <= clock.now()) this.flush();
      else this.#arm();
    });
  }
}
