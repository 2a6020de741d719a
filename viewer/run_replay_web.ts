/**
 * Runs `collab replay --web` on a real file and a real port.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { openRecording, type RecordingSource } from "../record/reader.ts";
import type { ReplayInfo } from "./replay_info.ts";
import { serveReplay } from "./replay_web.ts";
import { lazyAssets } from "./web_assets.ts";

/** What is to be shown. */
export interface WebReplayArguments {
  readonly source: RecordingSource;
  /** What the page is told, beside what comes of reading. */
  readonly info: Omit<ReplayInfo, "bytes" | "warnings">;
  /** Says what was odd about the recording. */
  warn(warnings: readonly string[]): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Serves the recording until the process is told to end.
 *
 * @throws {CollabError} when the recording cannot be read, the page is not there or nothing can be served.
 */
export async function runReplayWeb(args: WebReplayArguments): Promise<void> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const [assets, log] = await Promise.all([
    lazyAssets()(),
    openRecording(args.source, { onBytes: (bytes) => chunks.push(bytes) }),
  ]);
  if (assets === undefined) {
    throw new CollabError(
      "no-page",
      'Cannot show the recording in a browser: the page is not built; run "deno task web" first',
    );
  }
  args.warn(log.warnings);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const info: ReplayInfo = { ...args.info, bytes, warnings: log.warnings };
  using stop = new Signals();
  await using server = serveReplay({ info, chunks }, assets);
  say(Deno.stdout, server.url);
  say(Deno.stderr, "Open the address in a browser of this machine. Ctrl-C ends.");
  await stop.came;
}

/** Waits for a signal to end. */
class Signals implements Disposable {
  readonly came: Promise<void>;
  readonly #listener: () => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.came = promise;
    this.#listener = resolve;
    for (const signal of SIGNALS) Deno.addSignalListener(signal, resolve);
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, this.#listener);
  }
}

function say(stream: { writeSync(data: Uint8Array): number }, text: string): void {
  try {
    stream.writeSync(new TextEncoder().encode(`${text}\n`));
  } catch { /* nobody reads it */ }
}
