/**
 * Lines over a socket.
 *
 * @module
 */
import { concat } from "../wire/bytes.ts";

/** The reading end of a connection. */
export interface ByteSource {
  /** How many bytes were read; `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** The writing end of a connection. */
export interface ByteSink {
  /** How many of the bytes were written. */
  write(bytes: Uint8Array): Promise<number>;
}

/** Given in the place of a line that is too long; nothing comes after it. */
export const TOO_LONG = Symbol("too long");

const NEWLINE = 10;
const BUFFER_BYTES = 16 * 1_024;

/**
 * The lines that come over a connection, without their ends. What follows the last newline is a line too. A connection
 * that breaks ends them.
 *
 * @param maxBytes the longest line
 */
export async function* readLines(
  source: ByteSource,
  maxBytes: number,
): AsyncGenerator<string | typeof TOO_LONG, void> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  let line: Uint8Array[] = [], bytes = 0;
  for (;;) {
    const count = await source.read(buffer).catch(() => null);
    if (count === null) break;
    let rest = buffer.slice(0, count);
    for (let end; (end = rest.indexOf(NEWLINE)) >= 0; rest = rest.subarray(end + 1)) {
      if (bytes + end > maxBytes) return yield TOO_LONG;
      yield decode([...line, rest.subarray(0, end)]);
      line = [];
      bytes = 0;
    }
    bytes += rest.length;
    if (bytes > maxBytes) return yield TOO_LONG;
    line.push(rest);
  }
  if (bytes > 0) yield decode(line);
}

/** Writes all of it. Returns whether that was possible. */
export async function writeAll(sink: ByteSink, bytes: Uint8Array): Promise<boolean> {
  try {
    for (let at = 0; at < bytes.length;) at += await sink.write(bytes.subarray(at));
    return true;
  } catch {
    return false;
  }
}

function decode(parts: readonly Uint8Array[]): string {
  return new TextDecoder().decode(concat(...parts));
}
