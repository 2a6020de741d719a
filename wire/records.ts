/**
 * Event lines in fewer bytes: `[0.248,"o","\u001b[H"]` and its newline take 24 bytes as JSON and 6 as a record.
 *
 * ```text
 *   line     = interval code length data
 *   interval   unsigned LEB128, milliseconds
 *   code       one byte: the event's code, 0x21 to 0x7e; 0x00 for a line kept as it is (and interval 0)
 *              with the high bit set in the last record, which then has no length
 *   length     unsigned LEB128, bytes of data
 *   data       UTF-8: what the line's JSON string says, or the line without its newline
 * ```
 *
 * @module
 */
import { utf8 } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import { LINES_MAX, LINES_MAX_LENGTH } from "./limits.ts";

const VERBATIM = 0;
const LAST = 0x80;
/** `\u001b` for one character. */
const LONGEST_ESCAPE = 6;
/**
 * How lines begin such as a host writes: no spaces, a code of one character, text as its data. That may be of any length: a
 * pattern for all of it would run out of stack at some megabytes.
 */
const COMPACT = /^\[(\d{1,8}(?:\.\d{1,3})?),"([!#-\[\]-~])",(?=")/;

/** Encodes whole lines, each with its newline. */
export function encodeRecords(lines: string): Uint8Array {
  const writer = new ByteWriter(lines.length);
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf("\n", start);
    if (end < 0) throw new Error("Event lines must end in a newline");
    writeRecord(writer, lines.slice(start, end), end + 1 === lines.length);
    start = end + 1;
  }
  return writer.bytes();
}

function writeRecord(writer: ByteWriter, line: string, last: boolean): void {
  const event = compact(line);
  writer.varint(event?.intervalMs ?? 0);
  writer.byte((event?.code ?? VERBATIM) | (last ? LAST : 0));
  const data = utf8(event?.data ?? line);
  if (!last) writer.varint(data.length);
  writer.append(data);
}

/** The parts of a line, when writing them out again gives that very line. */
function compact(line: string): { intervalMs: number; code: number; data: string } | undefined {
  const match = COMPACT.exec(line);
  if (match === null) return undefined;
  const [start, seconds, code] = match as unknown as [string, string, string];
  let data: string;
  try {
    data = JSON.parse(line.slice(start.length, -1)) as string;
  } catch {
    return undefined;
  }
  const intervalMs = Math.round(Number(seconds) * 1000);
  if (!data.isWellFormed() || lineOf(intervalMs, code, data) !== line) return undefined;
  return { intervalMs, code: code.charCodeAt(0), data };
}

function lineOf(intervalMs: number, code: string, data: string): string {
  return `[${intervalMs / 1000},"${code}",${JSON.stringify(data)}]`;
}

/** Decodes records to lines. Throws a {@link PeerError}: there may be {@link LINES_MAX} of them, no longer than that. */
export function decodeRecords(bytes: Uint8Array): string {
  const reader = new ByteReader(bytes);
  let lines = "";
  for (let count = 1; !reader.atEnd; count++) {
    if (count > LINES_MAX) throw new PeerError("message-too-large");
    const intervalMs = reader.varint();
    const first = reader.byte();
    const last = (first & LAST) !== 0;
    const code = first & ~LAST;
    const data = reader.text(last ? undefined : reader.varint());
    if (!last && reader.atEnd) throw malformed("the last record is missing");
    if (lines.length + jsonLength(data) > LINES_MAX_LENGTH) {
      throw new PeerError("message-too-large");
    }
    lines += code === VERBATIM ? verbatim(intervalMs, data) : compactLine(intervalMs, code, data);
  }
  return lines;
}

/** How long a text is as JSON, at least; where that could be very much, looked at before it is made. */
function jsonLength(text: string): number {
  let { length } = text;
  if (length * LONGEST_ESCAPE <= LINES_MAX_LENGTH) return length;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x20) length += LONGEST_ESCAPE - 1;
  }
  return length;
}

function verbatim(intervalMs: number, line: string): string {
  if (intervalMs !== 0 || line.includes("\n")) throw malformed("a line is not one line");
  return line + "\n";
}

function compactLine(intervalMs: number, code: number, data: string): string {
  if (code < 0x21 || code > 0x7e || code === 0x22 || code === 0x5c) {
    throw malformed(`0x${code.toString(16)} is not an event's code`);
  }
  return lineOf(intervalMs, String.fromCharCode(code), data) + "\n";
}

/** Grows as it is written. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity + 16);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Reads what a {@link ByteWriter} wrote; throws a {@link PeerError} at its end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw malformed("it is cut");
    return value;
  }

  /** At most five bytes, in the shortest form. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 0x1000_0000; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (byte === 0 && scale > 1) break;
        return value;
      }
    }
    throw malformed("a number is not in its shortest form");
  }

  /** UTF-8 text of so many bytes, or to the end. */
  text(length: number | undefined): string {
    try {
      return DECODER.decode(this.rest(length));
    } catch (cause) {
      throw cause instanceof PeerError ? cause : malformed("a text is not UTF-8");
    }
  }

  /** So many bytes, or those to the end. */
  rest(length: number = this.#bytes.length - this.#at): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed("it is cut");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

// A byte order mark is text like any other.
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function malformed(detail: string): PeerError {
  return new PeerError("message-malformed", detail);
}
