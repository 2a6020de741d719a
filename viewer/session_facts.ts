/**
 * What a viewer knows of a session beside its screen: who is there, who may type, where people point, what was left out.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { JsonObject } from "../format/json.ts";
import { PERSON_COLORS } from "../format/person_colors.ts";
import {
  CONTROL_MODES,
  type ControlMode,
  type Pane,
  type Person,
  PRESENTER_ID,
  PRESENTER_ROLE,
  type Request,
  type Turn,
} from "../format/session_data.ts";
import { cleanName, cleanNote } from "../wire/name.ts";

export type { Pane, Person, Request, Turn } from "../format/session_data.ts";

/** Where somebody points: a cell of the session's screen, from 0. */
export interface Pointer {
  readonly x: number;
  readonly y: number;
  /** Session time. */
  readonly atMs: number;
}

/** What the events so far say. */
export interface SessionFacts {
  readonly people: ReadonlyMap<string, Person>;
  /** How many watch, those included that are not named in `people`. */
  readonly watching: number | undefined;
  /** Who may type. */
  readonly turn: Turn;
  /** Who waits for control, in their order. */
  readonly requests: readonly Request[];
  /** Whether there are panes of one's own to be had. */
  readonly offersPanes: boolean;
  /** Who has a pane of their own to type into, by their ids. */
  readonly panes: ReadonlyMap<string, Pane>;
  /** By the participant's id. Those that are old are for the one who draws to leave out. */
  readonly pointers: ReadonlyMap<string, Pointer>;
  /** Where the cursors of panes are, by their owners' ids; of panes that are gone, too. */
  readonly cursors: ReadonlyMap<string, Pointer>;
  /** Whether the presenter shows nothing at the moment. */
  readonly sharingPaused: boolean;
  /** The command's exit status, once it has ended. */
  readonly status: number | undefined;
  /** Scrolled lines that were left out of the stream so far. */
  readonly skippedLines: number;
}

/** Before the first event. */
export const NO_FACTS: SessionFacts = {
  people: new Map(),
  watching: undefined,
  turn: { mode: "presenter", turn: 0 },
  requests: [],
  offersPanes: false,
  panes: new Map(),
  pointers: new Map(),
  cursors: new Map(),
  sharingPaused: false,
  status: undefined,
  skippedLines: 0,
};

/** A pointer is gone so long after it last moved. */
export const POINTER_MS = 5_000;
/** Most people that are kept by name, and most pointers and requests. */
const MAX_PEOPLE = 1_000;
/** Longest id: nobody is let in with a longer one. */
const MAX_ID_LENGTH = 64;

/**
 * Takes in one event. What a host says is checked: anything odd in it is passed over.
 *
 * @param atMs session time of the event
 */
export function learn(facts: SessionFacts, event: CastEvent, atMs: number): SessionFacts {
  switch (event.kind) {
    case "participant":
      return learnPeople(facts, event.data);
    case "control":
      return learnControl(facts, event.data);
    case "pointer":
      return learnPointer(facts, event.data, atMs);
    case "exit":
      return { ...facts, status: event.status };
    case "skipped":
      return { ...facts, skippedLines: facts.skippedLines + event.lines };
    default:
      return facts;
  }
}

/** Who drives: the holder of control, or the presenter. `undefined` when nobody or everybody does. */
export function driver({ people, turn }: SessionFacts): Person | undefined {
  switch (turn.mode) {
    case "presenter":
      return people.get(PRESENTER_ID);
    case "participant":
      return turn.holder === undefined ? undefined : people.get(turn.holder);
    case "collaborative":
    case "paused":
      return undefined;
    default:
      return turn.mode satisfies never;
  }
}

/** Whether somebody's keys go to the session: to the holder of control, or to everyone whose role allows it. */
export function mayType(
  { turn }: Pick<SessionFacts, "turn">,
  who: { readonly id: string; readonly role: string } | undefined,
): boolean {
  if (who === undefined) return false;
  switch (turn.mode) {
    case "participant":
      return turn.holder === who.id;
    case "collaborative":
      return who.role !== "view";
    case "presenter":
    case "paused":
      return false;
    default:
      return turn.mode satisfies never;
  }
}

/** What somebody's keys go to: the program that all see, or a pane of their own. */
export type KeysGoTo = "session" | "pane";

/**
 * Where somebody's keys go; `undefined` when they go nowhere. Control that one holds goes before one's pane, and that before
 * what everyone may do.
 */
export function keysGo(
  facts: Pick<SessionFacts, "turn" | "panes">,
  who: { readonly id: string; readonly role: string } | undefined,
): KeysGoTo | undefined {
  if (who === undefined) return undefined;
  if (facts.turn.holder === who.id) return "session";
  if (facts.panes.has(who.id)) return "pane";
  return mayType(facts, who) ? "session" : undefined;
}

/** How a command says where its keys go: to a pane of one's own when they do, else to the session. */
export function typingPlace(
  facts: Pick<SessionFacts, "turn" | "panes">,
  who: { readonly id: string; readonly role: string } | undefined,
): { readonly turn: number; readonly pane?: true } {
  const pane = keysGo(facts, who) === "pane" ? facts.panes.get(who!.id) : undefined;
  return pane === undefined ? { turn: facts.turn.turn } : { turn: pane.turn, pane: true };
}

/** The pointers without those that have been still for too long. */
export function shownPointers(
  pointers: ReadonlyMap<string, Pointer>,
  nowMs: number,
): ReadonlyMap<string, Pointer> {
  const isShown = ({ atMs }: Pointer): boolean => nowMs - atMs < POINTER_MS;
  if ([...pointers.values()].every(isShown)) return pointers;
  return new Map([...pointers].filter(([, pointer]) => isShown(pointer)));
}

