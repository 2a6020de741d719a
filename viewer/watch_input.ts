/**
 * What the keys and the mouse do in `watch`: for the session of who may type, else for the view. Pure; the viewer runs the
 * effects.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";
import { noticeText } from "../wire/notices.ts";
import { keyPart, stepPaste } from "./input_parts.ts";
import type { InputEvent, KeyEvent, PasteEvent } from "./keys.ts";
import { editLine } from "./line_box.ts";
import { keyLabel, type Menu, openMenu, refreshMenu, stepMenu } from "./menu.ts";
import { parseMouse, placeMouse } from "./mouse_report.ts";
import { type ViewInput, viewInput } from "./playback_keys.ts";
import { scrolledBy } from "./people_box.ts";
import { FIRST_REQUEST, type RequestForm, stepRequest } from "./request_box.ts";
import {
  controlChoice,
  isTyping,
  type MenuFacts,
  typingInto,
  type WatchAction,
  watchItems,
} from "./watch_panels.ts";
import { beginPointing, endPointing, inPointing } from "./watch_pointing.ts";
import { isClick, PANE_MOUSE_TEXT } from "./typing_target.ts";
import {
  CLOSED,
  DEAF_MS,
  interrupted,
  open,
  say,
  stay,
  TO_LIVE,
  type WatchEffect,
  type WatchInput,
  type WatchInputFacts,
  type WatchInputStep,
} from "./watch_state.ts";

export { FIRST_INPUT } from "./watch_state.ts";
export type { WatchEffect, WatchInput, WatchInputFacts, WatchInputStep } from "./watch_state.ts";

/** How far the menu goes back. */
const BACK_MS = 5_000;

/** What an event of the local terminal does. */
export function stepInput(
  state: WatchInput,
  event: InputEvent,
  facts: WatchInputFacts,
): WatchInputStep {
  const { panel } = state;
  switch (panel.kind) {
    case "menu":
      return event.kind === "key" ? inMenu(state, panel.menu, event, facts) : stay(state);
    case "request":
      return inRequest(state, panel.form, event);
    case "people":
      return event.kind === "key" ? inPeople(state, panel.scroll, event.name) : stay(state);
    case "note":
      return inNote(state, panel.text, event, facts);
    case "help":
      return event.kind === "key" ? open(state, CLOSED) : stay(state);
    case "said":
      // It is read, and the key is meant for what is below.
      return onScreen(isByHand(event) ? { ...state, panel: CLOSED } : state, event, facts);
    case "none":
      return onScreen(state, event, facts);
    default:
      return panel satisfies never;
  }
}

/** The state after the facts have changed: an open menu shows them. */
export function refreshInput(state: WatchInput, facts: Omit<MenuFacts, "pointing">): WatchInput {
  if (state.panel.kind !== "menu") return state;
  const items = watchItems({ ...facts, pointing: state.pointing !== undefined });
  return { ...state, panel: { kind: "menu", menu: refreshMenu(state.panel.menu, items) } };
}

function onScreen(state: WatchInput, event: InputEvent, facts: WatchInputFacts): WatchInputStep {
  const typing = isTyping(facts);
  if (event.kind === "key" && event.name === facts.menuKey) {
    const items = watchItems({ ...facts, pointing: state.pointing !== undefined });
    const label = keyLabel(facts.menuKey);
    const where = typingInto(facts) === "pane" ? "your pane" : "the session";
    const hint = typing ? `${label} goes to ${where}, Esc back` : "Esc goes back";
    return open(state, { kind: "menu", menu: openMenu("collab watch", items, hint) });
  }
  if (state.pointing !== undefined) return inPointing(state, state.pointing, event, facts);
  if (state.deaf) {
    const { nowMs } = facts;
    if (nowMs - state.typedMs < DEAF_MS) return stay({ ...state, typedMs: nowMs });
    return onScreen({ ...state, deaf: false }, event, facts);
  }
  if (event.kind === "paste" && (typing || state.paste !== undefined)) {
    return pasted(state, event, { ...facts, typing });
  }
  if (typing) return typed(state, event, facts);
  if (event.kind === "key") {
    if (facts.nowMs - state.typedMs < DEAF_MS) return stay({ ...state, typedMs: facts.nowMs });
    return watching(state, event.name, facts);
  }
  return event.kind === "paste" && event.part === "start"
    ? stay(state, ...hint(facts))
    : stay(state);
}

/** Who may type does so: everything is for the session. */
function typed(state: WatchInput, event: InputEvent, facts: WatchInputFacts): WatchInputStep {
  const after = { ...state, typedMs: facts.nowMs };
  if (event.kind === "key") return type(after, keyPart(event), facts);
  if (event.kind !== "mouse" || facts.viewport === undefined) return stay(state);
  const report = parseMouse(event.raw);
  const part = report && placeMouse(report, facts.viewport);
  if (part === undefined) return stay(state);
  if (typingInto(facts) === "session") return type(state, part, facts);
  return isClick(part) ? stay(state, say(PANE_MOUSE_TEXT)) : stay(state);
}

function type(state: WatchInput, part: InputPart, { player }: WatchInputFacts): WatchInputStep {
  const effect: WatchEffect = { kind: "type", part };
  // What one types into is what is there now.
  const past = player !== undefined && player.mode !== "following";
  return past ? stay(state, TO_LIVE, effect) : stay(state, effect);
}

function pasted(
  state: WatchInput,
  event: PasteEvent,
  facts: WatchInputFacts & { readonly typing: boolean },
): WatchInputStep {
  const step = stepPaste(state.paste, event);
  if (step.kind === "open") return stay({ ...state, paste: step.paste });
  const after = { ...state, paste: undefined, typedMs: facts.nowMs };
  if (!facts.typing) return stay(after, say(noticeText("out-of-turn")));
  if (step.kind === "too-long") return stay(after, say("Not pasted: it is too long"));
  if (step.text === "") return stay(after);
  return type(after, { kind: "paste", text: step.text }, facts);
}

