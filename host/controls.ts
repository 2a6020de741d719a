/**
 * The presenter's controls: where keys go, and what is open over the session. Pure; the presenter's terminal runs the
 * effects.
 *
 * @module
 */
import type { Person } from "../format/session_data.ts";
import type { InputEvent, KeyEvent } from "../viewer/keys.ts";
import { refreshMenu, stepMenu } from "../viewer/menu.ts";
import { driversOf, invitePanel, lengthPanel, mainItems, mainMenu } from "./controls_menus.ts";
import {
  AT_TOP,
  choose,
  close,
  CLOSED,
  type ControlsEffect,
  type ControlsState,
  type ControlsStep,
  isLeaving,
  move,
  open,
  type Panel,
  type Said,
  type Selection,
  settle,
  stay,
} from "./controls_state.ts";
import { inAgent, inMarker, inNote } from "./controls_panels.ts";
import type { AgentClient } from "./agent_config.ts";
import type { IssuedLink } from "./links.ts";
import type { Participant } from "./participants.ts";
import { answerTo, type ControlsFacts } from "./presenter_facts.ts";
import { may } from "./rights.ts";

export type { ControlsEffect, ControlsState, ControlsStep, Panel } from "./controls_state.ts";
export { MAX_LABEL } from "../viewer/line_box.ts";
export type { ControlsFacts } from "./presenter_facts.ts";

/** The controls when the session begins. */
export const FIRST_CONTROLS: ControlsState = { panel: { kind: "notice" }, paste: undefined };

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
  if (event.kind === "reply" && event.reply.type !== "other") return stay(state);
  if (event.kind === "paste" && event.part !== "start" && state.paste !== undefined) {
    return restOfPaste(state, event);
  }
  const anywhere = event.kind === "key" ? takeOrAnswer(state, event, facts) : undefined;
  if (anywhere !== undefined) return anywhere;
  const { panel } = state;
  switch (panel.kind) {
    case "none":
    case "notice":
    case "said":
      return toProgram(state, event, facts);
    case "menu":
      return inMenu(state, panel, event, facts);
    case "people":
      return inPeople(state, panel, event, facts);
    case "kick":
      return inKick(state, panel, event, facts);
    case "withdraw":
      return inWithdraw(state, panel, event);
    case "links":
      return inLinks(state, panel, event, facts);
    case "agent":
      return inAgent(state, panel, event, facts);
    case "qr":
      return event.kind === "key" ? open(state, { kind: "links", ...panel.back }) : stay(state);
    case "marker":
      return inMarker(state, panel.label, event);
    case "note":
      return inNote(state, panel, event, facts);
    case "stop":
      return inStop(state, event);
    default:
      return panel satisfies never;
  }
}

/** The state after the facts changed: what is open shows them. */
export function refresh(state: ControlsState, facts: ControlsFacts): ControlsState {
  const { panel } = state;
  switch (panel.kind) {
    case "menu":
      return panel.main
        ? { ...state, panel: { ...panel, menu: refreshMenu(panel.menu, mainItems(facts)) } }
        : state;
    case "people":
      return { ...state, panel: { ...panel, ...settle(panel, listed(panel.only, facts)) } };
    case "links":
      return { ...state, panel: { ...panel, ...settle(panel, facts.links) } };
    case "kick":
      return facts.people.some(({ id }) => id === panel.id)
        ? state
        : { ...state, panel: { kind: "people", only: "all", ...AT_TOP } };
    case "note":
      // Who is to get control has left, or has got it otherwise.
      return (panel.then === "hand-back" ? facts.takenFrom : canDrive(panel.person, facts))
          ?.id === panel.person.id
        ? state
        : { ...state, panel: CLOSED };
    case "withdraw":
      return facts.links.some(({ id }) => id === panel.id)
        ? state
        : { ...state, panel: { kind: "links", ...AT_TOP } };
    default:
      return state;
  }
}

function canDrive({ id }: Person, facts: ControlsFacts): Participant | undefined {
  return driversOf(facts).find((person) => person.id === id);
}

