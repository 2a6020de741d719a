/**
 * The presenter's controls: where keys go, and what is open over the session. Pure; the presenter's terminal runs the
 * effects.
 *
 * @module
 */
import { printable } from "../format/text.ts";
import {
  keyLabel,
  type Menu,
  type MenuItem,
  openMenu,
  refreshMenu,
  stepMenu,
} from "../viewer/chrome.ts";
import type { InputEvent, KeyEvent } from "../viewer/keys.ts";

/** What the presenter can choose in the menu. */
export type Action = "link" | "copy" | "participants" | "marker" | "pause" | "stop";

/** What is open over the session. */
export type Panel =
  | { readonly kind: "none" }
  /** The link, until the first key, which goes to the program. */
  | { readonly kind: "notice" }
  | { readonly kind: "menu"; readonly menu: Menu<Action> }
  /** The link, until a key. */
  | { readonly kind: "link" }
  | { readonly kind: "participants"; readonly scroll: number }
  | { readonly kind: "marker"; readonly label: string }
  | { readonly kind: "stop" };

/** What the controls remember. */
export interface ControlsState {
  readonly panel: Panel;
}

/** What is known of the session that the menu shows. */
export interface ControlsFacts {
  /** As {@link KeyEvent} names it. */
  readonly menuKey: string;
  readonly paused: boolean;
  readonly watching: number;
}

/** What a key leads to. */
export type ControlsEffect =
  | { readonly kind: "type"; readonly bytes: Uint8Array }
  | { readonly kind: "copy" }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "mark"; readonly label: string }
  | { readonly kind: "stop" };

/** A step's outcome. */
export interface ControlsStep {
  readonly state: ControlsState;
  readonly effects: readonly ControlsEffect[];
}

/** The controls when the session begins. */
export const FIRST_CONTROLS: ControlsState = { panel: { kind: "notice" } };

/** Longest label of a marker, in UTF-16 units. */
export const MAX_LABEL = 120;

const CLOSED: Panel = { kind: "none" };

/**
 * What an event of the presenter's terminal does. Mouse events have been placed already: one that is not on the
 * session's screen does not come here.
 */
export function step(
  state: ControlsState,
  event: InputEvent,
  facts: ControlsFacts,
): ControlsStep {
  // Its own answers to our own questions are not for the program, which was answered by the session.
  if (event.kind === "reply" && event.reply.type !== "other") return { state, effects: [] };
  switch (state.panel.kind) {
    case "none":
    case "notice":
      return toProgram(state, event, facts);
    case "menu":
      return inMenu(state, state.panel.menu, event, facts);
    case "link":
      return event.kind === "key" ? close(state) : stay(state);
    case "participants":
      return inParticipants(state, state.panel.scroll, event);
    case "marker":
      return inMarker(state, state.panel.label, event);
    case "stop":
      return inStop(state, event);
    default:
      return state.panel satisfies never;
  }
}

/** The state after the facts changed: an open menu shows them. */
export function refresh(state: ControlsState, facts: ControlsFacts): ControlsState {
  if (state.panel.kind !== "menu") return state;
  return {
    ...state,
    panel: { kind: "menu", menu: refreshMenu(state.panel.menu, menuItems(facts)) },
  };
}

function menuItems({ paused, watching }: ControlsFacts): MenuItem<Action>[] {
  return [
    { key: "l", label: "Show the link", value: "link" },
    { key: "c", label: "Copy the link", value: "copy" },
    { key: "w", label: "Who watches", note: String(watching), value: "participants" },
    { key: "m", label: "Set a marker", value: "marker" },
    paused
      ? { key: "p", label: "Go on sharing", note: "paused", value: "pause" }
      : { key: "p", label: "Pause sharing", value: "pause" },
    { key: "s", label: "Stop sharing", value: "stop" },
  ];
}

function stay(state: ControlsState): ControlsStep {
  return { state, effects: [] };
}

function open(state: ControlsState, panel: Panel): ControlsStep {
  return { state: { ...state, panel }, effects: [] };
}

function close(state: ControlsState, ...effects: ControlsEffect[]): ControlsStep {
  return { state: { ...state, panel: CLOSED }, effects };
}

function toProgram(state: ControlsState, event: InputEvent, facts: ControlsFacts): ControlsStep {
  if (event.kind === "key" && event.name === facts.menuKey) {
    const menu = openMenu("Sharing", menuItems(facts), `${keyLabel(facts.menuKey)} types itself`);
    return open(state, { kind: "menu", menu });
  }
  const type: ControlsEffect = { kind: "type", bytes: event.raw };
  // Moving the mouse or the focus is no reason to take the link away.
  return state.panel.kind === "notice" && (event.kind === "key" || event.kind === "paste")
    ? close(state, type)
    : { state, effects: [type] };
}

function inMenu(
  state: ControlsState,
  menu: Menu<Action>,
  event: InputEvent,
  facts: ControlsFacts,
): ControlsStep {
  if (event.kind !== "key") return stay(state);
  if (event.name === facts.menuKey) return close(state, { kind: "type", bytes: event.raw });
  const next = stepMenu(menu, event.name);
  switch (next.kind) {
    case "open":
      return open(state, { kind: "menu", menu: next.menu });
    case "closed":
      return close(state);
    case "chosen":
      return choose(state, next.value, facts);
    default:
      return next satisfies never;
  }
}

function choose(state: ControlsState, action: Action, facts: ControlsFacts): ControlsStep {
  switch (action) {
    case "link":
      return open(state, { kind: "link" });
    case "copy":
      return close(state, { kind: "copy" });
    case "participants":
      return open(state, { kind: "participants", scroll: 0 });
    case "marker":
      return open(state, { kind: "marker", label: "" });
    case "pause":
      return close(state, { kind: facts.paused ? "resume" : "pause" });
    case "stop":
      return open(state, { kind: "stop" });
    default:
      return action satisfies never;
  }
}

function inParticipants(state: ControlsState, scroll: number, event: InputEvent): ControlsStep {
  if (event.kind !== "key") return stay(state);
  const by = { up: -1, down: 1, "page-up": -10, "page-down": 10 }[event.name];
  if (by === undefined) return close(state);
  return open(state, { kind: "participants", scroll: Math.max(0, scroll + by) });
}

function inMarker(state: ControlsState, label: string, event: InputEvent): ControlsStep {
  if (event.kind === "paste" && event.part === "text") {
    return open(state, {
      kind: "marker",
      label: extend(label, new TextDecoder().decode(event.raw)),
    });
  }
  if (event.kind !== "key") return stay(state);
  switch (event.name) {
    case "enter":
      return close(state, { kind: "mark", label: label.trim() });
    case "escape":
    case "ctrl+c":
      return close(state);
    case "backspace":
      return open(state, { kind: "marker", label: withoutLast(label) });
    case "ctrl+u":
      return open(state, { kind: "marker", label: "" });
    default:
      return open(state, { kind: "marker", label: extend(label, keyText(event)) });
  }
}

function keyText(event: KeyEvent): string {
  return event.name === "space" ? " " : event.text;
}

function extend(label: string, text: string): string {
  const all = label + printable(text, MAX_LABEL);
  return all.length > MAX_LABEL ? label : all;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function withoutLast(label: string): string {
  return [...graphemes.segment(label)].slice(0, -1).map(({ segment }) => segment).join("");
}

function inStop(state: ControlsState, event: InputEvent): ControlsStep {
  if (event.kind !== "key") return stay(state);
  return event.name === "enter" || event.name === "y" || event.name === "s"
    ? close(state, { kind: "stop" })
    : close(state);
}
