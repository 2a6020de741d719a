/**
 * The session since it was joined, as a recording in memory: what everybody else may see, and no more than fits.
 *
 * @module
 */
import { keyframe } from "../../format/delta.ts";
import { type CastEvent, EventEncoder, type TimedEvent } from "../../format/events.ts";
import type { Frame } from "../../format/frame.ts";
import { encodeHeader, type Header } from "../../format/header.ts";

/** Most that half of a recording may be, in UTF-16 units: with more, the older half is dropped. */
const HALF_MAX_LENGTH = 1 << 20;

/** A piece of the recording that begins with the whole screen, so that nothing before it is needed. */
interface Half {
  readonly cols: number;
  readonly rows: number;
  lines: string;
}

/** Collects events; the oldest are dropped when there are too many. */
export class Recording {
  readonly #maxLength: number;
  #header: Header | undefined;
  #encoder: EventEncoder | undefined;
  #older: Half | undefined;
  #newer: Half | undefined;

  /** @param maxLength of the recording, in UTF-16 units; nearly as much is kept at least in half */
  constructor(maxLength: number = 2 * HALF_MAX_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** A session was joined: the recording begins anew. */
  joined(header: Header): void {
    this.#header = header;
    this.#encoder = this.#older = this.#newer = undefined;
  }

  /** Takes in what happened. @param frame what is shown after it */
  drawn(events: readonly TimedEvent[], frame: Frame): void {
    const atMs = events.at(-1)?.atMs;
    if (atMs === undefined) return;
    if (this.#newer === undefined) {
      this.#encoder ??= new EventEncoder(events[0]!.atMs);
      this.#newer = this.#begin(frame, atMs);
      this.#add(this.#newer, events.filter(({ event }) => !isDrawn(event)));
      return;
    }
    this.#add(this.#newer, events);
    if (this.#newer.lines.length < this.#maxLength / 2) return;
    this.#older = this.#newer;
    this.#newer = this.#begin(frame, atMs);
  }

  /** The recording as an asciicast v3 file; empty before a session was joined. */
  text(): string {
    const first = this.#older ?? this.#newer;
    if (first === undefined || this.#header === undefined) return "";
    const { cols, rows } = first;
    const lines = [this.#older, this.#newer].map((half) => half?.lines ?? "").join("");
    return encodeHeader({ ...this.#header, cols, rows }) + lines;
  }

  #begin(frame: Frame, atMs: number): Half {
    const { cols, rows } = frame;
    const half = { cols, rows, lines: "" };
    this.#add(half, [
      { atMs, event: { kind: "resize", cols, rows } },
      { atMs, event: { kind: "output", data: `\x1bc${keyframe(frame)}` } },
    ]);
    return half;
  }

  #add(half: Half, events: readonly TimedEvent[]): void {
    for (const { event, atMs } of events) {
      if (event.kind !== "skipped") half.lines += this.#encoder!.encode(event, atMs);
    }
  }
}

/** Whether an event is part of what the first screen shows. */
function isDrawn({ kind }: CastEvent): boolean {
  return kind === "output" || kind === "keyframe" || kind === "resize";
}
