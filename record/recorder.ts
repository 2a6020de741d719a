/**
 * Records a session: frames in, an asciicast v3 file out.
 *
 * @module
 */
import { blankFrame, diff, keyframe } from "../format/delta.ts";
import { type CastEvent, EventEncoder } from "../format/events.ts";
import type { Frame, History } from "../format/frame.ts";
import { encodeHeader, type Header } from "../format/header.ts";
import { MAX_LINE_BYTES } from "../format/limits.ts";
import { LineWriter, type LineWriterOptions } from "./line_writer.ts";

/** Settings of {@link startRecorder}. */
export interface RecorderOptions extends Omit<LineWriterOptions, "onDrain"> {
  /** The frame before the first, of a session that began earlier: lines that scrolled by before are left out. */
  readonly since?: Frame;
}

/** Shortest time between two keyframes. */
const KEYFRAME_MS = 5000;
/** How much must be written between two keyframes, in sizes of the later one. */
const KEYFRAME_SHARE = 10;
/** Longest text in one output event, in UTF-16 units: JSON makes at most six bytes of each. */
const MAX_OUTPUT = MAX_LINE_BYTES / 16;

/**
 * Creates a recording and writes its header. Throws a `CollabError` when the file exists (`recording-exists`, unless
 * `overwrite`) or cannot be written.
 */
export async function startRecorder(
  path: string,
  header: Header,
  options: RecorderOptions,
): Promise<Recorder> {
  const { since, ...rest } = options;
  let recorder: Recorder | undefined;
  const writer = await LineWriter.create(path, encodeHeader(header), {
    ...rest,
    onDrain: () => recorder?.drained(),
  });
  const { top = 0, bells = 0 } = since ?? {};
  return recorder = new Recorder(writer, { ...blankFrame(header.cols, header.rows), top, bells });
}

/**
 * Writes what happens in a session to a file, in the background. No method throws, waits, or blocks: what goes wrong is
 * told once to `onError`, and the recording ends there.
 *
 * While the disk is behind by more than 8 MiB no frame is written; then one delta takes the recording to the newest
 * frame. Other events wait with those before them, up to as much again.
 */
export class Recorder {
  readonly #writer: LineWriter;
  readonly #encoder = new EventEncoder();
  #last: Frame;
  #held: { frame: Frame; history: History; atMs: number } | undefined;
  #keyframeAtMs = 0;
  #sinceKeyframe = 0;
  /** What a keyframe would take, as far as known. */
  #keyframeSize = 0;
  #keyframeTriedAtMs = 0;

  /** For {@link startRecorder}. */
  constructor(writer: LineWriter, last: Frame) {
    this.#writer = writer;
    this.#last = last;
  }

  /** Records that the screen shows `frame` now, and the lines that scrolled off since the last one. */
  frame(frame: Frame, history: History, atMs: number): void {
    if (!this.#writer.open) return;
    if (this.#writer.full) {
      this.#held = { frame, history, atMs };
      return;
    }
    this.#held = undefined;
    const last = this.#last;
    const { cols, rows } = frame;
    this.#last = frame;
    if (cols !== last.cols || rows !== last.rows) this.#write({ kind: "resize", cols, rows }, atMs);
    const { ansi, omittedLines } = diff(last, frame, { history });
    if (omittedLines > 0) this.#write({ kind: "skipped", lines: omittedLines }, atMs);
    if (ansi === "") return;
    for (const data of pieces(ansi)) this.#write({ kind: "output", data }, atMs);
    this.#keyframe(frame, atMs);
  }

  /** Records an event that is not seen on the screen. */
  event(event: CastEvent, atMs: number): void {
    this.#write(event, atMs);
  }

  /** Roughly how many bytes the disk has not taken. */
  get waitingBytes(): number {
    return this.#writer.waitingBytes;
  }

  /** Waits until the system has all that was recorded so far. */
  async flush(): Promise<void> {
    await this.#writer.flush();
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    await this.#writer.flush();
    await this.#writer.close();
  }

  /** Closes the file, and removes it if it was not there before: there was nothing to record. */
  async discard(): Promise<void> {
    await this.#writer.discard();
  }

  /** The disk has caught up: writes the frame that was held back. */
  drained(): void {
    if (this.#held !== undefined) {
      this.frame(this.#held.frame, this.#held.history, this.#held.atMs);
    }
  }

  #write(event: CastEvent, atMs: number): number {
    const lines = this.#encoder.encode(event, atMs);
    this.#sinceKeyframe += lines.length;
    this.#writer.write(lines);
    return lines.length;
  }

  /** Writes a keyframe when it is time and worth its bytes. */
  #keyframe(frame: Frame, atMs: number): void {
    if (atMs - this.#keyframeAtMs < KEYFRAME_MS) return;
    // Drawing one only to see that it is too large, at every frame, would cost more than the recording.
    const isKnown = atMs - this.#keyframeTriedAtMs < KEYFRAME_MS;
    if (isKnown && this.#sinceKeyframe < this.#keyframeSize * KEYFRAME_SHARE) return;
    const data = keyframe(frame);
    const size = JSON.stringify(data).length;
    this.#keyframeSize = size;
    this.#keyframeTriedAtMs = atMs;
    if (this.#sinceKeyframe < size * KEYFRAME_SHARE || data.length > MAX_OUTPUT) return;
    this.#write({ kind: "keyframe", data }, atMs);
    this.#keyframeAtMs = atMs;
    this.#sinceKeyframe = 0;
  }
}

/** Text in parts that fit in a line, none of which ends in the middle of a character. */
function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + MAX_OUTPUT, text.length);
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
    yield text.slice(at, end);
    at = end;
  }
}
