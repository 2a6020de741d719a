/**
 * Runs `collab replay` on real files and the real terminal.
 *
 * @module
 */
import { CollabError, UsageError } from "../format/errors.ts";
import { quote } from "../format/line_error.ts";
import { LogScreen } from "../record/checkpoints.ts";
import { followRecording, openRecording, type RecordingSource } from "../record/reader.ts";
import type { EventLog } from "../record/event_log.ts";
import { systemClock } from "./clock.ts";
import { hasTerminal } from "./device.ts";
import { standardOutput } from "./output.ts";
import { Replayer } from "./replay.ts";
import { frameJson, frameText } from "./screen_text.ts";
import { openTerminal } from "./terminal.ts";

/** What `collab replay` was called with. */
export interface ReplayArguments {
  /** A path, or `-` for standard input. */
  readonly file: string;
  readonly speed?: number;
  readonly idleLimitMs?: number;
  readonly atMs?: number;
  readonly follow: boolean;
  /** Plays on a page rather than on the terminal. */
  readonly web: boolean;
  readonly screenAtMs?: number;
  readonly json: boolean;
}

/** Files from this size on take long enough to read that it is shown how far it is. */
const LARGE_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Plays a recording, or prints one screen of it. Resolves to the exit code. */
export async function runReplay(args: ReplayArguments): Promise<number> {
  const { file, screenAtMs, json, follow, web } = args;
  if (json && screenAtMs === undefined) {
    throw new UsageError(
      "json-without-screen",
      "--json goes with --screen-at: add --screen-at TIME",
    );
  }
  if (file === "-" && Deno.stdin.isTerminal()) {
    throw new UsageError(
      "no-recording",
      "Cannot read a recording from standard input: it is the terminal; name a file",
    );
  }
  if (web) return await playOnPage(args);
  if (screenAtMs !== undefined) {
    if (follow) {
      throw new UsageError("screen-of-follow", "--screen-at does not go with --follow");
    }
    return await printScreen(args, screenAtMs);
  }
  if (!hasTerminal()) {
    throw new CollabError(
      "no-terminal",
      "Cannot play the recording: standard output is not a terminal; use --screen-at TIME to print a screen",
    );
  }
  return await play(args);
}

async function printScreen({ file, json }: ReplayArguments, atMs: number): Promise<number> {
  const log = await openRecording(sourceOf(file));
  warn(file, log.warnings);
  using view = new LogScreen(log, { ahead: false });
  view.moveTo(log.indexAt(atMs));
  const frame = view.frame();
  const shownMs = Math.min(atMs, log.durationMs);
  const text = json
    ? `${JSON.stringify({ atMs: shownMs, durationMs: log.durationMs, ...frameJson(frame) })}\n`
    : frameText(frame);
  try {
    await standardOutput().write(text);
  } catch { /* nobody reads it */ }
  return 0;
}

/** Serves a page that plays the recording, until Ctrl-C. */
async function playOnPage(args: ReplayArguments): Promise<number> {
  const { file, follow, screenAtMs } = args;
  if (screenAtMs !== undefined) {
    throw new UsageError("screen-of-web", "--screen-at does not go with --web: use --at TIME");
  }
  if (follow) {
    throw new UsageError(
      "web-follow",
      "--follow does not go with --web: follow the recording in a terminal, or share the session",
    );
  }
  const { runReplayWeb } = await import("./run_replay_web.ts");
  await runReplayWeb({
    source: sourceOf(file),
    info: { name: nameOf(file), ...howToPlay(args) },
    warn: (warnings) => warn(file, warnings),
  });
  return 0;
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file.replace(/^.*[/\\]/, "");
}

function howToPlay(
  { speed, idleLimitMs, atMs }: ReplayArguments,
): Pick<ReplayArguments, "speed" | "idleLimitMs" | "atMs"> {
  return {
    ...(speed === undefined ? {} : { speed }),
    ...(idleLimitMs === undefined ? {} : { idleLimitMs }),
    ...(atMs === undefined ? {} : { atMs }),
  };
}

async function play(args: ReplayArguments): Promise<number> {
  const { file, follow } = args;
  await using terminal = openTerminal();
  using replayer = new Replayer({ terminal, clock: systemClock }, {
    name: nameOf(file),
    ...howToPlay(args),
  });
  const stop = new AbortController();
  let log: EventLog | undefined;
  const reading = (async (): Promise<void> => {
    if (follow) {
      for await (log of followRecording(sourceOf(file), { signal: stop.signal })) {
        if (replayer.began) replayer.grown();
        else replayer.begin(log, true);
        if (hasExit(log)) replayer.complete();
      }
      replayer.complete();
    } else {
      log = await openRecording(await countedSource(file, (part) => replayer.reading(part)));
      replayer.begin(log);
    }
  })().catch((error) => replayer.fail(error));
  const ended = await replayer.ended;
  stop.abort();
  await terminal.close();
  if (ended.kind === "failed") throw ended.error;
  // What is still being read of a pipe is not waited for.
  if (follow) await Promise.race([reading, Promise.resolve()]);
  if (log !== undefined) warn(file, log.warnings);
  return 0;
}

/** Whether the session that is recorded is over: nothing follows its exit. */
function hasExit(log: EventLog): boolean {
  return log.length > log.firstIndex && log.codeAt(log.length - 1) === "x";
}

function sourceOf(file: string): RecordingSource {
  return file === "-"
    ? { kind: "bytes", stream: Deno.stdin.readable }
    : { kind: "file", path: file };
}

/** The source, telling from 0 to 1 how much of a large file was read. */
async function countedSource(
  file: string,
  onProgress: (part: number) => void,
): Promise<RecordingSource> {
  if (file === "-") return sourceOf(file);
  // What is wrong with a path is told by the one who reads it.
  const stat = await Deno.stat(file).catch(() => undefined);
  if (stat?.isFile !== true || stat.size < LARGE_BYTES) return sourceOf(file);
  const handle = await Deno.open(file);
  let read = 0;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller): Promise<void> {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const length = await handle.read(chunk);
      if (length === null) {
        handle.close();
        return controller.close();
      }
      read += length;
      onProgress(Math.min(1, read / stat.size));
      controller.enqueue(chunk.subarray(0, length));
    },
    cancel: () => handle.close(),
  }, { highWaterMark: 0 });
  return { kind: "bytes", stream, name: quote(file) };
}

/** What was odd about a recording, on standard error. */
function warn(file: string, warnings: readonly string[]): void {
  const name = file === "-" ? "standard input" : quote(file);
  const text = warnings.map((warning) => `collab: ${name}: ${warning}\n`).join("");
  if (text === "") return;
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch { /* nobody reads it */ }
}
