/**
 * The bytes of a recording, wherever they come from.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { quote } from "../format/line_error.ts";

/** Where a recording comes from. */
export type RecordingSource =
  | { readonly kind: "file"; readonly path: string }
  | {
    readonly kind: "bytes";
    readonly stream: ReadableStream<Uint8Array>;
    /** What it is called in errors; `standard input` when absent. */
    readonly name?: string;
  };

/** Bytes, piece by piece. Closes what they come from when disposed of. */
export interface Bytes extends AsyncDisposable {
  /** The next bytes, for the caller to keep; `undefined` at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** The size of a file now, which may have grown since its end was reached; `undefined` of anything else. */
  size(): Promise<number | undefined>;
}

const CHUNK_BYTES = 1 << 20;

/** What a source is called in errors. */
export function sourceName(source: RecordingSource): string {
  return source.kind === "file"
    ? `recording ${quote(source.path)}`
    : `recording from ${source.name ?? "standard input"}`;
}

/** An error that says which recording cannot be read, and why. */
export function readError(code: string, name: string, what: string, cause?: unknown): CollabError {
  return new CollabError(
    code,
    `Cannot read ${name}: ${what}`,
    cause === undefined ? undefined : { cause },
  );
}

/** Opens a source. Throws a {@link CollabError} when it cannot be read. */
export async function openBytes(source: RecordingSource): Promise<Bytes> {
  if (source.kind === "bytes") return new StreamBytes(source.stream);
  const name = sourceName(source);
  let file: Deno.FsFile | undefined;
  try {
    file = await Deno.open(source.path);
    const { isDirectory, isFile } = await file.stat();
    if (isDirectory) throw readError("recording-is-directory", name, "it is a directory");
    // A pipe may be silent for long: its stream can be cancelled.
    return isFile ? new FileBytes(file, name) : new StreamBytes(file.readable);
  } catch (error) {
    file?.close();
    throw error instanceof CollabError ? error : fileError(error, name);
  }
}

function fileError(error: unknown, name: string): CollabError {
  if (error instanceof Deno.errors.NotFound) {
    return readError("recording-not-found", name, "there is no such file", error);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return readError("recording-denied", name, "permission denied", error);
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return readError("recording-is-directory", name, "it is a directory", error);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return readError("recording-unreadable", name, reason, error);
}

class FileBytes implements Bytes {
  readonly #file: Deno.FsFile;
  readonly #name: string;

  constructor(file: Deno.FsFile, name: string) {
    this.#file = file;
    this.#name = name;
  }

  async next(): Promise<Uint8Array | undefined> {
    const buffer = new Uint8Array(CHUNK_BYTES);
    let count: number | null;
    try {
      count = await this.#file.read(buffer);
    } catch (error) {
      throw fileError(error, this.#name);
    }
    if (count === null) return undefined;
    // The log keeps what it is given: not a megabyte for a few bytes.
    return count < CHUNK_BYTES / 2 ? buffer.slice(0, count) : buffer.subarray(0, count);
  }

  async size(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  // deno-lint-ignore require-await
  async [Symbol.asyncDispose](): Promise<void> {
    this.#file.close();
  }
}

class StreamBytes implements Bytes {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async next(): Promise<Uint8Array | undefined> {
    const { value } = await this.#reader.read();
    // A small view may hold on to a large buffer.
    return value && value.buffer.byteLength > value.length * 2 ? value.slice() : value;
  }

  // deno-lint-ignore require-await
  async size(): Promise<undefined> {
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A stream that failed has said so to next().
    await this.#reader.cancel().catch(() => {});
    this.#reader.releaseLock();
  }
}
