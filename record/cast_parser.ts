/**
 * Bytes of a recording, as they come, into an {@link EventLog}.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { parseLine } from "../format/events.ts";
import { type Header, headerOf } from "../format/header.ts";
import {
  MAX_HEADER_BYTES,
  MAX_LINE_BYTES,
  MAX_ODD_LINE_BYTES,
  MAX_V1_BYTES,
} from "../format/limits.ts";
import { LineError } from "../format/line_error.ts";
import { EventLog } from "./event_log.ts";
import { type Scan, scanLine, skipSpace } from "./scan.ts";
import { appendV1 } from "./v1.ts";

const NOTHING = new Uint8Array(0);
const NEWLINE = 10, HASH = 35, OPEN = 91, BRACE = 123, RESIZE = 114, EXIT = 120;

/** Settings of a {@link CastParser}. */
export interface CastParserOptions {
  /** What the recording is called in errors, such as `recording "a.cast"`. */
  readonly name: string;
  /** Most bytes of a recording, decompressed, with what each event costs in memory. */
  readonly maxBytes: number;
}

/**
 * Parses a recording that arrives in pieces. Every line is checked when it comes; data is decoded when it is
 * asked for. Throws {@link CollabError}s that name the recording and the line.
 */
export class CastParser {
  readonly #options: CastParserOptions;
  readonly #scan: Scan = { intervalUs: 0, code: 0, start: 0, end: 0 };
  #log: EventLog | undefined;
  #line = 0;
  #bytes = 0;
  #atUs = 0;
  /** The start of a line whose end has not come yet. */
  #carry = new Uint8Array(0);
  #carried = 0;
  /** Whether the whole recording is to be taken for one v1 object. */
  #v1 = false;
  #wentBack = false;

  constructor(options: CastParserOptions) {
    this.#options = options;
  }

  /** The events so far; `undefined` until the header has come. */
  get log(): EventLog | undefined {
    return this.#log;
  }

