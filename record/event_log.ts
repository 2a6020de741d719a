/**
 * A session's events in memory: of a file, all at once or as it grows, and of a live stream.
 *
 * @module
 */
import {
  type CastEvent,
  encodeLine,
  eventCode,
  eventData,
  makeEvent,
  parseLine,
} from "../format/events.ts";
import type { Header } from "../format/header.ts";

/** A marker and where it is. */
export interface Marker {
  readonly index: number;
  readonly atMs: number;
  readonly label: string;
}

/** The size of a terminal. */
export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** Settings of an {@link EventLog}. */
export interface EventLogOptions {
  /**
   * How many bytes the log may hold. Beyond it the oldest events are dropped, up to a keyframe; where there is no
   * keyframe to drop to, they are dropped all the same at twice as many. Without it nothing is dropped.
   */
  readonly maxBytes?: number;
}

/** Bytes an event costs beside its data: 21 in arrays, which double as they grow. */
export const EVENT_BYTES = 42;
const KEYFRAME = 107, MARKER = 109, PARTICIPANT = 112, CONTROL = 99, POINTER = 117, SHELL = 104;
/** Stored in place of a code that is not one ASCII character; the whole line is kept then. */
const WHOLE_LINE = 0;
const SEGMENT_BYTES = 256 * 1024;

/**
 * An append-only log of events with absolute times. Data stays as JSON bytes until it is asked for.
 *
 * An event's index is its place since the start and never changes; those below `firstIndex` are gone.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const log = new EventLog({ version: 3, cols: 80, rows: 24, extra: {} });
 * log.append({ kind: "output", data: "hi" }, 500);
 * assert.equal(log.indexAt(499), 0);
 * assert.equal(log.indexAt(500), 1);
 * assert.deepEqual(log.eventAt(0), { kind: "output", data: "hi" });
 * ```
 */
export class EventLog {
  readonly header: Header;
  /** What was odd about what was read, one line each. */
  readonly warnings: string[] = [];

  readonly #maxBytes: number;
  // One entry an event, from #base on.
  #base = 0;
  #times = new Float64Array(64);
  #codes = new Uint8Array(64);
  #segmentOf = new Uint32Array(64);
  #starts = new Uint32Array(64);
  #ends = new Uint32Array(64);
  #length = 0;
  #first = 0;
  // The bytes that events point into, in the order of events (one may be there twice); a dropped one is undefined.
  readonly #segments: (Uint8Array | undefined)[] = [];
  #freed = 0;
  #room: Uint8Array | undefined;
  #used = 0;
  #written = 0;
  #dropped = 0;
  #markers: number[] = [];
  #people: number[] = [];
  #pointers: number[] = [];
  #shell: number[] = [];
  #keyframes: { index: number; written: number }[] = [];
  #resizes: (Size & { index: number })[] = [];
  #firstSize: Size;
  readonly #listeners = new Set<() => void>();

  constructor(header: Header, options: EventLogOptions = {}) {
    this.header = header;
    this.#maxBytes = options.maxBytes ?? Infinity;
    this.#firstSize = { cols: header.cols, rows: header.rows };
  }

  /** One more than the index of the last event. */
  get length(): number {
    return this.#length;
  }

  /** The index of the oldest event that is still there. */
  get firstIndex(): number {
    return this.#first;
  }

  /** When the last event was; 0 when there is none. */
  get durationMs(): number {
    return this.#length === this.#first ? 0 : this.timeAt(this.#length - 1);
  }

  /** How many bytes the events take. */
  get byteLength(): number {
    return this.#written - this.#dropped;
  }

  /** How many bytes were written since the last keyframe, or since the start. */
  get bytesSinceKeyframe(): number {
    return this.#written - (this.#keyframes.at(-1)?.written ?? 0);
  }

  /** When an event was, in milliseconds since the start of the session. */
  timeAt(index: number): number {
    return this.#times[this.#slot(index)] as number;
  }

