/**
 * A screen at a place in a session's log, and quick ways to any other place.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import { type Checkpoint, Screen } from "../format/screen.ts";
import type { EventLog } from "./event_log.ts";

/** Settings of a {@link LogScreen}. */
export interface LogScreenOptions {
  /** A checkpoint is made when so much output was played since the last one. */
  readonly spacingBytes?: number;
  /** How much memory checkpoints may take. Beyond it every second one goes, and they are made half as often. */
  readonly maxBytes?: number;
  /** Whether checkpoints may be made before they are needed. Default true. */
  readonly ahead?: boolean;
}

/** Takes about 2 ms to play. */
const SPACING_BYTES = 256 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
/** What an event costs beside its data, in bytes of output. */
const EVENT_COST = 64;
/** Where keyframes are this near to each other, checkpoints need not be made ahead. */
const NEAR_KEYFRAMES_BYTES = 1024 * 1024;
/** One line is the least with which the emulator rewraps correctly. */
const SCROLLBACK = 1;
/** So few events are played rather than jumped over: a jump draws the whole screen. */
const NEAR_EVENTS = 16;
/** How many events are played between two looks at the clock. */
const EVENTS_A_LOOK = 32;

/** A place that can be gone to at once: all events before `index` are in it. */
interface Point {
  readonly index: number;
  readonly checkpoint: Checkpoint;
}

/** A screen and how far it has played. */
interface Head {
  readonly screen: Screen;
  /** All events before this one were applied. */
  index: number;
  /** Output since the last place that can be gone to. */
  sinceBytes: number;
}

/**
 * Shows a log at any place. Going there starts at the nearest keyframe of the log or checkpoint made on the way, and
 * plays from there; what this shows is what playing from the start does.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { EventLog } from "./event_log.ts";
 * import { rowText } from "../format/row.ts";
 *
 * const log = new EventLog({ version: 3, cols: 80, rows: 24, extra: {} });
 * log.append({ kind: "output", data: "one" }, 1000);
 * log.append({ kind: "output", data: "\r\ntwo" }, 2000);
 * using view = new LogScreen(log);
 * view.moveTo(2);
 * view.moveTo(1);
 * assert.equal(rowText(view.frame().lines[1]!), "");
 * ```
 */
export class LogScreen implements Disposable {
  readonly #log: EventLog;
  readonly #maxBytes: number;
  #spacingBytes: number;
  readonly #main: Head;
  /** Plays ahead, to make checkpoints before they are asked for. */
  #scout: Head | undefined;
  #points: Point[] = [];
  #pointsBytes = 0;
  readonly #fresh: Checkpoint;

  /** The screen begins before the first event. The log may grow, and drop its oldest events. */
  constructor(log: EventLog, options: LogScreenOptions = {}) {
    this.#log = log;
    this.#spacingBytes = options.spacingBytes ?? SPACING_BYTES;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    const screen = newScreen(log);
    this.#fresh = screen.save()!;
    this.#main = { screen, index: log.firstIndex, sinceBytes: 0 };
    if (options.ahead !== false && !hasNearKeyframes(log)) {
      this.#scout = { screen: newScreen(log), index: log.firstIndex, sinceBytes: 0 };
    }
  }

  /** All events before this one were applied. */
  get index(): number {
    return this.#main.index;
  }

  /** How many checkpoints there are. */
  get checkpoints(): number {
    return this.#points.length;
  }

  /** What is shown at this place. */
  frame(): Frame {
    return this.#main.screen.frame();
  }

  /**
   * Goes to where all events before `index` were applied, and no other; at most to the end, and at least to the first
   * place that the log still has.
   */
  moveTo(index: number): void {
    const log = this.#log, main = this.#main;
    this.#forgetDropped();
    const target = Math.max(firstPlace(log), Math.min(index, log.length));
    if (target === main.index) return;
    this.#start(main, target);
    while (main.index < target) this.#next(main);
  }

  /** Adds an event to the log and, when this is where the screen is, to the screen. */
  append(event: CastEvent, atMs: number): void {
    const atEnd = this.#main.index === this.#log.length;
    this.#log.append(event, atMs);
    if (!atEnd) return;
    this.#forgetDropped();
    this.#played(this.#main, event);
  }

  /**
   * Makes checkpoints ahead until `until` says stop, which is asked every so often. Returns how much of the log can be
   * gone to at once, from 0 to 1.
   */
  prepare(until: () => boolean): number {
    const scout = this.#scout, log = this.#log;
    if (scout === undefined) return 1;
    if (scout.index < log.firstIndex) this.#start(scout, log.firstIndex);
    do {
      const stop = Math.min(log.length, scout.index + EVENTS_A_LOOK);
      while (scout.index < stop) this.#next(scout);
    } while (scout.index < log.length && !until());
    if (scout.index < log.length) {
      return (scout.index - log.firstIndex) / (log.length - log.firstIndex);
    }
    // From here on the screen that is shown makes them itself.
    scout.screen[Symbol.dispose]();
    this.#scout = undefined;
    return 1;
  }

