/**
 * What is remembered and done of what is typed in `watch`, and what steps are made of.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";
import type { ViewerCommandJson } from "../wire/connection.ts";
import type { OpenPaste } from "./input_parts.ts";
import type { ViewInput } from "./playback_keys.ts";
import type { Cell } from "./point_sender.ts";
import type { Viewport } from "./viewport.ts";
import type { MenuFacts, Panel } from "./watch_panels.ts";

/** What is remembered of what was typed. */
export interface WatchInput {
  readonly panel: Panel;
  /** Where one points, while one does: a cell of the session's screen. */
  readonly pointing: Cell | undefined;
  /** A paste for the session that has not ended yet. */
  readonly paste: OpenPaste | undefined;
  /** When a key was typed last that was meant for the session. */
  readonly typedMs: number;
  /** What is typed without a pause was meant for something else than it would go to now. */
  readonly deaf?: boolean;
  /** Until when Ctrl-C leaves. */
  readonly leaveUntilMs: number;
}

/** Before the first key. */
export const FIRST_INPUT: WatchInput = {
  panel: { kind: "none" },
  pointing: undefined,
  paste: undefined,
  typedMs: -Infinity,
  leaveUntilMs: -Infinity,
};

/** What is known when something is typed. */
export interface WatchInputFacts extends Omit<MenuFacts, "pointing"> {
  /** As {@link KeyEvent} names it. */
  readonly menuKey: string;
  /** Where the session's screen is on the terminal. */
  readonly viewport: Viewport | undefined;
  /** The session's screen. */
  readonly screen:
    | { readonly cols: number; readonly rows: number; readonly cursor: Cell }
    | undefined;
  readonly nowMs: number;
}

/** What is to be done. */
export type WatchEffect =
  | { readonly kind: "send"; readonly command: ViewerCommandJson }
  | { readonly kind: "type"; readonly part: InputPart }
  | { readonly kind: "point"; readonly at: Cell | undefined }
  | { readonly kind: "view"; readonly input: ViewInput }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "leave" };

/** A state and what it takes to get there. */
export interface WatchInputStep {
  readonly state: WatchInput;
  readonly effects: readonly WatchEffect[];
}

/** Ctrl-C twice within this time leaves. */
const LEAVE_MS = 2_000;
/** Who typed, or could, as recently as this has not seen yet that control is gone: what they type is for nobody. */
export const DEAF_MS = 1_000;
/** Nothing is open. */
export const CLOSED: Panel = { kind: "none" };
/** What is there now is shown. */
export const TO_LIVE: WatchEffect = {
  kind: "view",
  input: { kind: "player", input: { kind: "edge", edge: "end" } },
};

/** Nothing else changes. */
export function stay(state: WatchInput, ...effects: WatchEffect[]): WatchInputStep {
  return { state, effects };
}

/** A panel is open from now on. */
export function open(state: WatchInput, panel: Panel, ...effects: WatchEffect[]): WatchInputStep {
  return { state: { ...state, panel }, effects };
}

/** Tells something in the status line. */
export function say(text: string): WatchEffect {
  return { kind: "say", text };
}

/** Ctrl-C: leaves when it comes twice. */
export function interrupted(state: WatchInput, nowMs: number): WatchInputStep {
  if (nowMs <= state.leaveUntilMs) return stay(state, { kind: "leave" });
  return stay({ ...state, leaveUntilMs: nowMs + LEAVE_MS }, say("Ctrl-C again leaves"));
}
