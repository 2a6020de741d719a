/**
 * Cuts a stream of bytes into lines, in constant memory.
 *
 * @module
 */
import { LINE_MAX_BYTES } from "./line.ts";

/** A line, without its newline. */
export interface RawLine {
  readonly bytes: Uint8Array;
  /** Whether its newline is there. The last line of a log that was cut off has none. */
  readonly ended: boolean;
  /** Whether it is longer than any line of a log; `bytes` are its beginning then. */
  readonly tooLong: boolean;
}

const NEWLINE = 10;

/** The lines of a stream. What is after the last newline is a line that has not ended. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RawLine> {
  const carry = new Carry();
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      carry.add(chunk.subarray(from, end));
      yield carry.take(true);
      from = end + 1;
    }
    carry.add(chunk.subarray(from));
  }
  if (carry.length > 0) yield carry.take(false);
}

/** A line whose end has not come yet. */
class Carry {
  length = 0;
  #parts: Uint8Array[] = [];
  #kept = 0;

  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    const part = bytes.slice(0, LINE_MAX_BYTES - this.#kept);
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#kept += part.length;
  }

  take(ended: boolean): RawLine {
    const bytes = new Uint8Array(this.#kept);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const tooLong = this.length > LINE_MAX_BYTES;
    this.#parts = [];
    this.length = this.#kept = 0;
    return { bytes, ended, tooLong };
  }
}
