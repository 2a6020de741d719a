/**
 * The presenter's menus: what can be chosen, and what it leads to.
 *
 * @module
 */
import type { Person } from "../format/session_data.ts";
import { clip } from "../format/width.ts";
import { keyLabel, type Menu, type MenuItem, openMenu } from "../viewer/menu.ts";
import { formatSpan } from "../viewer/duration.ts";
import type { HostAction } from "../wire/actions.ts";
import type { Role } from "../wire/role.ts";
import { AT_TOP, type Choice, type ControlsEffect, type Panel } from "./controls_state.ts";
import { answerTo, type ControlsFacts, DEFAULT_GRANT_MS, titleOf } from "./presenter_facts.ts";
import { agentInvite } from "./agent_invite.ts";
import type { Participant } from "./participants.ts";
import type { StartMode } from "./options.ts";
import { may } from "./rights.ts";

type Item = MenuItem<Choice>;

const MINUTE_MS = 60_000, HOUR_MS = 3_600_000;
/** How long control is given: a key, and a time; `null` until it is taken back. */
const LENGTHS: readonly (readonly [key: string, forMs: number | null])[] = [
  ["1", MINUTE_MS],
  ["5", DEFAULT_GRANT_MS],
  ["f", 15 * MINUTE_MS],
  ["u", null],
];
/** How long an invite lets people in. */
const EXPIRIES: readonly (readonly [key: string, expiresMs: number])[] = [
  ["3", 30 * MINUTE_MS],
  ["2", 2 * HOUR_MS],
  ["8", 8 * HOUR_MS],
];
const ROLE_ITEMS: readonly (readonly [key: string, role: Role, label: string])[] = [
  ["c", "control", "Can ask for control"],
  ["v", "view", "Watches only"],
  ["a", "agent", "A program"],
  ["d", "admin", "Does what you can"],
];
/** How much of a note a menu shows. */
const NOTE_COLS = 30;
const CHOOSES = "Esc goes back";

/** The main menu's title and items. */
const MAIN_TITLE = "Sharing";

/** The main menu, opened. */
export function mainMenu(facts: ControlsFacts): Menu<Choice> {
  return openMenu(MAIN_TITLE, mainItems(facts), `${keyLabel(facts.menuKey)} types itself`);
}

/** What can be done now. */
export function mainItems(facts: ControlsFacts): Item[] {
  const { paused, watching, ownLink } = facts;
  return [
    ...promptItems(facts),
    ...takeItems(facts),
    handOverItem(facts),
    { key: "o", label: "Who may type", note: modeNote(facts), value: panel(modePanel(facts)) },
    {
      key: "w",
      label: "Who is here",
      note: `${watching} watching`,
      value: panel({ kind: "people", only: "all", ...AT_TOP }),
    },
    { key: "l", label: "Links", value: panel({ kind: "links", ...AT_TOP }) },
    {
      key: "c",
      label: "Copy the link",
      enabled: ownLink !== undefined,
      value: ownLink === undefined ? {} : { effects: [{ kind: "copy", url: ownLink.url }] },
    },
    {
      key: "a",
      label: "Connect an agent",
      value: {
        effects: [{ kind: "act", action: agentInvite(facts) }],
        panel: { kind: "agent", client: facts.agentClient, url: undefined },
      },
    },
    { key: "m", label: "Set a marker", value: panel({ kind: "marker", label: "" }) },
    paused
      ? { key: "p", label: "Go on sharing", note: "paused", value: act({ kind: "resume" }) }
      : { key: "p", label: "Pause sharing", value: act({ kind: "pause" }) },
    { key: "s", label: "Stop sharing", value: panel({ kind: "stop" }) },
  ];
}

function promptItems({ prompt, armed }: ControlsFacts): Item[] {
  if (prompt === undefined) return [];
  const { person } = prompt;
  const [yes, no, note] = prompt.kind === "paste"
    ? [`Type what ${person.name} pasted`, "Drop it", `${prompt.lines} lines`]
    : [
      prompt.pane
        ? `Open a pane for ${titleOf(person)}`
        : prompt.longer
        ? `Let ${person.name} go on`
        : `Hand over to ${titleOf(person)}`,
      `Tell ${person.name} no`,
      prompt.pane ? undefined : formatSpan(prompt.forMs ?? DEFAULT_GRANT_MS),
    ];
  return [
    {
      key: "y",
      label: yes,
      ...(note !== undefined && { note }),
      enabled: armed,
      value: act(answerTo(prompt, true)),
    },
    { key: "n", label: no, enabled: armed, value: act(answerTo(prompt, false)) },
  ];
}

function takeItems({ driver, takeKey, takenFrom, panes = 0 }: ControlsFacts): Item[] {
  if (driver.kind === "presenter" && panes > 0) {
    const label = "Nobody types into panes any more";
    return [{ key: "t", label, note: keyLabel(takeKey), value: act({ kind: "take" }) }];
  }
  if (driver.kind === "presenter") {
    return takenFrom === undefined ? [] : [{
      key: "b",
      label: `Hand back to ${takenFrom.name}`,
      note: `${keyLabel(takeKey)} without a note`,
      value: panel({ kind: "note", text: "", person: takenFrom, then: "hand-back" }),
    }];
  }
  return [{
    key: "t",
    label: "Take control back",
    note: keyLabel(takeKey),
    value: act({ kind: "take" }),
  }];
}

