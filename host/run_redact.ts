/**
 * Runs `collab redact` on real files and streams.
 *
 * @module
 */
import { CollabError, UsageError } from "../format/errors.ts";
import { quote } from "../format/line_error.ts";
import type { RecordingSource } from "../record/reader.ts";
import type { Rule } from "../redact/rule.ts";
import { standardOutput } from "../viewer/output.ts";
import { type Config, type ConfigArguments, loadConfig } from "./config.ts";
import { forOutput, pendingFile } from "./redact_output.ts";
import {
  inspectRecording,
  type RedactPhase,
  redactRecording,
  type RedactResult,
} from "./redact_recording.ts";
import { reportJson, reportText, textJson, textReport } from "./redact_report.ts";
import { maskText } from "./redact_text.ts";
import { rulesOf } from "./redaction.ts";

/** What `collab redact` was called with. */
export interface RedactArguments extends ConfigArguments {
  readonly files: readonly string[];
  readonly test: boolean;
  readonly check: boolean;
  readonly overwrite: boolean;
  readonly json: boolean;
  readonly redact: readonly string[];
  readonly redactFile?: string;
  readonly defaultRedactions?: boolean;
}

/** What is exited with when something was found that `--check` asks for. */
const FOUND = 3;
/** What a signal ends with: 128 and its number. */
const INTERRUPTED = 130, TERMINATED = 143;
/** Longest text that `--test` takes. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
/** How often progress is drawn. */
const PROGRESS_MS = 100;

/** Redacts a recording, or shows what would be masked. Resolves to the exit code. */
export async function runRedact(args: RedactArguments): Promise<number> {
  checkArguments(args);
  const env = Deno.env.toObject();
  const rules = rulesFor(args, await loadConfig(args, env), env);
  if (args.test) return await testText(args, rules);
  return args.check ? await checkRecording(args, rules) : await writeRedacted(args, rules);
}

function checkArguments({ files, test, check, overwrite }: RedactArguments): void {
  const most = test || check ? 1 : 2;
  const wanted = test
    ? "--test takes one text at most"
    : check
    ? "--check takes one recording"
    : "name a recording and where to write it";
  if (files.length > most || !test && files.length < most) {
    throw new UsageError("bad-arguments", `Cannot redact ${count(files.length)}: ${wanted}`);
  }
  if (overwrite && most === 1) {
    throw new UsageError(
      "bad-flags",
      `--overwrite does not go with ${test ? "--test" : "--check"}`,
    );
  }
  if ((files[0] ?? "-") === "-" && Deno.stdin.isTerminal() && !test) {
    throw new UsageError(
      "no-recording",
      "Cannot read a recording from standard input: it is the terminal; name a file",
    );
  }
}

function count(files: number): string {
  return files === 0 ? "nothing" : files === 1 ? "one file" : `${files} files`;
}

/** The rules of the flags, of the configuration, and those that are always there. */
function rulesFor(
  { redact, redactFile, defaultRedactions }: RedactArguments,
  config: Config,
  env: Readonly<Record<string, string>>,
): readonly Rule[] {
  return rulesOf({
    redact,
    redactRules: config.redact,
    ...(redactFile !== undefined && { redactFile }),
    defaultRedactions: defaultRedactions ?? config.defaultRedactions ?? true,
  }, env);
}

async function writeRedacted(args: RedactArguments, rules: readonly Rule[]): Promise<number> {
  const [input, output] = args.files as [string, string];
  const { overwrite } = args;
  const pending = await pendingFile(output, {
    overwrite,
    ...(input !== "-" && { input }),
  });
  using _ = onSignals(() => pending.discard());
  const progress = new Progress();
  let result: RedactResult;
  try {
    result = await redactRecording({
      source: sourceOf(input),
      rules,
      path: pending.path,
      onProgress: (phase, part) => progress.show(phase, part),
    });
    progress.clear();
    await pending.finish();
  } catch (error) {
    throw forOutput(error, pending, output);
  } finally {
    progress.clear();
    pending.discard();
  }
  warn(input, result.warnings);
  const files = { input, output };
  const report = args.json ? reportJson(result, files) : reportText(result, files);
  await print(report, output === "-" ? "error" : "output");
  return 0;
}

