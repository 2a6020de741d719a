/**
 * The marks of the session's shell, on their way from its output to those who watch.
 *
 * @module
 */
import { readShellMark, SHELL_MARK_OSC, type ShellMarkSaid } from "../format/shell_mark.ts";
import type { ShellMark } from "../format/session_data.ts";
import type { Clock } from "./clock.ts";
import type { OscSource } from "./queries.ts";

/** A mark before it is known after which frame it leaves. */
export type PlacedMark = Omit<ShellMark, "top">;

/** Marks that wait for the next frame, or for the next second; the oldest are dropped when there are more. */
export const MAX_WAITING = 16;
/** Marks that leave in one second: a command has four. */
export const MAX_A_SECOND = 100;
const SECOND_MS = 1_000;

/** What waits, and how much has left. */
export interface MarkQueue {
  readonly waiting: readonly PlacedMark[];
  /** The newest of all. */
  readonly last: PlacedMark | undefined;
  /** How many left since `sinceMs`. */
  readonly left: number;
  readonly sinceMs: number;
}

/** What happens to the marks. */
export type MarkInput =
  /** The shell says so. */
  | { readonly kind: "mark"; readonly mark: PlacedMark }
  /** All that was written before the marks is shown now. */
  | { readonly kind: "shown" }
  /** It is shown again, after a time in which nobody was to see anything. */
  | { readonly kind: "resumed" };

/** A step's outcome. */
export interface MarkStep {
  readonly state: MarkQueue;
  /** These leave now, in this order. */
  readonly marks: readonly PlacedMark[];
  /** When to ask again, because more of them wait than may leave now. */
  readonly againMs?: number;
}

/** Before the first mark. */
export const NO_MARKS: MarkQueue = Object.freeze({
  waiting: [],
  last: undefined,
  left: 0,
  sinceMs: -Infinity,
});

/**
 * One step. `nowMs` never goes back. However fast a program marks, the newest mark leaves in the end: it says what the
 * shell is at.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const mark = { kind: "prompt", line: 7, x: 0 } as const;
 * const { state } = step(NO_MARKS, { kind: "mark", mark }, 0);
 * assert.deepEqual(step(state, { kind: "shown" }, 5).marks, [mark]);
 * ```
 */
export function step(state: MarkQueue, input: MarkInput, nowMs: number): MarkStep {
  switch (input.kind) {
    case "mark": {
      const { mark } = input;
      if (state.last !== undefined && isSame(mark, state.last)) return { state, marks: [] };
      const waiting = [...state.waiting, mark].slice(-MAX_WAITING);
      return { state: { ...state, waiting, last: mark }, marks: [] };
    }
    case "shown":
      return release(state, nowMs);
    case "resumed": {
      const { last } = state;
      if (last === undefined) return { state, marks: [] };
      // How a command ended that nobody saw is nobody's business; that the shell waits at its prompt is.
      const { status: _, ...mark } = last;
      return release({ ...state, waiting: [mark] }, nowMs);
    }
    default:
      return input satisfies never;
  }
}

function release(before: MarkQueue, nowMs: number): MarkStep {
  const isOver = nowMs - before.sinceMs >= SECOND_MS;
  const state = isOver ? { ...before, left: 0, sinceMs: nowMs } : before;
  const count = Math.min(state.waiting.length, MAX_A_SECOND - state.left);
  const marks = state.waiting.slice(0, count), waiting = state.waiting.slice(count);
  return {
    state: { ...state, waiting, left: state.left + count },
    marks,
    ...(waiting.length > 0 && { againMs: state.sinceMs + SECOND_MS }),
  };
}

function isSame(a: PlacedMark, b: PlacedMark): boolean {
  return a.kind === b.kind && a.line === b.line && a.x === b.x && a.status === b.status;
}

/** The screen that marks are on. */
export interface MarkedScreen extends OscSource {
  /** Where the cursor is, if the normal screen is shown. */
  readonly position: { readonly line: number; readonly x: number } | undefined;
}

/** What {@link ShellMarks} are made of. */
export interface ShellMarksOptions {
  readonly screen: MarkedScreen;
  readonly clock: Clock;
  /** Which line is the first row of what is shown now. */
  top(): number;
  /** Tells everyone of a mark. */
  tell(mark: ShellMark): void;
  /** Asks to be {@link ShellMarks.shown} again: marks wait that may leave by now. */
  again(): void;
}

/** The marks of one screen. Those on the alternate screen are not a shell's and are passed over. */
export class ShellMarks {
  readonly #options: ShellMarksOptions;
  #queue = NO_MARKS;
  #cancel: (() => void) | undefined;

  constructor(options: ShellMarksOptions) {
    this.#options = options;
    const { screen } = options;
    for (const code of SHELL_MARK_OSC) {
      screen.onOsc(code, (data) => {
        const said = readShellMark(data);
        if (said !== undefined) this.#note(said, screen.position);
        return true;
      });
    }
  }

  /** All that was written until now is shown: the marks in it leave. */
  shown(): void {
    this.#step({ kind: "shown" });
  }

  /** What is written is shown again, after it was not: of the marks in it only the last leaves. */
  resumed(): void {
    this.#step({ kind: "resumed" });
  }

  /** Nothing more leaves. */
  end(): void {
    this.#cancel?.();
  }

  #note(said: ShellMarkSaid, position: MarkedScreen["position"]): void {
    if (position !== undefined) this.#step({ kind: "mark", mark: { ...said, ...position } });
  }

  #step(input: MarkInput): void {
    const { clock, top, tell, again } = this.#options;
    const nowMs = clock.now();
    const { state, marks, againMs } = step(this.#queue, input, nowMs);
    this.#queue = state;
    for (const mark of marks) tell({ ...mark, top: top() });
    if (againMs === undefined) return;
    this.#cancel ??= clock.after(againMs - nowMs, () => {
      this.#cancel = undefined;
      again();
    });
  }
}
