/**
 * Appends lines to a file without ever making anyone wait.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { quote } from "../format/line_error.ts";

/** Settings of a {@link LineWriter}. */
export interface LineWriterOptions {
  /** Writes over an existing file instead of refusing to. */
  readonly overwrite?: boolean;
  /** The longest that a line waits before it is handed to the system, in milliseconds; 500 when absent. */
  readonly flushMs?: number;
  /** Gets the first error after opening; nothing is written from then on. Never called twice. */
  readonly onError: (error: CollabError) => void;
  /** Called when a queue that was full has been written. */
  readonly onDrain?: () => void;
}

/** A batch of this size is written at once. */
const BATCH_BYTES = 64 * 1024;
/** Beyond this much that the disk has not taken, the queue is full. */
const FULL_BYTES = 8 * 1024 * 1024;
/** How often to look whether the file is still ours alone, in milliseconds. */
const CHECK_MS = 1000;

/**
 * Appends whole lines to a file in the background. The queue is bounded by who fills it: while `full`, hold back what
 * can be held back; beyond twice the limit, lines are dropped and that is the error.
 *
 * There is no `fsync` but at the end: what was handed to the system survives the death of the process, though not that of
 * the machine.
 */
export class LineWriter {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #options: LineWriterOptions;
  readonly #isFile: boolean;
  readonly #isNew: boolean;
  #queue: string[] = [];
  /** An upper bound: UTF-16 units that are queued, times three, and bytes that are being written. */
  #queued = 0;
  #wasFull = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #failed = false;
  #closed = false;
  #checkedAt = -Infinity;
  /** How many bytes are in the file. */
  #written: number;

  private constructor(
    path: string,
    { file, isFile, isNew }: OpenFile,
    { written, ...options }: LineWriterOptions & { readonly written: number },
  ) {
    this.#path = path;
    this.#file = file;
    this.#isFile = isFile;
    this.#isNew = isNew;
    this.#written = written;
    this.#options = options;
  }

  /**
   * Creates a file that only its owner may read and write, and writes its first line. Throws a {@link CollabError}
   * when that cannot be done or there is one already.
   */
  static async create(
    path: string,
    first: string,
    options: LineWriterOptions,
  ): Promise<LineWriter> {
    const open = await openFile(path, options.overwrite ?? false);
    const bytes = ENCODER.encode(first);
    try {
      await writeAll(open.file, bytes);
    } catch (error) {
      open.file.close();
      throw writeError(path, error);
    }
    return new LineWriter(path, open, { ...options, written: bytes.length });
  }

  /** Whether the disk is so far behind that no more should come. */
  get full(): boolean {
    return this.#queued > FULL_BYTES;
  }

  /** Whether lines still go anywhere: not after an error, nor once it was closed. */
  get open(): boolean {
    return !this.#failed && !this.#closed;
  }

  /** Roughly how many bytes the disk has not taken: no fewer than there are. */
  get waitingBytes(): number {
    return Math.max(0, this.#queued);
  }

  /** Adds whole lines. Never throws and never waits. */
  write(lines: string): void {
    if (!this.open || lines === "") return;
    if (this.#queued > FULL_BYTES * 2) {
      return this.#fail(
        new CollabError("recording-too-slow", `${cannot(this.#path)}: the disk is too slow`),
      );
    }
    this.#queue.push(lines);
    this.#queued += lines.length * 3;
    this.#wasFull ||= this.full;
    if (this.#queued >= BATCH_BYTES) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#options.flushMs ?? 500);
  }

  /** Hands over what is queued now, and waits until the system has it. */
  async flush(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  /** Writes what is queued and closes the file. Errors go where all errors go. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush();
    try {
      if (!this.#failed && this.#isFile) {
        await this.#check();
        await this.#file.sync();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#file.close();
    }
  }

  /** Closes the file, and removes it if it was not there before: what it is about never began. */
  async discard(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#queue = [];
    await this.#writing;
    this.#file.close();
    if (this.#isNew) await Deno.remove(this.#path).catch(() => {});
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#queue.length > 0) this.#writing ??= this.#writeQueue();
  }

  async #writeQueue(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const batch = ENCODER.encode(this.#queue.join(""));
        const queued = this.#queued;
        this.#queue = [];
        await writeAll(this.#file, batch);
        this.#written += batch.length;
        this.#queued -= queued;
        if (this.#isFile && performance.now() - this.#checkedAt > CHECK_MS) await this.#check();
        if (this.#wasFull && this.#queue.length === 0) {
          this.#wasFull = false;
          this.#options.onDrain?.();
        }
      }
    } catch (error) {
      this.#fail(error);
    }
    // Here, and not once that is told: what is queued in between would be left behind when the file is closed.
    this.#writing = undefined;
  }

  /**
   * A file that was removed, or whose directory was, takes what is written and nobody will see it. One that others write
   * to or cut off is not what it says.
   */
  async #check(): Promise<void> {
    this.#checkedAt = performance.now();
    const { nlink, size } = await this.#file.stat();
    if (nlink === 0) {
      throw new CollabError("recording-removed", `${cannot(this.#path)}: the file was removed`);
    }
    if (size === this.#written) return;
    const how = size < this.#written ? "cut off" : "written to";
    throw new CollabError(
      "recording-disturbed",
      `${cannot(this.#path)}: the file was ${how} by another program`,
    );
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#queue = [];
    this.#queued = 0;
    clearTimeout(this.#timer);
    this.#options.onError(error instanceof CollabError ? error : writeError(this.#path, error));
  }
}

const ENCODER = new TextEncoder();

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

interface OpenFile {
  readonly file: Deno.FsFile;
  /** Not a pipe, nor a terminal. */
  readonly isFile: boolean;
  /** It was not there before. */
  readonly isNew: boolean;
}

/** Whatever others do to the file, nothing of theirs is written over: what is written goes to its end. */
async function openFile(path: string, overwrite: boolean): Promise<OpenFile> {
  try {
    const file = await Deno.open(path, { append: true, createNew: true, mode: 0o600 });
    return { file, isFile: true, isNew: true };
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw openError(path, error);
  }
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isDirectory) throw new Deno.errors.IsADirectory();
    // A pipe or a terminal has nothing to lose.
    if (isFile && !overwrite) {
      throw new CollabError("recording-exists", `${cannot(path)}: the file exists already`);
    }
    const file = await Deno.open(path, { append: true });
    if (isFile) await file.truncate();
    // Not ours, or not a file of a system that has modes: then it stays as it is.
    if (isFile) await Deno.chmod(path, 0o600).catch(() => {});
    return { file, isFile, isNew: false };
  } catch (error) {
    throw openError(path, error);
  }
}

function cannot(path: string): string {
  return `Cannot record to ${quote(path)}`;
}

function openError(path: string, error: unknown): CollabError {
  if (error instanceof CollabError) return error;
  if (error instanceof Deno.errors.NotFound) {
    return new CollabError("recording-no-directory", `${cannot(path)}: its directory is missing`, {
      cause: error,
    });
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return new CollabError("recording-is-directory", `${cannot(path)}: it is a directory`, {
      cause: error,
    });
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new CollabError("recording-denied", `${cannot(path)}: permission denied`, {
      cause: error,
    });
  }
  return writeError(path, error);
}

function writeError(path: string, cause: unknown): CollabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return /os error 28\b/.test(reason)
    ? new CollabError("recording-disk-full", `${cannot(path)}: the disk is full`, { cause })
    : new CollabError("recording-failed", `${cannot(path)}: ${reason}`, { cause });
}
