/**
 * The events of a recording and of a live stream: asciicast v3 lines, `[interval, code, data]`.
 *
 * @module
 */
import { isJsonObject, isShallow, type JsonObject } from "./json.ts";
import { isValidSize, MAX_CELLS, MAX_INTERVAL_MS, MAX_OBJECT_CHARS, MAX_SIDE } from "./limits.ts";
import { LineError, quote } from "./line_error.ts";

/** What happened, by kind. `docs/FORMAT.md` has the codes. */
export type CastEvent =
  /** `o`: what to write to a terminal. */
  | { readonly kind: "output"; readonly data: string }
  /** `r`: the terminal has another size from here on. */
  | { readonly kind: "resize"; readonly cols: number; readonly rows: number }
  /** `m`: a named moment; the label may be empty. */
  | { readonly kind: "marker"; readonly label: string }
  /** `i`: what was typed. */
  | { readonly kind: "input"; readonly data: string }
  /** `x`: the command's exit status. */
  | { readonly kind: "exit"; readonly status: number }
  /** `k`: what draws the whole screen on a reset terminal of the current size. */
  | { readonly kind: "keyframe"; readonly data: string }
  /** `p`: someone joined, left or changed. */
  | { readonly kind: "participant"; readonly data: JsonObject }
  /** `c`: who may type has changed. */
  | { readonly kind: "control"; readonly data: JsonObject }
  /** `u`: where a participant points. */
  | { readonly kind: "pointer"; readonly data: JsonObject }
  /** `h`: the shell shows its prompt, waits, runs a command, or has run it. */
  | { readonly kind: "shell"; readonly data: JsonObject }
  /** `s`: so many scrolled lines are missing from the next output: few in a recording, most of a flood in a live stream. */
  | { readonly kind: "skipped"; readonly lines: number }
  /** Any other code, kept as it was read. */
  | { readonly kind: "other"; readonly code: string; readonly data: unknown };

/** An event and when it happened, in milliseconds since the start of the session. */
export interface TimedEvent {
  readonly atMs: number;
  readonly event: CastEvent;
}

/** The code of an event, as the second element of its line. */
export function eventCode(event: CastEvent): string {
  switch (event.kind) {
    case "output":
      return "o";
    case "resize":
      return "r";
    case "marker":
      return "m";
    case "input":
      return "i";
    case "exit":
      return "x";
    case "keyframe":
      return "k";
    case "participant":
      return "p";
    case "control":
      return "c";
    case "pointer":
      return "u";
    case "shell":
      return "h";
    case "skipped":
      return "s";
    case "other":
      return event.code;
    default:
      return event satisfies never;
  }
}

/** The data of an event, as the third element of its line. A string for every code of ours. */
export function eventData(event: CastEvent): unknown {
  switch (event.kind) {
    case "output":
    case "input":
    case "keyframe":
      return event.data;
    case "resize":
      return `${event.cols}x${event.rows}`;
    case "marker":
      return event.label;
    case "exit":
      return String(event.status);
    case "participant":
    case "control":
    case "pointer":
    case "shell":
      return JSON.stringify(event.data);
    case "skipped":
      return String(event.lines);
    case "other":
      return event.data;
    default:
      return event satisfies never;
  }
}

/** Codes that asciicast v3 itself defines. */
const STANDARD = new Set(["o", "i", "m", "r", "x"]);

/** Whether asciicast v3 does not define the code, so that a plain player leaves such an event out. */
export function isExtension(code: string): boolean {
  return !STANDARD.has(code);
}

/** Makes an event of a line's code and data. Throws a {@link LineError} when a standard code has the wrong data. */
export function makeEvent(code: string, data: unknown): CastEvent {
  switch (code) {
    case "o":
      return { kind: "output", data: text(data, "output") };
    case "i":
      return { kind: "input", data: text(data, "input") };
    case "m":
      return { kind: "marker", label: text(data, "a marker") };
    case "r":
      return { kind: "resize", ...parseSize(data) };
    case "x":
      return { kind: "exit", status: parseStatus(data) };
    default:
      return makeExtension(code, data);
  }
}

/** Extension codes may belong to another program: what is not as we write it is kept as it is. */
function makeExtension(code: string, data: unknown): CastEvent {
  if (typeof data === "string") {
    if (code === "k") return { kind: "keyframe", data };
    if (code === "s" && /^\d{1,15}$/.test(data)) return { kind: "skipped", lines: Number(data) };
    const kind = STRUCTURED.get(code);
    const object = kind && parseObject(data);
    if (kind && object) return { kind, data: object };
  }
  return { kind: "other", code, data };
}

/** Codes whose data is a JSON object in a string. */
const STRUCTURED = new Map<string, "participant" | "control" | "pointer" | "shell">([
  ["p", "participant"],
  ["c", "control"],
  ["u", "pointer"],
  ["h", "shell"],
]);

function parseObject(data: string): JsonObject | undefined {
  if (data.length > MAX_OBJECT_CHARS) return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) && isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function text(data: unknown, what: string): string {
  if (typeof data === "string") return data;
  throw new LineError("recording-bad-event", `is not ${what}: expected text as its data`);
}

