/**
 * The box that says who is here.
 *
 * @module
 */
import type { Person } from "../format/session_data.ts";
import { columns, type Style } from "../format/text_row.ts";
import type { BoxContent, BoxLine } from "./box.ts";
import { formatSpan } from "./duration.ts";
import { personStyle } from "./person_style.ts";
import { driver, type SessionFacts } from "./session_facts.ts";

const DIM: Style = { dim: true };

/** How the box is drawn. */
export interface PeopleBoxOptions {
  /** The participant who reads it. */
  readonly you?: string | undefined;
  /** Whether it tells of a time that is past. */
  readonly past?: boolean;
  /** The line that has to be seen where not all fit. Default 0. */
  readonly scroll?: number;
}

/** Who is here: in their colours, with who drives and who asks to. */
export function peopleBox(facts: SessionFacts, options: PeopleBoxOptions = {}): BoxContent {
  const { past = false, scroll = 0 } = options;
  const people = [...facts.people.values()];
  const cols = Math.max(0, ...people.map(({ name }) => columns(name)));
  const lines = people.map((person): BoxLine => ({
    spans: [
      { text: person.name, style: { ...personStyle(person), bold: true } },
      { text: " ".repeat(cols - columns(person.name)) },
      { text: `  ${notesOn(person, facts, options)}`, style: DIM },
    ],
  }));
  const more = (facts.watching ?? 0) - people.filter(isWatching).length;
  if (more > 0) lines.push({ spans: [{ text: `and ${more} more`, style: DIM }] });
  return {
    title: past ? "Who was here" : "Who is here",
    lines: lines.length > 0 ? lines : [past ? "Nothing is known." : "The host has not said."],
    hint: "any key goes back",
    focus: Math.min(scroll, Math.max(0, lines.length - 1)),
  };
}

/** Where the box is scrolled to after a key; `undefined` when the key closes it. */
export function scrolledBy(scroll: number, keyName: string): number | undefined {
  const by = { up: -1, down: 1, "page-up": -10, "page-down": 10 }[keyName];
  return by === undefined ? undefined : Math.max(0, scroll + by);
}

function isWatching({ role }: Person): boolean {
  return role !== "presenter";
}

function notesOn(person: Person, facts: SessionFacts, { you, past }: PeopleBoxOptions): string {
  const request = facts.requests.find(({ id }) => id === person.id);
  const { forMs, note } = request ?? {};
  const what = request?.pane ? " for a pane" : " for control";
  const asks = request === undefined ? "" : (past ? "asked" : "asks") + what +
    (forMs === undefined ? "" : `, ${formatSpan(forMs)}`) +
    (note === undefined ? "" : `: ${note}`);
  return [
    person.role,
    person.type === "agent" && person.role !== "agent" ? "agent" : "",
    person.id === you ? "you" : "",
    person.id === driver(facts)?.id ? past ? "drove" : "drives" : "",
    facts.panes.has(person.id) ? past ? "had a pane" : "in a pane" : "",
    asks,
  ].filter((text) => text !== "").join(", ");
}