function learnPeople(facts: SessionFacts, data: JsonObject): SessionFacts {
  switch (data.kind) {
    case "roster": {
      const people = new Map<string, Person>();
      for (const entry of listOf(data.participants)) {
        const person = personOf(entry);
        if (person !== undefined) people.set(person.id, person);
      }
      const named = countWatching(people);
      const watching = typeof data.count === "number" && Number.isSafeInteger(data.count)
        ? Math.max(named, data.count)
        : named;
      return { ...facts, people, watching };
    }
    case "join": {
      const person = personOf(data);
      if (person === undefined || facts.people.has(person.id)) return facts;
      const more = person.role === PRESENTER_ROLE ? 0 : 1;
      const people = facts.people.size < MAX_PEOPLE
        ? new Map(facts.people).set(person.id, person)
        : facts.people;
      return { ...facts, people, watching: (facts.watching ?? 0) + more };
    }
    case "leave": {
      if (!isId(data.id)) return facts;
      return {
        ...facts,
        people: without(facts.people, data.id),
        pointers: without(facts.pointers, data.id),
        cursors: without(facts.cursors, data.id),
        panes: without(facts.panes, data.id),
        watching: Math.max(0, (facts.watching ?? 0) - 1),
      };
    }
    default:
      return facts;
  }
}

function learnControl(before: SessionFacts, data: JsonObject): SessionFacts {
  const turn = turnOf(data);
  const facts = turn === undefined ? before : { ...before, turn };
  const { requests } = facts;
  switch (data.kind) {
    case "pause":
      return { ...facts, sharingPaused: true };
    case "resume":
      return { ...facts, sharingPaused: false };
    case "state":
      return {
        ...facts,
        requests: listOf(data.requests).flatMap(requestOf),
        offersPanes: Array.isArray(data.panes),
        panes: new Map(listOf(data.panes).flatMap(paneOf)),
      };
    case "pane": {
      if (!isId(data.id)) return facts;
      if (data.open !== true) return { ...facts, panes: without(facts.panes, data.id) };
      // Who asked for one has it; a request for control stays.
      const others = requests.filter(({ id, pane }) => id !== data.id || pane !== true);
      const panes = new Map([...facts.panes, ...paneOf(data)].slice(0, MAX_PEOPLE));
      return { ...facts, requests: others, offersPanes: true, panes };
    }
    case "request": {
      const others = requests.filter(({ id }) => id !== data.id);
      return { ...facts, requests: [...others, ...requestOf(data)].slice(0, MAX_PEOPLE) };
    }
    case "withdraw":
    case "lapse":
    case "deny":
    case "grant":
      return { ...facts, requests: requests.filter(({ id }) => id !== data.id) };
    default:
      return facts;
  }
}

function learnPointer(facts: SessionFacts, data: JsonObject, atMs: number): SessionFacts {
  const { id, x, y } = data;
  if (!isId(id)) return facts;
  const which = data.cursor === true ? "cursors" : "pointers";
  const known = facts[which];
  if (!isCount(x) || !isCount(y)) return { ...facts, [which]: without(known, id) };
  if (known.size >= MAX_PEOPLE && !known.has(id)) return facts;
  return { ...facts, [which]: new Map(known).set(id, { x, y, atMs }) };
}

function without<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  if (!map.has(id)) return map;
  const rest = new Map(map);
  rest.delete(id);
  return rest;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_PEOPLE) : [];
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_ID_LENGTH;
}

function isMode(value: unknown): value is ControlMode {
  return (CONTROL_MODES as readonly unknown[]).includes(value);
}

function turnOf({ mode, holder, untilMs, agent, turn }: JsonObject): Turn | undefined {
  if (!isMode(mode) || !isCount(turn)) return undefined;
  if ((mode === "participant") !== isId(holder)) return undefined;
  return {
    mode,
    turn,
    ...(isId(holder) && { holder }),
    ...(typeof untilMs === "number" && { untilMs }),
    ...(agent === true && { agent }),
  };
}

function requestOf(value: unknown): Request[] {
  if (typeof value !== "object" || value === null) return [];
  const { id, forMs, note, pane } = value as Readonly<Record<string, unknown>>;
  if (!isId(id)) return [];
  return [{
    id,
    ...(pane === true && { pane }),
    ...(typeof forMs === "number" && forMs > 0 && { forMs }),
    ...(typeof note === "string" && note !== "" && { note: cleanNote(note) }),
  }];
}

function paneOf(value: unknown): [string, Pane][] {
  if (typeof value !== "object" || value === null) return [];
  const { id, pane, turn } = value as Readonly<Record<string, unknown>>;
  if (!isId(id) || typeof pane !== "string" || !isCount(turn)) return [];
  return [[id, { pane: cleanName(pane), turn }]];
}

function countWatching(people: ReadonlyMap<string, Person>): number {
  let count = 0;
  for (const { role } of people.values()) if (role !== PRESENTER_ROLE) count++;
  return count;
}

function personOf(value: unknown): Person | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, name, role, type, color } = value as Readonly<Record<string, unknown>>;
  if (!isId(id) || typeof name !== "string") return undefined;
  return {
    id,
    name: cleanName(name),
    role: typeof role === "string" ? cleanName(role) : "",
    type: type === "agent" ? "agent" : "person",
    color: isCount(color) ? color % PERSON_COLORS.length : 0,
  };
}
