/**
 * A line of an audit log: canonical JSON that carries the hash of the line before it. Pure.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { isJsonObject, isShallow, type JsonObject, type JsonValue } from "../../format/json.ts";
import { concat, utf8 } from "../../wire/bytes.ts";

/** Longest line, in bytes, without its newline; more than the longest that is written. */
export const LINE_MAX_BYTES = 256 * 1_024;

/** Where a line stands. */
export interface Place {
  /** Its number, from 1. */
  readonly seq: number;
  /** When it was written: ISO 8601 with milliseconds, in UTC. */
  readonly at: string;
  /** The hash of the line before it; of the session's id in the first line. */
  readonly prev: string;
}

/** A line that was read. */
export interface AuditLine extends Place {
  readonly event: string;
  /** All that it says beside its place and its signature. */
  readonly members: JsonObject;
  /** Of the lines that are signed: the signature, as base64url. */
  readonly sig: string | undefined;
}

/** Members that come first, in this order; the others follow by their names, and a signature last. */
const FIRST = ["seq", "at", "prev", "event", "who", "by"] as const;
const DEPTH_MAX = 4;

/** The one way to write a line, without a newline. */
export function encodeLine({ seq, at, prev }: Place, members: JsonObject, sig?: string): string {
  const { event, who, by, ...rest } = members;
  const others = Object.entries(rest).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  const all: [string, JsonValue | undefined][] = [
    ...FIRST.map((name, i): [string, JsonValue | undefined] => [
      name,
      [seq, at, prev, event, who, by][i],
    ]),
    ...others,
    ["sig", sig],
  ];
  return plainJson(Object.fromEntries(all.filter(([, value]) => value !== undefined)));
}

/** JSON that can be printed: characters that steer terminals or the direction of text are escaped. */
function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Reads a line without its newline; `undefined` when {@link encodeLine} would not have written it. */
export function parseLine(text: string): AuditLine | undefined {
  const value = parseJson(text);
  if (!isJsonObject(value) || !isShallow(value, DEPTH_MAX)) return undefined;
  const { seq, at, prev, sig, ...members } = value;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) return undefined;
  if (typeof at !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at)) {
    return undefined;
  }
  if (typeof prev !== "string" || typeof members.event !== "string") return undefined;
  if (sig !== undefined && typeof sig !== "string") return undefined;
  if (encodeLine({ seq, at, prev }, members, sig) !== text) return undefined;
  return { seq, at, prev, event: members.event, members, sig };
}

/** A JSON value, or `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a line is known by to the next one: SHA-256 of its bytes, or of a session's id, as base64url. */
export function hashOf(line: string | Uint8Array): string {
  return createHash("sha256").update(line).digest("base64url");
}

/**
 * What a signature is made over: the line without it. The words before it keep the session's other signatures (tokens,
 * handshakes) from being taken for one of these.
 */
export function signedBytes(unsigned: string): Uint8Array<ArrayBuffer> {
  return concat(utf8("collab/1 audit line\n"), utf8(unsigned));
}