async function checkRecording(args: RedactArguments, rules: readonly Rule[]): Promise<number> {
  const input = args.files[0]!;
  const progress = new Progress();
  const onProgress = (phase: RedactPhase, part: number): void => progress.show(phase, part);
  let result: RedactResult;
  try {
    result = await inspectRecording({ source: sourceOf(input), rules, onProgress });
  } finally {
    progress.clear();
  }
  warn(input, result.warnings);
  const files = { input };
  await print(args.json ? reportJson(result, files) : reportText(result, files), "output");
  return result.maskings.length + result.unseenKeys > 0 ? FOUND : 0;
}

async function testText(args: RedactArguments, rules: readonly Rule[]): Promise<number> {
  const masked = maskText(plain(await readText(args.files[0] ?? "-")), rules);
  const color = Deno.stdout.isTerminal() && (Deno.env.get("NO_COLOR") ?? "") === "";
  await print(args.json ? textJson(masked) : textReport(masked, color), "output");
  return args.check && masked.maskings.length > 0 ? FOUND : 0;
}

async function readText(file: string): Promise<string> {
  const name = file === "-" ? "standard input" : quote(file);
  const fail = (code: string, why: string): never => {
    throw new CollabError(code, `Cannot read the text from ${name}: ${why}`);
  };
  let stream: ReadableStream<Uint8Array>;
  try {
    stream = file === "-" ? Deno.stdin.readable : (await Deno.open(file)).readable;
  } catch (error) {
    return fail(
      error instanceof Deno.errors.NotFound ? "text-not-found" : "text-unreadable",
      error instanceof Deno.errors.NotFound ? "there is no such file" : String(error),
    );
  }
  const decoder = new TextDecoder();
  let text = "", bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > MAX_TEXT_BYTES) fail("text-too-large", "it has more than 64 MiB");
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    if (error instanceof CollabError) throw error;
    fail("text-unreadable", error instanceof Error ? error.message : String(error));
  }
  return text + decoder.decode();
}

/** A text without what would move the terminal that it is shown on. */
function plain(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- escape sequences
    .replace(/\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)/g, "")
    .replace(/\r\n/g, "\n")
    // deno-lint-ignore no-control-regex -- control characters
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "");
}

function sourceOf(file: string): RecordingSource {
  return file === "-"
    ? { kind: "bytes", stream: Deno.stdin.readable }
    : { kind: "file", path: file };
}

/** Prints lines, to whoever still reads. */
async function print(text: string, where: "output" | "error"): Promise<void> {
  try {
    if (where === "output") await standardOutput().write(`${text}\n`);
    else Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
  } catch { /* nobody reads it */ }
}

/** What was odd about a recording, on standard error. */
function warn(input: string, warnings: readonly string[]): void {
  const name = input === "-" ? "standard input" : quote(input);
  for (const warning of warnings) void print(`collab: ${name}: ${warning}`, "error");
}

/** Does something before a signal ends the process. */
function onSignals(before: () => void): Disposable {
  const stop = (code: number) => (): void => {
    before();
    Deno.exit(code);
  };
  const handlers = [["SIGINT", stop(INTERRUPTED)], ["SIGTERM", stop(TERMINATED)]] as const;
  for (const [signal, handler] of handlers) Deno.addSignalListener(signal, handler);
  return {
    [Symbol.dispose]: () => {
      for (const [signal, handler] of handlers) Deno.removeSignalListener(signal, handler);
    },
  };
}

const PHASES: Readonly<Record<RedactPhase, string>> = {
  reading: "reading",
  looking: "looking for secrets",
  writing: "writing what is left",
  checking: "looking through the result",
};

/** One line on the terminal that says how far the work is; nothing elsewhere. */
class Progress {
  readonly #isTerminal = Deno.stderr.isTerminal();
  #drawnAtMs = performance.now();
  #drawn = false;

  show(phase: RedactPhase, part: number): void {
    const nowMs = performance.now();
    if (!this.#isTerminal || nowMs - this.#drawnAtMs < PROGRESS_MS) return;
    this.#drawnAtMs = nowMs;
    this.#drawn = true;
    this.#write(`\r\x1b[K${PHASES[phase]} ${Math.floor(part * 100)} %`);
  }

  clear(): void {
    if (this.#drawn) this.#write("\r\x1b[K");
    this.#drawn = false;
  }

  #write(text: string): void {
    try {
      Deno.stderr.writeSync(new TextEncoder().encode(text));
    } catch { /* nobody looks */ }
  }
}
