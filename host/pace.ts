/**
 * When frames go out: at once while the line is quiet, at a bounded rate under load.
 *
 * @module
 */

/** Milliseconds between two frames under load: one frame of a 60 Hz display. */
export const LOAD_INTERVAL_MS = 16;
/** Frames that may go out sooner after a quiet while: what a command prints comes in a few pieces, and is awaited. */
export const EARLY_FRAMES = 2;
/** Milliseconds before one of those: what is written in one go is read within them. */
export const EARLY_INTERVAL_MS = 2;
/** Milliseconds between two frames under flood: 30 frames a second. */
export const FLOOD_INTERVAL_MS = 33;
/** How long a program may hold its frames back (DECSET 2026) before they are shown as they are. */
export const HOLD_MS = 150;
/** Bytes a second that make an interval count towards a flood: some 25 full screens. */
const FLOOD_BYTES_PER_MS = 500;
/** Busy intervals in a row before it is a flood; a screen redrawn once never is. */
const FLOOD_INTERVALS = 8;

/** What the pace remembers. */
export interface PaceState {
  /** When the last frame went out. */
  readonly lastMs: number;
  /** Bytes that came since then. */
  readonly bytes: number;
  /** Whether something came that no frame has shown yet. */
  readonly pending: boolean;
  /** When the timer that is set goes off; `undefined` when there is none. */
  readonly timerMs: number | undefined;
  /** Whether a key was pressed since the last frame: its echo does not wait. */
  readonly keyed: boolean;
  /** Frames that may go out sooner: one is earned with each interval in which none did. */
  readonly early: number;
  /** Busy intervals in a row, up to {@link FLOOD_INTERVALS}. */
  readonly busy: number;
  /** Since when the program holds its frames back; `undefined` while it does not. */
  readonly heldMs: number | undefined;
}

/** What happens to the pace. */
export type PaceInput =
  /** The screen changed because of this many bytes; `held` while the program wants nothing shown (DECSET 2026). */
  | { readonly kind: "output"; readonly bytes: number; readonly held: boolean }
  /** Somebody typed. */
  | { readonly kind: "key" }
  /** The timer that a `wait` asked for went off. */
  | { readonly kind: "timer" };

/** What to do about it. */
export type PaceEffect =
  | { readonly kind: "none" }
  /** Send a frame now. A timer that is still set becomes meaningless. */
  | { readonly kind: "emit" }
  /** Set a timer that gives a `timer` input at this time, in place of the one that is set. */
  | { readonly kind: "wait"; readonly untilMs: number };

/** A step's outcome. */
export interface PaceStep {
  readonly state: PaceState;
  readonly effect: PaceEffect;
}

const NONE: PaceEffect = Object.freeze({ kind: "none" });
const EMIT: PaceEffect = Object.freeze({ kind: "emit" });

/** The pace before anything happened. */
export const IDLE_PACE: PaceState = Object.freeze({
  lastMs: -Infinity,
  bytes: 0,
  pending: false,
  timerMs: undefined,
  keyed: false,
  early: EARLY_FRAMES,
  busy: 0,
  heldMs: undefined,
});

/** Whether output has been pouring for a while. */
export function isFlood(state: PaceState): boolean {
  return state.busy >= FLOOD_INTERVALS;
}

/**
 * One step of the pace. `nowMs` never goes back.
 *
 * @example
 * ```ts
 * import { IDLE_PACE, step } from "./pace.ts";
 * import assert from "node:assert/strict";
 *
 * const first = step(IDLE_PACE, { kind: "output", bytes: 10, held: false }, 100);
 * assert.equal(first.effect.kind, "emit");
 * const second = step(first.state, { kind: "output", bytes: 10, held: false }, 101);
 * assert.deepEqual(second.effect, { kind: "wait", untilMs: 102 });
 * ```
 */
export function step(state: PaceState, input: PaceInput, nowMs: number): PaceStep {
  switch (input.kind) {
    case "key":
      return { state: { ...state, keyed: true }, effect: NONE };
    case "timer": {
      const quiet = { ...state, timerMs: undefined };
      return state.pending ? due(quiet, nowMs) : { state: quiet, effect: NONE };
    }
    case "output": {
      const bytes = state.bytes + input.bytes;
      const heldMs = input.held ? state.heldMs ?? nowMs : undefined;
      return due({ ...state, pending: true, bytes, heldMs }, nowMs);
    }
  }
}

/** Sends a frame when the interval is over, and otherwise sees to it that a timer is set. */
function due(state: PaceState, nowMs: number): PaceStep {
  const intervalMs = state.keyed
    ? 0
    : isFlood(state)
    ? FLOOD_INTERVAL_MS
    : state.early > 0
    ? EARLY_INTERVAL_MS
    : LOAD_INTERVAL_MS;
  const untilMs = state.heldMs === undefined
    ? state.lastMs + intervalMs
    : Math.max(state.heldMs + HOLD_MS, state.lastMs + HOLD_MS);
  if (nowMs >= untilMs) return emit(state, nowMs);
  // An earlier timer finds out by itself that it is too early.
  if (state.timerMs !== undefined && state.timerMs <= untilMs) return { state, effect: NONE };
  return { state: { ...state, timerMs: untilMs }, effect: { kind: "wait", untilMs } };
}

function emit(state: PaceState, nowMs: number): PaceStep {
  const elapsedMs = Math.max(nowMs - state.lastMs, 1);
  // A pause ends a flood at once; a single interval with less in it only takes from its count.
  const busy = state.bytes >= FLOOD_BYTES_PER_MS * elapsedMs
    ? Math.min(state.busy + 1, FLOOD_INTERVALS)
    : elapsedMs > 4 * FLOOD_INTERVAL_MS
    ? 0
    : Math.max(state.busy - 1, 0);
  // Earned for each interval, and spent on each frame but for the echo of a key.
  const earned = Math.floor(elapsedMs / LOAD_INTERVAL_MS) - (state.keyed ? 0 : 1);
  const early = Math.max(0, Math.min(EARLY_FRAMES, state.early + earned));
  // A timer that is still set stays set: it finds nothing pending and does no harm.
  return {
    state: { ...state, lastMs: nowMs, bytes: 0, pending: false, keyed: false, early, busy },
    effect: EMIT,
  };
}