/** The state after somebody said something with the control that they gave back; not over what is being done. */
export function showSaid(state: ControlsState, said: Omit<Said, "kind">): ControlsState {
  const { kind } = state.panel;
  return kind === "none" || kind === "notice" || kind === "said"
    ? { ...state, panel: { kind: "said", ...said } }
    : state;
}

/** The state after a link was made: where links are looked at, it is the one that is shown. */
export function showLink(state: ControlsState, { id, url }: IssuedLink): ControlsState {
  const { panel } = state;
  if (panel.kind === "links") return { ...state, panel: { ...panel, id } };
  return panel.kind === "agent" && panel.url === undefined
    ? { ...state, panel: { ...panel, url } }
    : state;
}

/** The state after what brings an agent in was made for when the session begins. */
export function showAgent(state: ControlsState, client: AgentClient, url: string): ControlsState {
  return state.panel.kind === "notice"
    ? { ...state, panel: { kind: "agent", client, url } }
    : state;
}

/** The state after somebody came: what brings an agent in has done so. */
export function agentJoined(state: ControlsState): ControlsState {
  return state.panel.kind === "agent" ? { ...state, panel: CLOSED } : state;
}

/** Those that a list of people shows. */
export function listed(
  only: "all" | "drivers",
  facts: Pick<ControlsFacts, "people" | "readOnly">,
): readonly Participant[] {
  return only === "all" ? facts.people : driversOf(facts);
}

/** The keys that do the same whatever is open. */
function takeOrAnswer(
  state: ControlsState,
  event: KeyEvent,
  { takeKey, driver, cameBack, takenFrom, panes = 0, prompt, armed }: ControlsFacts,
): ControlsStep | undefined {
  // An escape typed just before makes it alt and the key.
  const takes = event.name === takeKey || event.name === `alt+${takeKey}`;
  if (takes) {
    const taken = driver.kind !== "presenter";
    if (!taken && cameBack) return stay(state);
    if (taken || panes > 0) {
      const panel = state.panel.kind === "notice" ? state.panel : CLOSED;
      return open(state, panel, { kind: "act", action: { kind: "take" } });
    }
    if (takenFrom !== undefined && HANDS_BACK.has(state.panel.kind)) {
      return close(state, { kind: "act", action: { kind: "hand-back" } });
    }
  }
  const answer = prompt !== undefined && armed ? ANSWERS.get(event.name) : undefined;
  if (prompt === undefined || answer === undefined) return undefined;
  return { state, effects: [{ kind: "act", action: answerTo(prompt, answer) }] };
}

/** What may be open when the take key hands control back: nothing that is being typed or answered. */
const HANDS_BACK: ReadonlySet<Panel["kind"]> = new Set(["none", "notice", "said", "menu"]);

/** Shift or caps lock do not matter. */
const ANSWERS: ReadonlyMap<string, boolean> = new Map([
  ["alt+y", true],
  ["alt+Y", true],
  ["alt+n", false],
  ["alt+N", false],
]);

/** A paste goes where its beginning went, whatever has opened or changed since. */
function restOfPaste(
  state: ControlsState,
  event: Extract<InputEvent, { kind: "paste" }>,
): ControlsStep {
  const effects: ControlsEffect[] = state.paste === "typed"
    ? [{ kind: "type", bytes: event.raw }]
    : [];
  return { state: event.part === "end" ? { ...state, paste: undefined } : state, effects };
}

function toProgram(state: ControlsState, event: InputEvent, facts: ControlsFacts): ControlsStep {
  if (event.kind === "key" && event.name === facts.menuKey) {
    return open(state, { kind: "menu", main: true, menu: mainMenu(facts) });
  }
  const byHand = event.kind === "key" || event.kind === "paste";
  // Moving the mouse or the focus takes no control back, and is no reason to take the link away.
  if (!byHand && facts.typing !== "typed") return stay(state);
  const panel = byHand ? CLOSED : state.panel;
  const blocked = facts.typing === "blocked";
  const paste = event.kind !== "paste" ? state.paste : blocked ? "dropped" : "typed";
  const effect: ControlsEffect = blocked ? { kind: "blocked" } : { kind: "type", bytes: event.raw };
  return { state: { panel, paste }, effects: [effect] };
}

