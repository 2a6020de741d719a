/**
 * A recording, shown again: its events in order, with a frame wherever the screen has changed.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { Frame, History } from "../format/frame.ts";
import type { Header } from "../format/header.ts";
import { Screen } from "../format/screen.ts";

/** The events of a recording that was read. */
export interface CastEvents {
  readonly header: Header;
  readonly length: number;
  readonly durationMs: number;
  /** When an event was, in milliseconds since the start of the session. */
  timeAt(index: number): number;
  eventAt(index: number): CastEvent;
}

/** What happens next in a recording. */
export type CastStep =
  /** The screen shows another frame. `number` counts frames, and is the same each time that the recording is shown. */
  | {
    readonly kind: "frame";
    readonly frame: Frame;
    readonly number: number;
    readonly atMs: number;
  }
  /** Something that is not drawn. Its index is that in the recording. */
  | {
    readonly kind: "event";
    readonly event: CastEvent;
    readonly index: number;
    readonly atMs: number;
  };

/** What is fed at once, and the lines that may scroll by between two frames: a character is at most a line. */
const PIECE = 1_024, PIECE_LINES = 900, SCROLLBACK = 2_000;
/** The emulator has two columns at least. */
const MIN_COLS = 2;

/** Shows a recording from its beginning to its end, once. */
export class CastReplay implements Disposable {
  readonly #events: CastEvents;
  readonly #screen: Screen;
  #frame: Frame;
  #number = 0;
  #index = 0;

  constructor(events: CastEvents) {
    this.#events = events;
    const { cols, rows } = firstSize(events.header);
    this.#screen = new Screen({ cols, rows, scrollback: SCROLLBACK });
    this.#frame = this.#screen.frame();
  }

  /** What was shown before the first event. */
  get frame(): Frame {
    return this.#frame;
  }

  /** How much of the recording was shown, from 0 to 1. */
  get part(): number {
    return this.#events.length === 0 ? 1 : this.#index / this.#events.length;
  }

  /** The lines that have scrolled off the top since the last frames. */
  readonly history: History = (line) => this.#screen.history(line);

  /** Everything that happens. Keyframes are left out: they show what is shown anyway. */
  *steps(): Generator<CastStep> {
    const events = this.#events;
    for (; this.#index < events.length; this.#index++) {
      const event = events.eventAt(this.#index);
      const atMs = events.timeAt(this.#index);
      if (event.kind === "output") yield* this.#output(event.data, atMs);
      else if (event.kind === "resize") {
        this.#screen.resize(Math.max(MIN_COLS, event.cols), event.rows);
        yield* this.#show(atMs);
      } else if (event.kind !== "keyframe") {
        yield { kind: "event", event, index: this.#index, atMs };
      }
    }
  }

  [Symbol.dispose](): void {
    this.#screen[Symbol.dispose]();
  }

  *#output(data: string, atMs: number): Generator<CastStep> {
    for (let at = 0; at < data.length;) {
      let end = Math.min(at + PIECE, data.length);
      if (end < data.length && (data.charCodeAt(end - 1) & 0xfc00) === 0xd800) end++;
      this.#screen.write(data.slice(at, end));
      at = end;
      if (at < data.length && this.#screen.top - this.#frame.top > PIECE_LINES) {
        yield* this.#show(atMs);
      }
    }
    yield* this.#show(atMs);
  }

  *#show(atMs: number): Generator<CastStep> {
    const frame = this.#screen.frame();
    if (frame === this.#frame) return;
    this.#frame = frame;
    yield { kind: "frame", frame, number: this.#number++, atMs };
  }
}

/** The size that a recording is shown at in the beginning. */
export function firstSize(
  { cols, rows }: Header,
): { readonly cols: number; readonly rows: number } {
  return { cols: Math.max(MIN_COLS, cols), rows };
}