  /** The code of an event's line. */
  codeAt(index: number): string {
    const code = this.#codes[this.#slot(index)] as number;
    return code === WHOLE_LINE ? eventCode(this.eventAt(index)) : String.fromCharCode(code);
  }

  /** An event, decoded now. */
  eventAt(index: number): CastEvent {
    const slot = this.#slot(index);
    const code = this.#codes[slot] as number;
    const segment = this.#segments[this.#segmentOf[slot] as number] as Uint8Array;
    const json = DECODER.decode(segment.subarray(this.#starts[slot], this.#ends[slot]));
    return code === WHOLE_LINE
      ? parseLine(json).event
      : makeEvent(String.fromCharCode(code), JSON.parse(json));
  }

  /** The index of the first event after a time; `length` when there is none. */
  indexAt(ms: number): number {
    let low = this.#first, high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle - this.#base] as number) > ms) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The markers that are still there, in order. */
  markers(): Marker[] {
    return this.#markers.map((index) => {
      const event = this.eventAt(index);
      return { index, atMs: this.timeAt(index), label: event.kind === "marker" ? event.label : "" };
    });
  }

  /** Where commands began to run, in order, as far as the shell said so and it is still there. */
  commands(): { readonly index: number; readonly atMs: number }[] {
    const began = this.#shell.filter((index) => {
      const event = this.eventAt(index);
      return event.kind === "shell" && event.data.kind === "output";
    });
    return began.map((index) => ({ index, atMs: this.timeAt(index) }));
  }

  /** The indexes of the events that are still there and say who is there and who may type (`p`, `c`), in order. */
  get peopleIndexes(): readonly number[] {
    return this.#people;
  }

  /** The indexes of the events that are still there and say where people point (`u`), in order. */
  get pointerIndexes(): readonly number[] {
    return this.#pointers;
  }

  /** The index of the last keyframe at or before an event, or `undefined`. */
  keyframeBefore(index: number): number | undefined {
    return lastAtOrBefore(this.#keyframes, index)?.index;
  }

  /** The size of the terminal when an event comes; a resize counts from the next one on. */
  sizeAt(index: number): Size {
    const { cols, rows } = lastAtOrBefore(this.#resizes, index - 1) ?? this.#firstSize;
    return { cols, rows };
  }

  /** Calls `listener` after each append; returns what stops that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Adds an event. A time before the last event's counts as the last event's. */
  append(event: CastEvent, atMs: number): void {
    const code = eventCode(event);
    const data = code.length === 1 ? JSON.stringify(eventData(event)) : undefined;
    const ascii = code.charCodeAt(0);
    const plain = data?.startsWith('"') && ascii >= 0x20 && ascii < 0x7f;
    if (event.kind === "resize") {
      this.#resizes.push({ index: this.#length, cols: event.cols, rows: event.rows });
    }
    const [bytes, start, end] = this.#encode(plain ? data as string : encodeLine(0, event));
    this.#push(plain ? ascii : WHOLE_LINE, atMs, bytes, start, end);
    this.#notify();
  }

  /**
   * Adds an event whose data is JSON text in `bytes`, which the log keeps and does not copy. The code is one ASCII
   * character and not `r`; the data is a well-formed JSON string. Listeners hear of it from {@link flushed}.
   */
  appendBytes(code: number, atMs: number, bytes: Uint8Array, start: number, end: number): void {
    this.#push(code, atMs, bytes, start, end);
  }

  /** Tells listeners of what {@link appendBytes} added. */
  flushed(): void {
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #slot(index: number): number {
    if (index < this.#first || index >= this.#length || !Number.isInteger(index)) {
      throw new RangeError(`No event ${index} in ${this.#first}..${this.#length}`);
    }
    return index - this.#base;
  }

  #push(code: number, atMs: number, bytes: Uint8Array, start: number, end: number): void {
    let slot = this.#length - this.#base;
    if (slot === this.#times.length) {
      this.#makeRoom();
      slot = this.#length - this.#base;
    }
    if (bytes !== this.#segments.at(-1)) this.#segments.push(bytes);
    this.#times[slot] = slot > 0 ? Math.max(atMs, this.#times[slot - 1] as number) : atMs;
    this.#codes[slot] = code;
    this.#segmentOf[slot] = this.#segments.length - 1;
    this.#starts[slot] = start;
    this.#ends[slot] = end;
    if (code === KEYFRAME) this.#keyframes.push({ index: this.#length, written: this.#written });
    if (code === MARKER) this.#markers.push(this.#length);
    if (code === PARTICIPANT || code === CONTROL) this.#people.push(this.#length);
    if (code === POINTER) this.#pointers.push(this.#length);
    if (code === SHELL) this.#shell.push(this.#length);
    this.#length++;
    this.#written += end - start + EVENT_BYTES;
    if (this.#written - this.#dropped > this.#maxBytes) this.#dropOldest();
  }

  /** Puts text into a segment of our own. */
  #encode(text: string): [bytes: Uint8Array, start: number, end: number] {
    const most = text.length * 3;
    if (most > SEGMENT_BYTES) {
      const bytes = ENCODER.encode(text);
      return [bytes, 0, bytes.length];
    }
    if (this.#room === undefined || this.#used + most > SEGMENT_BYTES) {
      this.#room = new Uint8Array(SEGMENT_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += ENCODER.encodeInto(text, this.#room.subarray(start)).written;
    return [this.#room, start, this.#used];
  }

  /** Drops what is gone from the arrays, or doubles them. */
  #makeRoom(): void {
    const gone = this.#first - this.#base, size = this.#times.length;
    const grown = gone * 2 > size ? size : size * 2;
    const resize = <T extends Float64Array | Uint8Array | Uint32Array>(old: T, next: T): T => {
      next.set(old.subarray(gone));
      return next;
    };
    this.#times = resize(this.#times, new Float64Array(grown));
    this.#codes = resize(this.#codes, new Uint8Array(grown));
    this.#segmentOf = resize(this.#segmentOf, new Uint32Array(grown));
    this.#starts = resize(this.#starts, new Uint32Array(grown));
    this.#ends = resize(this.#ends, new Uint32Array(grown));
    this.#base = this.#first;
  }

  /** Drops events until three quarters of what is allowed is left, so that it does not happen at each append. */
  #dropOldest(): void {
    const enough = this.#maxBytes * 0.75;
    let keyframe: { index: number; written: number } | undefined;
    for (const candidate of this.#keyframes) {
      if (candidate.index === this.#first) continue;
      keyframe = candidate;
      if (this.#written - candidate.written <= enough) break;
    }
    if (keyframe !== undefined) {
      this.#dropBefore(keyframe.index, keyframe.written);
    } else if (this.byteLength > this.#maxBytes * 2) {
      let index = this.#first, gone = this.#dropped;
      for (; index < this.#length - 1 && this.#written - gone > enough; index++) {
        const slot = index - this.#base;
        gone += (this.#ends[slot] as number) - (this.#starts[slot] as number) + EVENT_BYTES;
      }
      this.#dropBefore(index, gone);
    }
  }

  #dropBefore(index: number, written: number): void {
    this.#firstSize = this.sizeAt(index);
    this.#resizes = this.#resizes.filter((resize) => resize.index >= index);
    const stays = (event: number): boolean => event >= index;
    this.#markers = this.#markers.filter(stays);
    this.#people = this.#people.filter(stays);
    this.#pointers = this.#pointers.filter(stays);
    this.#shell = this.#shell.filter(stays);
    this.#keyframes = this.#keyframes.filter((keyframe) => keyframe.index >= index);
    this.#first = index;
    this.#dropped = written;
    const needed = this.#segmentOf[index - this.#base] as number;
    for (; this.#freed < needed; this.#freed++) this.#segments[this.#freed] = undefined;
  }
}

const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

function lastAtOrBefore<T extends { index: number }>(
  sorted: readonly T[],
  index: number,
): T | undefined {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as T).index > index) high = middle;
    else low = middle + 1;
  }
  return sorted[low - 1];
}