function inMenu(
  state: ControlsState,
  panel: Extract<Panel, { kind: "menu" }>,
  event: InputEvent,
  facts: ControlsFacts,
): ControlsStep {
  if (event.kind !== "key") return stay(state);
  if (event.name === facts.menuKey) {
    return facts.typing === "blocked"
      ? close(state, { kind: "blocked" })
      : close(state, { kind: "type", bytes: event.raw });
  }
  const next = stepMenu(panel.menu, event.name);
  switch (next.kind) {
    case "open":
      return open(state, { ...panel, menu: next.menu });
    case "closed":
      return close(state);
    case "chosen":
      return choose(state, next.value);
    default:
      return next satisfies never;
  }
}

function inPeople(
  state: ControlsState,
  panel: Extract<Panel, { kind: "people" }>,
  event: InputEvent,
  facts: ControlsFacts,
): ControlsStep {
  if (event.kind !== "key") return stay(state);
  const { name: key } = event;
  if (key === "q" || isLeaving(key, facts)) return close(state);
  const list = listed(panel.only, facts);
  const to = move(panel, key, list);
  if (to !== undefined) return open(state, { ...panel, ...to });
  const person = list[settle(panel, list).at];
  if (person === undefined) return stay(state);
  if (key === "h" || key === "enter") {
    return may(person.role, "type") && !facts.readOnly
      ? open(state, lengthPanel(person, facts))
      : { state, effects: [{ kind: "cannot-type", name: person.name }] };
  }
  return key === "k" && panel.only === "all"
    ? open(state, { kind: "kick", id: person.id, name: person.name })
    : stay(state);
}

function inKick(
  state: ControlsState,
  { id }: Extract<Panel, { kind: "kick" }>,
  event: InputEvent,
  facts: ControlsFacts,
): ControlsStep {
  if (event.kind !== "key") return stay(state);
  const people: Panel = { kind: "people", only: "all", at: 0, id };
  const link = waysBack(id, facts);
  if (event.name === "w" && link !== undefined) {
    return open(state, people, { kind: "act", action: { kind: "revoke-link", id: link.id } });
  }
  return event.name === "enter" || event.name === "y"
    ? open(state, people, { kind: "act", action: { kind: "kick", id } })
    : open(state, people);
}

function inWithdraw(
  state: ControlsState,
  { id }: Extract<Panel, { kind: "withdraw" }>,
  event: InputEvent,
): ControlsStep {
  if (event.kind !== "key") return stay(state);
  const links: Panel = { kind: "links", at: 0, id };
  switch (event.name) {
    case "enter":
    case "y":
      return open(state, links, { kind: "act", action: { kind: "revoke-link", id } });
    case "a":
      return open(state, links, { kind: "act", action: { kind: "revoke-all" } });
    default:
      return open(state, links);
  }
}

/** The link that somebody came in with, if it lets them in again. */
export function waysBack(
  id: string,
  { people, links }: Pick<ControlsFacts, "people" | "links">,
): IssuedLink | undefined {
  const person = people.find((participant) => participant.id === id);
  return links.find((link) => link.id === person?.link && !link.once);
}

function inLinks(
  state: ControlsState,
  panel: Extract<Panel, { kind: "links" }>,
  event: InputEvent,
  facts: ControlsFacts,
): ControlsStep {
  if (event.kind !== "key") return stay(state);
  const { name: key } = event;
  if (key === "enter" || isLeaving(key, facts)) return close(state);
  const to = move(panel, key, facts.links);
  if (to !== undefined) return open(state, { ...panel, ...to });
  const back: Selection = settle(panel, facts.links);
  const link = facts.links[back.at];
  if (key === "i") return open(state, invitePanel(facts));
  if (link === undefined) return stay(state);
  if (key === "c") return open(state, panel, { kind: "copy", url: link.url });
  if (key === "w") return open(state, { kind: "withdraw", id: link.id });
  return key === "q" ? open(state, { kind: "qr", url: link.url, back }) : stay(state);
}

function inStop(state: ControlsState, event: InputEvent): ControlsStep {
  if (event.kind !== "key") return stay(state);
  return event.name === "enter" || event.name === "y" || event.name === "s"
    ? close(state, { kind: "act", action: { kind: "stop" } })
    : close(state);
}
