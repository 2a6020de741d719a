/**
 * What people are told in passing of what happens in a session.
 *
 * @module
 */
import type { CastEvent } from "../../format/events.ts";
import { PRESENTER_ROLE } from "../../format/session_data.ts";
import { shownName } from "../drive_text.ts";
import { formatSpan } from "../duration.ts";
import type { SessionFacts } from "../session_facts.ts";
import type { You } from "../stream_events.ts";
import { type NewsChange, newsOf } from "../watch_news.ts";

/** Something to be told, and how much it matters. */
export interface Told {
  readonly text: string;
  /** `info` in passing, `mine` of what concerns the reader, `warn` of what went wrong. */
  readonly tone: "info" | "mine" | "warn";
  /** Of those that are alike only one is shown: what joined it, and its own part of the text. */
  readonly gathers?: { readonly kind: "join" | "leave"; readonly name: string };
}

/** What an event is told as, to `you`. */
export function toldOf(
  event: CastEvent,
  change: NewsChange,
  you: You | undefined,
): readonly Told[] {
  const { before, after } = change;
  switch (event.kind) {
    case "control": {
      if (event.data.kind === "request") return requestTold(after, event.data.id, you);
      const sharing = sharingTold(before, after);
      if (sharing !== undefined) return [sharing];
      const news = newsOf(event.data, change, you);
      return news === undefined ? [] : [{ text: news.text, tone: news.rings ? "mine" : "info" }];
    }
    case "participant":
      return event.data.kind === "roster" ? [] : comings(before, after, you);
    default:
      return [];
  }
}

function requestTold(
  { people, requests }: SessionFacts,
  id: unknown,
  you: You | undefined,
): readonly Told[] {
  const request = requests.find((one) => one.id === id);
  // Who can answer has it before their eyes until it is answered.
  if (request === undefined || request.id === you?.id || you?.role === "admin") return [];
  const person = people.get(request.id);
  const name = person === undefined ? "Somebody" : shownName(person);
  const time = request.forMs === undefined ? "" : ` for ${formatSpan(request.forMs)}`;
  return [{ text: `${name} asks for control${time}`, tone: "info" }];
}

function sharingTold(before: SessionFacts, after: SessionFacts): Told | undefined {
  if (before.sharingPaused === after.sharingPaused) return undefined;
  const text = after.sharingPaused
    ? "The presenter has paused sharing"
    : "The presenter shares again";
  return { text, tone: "info" };
}

/** Who came and who went. */
function comings(before: SessionFacts, after: SessionFacts, you: You | undefined): Told[] {
  const told: Told[] = [];
  const tell = (kind: "join" | "leave", from: SessionFacts, of: SessionFacts): void => {
    for (const [id, person] of of.people) {
      if (from.people.has(id) || id === you?.id || person.role === PRESENTER_ROLE) continue;
      const name = shownName(person);
      told.push({
        text: gatheredText(kind, [name]),
        tone: "info",
        gathers: { kind, name },
      });
    }
  };
  tell("join", before, after);
  tell("leave", after, before);
  return told;
}

/**
 * Those who came together as one thing to be told, and those who went.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const join = (name: string): Told => ({
 *   text: `${name} has joined`,
 *   tone: "info",
 *   gathers: { kind: "join", name },
 * });
 * assert.deepEqual(gatherings([join("Ada"), join("Bo")])[0]!.text, "Ada and Bo have joined");
 * ```
 */
export function gatherings(told: readonly Told[]): readonly Told[] {
  const alike = (kind: "join" | "leave"): Told[] =>
    told.filter((one) => one.gathers?.kind === kind);
  const rest = told.filter(({ gathers }) => gathers === undefined);
  const gathered = (["join", "leave"] as const).flatMap((kind) => {
    const all = alike(kind);
    if (all.length < 2) return all;
    const names = all.map(({ gathers }) => gathers!.name);
    return [{ text: gatheredText(kind, names), tone: "info" as const }];
  });
  return [...gathered, ...rest];
}

/** So many are named; the others are counted. */
const NAMED = 2;

function gatheredText(kind: "join" | "leave", names: readonly string[]): string {
  const did = kind === "join" ? "joined" : "left";
  const [first, second] = names;
  if (names.length === 1) return `${first} has ${did}`;
  if (names.length === NAMED) return `${first} and ${second} have ${did}`;
  return `${first}, ${second} and ${names.length - NAMED} more have ${did}`;
}