function handOverItem(facts: ControlsFacts): Item {
  const drivers = driversOf(facts);
  return {
    key: "h",
    label: "Hand over control",
    ...(facts.readOnly
      ? { note: "read-only", enabled: false }
      : drivers.length === 0
      ? { note: "nobody here can type", enabled: false }
      : {}),
    value: panel({ kind: "people", only: "drivers", at: 0, id: drivers[0]?.id }),
  };
}

/** Those who can be given control. */
export function driversOf(
  { people, readOnly }: Pick<ControlsFacts, "people" | "readOnly">,
): readonly Participant[] {
  return readOnly ? [] : people.filter(({ role }) => may(role, "type"));
}

function modeNote({ driver, agent }: ControlsFacts): string {
  switch (driver.kind) {
    case "presenter":
      return agent ? "you, until an agent comes" : "you";
    case "participant":
      return driver.person.name;
    case "everyone":
      return "everyone";
    case "nobody":
      return "nobody";
    default:
      return driver satisfies never;
  }
}

function modePanel({ driver, agent, readOnly }: ControlsFacts): Panel {
  const item = (
    key: string,
    label: string,
    mode: StartMode,
    now: boolean,
  ): Item => ({
    key,
    label,
    ...(now ? { note: "now" } : {}),
    value: act({ kind: "mode", mode }),
  });
  const items: Item[] = [
    item("p", "You alone", "presenter", driver.kind === "presenter" && !agent),
    {
      ...item("a", "The agent, or the next that comes", "agent", agent),
      ...(readOnly ? { note: "read-only", enabled: false } : {}),
    },
    {
      ...item("e", "Everyone whose link allows it", "collaborative", driver.kind === "everyone"),
      ...(readOnly ? { note: "read-only", enabled: false } : {}),
    },
    item("n", "Nobody", "paused", driver.kind === "nobody"),
  ];
  return { kind: "menu", main: false, menu: openMenu("Who may type", items, CHOOSES) };
}

/** How long somebody gets control, and what is said with it. */
export function lengthPanel(
  person: Person,
  { panes }: Pick<ControlsFacts, "panes">,
  text = "",
): Panel {
  const items = LENGTHS.map(([key, forMs]): Item => ({
    key,
    label: forMs === null ? "Until taken back" : formatSpan(forMs),
    value: act({ kind: "grant", id: person.id, forMs, ...noteOf(text) }),
  }));
  const note: Item = {
    key: "n",
    label: text === "" ? "With a note" : "Another note",
    ...(text !== "" && { note: clip(text, NOTE_COLS) }),
    value: panel({ kind: "note", text, person, then: "grant" }),
  };
  const own: Item = {
    key: "p",
    label: "A pane of their own",
    value: act({ kind: "grant", id: person.id, pane: true }),
  };
  const all = panes === undefined ? [...items, note] : [...items, own, note];
  const menu = openMenu(`Hand over to ${titleOf(person)}`, all, CHOOSES);
  const usual = LENGTHS.findIndex(([, forMs]) => forMs === DEFAULT_GRANT_MS);
  return { kind: "menu", main: false, menu: { ...menu, selected: usual } };
}

/** A note as a member of an action. */
export function noteOf(text: string): { readonly note?: string } {
  return text === "" ? {} : { note: text };
}

/** Asks what a new link is to be like: its role, how long, for how many. */
export function invitePanel({ readOnly }: Pick<ControlsFacts, "readOnly">): Panel {
  const items = ROLE_ITEMS.map(([key, role, label]): Item => ({
    key,
    label,
    ...(readOnly && role !== "view"
      ? { note: "read-only", enabled: false }
      : { note: role, enabled: true }),
    value: panel(expiryPanel(role)),
  }));
  return { kind: "menu", main: false, menu: openMenu("New link: who gets it", items, CHOOSES) };
}

function expiryPanel(role: Role): Panel {
  const items = EXPIRIES.map(([key, expiresMs]): Item => ({
    key,
    label: formatSpan(expiresMs),
    value: panel(oncePanel(role, expiresMs)),
  }));
  return {
    kind: "menu",
    main: false,
    menu: openMenu("How long it lets people in", items, CHOOSES),
  };
}

function oncePanel(role: Role, expiresMs: number): Panel {
  const item = (key: string, label: string, once: boolean): Item => ({
    key,
    label,
    value: {
      effects: [{
        kind: "act",
        action: { kind: "invite", role, expiresMs, ...(once && { once }) },
      }],
      panel: { kind: "links", ...AT_TOP },
    },
  });
  const items = [item("m", "Any number of people", false), item("o", "One person only", true)];
  return { kind: "menu", main: false, menu: openMenu("How many it lets in", items, CHOOSES) };
}

function panel(next: Panel): Choice {
  return { panel: next };
}

function act(action: HostAction): Choice {
  const effects: readonly ControlsEffect[] = [{ kind: "act", action }];
  return { effects };
}
