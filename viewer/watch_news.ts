/**
 * What a viewer is told of what happens to control, as it happens.
 *
 * @module
 */
import type { JsonObject } from "../format/json.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import { cleanNote } from "../wire/name.ts";
import { driveText, shownName } from "./drive_text.ts";
import { formatSpan } from "./duration.ts";
import { mayType, type SessionFacts } from "./session_facts.ts";

/** Something to be told. */
export interface News {
  readonly text: string;
  /** Whether it concerns the viewer, and rings. */
  readonly rings: boolean;
}

/** The viewer who is told. */
export interface NewsReader {
  readonly id: string;
  readonly role: string;
}

/** What has changed, by a `c` event. */
export interface NewsChange {
  readonly before: SessionFacts;
  readonly after: SessionFacts;
  /** Session time. */
  readonly nowMs: number | undefined;
}

/** What a `c` event is told as; `undefined` when there is nothing to tell. */
export function newsOf(
  data: JsonObject,
  { before, after, nowMs }: NewsChange,
  you: NewsReader | undefined,
): News | undefined {
  const yours = you !== undefined && data.id === you.id;
  const name = nameOf(after, data.id) ?? nameOf(before, data.id) ?? "Somebody";
  switch (data.kind) {
    case "grant": {
      const longer = before.turn.holder === after.turn.holder;
      if (!yours) {
        const rings = mayType(before, you) && !mayType(after, you);
        return longer ? undefined : { text: `${name} drives now${noteText(data.note)}`, rings };
      }
      const { untilMs } = after.turn;
      const span = untilMs === undefined || nowMs === undefined
        ? ""
        : ` for ${formatSpan(Math.max(0, untilMs - nowMs) + 400)}`;
      const what = longer ? "You drive on" : "You drive now";
      return loud(`${what}${span}${noteText(data.note)}`);
    }
    case "revoke": {
      const text = yours ? revokedText(data, after) : revokedFrom(name, data, after);
      return { text: text + noteText(data.note), rings: yours };
    }
    case "deny":
      return yours ? loud(`${nameOf(after, data.by) ?? "The presenter"} says no`) : undefined;
    case "lapse":
      return yours ? loud("Nobody has answered: ask again") : undefined;
    case "warn": {
      const left = typeof data.leftMs === "number" ? data.leftMs : 0;
      return yours ? loud(`${formatSpan(left + 400)} left: ask for more in the menu`) : undefined;
    }
    case "pane":
      return paneNews(data, name, yours);
    case "mode":
    case "state":
      return modeNews(data, { before, after }, you);
    default:
      return undefined;
  }
}

/** What was said to `you` with control that they got or lost; whole, for news that has no room for it. */
export function noteTo(
  data: JsonObject,
  change: NewsChange,
  you: NewsReader | undefined,
): { readonly title: string; readonly text: string } | undefined {
  const text = cleanedNote(data.note);
  const yours = you !== undefined && data.id === you.id && data.by !== you.id;
  if (!yours || text === "" || (data.kind !== "grant" && data.kind !== "revoke")) return undefined;
  const news = newsOf({ ...data, note: "" }, change, you);
  return news && { title: news.text, text };
}

function paneNews({ open, id, by }: JsonObject, name: string, yours: boolean): News {
  if (open === true) {
    return yours ? loud("You have a pane: your keys go there now") : quiet(`${name} has a pane`);
  }
  if (!yours) return quiet(`${name} no longer types into a pane`);
  return by === id ? quiet("Your pane is closed") : loud("Your pane is not yours any more");
}

function quiet(text: string): News {
  return { text, rings: false };
}

function loud(text: string): News {
  return { text, rings: true };
}

/** What a change of the mode means for who reads it. */
function modeNews(
  data: JsonObject,
  { before, after }: Omit<NewsChange, "nowMs">,
  you: NewsReader | undefined,
): News | undefined {
  const { mode, holder } = after.turn;
  if (mode === before.turn.mode && holder === before.turn.holder) return undefined;
  const may = mayType(after, you), could = mayType(before, you);
  if (may && mode === "collaborative") return loud("Everyone may type: your keys go there now");
  if (may) return loud("You drive now");
  if (could) return loud(`You drive no longer: ${driveText(after)}`);
  // Who has just come sees how things are.
  if (before.turn.turn === 0 && data.kind === "state") return undefined;
  const text = driveText(after);
  return text === "" ? undefined : quiet(text.slice(0, 1).toUpperCase() + text.slice(1));
}

/** Why somebody's control is over, told to them. */
function revokedText({ why, by }: JsonObject, after: SessionFacts): string {
  switch (why) {
    case "yielded":
      return "You have given control back";
    case "expired":
      return "Your time is over";
    case "left":
      return "You were away: control has gone back";
    case "paused":
      return "Input is paused";
    case "mode":
      return `You drive no longer: ${driveText(after)}`;
    default:
      return `${nameOf(after, by) ?? "The presenter"} has taken control back`;
  }
}

function revokedFrom(name: string, { why, by }: JsonObject, after: SessionFacts): string {
  switch (why) {
    case "yielded":
      return `${name} has given control back`;
    case "expired":
      return `${name}'s time is over`;
    case "left":
      return `${name} is away: control has gone back`;
    case "paused":
      return "Input is paused";
    case "mode": {
      const text = driveText(after);
      return text.slice(0, 1).toUpperCase() + text.slice(1);
    }
    default:
      return `${nameOf(after, by ?? PRESENTER_ID) ?? "The presenter"} has taken control back`;
  }
}

function nameOf({ people }: SessionFacts, id: unknown): string | undefined {
  const person = typeof id === "string" ? people.get(id) : undefined;
  return person && shownName(person);
}

function noteText(note: unknown): string {
  const text = cleanedNote(note);
  return text === "" ? "" : `: ${text}`;
}

function cleanedNote(note: unknown): string {
  return typeof note === "string" ? cleanNote(note) : "";
}
