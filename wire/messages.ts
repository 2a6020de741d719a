/**
 * What is said in a channel: one JSON object a message, checked when it is read.
 *
 * @module
 */
import * as v from "valibot";
import { concat, fromBase64Url, utf8 } from "./bytes.ts";
import { BYE_CODES, PeerError } from "./closing.ts";
import { HostAction } from "./actions.ts";
import { InputPart } from "./input.ts";
import {
  CONTROL_MAX_MS,
  INPUT_MAX_PARTS,
  NAME_MAX_LENGTH,
  NOTE_MAX_LENGTH,
  SEQ_MAX,
} from "./limits.ts";
import { NOTICE_CODES } from "./notices.ts";
import { decodeRecords, encodeRecords } from "./records.ts";
import { KEY_BYTES } from "./seal.ts";
import { ROLES } from "./role.ts";

const Seq = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(SEQ_MAX));
const Epoch = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(SEQ_MAX));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const TimeMs = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const Ticket = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const Key = v.pipe(
  v.string(),
  v.maxLength(64),
  v.rawTransform<string, Uint8Array>(({ dataset, addIssue, NEVER }) => {
    const bytes = fromBase64Url(dataset.value);
    if (bytes?.length === KEY_BYTES) return bytes;
    addIssue({ message: "not a key" });
    return NEVER;
  }),
);
const ForMs = v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(CONTROL_MAX_MS)));
const Note = v.optional(v.pipe(v.string(), v.maxLength(NOTE_MAX_LENGTH)));
const Pane = v.optional(v.literal(true));
const Cell = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff));
/** Longest header line. */
const HEADER_MAX_LENGTH = 1 << 20;

/** Who a viewer is in the session, as the host has it. */
const You = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  name: v.pipe(v.string(), v.maxLength(NAME_MAX_LENGTH)),
  role: v.picklist(ROLES),
});

const HostMessageSchema = v.variant("kind", [
  /** The first message: the stream's key, and who the viewer is. */
  v.strictObject({
    kind: v.literal("welcome"),
    you: You,
    /** Lets this participant come back after a cut. */
    ticket: Ticket,
    expiresAtMs: TimeMs,
    epoch: Epoch,
    key: Key,
    /** The last message of the stream so far. */
    seq: Seq,
    /** The session's time. */
    atMs: TimeMs,
    /** The header line of the recording that the session is. */
    header: v.pipe(v.string(), v.maxLength(HEADER_MAX_LENGTH)),
  }),
  /** The state as of stream message `seq`: the event lines that follow, the first interval after `atMs`. */
  v.strictObject({ kind: v.literal("state"), seq: Seq, atMs: TimeMs }),
  /**
   * What this viewer's own pane shows: event lines that follow, and go on from the message before, or, with `atMs`, show the
   * whole as of `seq`, the first interval after that time.
   */
  v.strictObject({ kind: v.literal("pane"), seq: Seq, atMs: v.optional(TimeMs) }),
  /** Stream messages from here on are under this key. */
  v.strictObject({ kind: v.literal("epoch"), epoch: Epoch, key: Key }),
  /** What came of something that this viewer asked for or typed; to no one else. */
  v.strictObject({ kind: v.literal("notice"), code: v.picklist(NOTICE_CODES) }),
  /** The link that this viewer asked for. */
  v.strictObject({
    kind: v.literal("link"),
    role: v.picklist(ROLES),
    url: v.pipe(v.string(), v.maxLength(4_096)),
  }),
  /** Answers a `ping`. */
  v.strictObject({ kind: v.literal("pong"), t: TimeMs }),
  /** The last message: why the host closes. */
  v.strictObject({
    kind: v.literal("bye"),
    code: v.picklist(BYE_CODES),
    /** The exit status, when the session has ended with its command. */
    status: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0x7fff_ffff)),
    ),
  }),
]);