  [Symbol.dispose](): void {
    this.#main.screen[Symbol.dispose]();
    this.#scout?.screen[Symbol.dispose]();
  }

  /** Puts a head to the nearest place before `target`, or leaves it where it is when that is nearer. */
  #start(head: Head, target: number): void {
    const log = this.#log;
    const ahead = head.index <= target && head.index >= log.firstIndex;
    const keyframe = target > log.firstIndex ? log.keyframeBefore(target - 1) : undefined;
    const point = this.#points[this.#pointAt(target)];
    const nearest = Math.max((keyframe ?? -1) + 1, point?.index ?? -1, log.firstIndex);
    if (ahead && nearest - head.index <= NEAR_EVENTS) return;
    head.index = nearest;
    head.sinceBytes = 0;
    if (point?.index === nearest) return head.screen.restore(point.checkpoint);
    head.screen.restore(this.#fresh);
    resize(head.screen, log.sizeAt(nearest));
    if (keyframe === undefined || keyframe + 1 !== nearest) return;
    const event = log.eventAt(keyframe);
    if (event.kind === "keyframe") head.screen.write(event.data);
  }

  /** Plays one event. */
  #next(head: Head): void {
    this.#played(head, this.#log.eventAt(head.index));
  }

  #played(head: Head, event: CastEvent): void {
    apply(head.screen, event);
    head.index++;
    if (event.kind === "keyframe") head.sinceBytes = 0;
    else head.sinceBytes += EVENT_COST + (event.kind === "output" ? event.data.length : 0);
    if (head.sinceBytes < this.#spacingBytes) return;
    const before = this.#pointAt(head.index);
    if (this.#points[before]?.index !== head.index) {
      const checkpoint = head.screen.save(this.#points[before]?.checkpoint);
      if (checkpoint === undefined) return; // in the middle of a sequence: after the next event, then
      this.#points.splice(before + 1, 0, { index: head.index, checkpoint });
      this.#pointsBytes += checkpoint.state.bytes;
      this.#thinOut();
    }
    head.sinceBytes = 0;
  }

  /** Place of the last point at or before an index; -1 when there is none. */
  #pointAt(index: number): number {
    let low = 0, high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#points[middle]!.index > index) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }

  #thinOut(): void {
    while (this.#pointsBytes > this.#maxBytes && this.#points.length > 1) {
      this.#spacingBytes *= 2;
      this.#keep((_, i) => i % 2 === 0);
    }
  }

  /** Forgets the places before what the log still has. */
  #forgetDropped(): void {
    const { firstIndex } = this.#log;
    if ((this.#points[0]?.index ?? Infinity) < firstIndex) {
      this.#keep(({ index }) => index >= firstIndex);
    }
  }

  #keep(which: (point: Point, i: number) => boolean): void {
    this.#points = this.#points.filter(which);
    this.#pointsBytes = this.#points.reduce(
      (sum, { checkpoint }) => sum + checkpoint.state.bytes,
      0,
    );
  }
}

/** Does to a screen what an event does to a terminal. */
function apply(screen: Screen, event: CastEvent): void {
  if (event.kind === "output") screen.write(event.data);
  else if (event.kind === "resize") resize(screen, event);
}

/** The emulator has two columns at least. */
function resize(screen: Screen, size: { readonly cols: number; readonly rows: number }): void {
  const cols = Math.max(2, size.cols);
  if (cols !== screen.cols || size.rows !== screen.rows) screen.resize(cols, size.rows);
}

function newScreen(log: EventLog): Screen {
  const { cols, rows } = log.sizeAt(log.firstIndex);
  return new Screen({ cols: Math.max(2, cols), rows, scrollback: SCROLLBACK });
}

/** A log that has dropped its oldest events begins with the keyframe that it kept: before it there is nothing to see. */
function firstPlace(log: EventLog): number {
  const { firstIndex } = log;
  return firstIndex > 0 && firstIndex < log.length && log.keyframeBefore(firstIndex) === firstIndex
    ? firstIndex + 1
    : firstIndex;
}

/** Whether a log has keyframes, and as many as its length asks for. */
function hasNearKeyframes(log: EventLog): boolean {
  const allowed = Math.ceil(log.byteLength / NEAR_KEYFRAMES_BYTES);
  let found = 0;
  let at = log.length > log.firstIndex ? log.keyframeBefore(log.length - 1) : undefined;
  while (at !== undefined && found < allowed) {
    found++;
    at = at > log.firstIndex ? log.keyframeBefore(at - 1) : undefined;
  }
  return found >= allowed;
}
