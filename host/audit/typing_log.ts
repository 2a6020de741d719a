/**
 * Listens to everybody who types, and says when a line of it is to be written.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { TypedEntry } from "./entry.ts";
import type { Mask } from "./masks.ts";
import {
  dueMs,
  NOTHING_TYPED,
  pendingText,
  step,
  type TypingInput,
  type TypingState,
} from "./typing.ts";
import { Typist, type Unit } from "./typist.ts";
import { isHidden, type TypedInto, type Unanswered, unansweredNow, wasUnseen } from "./unseen.ts";

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
  readonly into: TypedInto;
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
  /** Text of which nothing has come yet. */
  #unanswered: Unanswered | undefined;
  /** When the timer goes off; `undefined` when there is none. */
  #timerMs: number | undefined;
  #cancelTimer: () => void = () => {};

  constructor(options: TypingLogOptions) {
    this.#options = options;
  }

  /** Somebody typed. */
  typed(id: string, bytes: Uint8Array, into: TypedInto): void {
    const nowMs = this.#options.clock.now();
    if (this.#active?.id !== id) this.flush();
    const unseen = this.#wasUnseen(into);
    if (unseen) this.#hide();
    const hidden = unseen || isHidden(into, pendingText(this.#state));
    if (this.#active?.hidden !== hidden) this.flush();
    this.#active = { id, hidden, into };
    this.#typedAtMs = nowMs;
    let typist = this.#typists.get(id);
    if (typist === undefined) this.#typists.set(id, typist = new Typist());
    const units = typist.read(bytes, nowMs, into.mouse);
    if (units.some(isText)) this.#unanswered = unansweredNow(this.#unanswered, into, nowMs);
    this.#step({ kind: "typed", id, hidden, units });
    this.#arm();
  }

  /** Writes what is pending: others may type from here on. */
  flush(): void {
    if (this.#active !== undefined && this.#wasUnseen(this.#active.into)) this.#hide();
    const active = this.#active;
    this.#active = undefined;
    if (active === undefined) return;
    const { id, hidden } = active;
    const units = this.#typists.get(id)?.flush() ?? [];
    if (units.length > 0) this.#step({ kind: "typed", id, hidden, units });
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

  #wasUnseen(into: TypedInto): boolean {
    const typed = pendingText(this.#state), nowMs = this.#options.clock.now();
    return wasUnseen(into, { typed, unanswered: this.#unanswered, nowMs });
  }

  #hide(): void {
    this.#step({ kind: "unseen" });
    if (this.#active !== undefined) this.#active = { ...this.#active, hidden: true };
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

function isText(unit: Unit): boolean {
  return unit.kind !== "key";
}
