/**
 * What happens in a session, as a program is told.
 *
 * @module
 */
import type { JsonObject } from "../format/json.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import type { SessionFacts } from "../viewer/session_facts.ts";
import type { Moment } from "./feed.ts";
import { holderOf } from "./holding.ts";
import type { SessionEvent, You } from "./types.ts";

/** What an event of the stream means; `undefined` for what is told in another way. */
export function sessionEventOf(moment: Moment, you: You | undefined): SessionEvent | undefined {
  const { event, atMs, mark } = moment;
  switch (event.kind) {
    case "marker":
      return { kind: "marker", atMs, label: event.label };
    case "resize":
      return { kind: "resize", atMs, cols: event.cols, rows: event.rows };
    case "exit":
      return { kind: "exit", atMs, status: event.status };
    case "participant":
      return personEvent(event.data, moment);
    case "control":
      return controlEvent(event.data, moment, you);
    case "shell":
      if (mark === undefined) return undefined;
      return {
        kind: "shell",
        atMs,
        mark: mark.kind,
        ...(mark.status !== undefined && { status: mark.status }),
      };
    case "output":
    case "keyframe":
    case "input":
    case "pointer":
    case "skipped":
    case "other":
      return undefined;
    default:
      return event satisfies never;
  }
}

function personEvent(data: JsonObject, { atMs, before, after }: Moment): SessionEvent | undefined {
  const { kind, id } = data;
  if ((kind !== "join" && kind !== "leave") || typeof id !== "string") return undefined;
  const person = (kind === "join" ? after : before).people.get(id);
  return person === undefined ? undefined : { kind, atMs, person };
}

function controlEvent(
  data: JsonObject,
  { atMs, before, after }: Moment,
  you: You | undefined,
): SessionEvent | undefined {
  const { kind, id } = data;
  switch (kind) {
    case "grant":
    case "revoke":
    case "mode": {
      const by = typeof data.by === "string" ? nameOf(data.by, before, after) : undefined;
      const why = kind === "revoke" && typeof data.why === "string" ? data.why : undefined;
      const note = typeof data.note === "string" && data.note !== "" ? data.note : undefined;
      return {
        kind: "control",
        atMs,
        holder: holderOf(after, you, atMs),
        ...(by !== undefined && { by }),
        ...(why !== undefined && { why }),
        ...(note !== undefined && { note }),
      };
    }
    case "request": {
      const person = typeof id === "string" ? after.people.get(id) : undefined;
      if (person === undefined) return undefined;
      const note = after.requests.find((request) => request.id === id)?.note;
      return { kind, atMs, person, ...(note !== undefined && { note }) };
    }
    case "withdraw":
    case "lapse":
    case "deny": {
      const person = typeof id === "string" ? before.people.get(id) : undefined;
      return person === undefined ? undefined : { kind: "request-ended", atMs, person };
    }
    case "pane": {
      const { open, pane } = data;
      const person = typeof id === "string"
        ? after.people.get(id) ?? before.people.get(id)
        : undefined;
      if (person === undefined || typeof open !== "boolean" || typeof pane !== "string") {
        return undefined;
      }
      const by = typeof data.by === "string" ? nameOf(data.by, before, after) : undefined;
      const yours = id === you?.id;
      return { kind, atMs, person, yours, open, pane, ...(by !== undefined && { by }) };
    }
    case "warn": {
      const { leftMs } = data;
      if (id !== you?.id || typeof leftMs !== "number") return undefined;
      return { kind: "warning", atMs, leftMs };
    }
    case "pause":
    case "resume":
      return { kind, atMs };
    default:
      return undefined;
  }
}

function nameOf(id: string, before: SessionFacts, after: SessionFacts): string | undefined {
  const person = after.people.get(id) ?? before.people.get(id);
  return person?.name ?? (id === PRESENTER_ID ? "the presenter" : undefined);
}
