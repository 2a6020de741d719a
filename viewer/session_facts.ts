/**
 * What a viewer knows of a session beside its screen: who is there, who drives, what was left out.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { JsonObject } from "../format/json.ts";
import { cleanName } from "../wire/name.ts";

/** Somebody in the session. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

/** What the events so far say. */
export interface SessionFacts {
  readonly people: ReadonlyMap<string, Person>;
  /** How many watch, those included that are not named in `people`. */
  readonly watching: number | undefined;
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
  sharingPaused: false,
  status: undefined,
  skippedLines: 0,
};

const PRESENTER = "presenter";
/** Most people that are kept by name. */
const MAX_PEOPLE = 1_000;

/** Takes in one event. What a host says is checked: anything odd in it is passed over. */
export function learn(facts: SessionFacts, event: CastEvent): SessionFacts {
  switch (event.kind) {
    case "participant":
      return learnPeople(facts, event.data);
    case "control":
      if (event.data.kind === "pause") return { ...facts, sharingPaused: true };
      return event.data.kind === "resume" ? { ...facts, sharingPaused: false } : facts;
    case "exit":
      return { ...facts, status: event.status };
    case "skipped":
      return { ...facts, skippedLines: facts.skippedLines + event.lines };
    default:
      return facts;
  }
}

/** Who drives, by name; for now that is always the presenter. */
export function driver(facts: SessionFacts): Person | undefined {
  for (const person of facts.people.values()) if (person.role === PRESENTER) return person;
  return undefined;
}

function learnPeople(facts: SessionFacts, data: JsonObject): SessionFacts {
  switch (data.kind) {
    case "roster": {
      const people = new Map<string, Person>();
      const list = Array.isArray(data.participants) ? data.participants : [];
      for (const entry of list.slice(0, MAX_PEOPLE)) {
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
      const more = person.role === PRESENTER ? 0 : 1;
      const people = facts.people.size < MAX_PEOPLE
        ? new Map(facts.people).set(person.id, person)
        : facts.people;
      return { ...facts, people, watching: (facts.watching ?? 0) + more };
    }
    case "leave": {
      if (typeof data.id !== "string") return facts;
      const people = new Map(facts.people);
      people.delete(data.id);
      return { ...facts, people, watching: Math.max(0, (facts.watching ?? 0) - 1) };
    }
    default:
      return facts;
  }
}

function countWatching(people: ReadonlyMap<string, Person>): number {
  let count = 0;
  for (const { role } of people.values()) if (role !== PRESENTER) count++;
  return count;
}

function personOf(value: unknown): Person | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, name, role } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || typeof name !== "string") return undefined;
  return { id, name: cleanName(name), role: typeof role === "string" ? cleanName(role) : "" };
}