function watching(state: WatchInput, name: string, facts: WatchInputFacts): WatchInputStep {
  if (facts.ended && /^(?:q|enter|escape|ctrl\+[cd])$/.test(name)) {
    return stay(state, { kind: "leave" });
  }
  switch (name) {
    case "ctrl+c":
      return interrupted(state, facts.nowMs);
    case "?":
      return open(state, { kind: "help" });
    case "w":
      return open(state, { kind: "people", scroll: 0 });
    case "p":
      return act(state, "point", facts);
    case "r":
    case "R":
      return asked(state, name === "R", facts);
    default: {
      const input = viewInput(name);
      return input === undefined
        ? stay(state, ...hint(facts))
        : stay(state, { kind: "view", input });
    }
  }
}

/** Asks for control at once, or in a box; who has asked already does so no longer. */
function asked(state: WatchInput, inBox: boolean, facts: WatchInputFacts): WatchInputStep {
  const choice = controlChoice(facts);
  switch (choice) {
    case "ask":
      return inBox
        ? act(state, "ask", facts)
        : stay(state, { kind: "send", command: { kind: "request" } });
    case "withdraw":
      return act(state, "withdraw", facts);
    case "none":
      return facts.you?.role === "view" && !facts.ended
        ? stay(state, say(noticeText("role-forbids")))
        : stay(state);
    default:
      return choice satisfies never;
  }
}

/** Someone who types wants something: that it goes nowhere, and what does something. */
function hint({ ended, you, menuKey }: WatchInputFacts): WatchEffect[] {
  if (ended) return [];
  const what = you === undefined || you.role === "view"
    ? "You are watching: "
    : "r asks for control, ";
  return [say(`${what}${keyLabel(menuKey)} opens the menu`)];
}

function inMenu(
  state: WatchInput,
  menu: Menu<WatchAction>,
  event: KeyEvent,
  facts: WatchInputFacts,
): WatchInputStep {
  if (event.name === facts.menuKey) {
    const closed: WatchInput = { ...state, panel: CLOSED };
    return isTyping(facts) ? type(closed, keyPart(event), facts) : stay(closed);
  }
  const step = stepMenu(menu, event.name);
  switch (step.kind) {
    case "open":
      return open(state, { kind: "menu", menu: step.menu });
    case "closed":
      return open(state, CLOSED);
    case "chosen":
      return act({ ...state, panel: CLOSED }, step.value, facts);
    default:
      return step satisfies never;
  }
}

function act(state: WatchInput, action: WatchAction, facts: WatchInputFacts): WatchInputStep {
  const player = (input: Extract<ViewInput, { kind: "player" }>["input"]): WatchInputStep =>
    stay(state, { kind: "view", input: { kind: "player", input } });
  switch (action) {
    case "ask":
      return open(state, { kind: "request", form: FIRST_REQUEST });
    case "withdraw":
      return stay(state, { kind: "send", command: { kind: "withdraw" } });
    case "yield":
      return giveBack(state);
    case "yield-note":
      return open(state, { kind: "note", text: "" });
    case "ask-pane":
      return stay(state, { kind: "send", command: { kind: "request", pane: true } });
    case "yield-pane":
      return stay({ ...state, typedMs: -Infinity }, {
        kind: "send",
        command: { kind: "yield", pane: true },
      });
    case "point":
      return state.pointing === undefined ? beginPointing(state, facts) : endPointing(state);
    case "pause":
      return player({ kind: "toggle" });
    case "back":
      return player({ kind: "seek-by", ms: -BACK_MS });
    case "live":
      return player({ kind: "edge", edge: "end" });
    case "people":
      return open(state, { kind: "people", scroll: 0 });
    case "help":
      return open(state, { kind: "help" });
    case "leave":
      return stay(state, { kind: "leave" });
    default:
      return action satisfies never;
  }
}

function inRequest(state: WatchInput, form: RequestForm, event: InputEvent): WatchInputStep {
  const step = stepRequest(form, event);
  switch (step.kind) {
    case "open":
      return open(state, { kind: "request", form: step.form });
    case "closed":
      return open(state, CLOSED);
    case "asked":
      return open(state, CLOSED, { kind: "send", command: { ...step, kind: "request" } });
    default:
      return step satisfies never;
  }
}

function inNote(
  state: WatchInput,
  text: string,
  event: InputEvent,
  { session, you }: WatchInputFacts,
): WatchInputStep {
  const line = editLine(text, event);
  switch (line?.kind) {
    case undefined:
      return stay(state);
    case "edited":
      return open(state, { kind: "note", text: line.text });
    case "given-up":
      return open(state, CLOSED);
    case "entered": {
      const closed: WatchInput = { ...state, panel: CLOSED };
      // It may have been taken while this was written.
      if (session.turn.holder !== you?.id) return stay(closed, say(noticeText("not-in-control")));
      return giveBack(closed, line.text);
    }
    default:
      return line satisfies never;
  }
}

function giveBack(state: WatchInput, note = ""): WatchInputStep {
  // What is typed now is meant for this side.
  return stay({ ...state, typedMs: -Infinity }, {
    kind: "send",
    command: { kind: "yield", ...(note !== "" && { note }) },
  });
}

function isByHand({ kind }: InputEvent): boolean {
  return kind === "key" || kind === "paste";
}

function inPeople(state: WatchInput, scroll: number, name: string): WatchInputStep {
  const next = scrolledBy(scroll, name);
  return open(state, next === undefined ? CLOSED : { kind: "people", scroll: next });
}
