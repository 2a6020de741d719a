/**
 * What is said over a control socket: a JSON object a line, a request in, an answer out.
 *
 * @module
 */
import * as v from "valibot";
import { CONTROL_MODES, PERSON_TYPES } from "../format/session_data.ts";
import { HostAction } from "../wire/actions.ts";
import { utf8 } from "../wire/bytes.ts";
import { ROLES } from "../wire/role.ts";
import { Measures } from "./metrics/measures.ts";

/** Longest request, in bytes. */
export const REQUEST_MAX_BYTES = 64 * 1_024;
/** Longest answer, in bytes: everybody in the largest session. */
export const ANSWER_MAX_BYTES = 16 << 20;

/** What is asked of a host. */
export const CtlRequest = v.variant("kind", [
  v.strictObject({ kind: v.picklist(["status", "who", "link", "links", "requests", "panes"]) }),
  v.strictObject({ kind: v.literal("act"), action: HostAction }),
]);
/** What is asked of a host. */
export type CtlRequest = v.InferOutput<typeof CtlRequest>;

const Person = v.object({ id: v.string(), name: v.string() });

const Participant = v.object({
  ...Person.entries,
  type: v.picklist(PERSON_TYPES),
  role: v.string(),
  /** The id of the link that they came in with; the presenter came with none. */
  link: v.optional(v.string()),
  /** When they came, as ISO 8601. */
  since: v.string(),
  /** Whether their connection is there; the presenter's always is. */
  connected: v.boolean(),
  /** Round trip to them, in milliseconds; absent when it is not known. */
  latencyMs: v.optional(v.number()),
  /** Whether what they type is typed. */
  drives: v.boolean(),
  /** The pane of their own that they type into; absent when they have none. */
  pane: v.optional(v.string()),
  /** Whether they ask for control. */
  asks: v.boolean(),
});

const IssuedLink = v.object({
  /** The name of its token. */
  id: v.string(),
  url: v.string(),
  role: v.picklist(ROLES),
  /** When it stops to let anyone in, as ISO 8601. */
  expires: v.string(),
  /** Whether it lets in one participant only. */
  once: v.boolean(),
});

const Request = v.object({
  ...Person.entries,
  type: v.picklist(PERSON_TYPES),
  /** For how long they want it; absent when they did not say. */
  forMs: v.optional(v.number()),
  note: v.optional(v.string()),
  /** Not for control: for a pane of their own. */
  pane: v.optional(v.literal(true)),
  waitingMs: v.number(),
  /** When it ends unanswered, counted from now. */
  lapsesInMs: v.number(),
});

const Pane = v.object({
  /** As tmux names it. */
  pane: v.string(),
  /** Whom it was opened for, who may be gone. */
  ...Person.entries,
  /** Whether they may type into it; otherwise it was kept. */
  types: v.boolean(),
});

const HeldPaste = v.object({ ...Person.entries, lines: v.number(), lapsesInMs: v.number() });

const Status = v.object({
  session: v.string(),
  title: v.optional(v.string()),
  /** The host's process. */
  pid: v.number(),
  /** Whether viewers see the screen. */
  sharing: v.picklist(["live", "paused"]),
  mode: v.picklist(CONTROL_MODES),
  /** The one who drives; absent when it is everyone, or nobody. */
  driver: v.optional(Person),
  /** For how long still; absent when it is until it is taken back. */
  leftMs: v.optional(v.number()),
  /** Control is an agent's: the driver's, or, while the presenter drives, the next one's that comes. */
  agent: v.optional(v.literal(true)),
  /** To whom the presenter, who took control from them, can hand it back. */
  takenFrom: v.optional(Person),
  readOnly: v.boolean(),
  watching: v.number(),
  requests: v.number(),
  pasteHeld: v.boolean(),
  /** The recording: `failed` when it ended early. */
  recording: v.picklist(["on", "failed", "off"]),
  /** Where it is recorded. */
  record: v.optional(v.string()),
  cols: v.number(),
  rows: v.number(),
  uptimeMs: v.number(),
  /** How many links let people in. */
  links: v.number(),
  /** Where metrics are served, and the admin API. */
  metricsUrl: v.optional(v.string()),
  apiUrl: v.optional(v.string()),
});

/** What a host answers. Members that a later version adds are left out. */
export const CtlAnswer = v.variant("kind", [
  v.object({
    kind: v.literal("status"),
    ...Status.entries,
    /** What is measured of it. */
    metrics: v.optional(Measures),
  }),
  v.object({ kind: v.literal("who"), participants: v.array(Participant) }),
  v.object({ kind: v.literal("link"), ...IssuedLink.entries }),
  v.object({ kind: v.literal("links"), links: v.array(IssuedLink) }),
  v.object({
    kind: v.literal("requests"),
    requests: v.array(Request),
    paste: v.optional(HeldPaste),
  }),
  v.object({ kind: v.literal("panes"), panes: v.array(Pane) }),
  /** An action was done; `status` is how things are after it. */
  v.object({ kind: v.literal("done"), status: Status }),
  /** Nothing was done. */
  v.object({ kind: v.literal("error"), code: v.string(), message: v.string() }),
]);
/** What a host answers. */
export type CtlAnswer = v.InferOutput<typeof CtlAnswer>;
/** One kind of answer. */
export type AnswerOf<Kind extends CtlAnswer["kind"]> = Extract<CtlAnswer, { kind: Kind }>;
/** How a session is. */
export type CtlStatus = v.InferOutput<typeof Status>;
/** Somebody in a session. */
export type CtlParticipant = v.InferOutput<typeof Participant>;

/** Reads a request; `undefined` when it is none. */
export function readRequest(line: string): CtlRequest | undefined {
  return read(CtlRequest, line);
}

/** Reads an answer; `undefined` when it is none. */
export function readAnswer(line: string): CtlAnswer | undefined {
  return read(CtlAnswer, line);
}

/** A request or an answer as a line. */
export function encodeLine(message: CtlRequest | CtlAnswer): Uint8Array {
  return utf8(`${JSON.stringify(message)}\n`);
}

function read<T>(schema: v.GenericSchema<unknown, T>, line: string): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
}
