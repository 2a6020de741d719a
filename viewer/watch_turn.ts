/**
 * What it does to what is typed in `watch` that control, or a pane, came to who types, went from them, or was spoken of.
 * Pure; the viewer runs the effects.
 *
 * @module
 */
import type { JsonObject } from "../format/json.ts";
import type { SessionFacts } from "./session_facts.ts";
import { type MenuFacts, typingInto } from "./watch_panels.ts";
import {
  CLOSED,
  DEAF_MS,
  stay,
  type WatchEffect,
  type WatchInput,
  type WatchInputStep,
} from "./watch_state.ts";

/** What was known around an event of control. */
export interface ControlChange extends Pick<MenuFacts, "you" | "ended"> {
  readonly before: SessionFacts;
  readonly after: SessionFacts;
  readonly nowMs: number;
}

/** What an event of control does to who types here. */
export function controlChanged(
  state: WatchInput,
  data: JsonObject,
  { before, after, you, ended, nowMs }: ControlChange,
): WatchInputStep {
  const could = typingInto({ session: before, you, ended });
  const can = typingInto({ session: after, you, ended });
  if (could === can) return stay(state);
  if (could === undefined) return controlCame(state);
  if (can !== undefined) return stay(targetChanged(state, nowMs));
  const gaveUp = data.why === "yielded" || data.by === you?.id;
  // What is typed in the moment in which it goes was meant for the session.
  return stay(gaveUp ? state : { ...state, typedMs: nowMs });
}

/** Something was said to who types here, with control that has come or gone; not over what is being done. */
export function noteCame(state: WatchInput, title: string, text: string): WatchInput {
  const { kind } = state.panel;
  return kind === "none" || kind === "said"
    ? { ...state, panel: { kind: "said", title, text } }
    : state;
}

/** Control has come to who types here: what they did to ask for it or instead of it is over. */
function controlCame(state: WatchInput): WatchInputStep {
  const panel = state.panel.kind === "request" ? CLOSED : state.panel;
  const pointed: WatchEffect[] = state.pointing === undefined
    ? []
    : [{ kind: "point", at: undefined }];
  return { state: { ...state, panel, pointing: undefined }, effects: pointed };
}

/** Keys go to a pane that went to the session, or the other way round: what is being typed is for neither. */
function targetChanged(state: WatchInput, nowMs: number): WatchInput {
  return nowMs - state.typedMs < DEAF_MS ? { ...state, deaf: true, paste: undefined } : state;
}
