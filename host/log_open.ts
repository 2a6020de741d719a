/**
 * Opens a host's log. Loaded only where there is one.
 *
 * @module
 */
import {
  configure,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type LogLevel as LibraryLevel,
} from "@logtape/logtape";
import deno from "../deno.json" with { type: "json" };
import { CollabError } from "../format/errors.ts";
import { quote } from "../format/line_error.ts";
import { LineOutput } from "./line_output.ts";
import { type Log, type LogLevel, recordOf } from "./log.ts";

/** How a log is kept. */
export interface LogOptions {
  /** The least that is written. */
  readonly level: LogLevel;
  /** Whether each line is a JSON object. */
  readonly json: boolean;
  /** The file to add to; absent for {@link LogOptions.output}. */
  readonly file?: string | undefined;
  /** Where lines go without a file. */
  readonly output: LineOutput;
  /** The host's process. */
  readonly pid: number;
}

/** How long the last lines may take. */
const FLUSH_MS = 1_000;

/** Our levels, in the library's words. */
const LEVELS: Readonly<Record<LogLevel, LibraryLevel>> = {
  debug: "debug",
  info: "info",
  warn: "warning",
  error: "error",
};

/**
 * Opens a log. Lines that nobody takes (a full disk, a reader that stopped) are dropped: a session does not wait for
 * them.
 *
 * @throws {CollabError} `log-failed`
 */
export async function openLog(options: LogOptions): Promise<Log> {
  const { level, json, file: path, pid } = options;
  const file = path === undefined ? undefined : await openFile(path);
  const output = file === undefined ? options.output : new LineOutput(file);
  const format = json
    ? getJsonLinesFormatter({ properties: "flatten" })
    : getTextFormatter({ timestamp: "rfc3339" });
  await configure({
    reset: true,
    sinks: { lines: (record) => output.line(format(record).replace(/\n$/, "")) },
    loggers: [
      { category: "collab", lowestLevel: LEVELS[level], sinks: ["lines"] },
      // What the library has to say of itself.
      { category: ["logtape", "meta"], lowestLevel: "fatal", sinks: [] },
    ],
  });
  const logger = getLogger("collab");
  const log: Log = {
    log: (event) => {
      const { level, text, fields } = recordOf(event);
      logger[level](text, fields);
    },
    close: async () => {
      await output.flush(FLUSH_MS);
      file?.close();
    },
  };
  log.log({ event: "start", version: deno.version, pid });
  return log;
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { append: true, create: true, mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "its directory is missing"
      : cause instanceof Deno.errors.PermissionDenied
      ? "permission denied"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new CollabError("log-failed", `Cannot write a log to ${quote(path)}: ${why}`, { cause });
  }
}