const ViewerMessageSchema = v.variant("kind", [
  /** The first message: it shows that the viewer knows the secret. */
  v.strictObject({
    kind: v.literal("join"),
    name: v.pipe(v.string(), v.maxLength(NAME_MAX_LENGTH)),
    /** Whether this is a program that acts by itself. */
    agent: v.optional(v.literal(true)),
    resume: v.optional(v.strictObject({ ticket: Ticket, seq: Seq })),
  }),
  /** Stream message `seq` has been painted; up to it, states and stream messages came to `bytes` bytes, sealed. */
  v.strictObject({ kind: v.literal("ack"), seq: Seq, bytes: Count }),
  /** Asks for a `pong` with the same `t`; `latencyMs` is how long the last one took. */
  v.strictObject({ kind: v.literal("ping"), t: TimeMs, latencyMs: v.optional(TimeMs) }),
  /** Asks for control, or for more time of it; with `pane` for a pane of one's own instead. */
  v.strictObject({ kind: v.literal("request"), forMs: ForMs, note: Note, pane: Pane }),
  /** Takes the request back. */
  v.strictObject({ kind: v.literal("withdraw") }),
  /** Gives control back; with `pane` one's own pane. */
  v.strictObject({ kind: v.literal("yield"), note: Note, pane: Pane }),
  /**
   * Types. What was typed in another turn than the present one is dropped. With `pane` it goes to one's own pane and nowhere
   * else, and `turn` is that pane's.
   */
  v.strictObject({
    kind: v.literal("input"),
    turn: Count,
    parts: v.pipe(v.array(InputPart), v.minLength(1), v.maxLength(INPUT_MAX_PARTS)),
    pane: Pane,
  }),
  /** Asks for what one's own pane shows, from here on until it ends: `pane` messages. */
  v.strictObject({ kind: v.literal("follow") }),
  /** Points at a cell of the session's screen, from 0; without one, no longer. */
  v.strictObject({
    kind: v.literal("point"),
    at: v.optional(v.strictObject({ x: Cell, y: Cell })),
  }),
  /** Does what the presenter can, as far as the role allows it. */
  v.strictObject({ kind: v.literal("act"), action: HostAction }),
  /** The viewer goes for good. */
  v.strictObject({ kind: v.literal("leave") }),
]);

/** A message from the host. */
export type HostMessage = v.InferOutput<typeof HostMessageSchema>;
/** A message from a viewer. */
export type ViewerMessage = v.InferOutput<typeof ViewerMessageSchema>;
/** A host's message as it is written: keys are base64url. */
export type HostMessageJson = v.InferInput<typeof HostMessageSchema>;
/** A viewer's message as it is written. */
export type ViewerMessageJson = v.InferInput<typeof ViewerMessageSchema>;

const HOST_KINDS = kindsOf(HostMessageSchema.options);
const VIEWER_KINDS = kindsOf(ViewerMessageSchema.options);

function kindsOf(
  options: readonly { readonly entries: { readonly kind: { readonly literal: string } } }[],
): ReadonlySet<string> {
  return new Set(options.map((option) => option.entries.kind.literal));
}

/** Encodes a viewer's message. */
export function encodeViewerMessage(message: ViewerMessageJson): Uint8Array {
  return utf8(JSON.stringify(message));
}

/** Decodes a viewer's message. Throws a {@link PeerError}: `message-unknown` or `message-malformed`. */
export function decodeViewerMessage(plaintext: Uint8Array): ViewerMessage {
  return parse(ViewerMessageSchema, VIEWER_KINDS, text(plaintext));
}

/** Encodes a host's message: one line of JSON; after a `state` or a `pane`, the event lines as records. */
export function encodeHostMessage(message: HostMessageJson, lines = ""): Uint8Array {
  return concat(utf8(JSON.stringify(message) + "\n"), encodeRecords(lines));
}

/** Decodes a host's message. Throws a {@link PeerError}: `message-unknown` or `message-malformed`. */
export function decodeHostMessage(
  plaintext: Uint8Array,
): { readonly message: HostMessage; readonly lines: string } {
  const end = plaintext.indexOf(NEWLINE);
  if (end < 0) throw new PeerError("message-malformed", "it is not a line");
  const message = parse(HostMessageSchema, HOST_KINDS, text(plaintext.subarray(0, end)));
  const records = plaintext.subarray(end + 1);
  if (records.length > 0 && message.kind !== "state" && message.kind !== "pane") {
    throw new PeerError("message-malformed", "something follows it");
  }
  return { message, lines: decodeRecords(records) };
}

const NEWLINE = 0x0a;
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function text(plaintext: Uint8Array): string {
  try {
    return DECODER.decode(plaintext);
  } catch (cause) {
    throw new PeerError("message-malformed", "it is not UTF-8", { cause });
  }
}

function parse<TSchema extends v.GenericSchema>(
  schema: TSchema,
  kinds: ReadonlySet<string>,
  json: string,
): v.InferOutput<TSchema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new PeerError("message-malformed", "it is not JSON", { cause });
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : 0;
  if (typeof kind === "string" && !kinds.has(kind)) throw new PeerError("message-unknown");
  const [issue] = result.issues;
  throw new PeerError("message-malformed", `${v.getDotPath(issue) ?? "it"} is wrong`);
}
