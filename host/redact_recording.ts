/**
 * Redacts a recording from one file to another: reads, masks, writes, and looks through what it has written.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { quote } from "../format/line_error.ts";
import type { EventLog } from "../record/event_log.ts";
import { openRecording, type RecordingSource } from "../record/reader.ts";
import { type Recorder, startRecorder } from "../record/recorder.ts";
import { TextFinder } from "../redact/cast_finder.ts";
import { type CastMasking, CastRedaction } from "../redact/cast_redaction.ts";
import { CastVerification, type Leftover } from "../redact/cast_verify.ts";
import type { Rule } from "../redact/rule.ts";

/** What a step of the work is about, for who waits. */
export type RedactPhase = "reading" | "looking" | "writing" | "checking";

/** How a recording is redacted. */
export interface RedactRecordingOptions {
  readonly source: RecordingSource;
  readonly rules: readonly Rule[];
  /** Where the result is written: a file of our own that only the user can read. It is there when this resolves. */
  readonly path: string;
  /** Is told how far a phase is, from 0 to 1, every so often. */
  readonly onProgress?: (phase: RedactPhase, part: number) => void;
  /** Stands in for {@link verifyRecording}, for tests. */
  readonly verify?: typeof verifyRecording;
}

/** What was done. */
export interface RedactResult {
  readonly maskings: readonly CastMasking[];
  /** How many keys were masked because the terminal did not show them. */
  readonly unseenKeys: number;
  /** Events and keys of the header that were left out because nobody here knows what they mean. */
  readonly droppedEvents: ReadonlyMap<string, number>;
  readonly droppedKeys: readonly string[];
  /** What was odd about the recording, a line each. */
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** How often it is tried again with what was found in the result. */
const MAX_ROUNDS = 3;
/** How much may wait for the disk. */
const MAX_WAITING_BYTES = 2 * 1024 * 1024;
/** How long the work goes on before others have their turn. */
const TURN_MS = 40;

/**
 * Redacts a recording.
 *
 * @throws {CollabError} `redaction-incomplete`: something secret is in what was written, which is to be deleted; and what
 * reading and recording throw.
 */
export async function redactRecording(options: RedactRecordingOptions): Promise<RedactResult> {
  const { source, rules, path, onProgress = () => {}, verify = verifyRecording } = options;
  onProgress("reading", 0);
  const log = await openRecording(source);
  const redaction = new CastRedaction(log, rules);
  await drive(redaction.learn(), (part) => onProgress("looking", part / 2));
  let leftovers: readonly Leftover[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await drive(redaction.place(), (part) => onProgress("looking", (1 + part) / 2));
    await writeRecording(redaction, path, (part) => onProgress("writing", part));
    leftovers = await verify(path, {
      rules,
      secrets: redaction.secrets,
      onProgress: (part) => onProgress("checking", part),
    });
    if (leftovers.length === 0) return resultOf(redaction, log);
    const known = leftovers.map(({ rule, text, atMs }) => redaction.insist(rule, text, atMs));
    if (!known.includes(true)) break;
  }
  throw new CollabError("redaction-incomplete", incomplete(leftovers));
}

/** Finds what would be masked of a recording. */
export async function inspectRecording(
  { source, rules, onProgress = () => {} }: Omit<RedactRecordingOptions, "path" | "verify">,
): Promise<RedactResult> {
  onProgress("reading", 0);
  const log = await openRecording(source);
  const redaction = new CastRedaction(log, rules);
  await drive(redaction.learn(), (part) => onProgress("looking", part));
  return resultOf(redaction, log);
}

function resultOf(redaction: CastRedaction, log: EventLog): RedactResult {
  return {
    maskings: redaction.maskings,
    unseenKeys: redaction.unseenKeys,
    droppedEvents: redaction.dropped,
    droppedKeys: redaction.header().dropped,
    warnings: log.warnings,
    durationMs: log.durationMs,
  };
}

function incomplete(leftovers: readonly Leftover[]): string {
  const { rule, atMs } = leftovers[0]!;
  const more = leftovers.length > 1 ? ` and ${leftovers.length - 1} more` : "";
  return `Cannot redact the recording: the result still had a secret (${quote(rule)} at ${
    (atMs / 1000).toFixed(1)
  } s${more}), and was deleted`;
}

async function writeRecording(
  redaction: CastRedaction,
  path: string,
  onProgress: (part: number) => void,
): Promise<void> {
  let failed: CollabError | undefined;
  const recorder = await startRecorder(path, redaction.header().header, {
    overwrite: true,
    onError: (error) => failed = error,
  });
  const sink = recorderSink(recorder);
  try {
    await drive(redaction.write(sink), onProgress, async () => {
      if (recorder.waitingBytes > MAX_WAITING_BYTES) await recorder.flush();
      if (failed !== undefined) throw failed;
    });
  } finally {
    await recorder.close();
  }
  if (failed !== undefined) throw failed;
}

function recorderSink(recorder: Recorder): Parameters<CastRedaction["write"]>[0] {
  return {
    frame: (frame, history, atMs) => recorder.frame(frame, history, atMs),
    event: (event, atMs) => recorder.event(event, atMs),
  };
}

/** Works step by step, so that signals come through. */
async function drive(
  steps: Generator<number>,
  onProgress: (part: number) => void,
  eachStep?: () => Promise<void>,
): Promise<void> {
  let turnEndsMs = performance.now() + TURN_MS;
  for (const part of steps) {
    // Not awaited each time: most steps have nothing to wait for.
    if (eachStep !== undefined) await eachStep();
    if (performance.now() < turnEndsMs) continue;
    onProgress(part);
    await new Promise((resolve) => setTimeout(resolve));
    turnEndsMs = performance.now() + TURN_MS;
  }
}

/** What a result is looked through for. */
export interface VerifyOptions {
  readonly rules: readonly Rule[];
  readonly secrets: readonly string[];
  readonly onProgress: (part: number) => void;
}

/** Reads a result from the disk and looks for secrets in all of it: as it is shown, as events, and byte by byte. */
export async function verifyRecording(
  path: string,
  { rules, secrets, onProgress }: VerifyOptions,
): Promise<readonly Leftover[]> {
  const bytes = new ByteSearch(secrets);
  const log = await openRecording({ kind: "file", path }, {
    onBytes: (chunk) => bytes.push(chunk),
  });
  const verification = new CastVerification(log, rules, secrets);
  await drive(verification.run(), onProgress);
  return [...verification.leftovers, ...bytes.leftovers];
}

/** Looks for texts in the bytes of a file, as they are and as JSON has them. */
class ByteSearch {
  readonly #decoder = new TextDecoder();
  readonly #finder: TextFinder;
  readonly #found = new Set<string>();
  #carry = "";

  constructor(secrets: readonly string[]) {
    const escaped = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
    this.#finder = new TextFinder(new Set([...secrets, ...escaped]));
  }

  get leftovers(): readonly Leftover[] {
    return [...this.#found].map((text) => ({ rule: "bytes", text, atMs: 0 }));
  }

  push(chunk: Uint8Array): void {
    const text = this.#carry + this.#decoder.decode(chunk, { stream: true });
    const found = this.#finder.find(text);
    if (found !== undefined) this.#found.add(found);
    this.#carry = text.slice(Math.max(0, text.length - this.#finder.longest));
  }
}
