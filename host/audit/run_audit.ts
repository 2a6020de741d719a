/**
 * Runs `collab audit` in this process.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import { quote } from "../../format/line_error.ts";
import { type LineSink, standardOutput } from "../../viewer/output.ts";
import { LogTable } from "./show.ts";
import { type Broken, EXIT_CODES, type Verdict, verdictText } from "./verdict.ts";
import { checkLog, type GoodLine } from "./verify.ts";

/** What `collab audit` was called with. */
export interface AuditArguments {
  readonly verb: "verify" | "show";
  readonly file: string;
  readonly json: boolean;
  /** The id that the session has to have. */
  readonly session?: string | undefined;
}

/** What the command reaches of the process. */
export interface AuditOutput {
  readonly out: LineSink;
  /** Says something beside the output. */
  note(text: string): void;
  readonly colors: boolean;
  /** How wide the terminal is; absent when it is none. */
  readonly columns?: number | undefined;
}

/** What stands for standard input. */
const STDIN = "-";
/** Rows are written when there are so many UTF-16 units of them. */
const BATCH_LENGTH = 32 * 1_024;

/**
 * Verifies a log, and shows it. Resolves to the exit code: 0 for a log that is whole and signed, 3 for one that is whole but
 * was not closed.
 *
 * @throws {CollabError} for a log that is not as it was written: `audit-changed`, `audit-removed`, `audit-inserted`,
 * `audit-reordered`, `audit-foreign-session`, `audit-bad-signature`, `audit-not-json`, `audit-not-a-log`; and for one that
 * cannot be read: `audit-not-found`, `audit-is-directory`, `audit-denied`, `audit-unreadable`, `audit-not-a-file`
 */
export async function runAudit(
  args: AuditArguments,
  output: AuditOutput = currentOutput(),
): Promise<number> {
  const { file, session, verb } = args;
  if (verb === "show") await checkIsFile(file);
  const verdict = await verdictOn(file);
  if (verdict.kind !== "broken" && session !== undefined && verdict.session !== session) {
    throw new CollabError(
      "audit-foreign-session",
      `Cannot trust audit log ${nameOf(file)}: it is of session ${verdict.session}, not of ${
        quote(session)
      }`,
    );
  }
  if (verb === "verify") return await tellVerdict(verdict, args, output);
  return await show(verdict, args, output);
}

function currentOutput(): AuditOutput {
  const terminal = Deno.stdout.isTerminal();
  return {
    out: standardOutput(),
    note: (text) => {
      try {
        Deno.stderr.writeSync(new TextEncoder().encode(text));
      } catch { /* nobody reads it */ }
    },
    colors: terminal && (Deno.env.get("NO_COLOR") ?? "") === "",
    columns: terminal ? Deno.consoleSize().columns : undefined,
  };
}

async function tellVerdict(
  verdict: Verdict,
  { file, json }: AuditArguments,
  { out }: AuditOutput,
): Promise<number> {
  if (json) await write(out, `${JSON.stringify(verdict)}\n`);
  else if (verdict.kind === "broken") throw brokenError(file, verdict);
  else {await write(
      out,
      `${file === STDIN ? "standard input" : quote(file)}: ${verdictText(verdict)}\n`,
    );}
  return EXIT_CODES[verdict.kind];
}

/** Shows the lines that are as they were written, and says where they end. */
async function show(
  verdict: Verdict,
  { file, json }: AuditArguments,
  { colors, columns, note, out }: AuditOutput,
): Promise<number> {
  const table = new LogTable({ colors, columns });
  const row = (line: GoodLine): string => json ? `${line.text}\n` : table.rows(line);
  const last = lastTrusted(verdict);
  let batch = "";
  const again = await verdictOn(file, async (line) => {
    if (line.seq > last) return;
    batch += row(line);
    if (batch.length < BATCH_LENGTH) return;
    await write(out, batch);
    batch = "";
  });
  await write(out, batch);
  // What was shown is what was verified: the log may have grown since, and no more.
  const found = verdict.kind === "broken" ? verdict : again;
  if (found.kind === "broken") throw brokenError(file, found);
  if (found.kind === "open") note(`collab: ${quote(file)}: ${verdictText(found)}\n`);
  return EXIT_CODES[found.kind];
}

/** The last line that is known to be as it was written; of a bad signature it is not known which line is not. */
function lastTrusted(verdict: Verdict): number {
  if (verdict.kind !== "broken") return Infinity;
  return verdict.fault === "bad-signature" ? verdict.signed : verdict.line - 1;
}

async function write(out: LineSink, text: string): Promise<void> {
  if (text === "") return;
  try {
    await out.write(text);
  } catch { /* nobody reads it */ }
}

/** A log is read twice to be shown, which a pipe cannot be. */
async function checkIsFile(path: string): Promise<void> {
  if (path === STDIN) throw notAFile(path);
  const { isFile, isDirectory } = await Deno.stat(path).catch((error) => {
    throw readError(path, error);
  });
  if (isFile || isDirectory) return; // who reads it says what is wrong with a directory
  throw notAFile(path);
}

function notAFile(path: string): CollabError {
  return new CollabError(
    "audit-not-a-file",
    `Cannot show audit log ${nameOf(path)}: it is read twice, and is not a file`,
  );
}

/** What a log is called in errors. */
function nameOf(path: string): string {
  return path === STDIN ? "from standard input" : quote(path);
}

/** Checks a log from its beginning to its end. */
async function verdictOn(
  path: string,
  onLine: (line: GoodLine) => void | Promise<void> = () => {},
): Promise<Verdict> {
  const lines = checkLog(chunksOf(path));
  for (let next = await lines.next();; next = await lines.next()) {
    if (next.done) return next.value;
    await onLine(next.value);
  }
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    if (path === STDIN) return yield* Deno.stdin.readable;
    using file = await Deno.open(path);
    const { isDirectory } = await file.stat();
    if (isDirectory) throw new Deno.errors.IsADirectory();
    const buffer = new Uint8Array(64 * 1_024);
    for (;;) {
      const count = await file.read(buffer);
      if (count === null) return;
      yield buffer.subarray(0, count);
    }
  } catch (error) {
    throw readError(path, error);
  }
}

function readError(path: string, cause: unknown): CollabError {
  const cannot = `Cannot read audit log ${nameOf(path)}`;
  if (cause instanceof Deno.errors.NotFound) {
    return new CollabError("audit-not-found", `${cannot}: there is no such file`, { cause });
  }
  if (cause instanceof Deno.errors.IsADirectory) {
    return new CollabError("audit-is-directory", `${cannot}: it is a directory`, { cause });
  }
  if (cause instanceof Deno.errors.PermissionDenied) {
    return new CollabError("audit-denied", `${cannot}: permission denied`, { cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CollabError("audit-unreadable", `${cannot}: ${reason}`, { cause });
}

function brokenError(file: string, { fault, signed, what }: Broken): CollabError {
  const proved = signed === 0 ? "" : `; up to line ${signed} it is signed`;
  return new CollabError(
    `audit-${fault}`,
    `Cannot trust audit log ${nameOf(file)}: ${what}${proved}`,
  );
}
