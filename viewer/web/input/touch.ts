/**
 * Fingers on the session's screen: a tap, and two that pinch. One that moves is left to the browser, which scrolls.
 *
 * @module
 */

/** A finger, in pixels of the window. */
export interface Finger {
  readonly x: number;
  readonly y: number;
}

/** What the fingers do: those that are on the screen now. */
export interface TouchInput {
  readonly kind: "start" | "move" | "end" | "cancel";
  readonly fingers: readonly Finger[];
}

/** What the fingers are at. */
export type TouchState =
  | { readonly kind: "none" }
  /** One finger, which has not moved yet. */
  | { readonly kind: "one"; readonly at: Finger; readonly sinceMs: number }
  | { readonly kind: "pinch"; readonly distance: number }
  /** Whatever comes until all fingers are gone means nothing. */
  | { readonly kind: "over" };

/** What fingers mean. */
export type Gesture =
  | { readonly kind: "tap"; readonly at: Finger }
  /** The picture grows by this factor around a place. */
  | { readonly kind: "zoom"; readonly factor: number; readonly at: Finger };

/** A state, what was meant, and whether the browser is to do nothing with it. */
export interface TouchStep {
  readonly state: TouchState;
  readonly gesture: Gesture | undefined;
  readonly taken: boolean;
}

/** Before any finger. */
export const NO_TOUCH: TouchState = { kind: "none" };

/** A finger that moves further, or stays longer, does not tap. */
const TAP_PX = 10, TAP_MS = 500;
/** Fingers nearer to each other than this are as near as they can be. */
const NEAR_PX = 10;

/** One step. */
export function stepTouch(state: TouchState, input: TouchInput, nowMs: number): TouchStep {
  const { fingers } = input;
  if (input.kind === "cancel") {
    return still(fingers.length === 0 ? NO_TOUCH : { kind: "over" });
  }
  if (fingers.length === 0) return lift(state, nowMs);
  const [first, second] = fingers;
  if (fingers.length === 2 && first !== undefined && second !== undefined) {
    return pinch(state, first, second);
  }
  if (fingers.length > 2 || first === undefined) return still({ kind: "over" });
  if (input.kind === "start" && state.kind === "none") {
    return still({ kind: "one", at: first, sinceMs: nowMs });
  }
  if (state.kind === "one" && distance(state.at, first) <= TAP_PX) return still(state);
  return still({ kind: "over" });
}

function still(state: TouchState): TouchStep {
  return { state, gesture: undefined, taken: false };
}

function lift(state: TouchState, nowMs: number): TouchStep {
  if (state.kind !== "one" || nowMs - state.sinceMs > TAP_MS) return still(NO_TOUCH);
  return { state: NO_TOUCH, gesture: { kind: "tap", at: state.at }, taken: false };
}

function pinch(state: TouchState, a: Finger, b: Finger): TouchStep {
  if (state.kind === "over") return still(state);
  const now = Math.max(NEAR_PX, distance(a, b));
  const next: TouchState = { kind: "pinch", distance: now };
  if (state.kind !== "pinch" || state.distance === now) {
    return { state: next, gesture: undefined, taken: true };
  }
  const at = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  return { state: next, gesture: { kind: "zoom", factor: now / state.distance, at }, taken: true };
}

function distance(a: Finger, b: Finger): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