  /** Takes the next bytes, which it keeps. */
  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#checkTotal();
    let from = 0;
    while (from < chunk.length && !this.#v1) {
      const end = chunk.indexOf(NEWLINE, from);
      if (end < 0) break;
      if (this.#carried > 0) {
        const line = this.#takeCarry(chunk.subarray(from, end));
        this.#takeLine(line, 0, line.length);
      } else {
        this.#takeLine(chunk, from, end);
      }
      from = end + 1;
    }
    if (from < chunk.length) this.#carryOn(chunk.subarray(from));
    this.#checkTotal();
    this.#log?.flushed();
  }

  /** There is no more. A last line that was cut off is left out with a warning. */
  end(): EventLog {
    const rest = this.#takeCarry();
    if (this.#log === undefined) this.#endHeader(rest);
    else if (rest.length > 0) this.#endLine(this.#log, rest);
    if (this.#log === undefined) throw this.#error("recording-empty", "it is empty");
    this.#log.flushed();
    return this.#log;
  }

  #checkTotal(): void {
    const { maxBytes } = this.#options;
    if (this.#bytes <= maxBytes && (this.#log?.byteLength ?? 0) <= maxBytes) return;
    throw this.#error("recording-too-large", `it has more than ${size(maxBytes)}`);
  }

  #takeLine(bytes: Uint8Array, from: number, to: number): void {
    this.#line++;
    if (this.#log === undefined) {
      this.#takeHeader(bytes.subarray(from, to));
    } else {
      if (to - from > MAX_LINE_BYTES) throw this.#tooLong(MAX_LINE_BYTES);
      this.#takeEvent(this.#log, bytes, from, to);
    }
  }

  #takeEvent(log: EventLog, bytes: Uint8Array, from: number, to: number): void {
    const scan = this.#scan;
    const { version } = log.header;
    if (scanLine(bytes, from, to, scan) && scan.code !== RESIZE && scan.code !== EXIT) {
      const atMs = this.#advance(log, scan.intervalUs);
      log.appendBytes(scan.code, atMs, bytes, scan.start, scan.end);
      return;
    }
    if (skipSpace(bytes, from, to) === to) return;
    if (bytes[from] === HASH && version === 3) return;
    try {
      if (version === 1) throw new LineError("recording-bad-event", "is after the recording's end");
      const { intervalUs, event } = parseLine(decodeLine(bytes.subarray(from, to)));
      log.append(event, this.#advance(log, intervalUs));
    } catch (error) {
      throw error instanceof LineError ? this.#lineError(error) : error;
    }
  }

  /** The absolute time, in milliseconds, of an event with this interval (v3) or time (v2). */
  #advance(log: EventLog, timeUs: number): number {
    if (log.header.version === 3) {
      this.#atUs += timeUs;
    } else if (timeUs >= this.#atUs) {
      this.#atUs = timeUs;
    } else if (!this.#wentBack) {
      this.#wentBack = true;
      log.warnings.push(
        `line ${this.#line} is earlier than the line before: played without a wait`,
      );
    }
    return this.#atUs / 1000;
  }

  #carryOn(piece: Uint8Array): void {
    const length = this.#carried + piece.length;
    if (length > this.#carry.length) {
      const grown = new Uint8Array(Math.max(length, this.#carry.length * 2));
      grown.set(this.#carry.subarray(0, this.#carried));
      this.#carry = grown;
    }
    this.#carry.set(piece, this.#carried);
    this.#carried = length;
    if (this.#log !== undefined) {
      if (this.#carried > MAX_LINE_BYTES) throw this.#tooLong(MAX_LINE_BYTES, 1);
    } else if (this.#v1) {
      if (this.#carried > MAX_V1_BYTES) throw this.#v1TooLarge();
    } else if (this.#carried > MAX_HEADER_BYTES) {
      // Only a v1 recording, which may be one line, has so much before its first newline.
      const start = this.#takeCarry();
      if (!/^\s*\{[^]*"stdout"\s*:/.test(LENIENT.decode(start))) {
        throw this.#tooLong(MAX_HEADER_BYTES, 1);
      }
      this.#v1 = true;
      this.#carryOn(start);
    }
  }

  /** What was carried on and what comes after it. */
  #takeCarry(last: Uint8Array = NOTHING): Uint8Array {
    const line = new Uint8Array(this.#carried + last.length);
    line.set(this.#carry.subarray(0, this.#carried));
    line.set(last, this.#carried);
    if (this.#carry.length > MAX_HEADER_BYTES) this.#carry = NOTHING;
    this.#carried = 0;
    return line;
  }

  #takeHeader(line: Uint8Array): void {
    const bytes = line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf
      ? line.subarray(3)
      : line;
    let value: unknown;
    try {
      value = JSON.parse(decodeHeader(bytes));
    } catch (error) {
      if (!mayBeSpread(bytes)) throw this.#lineError(badHeader(error));
      this.#v1 = true;
      this.#carryOn(bytes);
      this.#carryOn(Uint8Array.of(NEWLINE));
      return;
    }
    const header = this.#headerOf(value);
    if (bytes.length > MAX_HEADER_BYTES && header.version !== 1) {
      throw this.#tooLong(MAX_HEADER_BYTES);
    }
    this.#log = new EventLog(header);
    if (header.version === 1) this.#appendV1(this.#log, value);
  }

  #headerOf(value: unknown): Header {
    try {
      return headerOf(value);
    } catch (error) {
      throw error instanceof LineError ? this.#lineError(error) : error;
    }
  }

  /** The end came before the header's: it is the last line, or a v1 recording. */
  #endHeader(rest: Uint8Array): void {
    if (skipSpace(rest, 0, rest.length) === rest.length) {
      if (this.#v1 || this.#line > 0) throw this.#lineError(badHeader());
      return;
    }
    if (!this.#v1) return this.#takeLine(rest, 0, rest.length);
    let value: unknown;
    try {
      value = JSON.parse(decodeHeader(rest));
    } catch (error) {
      throw this.#lineError(badHeader(error), 1);
    }
    const header = this.#headerOf(value);
    this.#log = new EventLog(header);
    if (header.version === 1) this.#appendV1(this.#log, value);
  }

  #appendV1(log: EventLog, value: unknown): void {
    try {
      appendV1(log, value);
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      throw this.#error(error.code, error.message, error);
    }
  }

  #endLine(log: EventLog, rest: Uint8Array): void {
    try {
      this.#takeLine(rest, 0, rest.length);
    } catch (error) {
      if (!(error instanceof CollabError) || !wasCutOff(rest)) throw error;
      log.warnings.push(`line ${this.#line} was cut off and is left out`);
    }
  }

  #tooLong(most: number, ahead = 0): CollabError {
    return this.#error(
      "recording-line-too-long",
      `line ${this.#line + ahead} is longer than ${size(most)}`,
    );
  }

  #v1TooLarge(): CollabError {
    return this.#error(
      "recording-line-too-long",
      `a version 1 recording is at most ${size(MAX_V1_BYTES)}`,
    );
  }

  #lineError(error: LineError, line = this.#line): CollabError {
    return this.#error(error.code, `line ${line} ${error.predicate}`, error);
  }

  #error(code: string, what: string, cause?: unknown): CollabError {
    return new CollabError(
      code,
      `Cannot read ${this.#options.name}: ${what}`,
      cause === undefined ? undefined : { cause },
    );
  }
}

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LENIENT = new TextDecoder();

/** The text of a line that is not as plain as most. */
function decodeLine(line: Uint8Array): string {
  let text: string;
  try {
    text = STRICT.decode(line);
  } catch (cause) {
    throw new LineError("recording-bad-utf8", "is not valid UTF-8", { cause });
  }
  if (line.length > MAX_ODD_LINE_BYTES) {
    throw new LineError(
      "recording-bad-event",
      "is not an event: expected an array of an interval, a code and text",
    );
  }
  return text;
}

function decodeHeader(line: Uint8Array): string {
  if (line[skipSpace(line, 0, line.length)] !== BRACE) throw badHeader();
  try {
    return STRICT.decode(line);
  } catch (cause) {
    throw new LineError("recording-bad-utf8", "is not valid UTF-8", { cause });
  }
}

function badHeader(cause?: unknown): LineError {
  return cause instanceof LineError
    ? cause
    : new LineError("recording-bad-header", "is not a header: expected a JSON object", { cause });
}

/** Whether a line may be the first of a v1 object that is spread over several. */
function mayBeSpread(line: Uint8Array): boolean {
  if (line.length > 4096) return false;
  return /^\s*\{\s*("[^]*,\s*)?$/.test(LENIENT.decode(line));
}

/** Whether the last line, which has no newline, is what a crash leaves: a part of an event, or a hole in the file. */
function wasCutOff(line: Uint8Array): boolean {
  return line[0] === OPEN || line.every((byte) => byte === 0);
}

function size(bytes: number): string {
  return bytes >= 1 << 30 && bytes % (1 << 30) === 0
    ? `${bytes / (1 << 30)} GiB`
    : bytes >= 1 << 20 && bytes % (1 << 20) === 0
    ? `${bytes / (1 << 20)} MiB`
    : `${bytes} bytes`;
}
