/**
 * Who drives, in words.
 *
 * @module
 */
import { formatClock } from "./duration.ts";
import type { Person } from "../format/session_data.ts";
import { driver, type SessionFacts } from "./session_facts.ts";

/** To whom it is said, and as of when. */
export interface DriveTextOptions {
  /** The participant who reads it. */
  readonly you?: string | undefined;
  /** Session time; without it, no time is said that is left. */
  readonly nowMs?: number | undefined;
}

/** How long control lasts still; `undefined` when it does not end by itself. */
export function leftMs({ turn }: SessionFacts, nowMs: number | undefined): number | undefined {
  if (turn.untilMs === undefined || nowMs === undefined) return undefined;
  return Math.max(0, turn.untilMs - nowMs);
}

/** A name as it is shown: of an agent, with that it is one. */
export function shownName({ name, type }: Pick<Person, "name" | "type">): string {
  return type === "agent" ? `${name} (agent)` : name;
}

/** Who drives: `you drive 4:32`, `Bo drives 4:32`, `everyone may type`. Empty when that is not known. */
export function driveText(facts: SessionFacts, options: DriveTextOptions = {}): string {
  const { mode, holder } = facts.turn;
  switch (mode) {
    case "collaborative":
      return "everyone may type";
    case "paused":
      return "input is paused";
    case "presenter":
    case "participant": {
      const left = leftMs(facts, options.nowMs);
      // A second that has begun counts: at 0:00 it is over.
      const time = left === undefined ? "" : ` ${formatClock(Math.ceil(left / 1_000) * 1_000)}`;
      if (holder !== undefined && holder === options.you) return `you drive${time}`;
      const person = driver(facts);
      if (person === undefined) return mode === "presenter" ? "" : `somebody drives${time}`;
      return `${shownName(person)} drives${time}`;
    }
    default:
      return mode satisfies never;
  }
}

/** Who drove at a time that is past. */
export function droveText({ turn, driver }: Pick<SessionFacts, "turn"> & {
  readonly driver: Person | undefined;
}): string {
  switch (turn.mode) {
    case "collaborative":
      return "everyone typed";
    case "paused":
      return "input was paused";
    case "presenter":
    case "participant":
      return driver === undefined ? "" : `${shownName(driver)} drove`;
    default:
      return turn.mode satisfies never;
  }
}
