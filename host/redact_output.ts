/**
 * Where a redacted recording goes: written beside its place first, and put there when all of it is known to be good.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { CollabError, UsageError } from "../format/errors.ts";
import { quote } from "../format/line_error.ts";

/** A place for a file that is not there yet. */
export interface PendingFile {
  /** Where it is to be written for now. */
  readonly path: string;
  /** Puts it where it belongs. */
  finish(): Promise<void>;
  /** Deletes it, unless it was put there. May be called in a signal's handler. */
  discard(): void;
}

/**
 * Prepares a place for the output. Nothing is changed there before {@link PendingFile.finish}.
 *
 * @param output a path, or `-` for standard output
 * @param input the path that is read; absent for standard input
 * @throws {CollabError} `same-file`, `output-exists`, `output-is-directory`, `output-no-directory`
 */
export async function pendingFile(
  output: string,
  { input, overwrite }: { readonly input?: string; readonly overwrite: boolean },
): Promise<PendingFile> {
  if (output === "-") return streamed("standard output", Deno.stdout);
  const there = await statOf(output);
  if (there?.isDirectory) {
    throw new CollabError("output-is-directory", `${cannot(output)}: it is a directory`);
  }
  // What is wrong with the input is told by the one who reads it.
  const source = input === undefined ? undefined : await Deno.stat(input).catch(() => undefined);
  if (there !== undefined && source !== undefined && isSame(there, source)) {
    throw new UsageError("same-file", `${cannot(output)}: it is the recording that is to be read`);
  }
  // A pipe or a terminal has nothing to lose.
  if (there !== undefined && !there.isFile) {
    return streamed(output, await Deno.open(output, { write: true }));
  }
  if (there !== undefined && !overwrite) throw exists(output);
  const target = there === undefined ? output : await Deno.realPath(output);
  const dir = dirname(target);
  if ((await statOf(dir))?.isDirectory !== true) {
    throw new CollabError("output-no-directory", `${cannot(output)}: its directory is missing`);
  }
  const path = join(dir, `.${basename(target)}.${crypto.randomUUID().slice(0, 8)}.tmp`);
  return {
    path,
    finish: () =>
      overwrite ? Deno.rename(path, target) : moveWithoutOverwriting(path, target, output),
    discard: () => discard(path),
  };
}

/** A name in an error, for one of a file beside it. */
export function forOutput(error: unknown, pending: PendingFile, output: string): unknown {
  if (!(error instanceof CollabError) || !error.message.includes(quote(pending.path))) return error;
  const message = error.message.replace(quote(pending.path), quote(output))
    .replace(/^Cannot record to/, "Cannot write");
  return new CollabError(error.code.replace(/^recording-/, "output-"), message, { cause: error });
}

/** Through a file in the folder for temporary ones: what is not known to be good is not printed. */
async function streamed(
  output: string,
  stream: { readonly writable: WritableStream<Uint8Array> },
): Promise<PendingFile> {
  const dir = await Deno.makeTempDir({ prefix: "collab-redact-" });
  const path = join(dir, "recording.cast");
  const remove = (): void => {
    discard(path);
    discard(dir);
  };
  return {
    path,
    finish: async () => {
      const file = await Deno.open(path);
      try {
        await file.readable.pipeTo(stream.writable);
      } catch (error) {
        // Who does not read it to its end does not want it.
        if (error instanceof Deno.errors.BrokenPipe) return;
        const why = error instanceof Error ? error.message : String(error);
        throw new CollabError("output-failed", `${cannot(output)}: ${why}`, { cause: error });
      } finally {
        remove();
      }
    },
    discard: remove,
  };
}

/** Puts a file in its place, unless something came there meanwhile. */
async function moveWithoutOverwriting(from: string, to: string, output: string): Promise<void> {
  try {
    await Deno.link(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw exists(output);
    // A file system without links.
    if (await statOf(to) !== undefined) throw exists(output);
    return await Deno.rename(from, to);
  }
  await Deno.remove(from);
}

function discard(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { /* it is not there */ }
}

function exists(output: string): CollabError {
  return new CollabError(
    "output-exists",
    `${cannot(output)}: the file exists already; add --overwrite to write over it`,
  );
}

function cannot(output: string): string {
  return `Cannot write ${quote(output)}`;
}

/** What is at a path; `undefined` when there is nothing. */
async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    const denied = error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable;
    const why = denied ? "permission denied" : String(error);
    throw new CollabError("output-denied", `${cannot(path)}: ${why}`, { cause: error });
  }
}

function isSame(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.ino !== null && a.ino === b.ino && a.dev === b.dev;
}
