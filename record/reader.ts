/**
 * Reads recordings: asciicast v1, v2 and v3, plain or gzip, from files and streams, whole or as they grow.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { type Bytes, openBytes, readError, type RecordingSource, sourceName } from "./bytes.ts";
import { CastParser } from "./cast_parser.ts";
import type { EventLog } from "./event_log.ts";
import { gunzip } from "./gunzip.ts";

export type { RecordingSource };

/** Settings of {@link openRecording}. */
export interface ReadOptions {
  /**
   * Most bytes, decompressed, and most that the events take in memory; 1 GiB when absent. This is what stops
   * a gzip bomb.
   */
  readonly maxBytes?: number;
  /** Gets the recording's bytes as they come, decompressed. They are not to be changed. */
  readonly onBytes?: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** Settings of {@link followRecording}. */
export interface FollowOptions extends Pick<ReadOptions, "maxBytes"> {
  /** Ends the following. */
  readonly signal?: AbortSignal;
  /** How long to wait before looking whether a file has grown, in milliseconds; 100 when absent. */
  readonly pollMs?: number;
}

const DEFAULT_MAX_BYTES = 1 << 30;

/**
 * Reads a whole recording. Throws a {@link CollabError} that says in one line what is wrong with it, with the line's
 * number; what can be played in spite of something odd is, with a line in the log's `warnings`.
 */
export async function openRecording(
  source: RecordingSource,
  options: ReadOptions = {},
): Promise<EventLog> {
  const name = sourceName(source);
  const { maxBytes = DEFAULT_MAX_BYTES, onBytes } = options;
  const parser = new CastParser({ name, maxBytes });
  const take = (chunk: Uint8Array): void => {
    parser.push(chunk);
    onBytes?.(chunk as Uint8Array<ArrayBuffer>);
  };
  await using bytes = await openBytes(source);
  const head = await readHead(bytes);
  if (isGzip(head)) return await readGzip(bytes, head, { parser, name, take });
  for (let chunk = head; chunk !== undefined; chunk = await bytes.next()) take(chunk);
  return parser.end();
}

async function readGzip(
  bytes: Bytes,
  head: Uint8Array | undefined,
  { parser, name, take }: {
    readonly parser: CastParser;
    readonly name: string;
    readonly take: (chunk: Uint8Array) => void;
  },
): Promise<EventLog> {
  let first = head;
  // deno-lint-ignore require-await
  const next = async (): Promise<Uint8Array | undefined> => {
    const chunk = first;
    first = undefined;
    return chunk ?? bytes.next();
  };
  const end = await gunzip(next, take).catch((error) => {
    if (error instanceof CollabError) throw error;
    throw readError("recording-bad-gzip", name, "its compressed data is damaged", error);
  });
  if (end === "whole") return parser.end();
  if (parser.log === undefined) {
    throw readError(
      "recording-bad-gzip",
      name,
      "its compressed data was cut off before the end of line 1",
    );
  }
  const log = parser.end();
  log.warnings.push("the compressed data was cut off: the rest is missing");
  return log;
}

/**
 * Reads a recording and what is added to it: yields its log when all that was there is read, and again each time it
 * grew. A line that is still being written waits for its end. Ends when the signal aborts or, of a stream, with the
 * stream. Throws as {@link openRecording} does, and when the file becomes shorter.
 */
export async function* followRecording(
  source: RecordingSource,
  options: FollowOptions = {},
): AsyncGenerator<EventLog> {
  const { signal, pollMs = 100, maxBytes = DEFAULT_MAX_BYTES } = options;
  const name = sourceName(source);
  const parser = new CastParser({ name, maxBytes });
  await using bytes = await openBytes(source);
  using stop = new Stop(signal);
  let chunk = await stop.or(readHead(bytes));
  if (isGzip(chunk)) {
    throw readError("recording-not-followable", name, "a compressed recording cannot be followed");
  }
  const isFile = await bytes.size() !== undefined;
  let position = 0, yielded = -1;
  while (!stop.stopped) {
    if (chunk !== undefined) {
      position += chunk.length;
      parser.push(chunk);
    }
    const { log } = parser;
    // Of a file, only at its end: a first look should not show the session racing by.
    if (log !== undefined && log.length !== yielded && (chunk === undefined || !isFile)) {
      yielded = log.length;
      yield log;
    }
    if (chunk === undefined) {
      if (!isFile) break;
      await stop.wait(pollMs);
      if ((await bytes.size() ?? 0) < position) {
        throw readError("recording-shrank", name, "it became shorter while it was followed");
      }
    }
    chunk = await stop.or(bytes.next());
  }
  if (stop.stopped) return;
  const log = parser.end();
  if (log.length !== yielded) yield log;
}

/** Lets a signal end a wait. */
class Stop implements Disposable {
  readonly #signal: AbortSignal | undefined;
  readonly #aborted = Promise.withResolvers<undefined>();
  readonly #listener = (): void => this.#aborted.resolve(undefined);

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    if (signal?.aborted) this.#listener();
    signal?.addEventListener("abort", this.#listener);
  }

  get stopped(): boolean {
    return this.#signal?.aborted ?? false;
  }

  /** What is waited for, or `undefined` when the signal comes first. */
  or<T>(promise: Promise<T>): Promise<T | undefined> {
    return Promise.race([promise, this.#aborted.promise]);
  }

  async wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await this.or(promise);
    clearTimeout(timer);
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#listener);
  }
}

/** The first bytes, at least two unless there are fewer; `undefined` when there are none. */
async function readHead(bytes: Bytes): Promise<Uint8Array | undefined> {
  let head = await bytes.next();
  while (head !== undefined && head.length < 2) {
    const more = await bytes.next();
    if (more === undefined) break;
    const both = new Uint8Array(head.length + more.length);
    both.set(head);
    both.set(more, head.length);
    head = both;
  }
  return head;
}

function isGzip(head: Uint8Array | undefined): boolean {
  return head?.[0] === 0x1f && head[1] === 0x8b;
}