function parseSize(data: unknown): { cols: number; rows: number } {
  const match = typeof data === "string" ? /^(\d{1,9})x(\d{1,9})$/.exec(data) : null;
  const cols = Number(match?.[1]), rows = Number(match?.[2]);
  if (isValidSize(cols, rows)) return { cols, rows };
  throw new LineError(
    "recording-bad-size",
    `is not a resize: expected COLSxROWS from 1x1 to ${MAX_SIDE}x${MAX_SIDE} with at most ${MAX_CELLS} cells, not ${
      quote(String(data))
    }`,
  );
}

function parseStatus(data: unknown): number {
  const status = typeof data === "number"
    ? data
    : typeof data === "string" && /^-?\d{1,10}$/.test(data)
    ? Number(data) + 0
    : NaN;
  if (Number.isInteger(status)) return status;
  throw new LineError("recording-bad-event", "is not an exit: expected a status as its data");
}

/** Checks an interval in seconds. Throws a {@link LineError}. */
export function checkInterval(seconds: number): void {
  if (seconds >= 0 && seconds <= MAX_INTERVAL_MS / 1000) return;
  throw new LineError(
    "recording-bad-interval",
    `is not an event: expected an interval from 0 to ${MAX_INTERVAL_MS / 1000} seconds, not ${
      String(seconds)
    }`,
  );
}

/** What an event line holds. */
export interface EventLine {
  /** Time since the previous event, to the microsecond. */
  readonly intervalUs: number;
  readonly event: CastEvent;
}

/** Parses one event line, with or without its newline. Throws a {@link LineError}. */
export function parseLine(line: string): EventLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new LineError("recording-bad-event", "is not an event: expected JSON", { cause });
  }
  if (!Array.isArray(value) || value.length !== 3) {
    throw new LineError("recording-bad-event", "is not an event: expected an array of three");
  }
  const [seconds, code, data] = value as unknown[];
  if (typeof seconds !== "number") {
    throw new LineError(
      "recording-bad-event",
      "is not an event: expected a number as its interval",
    );
  }
  checkInterval(seconds);
  if (typeof code !== "string" || code === "") {
    throw new LineError("recording-bad-event", "is not an event: expected text as its code");
  }
  if (!isShallow(data)) {
    throw new LineError("recording-bad-event", "is not an event: expected data nested less deeply");
  }
  return { intervalUs: Math.round(seconds * 1e6), event: makeEvent(code, data) };
}

/** Encodes one event line, with its newline. `intervalMs` is a whole number of milliseconds. */
export function encodeLine(intervalMs: number, event: CastEvent): string {
  const data = JSON.stringify(eventData(event)) ?? "null";
  return `[${intervalMs / 1000},${JSON.stringify(eventCode(event))},${data}]\n`;
}

/**
 * Turns events into lines. Times are written as intervals of whole milliseconds; what rounding took from
 * one is in the next, so that a reader is never more than half a millisecond off.
 *
 * @example
 * ```ts
 * const encoder = new EventEncoder();
 * encoder.encode({ kind: "output", data: "hi" }, 248.4); // '[0.248,"o","hi"]\n'
 * encoder.encode({ kind: "keyframe", data: "hi" }, 300); // '[0.052,"o",""]\n[0,"k","hi"]\n'
 * ```
 */
export class EventEncoder {
  #atMs: number;

  /** @param startMs when the first interval begins, in milliseconds since the start of the session */
  constructor(startMs = 0) {
    this.#atMs = Math.round(startMs);
  }

  /** When the last line was, as a reader will have it. */
  get atMs(): number {
    return this.#atMs;
  }

  /**
   * Encodes an event as one line, or two: an extension event after some time is preceded by an empty output, because
   * its own interval must be 0. Each ends in a newline. A time before the last event's counts as the last event's.
   */
  encode(event: CastEvent, atMs: number): string {
    if (!Number.isFinite(atMs)) throw new RangeError(`Not a time: ${atMs}`);
    const interval = Math.max(0, Math.round(atMs) - this.#atMs);
    this.#atMs += interval;
    if (interval === 0 || !isExtension(eventCode(event))) return encodeLine(interval, event);
    return encodeLine(interval, NOTHING) + encodeLine(0, event);
  }
}

const NOTHING: CastEvent = Object.freeze({ kind: "output", data: "" });

/**
 * Turns the lines of one stream, in order, into events with absolute times.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const decoder = new EventDecoder();
 * assert.deepEqual(decoder.decodeAll('[0.5,"o","hi"]\n[1,"m","there"]\n'), [
 *   { atMs: 500, event: { kind: "output", data: "hi" } },
 *   { atMs: 1500, event: { kind: "marker", label: "there" } },
 * ]);
 * ```
 */
export class EventDecoder {
  // Whole microseconds: a sum of thousands of binary fractions would drift.
  #atUs: number;

  /** @param startMs when the first interval begins, in milliseconds since the start of the session */
  constructor(startMs = 0) {
    this.#atUs = Math.round(startMs * 1000);
  }

  /** Decodes one line, with or without its newline. Throws a {@link LineError}, and then stays as it was. */
  decode(line: string): TimedEvent {
    const { intervalUs, event } = parseLine(line);
    this.#atUs += intervalUs;
    return { atMs: this.#atUs / 1000, event };
  }

  /** Decodes whole lines, leaving out blank ones and comments. Throws a {@link LineError}. */
  decodeAll(lines: string): TimedEvent[] {
    const events: TimedEvent[] = [];
    for (const line of lines.split("\n")) {
      if (line.trim() !== "" && !line.startsWith("#")) events.push(this.decode(line));
    }
    return events;
  }
}
