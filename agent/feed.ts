/**
 * What a connection delivers, as the state of a session: its screen, its output, who is there, who may type, and where the
 * shell is.
 *
 * @module
 */
import type { CastEvent, TimedEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import type { Header } from "../format/header.ts";
import { Screen } from "../format/screen.ts";
import type { ShellMark } from "../format/session_data.ts";
import { shellMarkOf } from "../format/shell_mark.ts";
import { learn, NO_FACTS, type SessionFacts } from "../viewer/session_facts.ts";
import { StreamEvents, type You } from "../viewer/stream_events.ts";
import type { ConnectionEvent } from "../wire/connection.ts";
import { textOf } from "./logical_lines.ts";
import { OutputLog, type OutputPosition } from "./output_log.ts";

/** What carries the stream. */
export type Delivered = Extract<ConnectionEvent, { kind: "welcome" | "state" | "lines" }>;

/** An event, with what was known before it and after it. */
export interface Moment extends TimedEvent {
  readonly before: SessionFacts;
  readonly after: SessionFacts;
  /** Set for a shell's mark. */
  readonly mark?: PlacedMark;
}

/** A mark of the shell, and where it is in the output, as far as that is known. */
export interface PlacedMark {
  readonly kind: ShellMark["kind"];
  readonly status?: number;
  readonly at: OutputPosition | undefined;
  /** Counts up with each mark. */
  readonly number: number;
}

/** Lines that scroll by in one delivery are taken from here: a host sends 1,000 and a screen at once. */
const SCROLLBACK = 2_000;
/** Begins what draws a whole screen. */
const RESET = "\x1bc";
/** What a host shows while it shows nothing (`host/paused.ts`). */
const PAUSED_NOTICE = "Sharing is paused";

/** The state of a session. Reads no clock and sends nothing. */
export class Feed implements Disposable {
  readonly #stream = new StreamEvents();
  #screen: Screen | undefined;
  #frame: Frame | undefined;
  readonly #log: OutputLog;
  #facts: SessionFacts = NO_FACTS;
  #you: You | undefined;
  #header: Header | undefined;
  /** Whether the screen was drawn from nothing: the host does not know any more what this program had. */
  #isAnew = false;
  #atMs = 0;
  #revision = 0;
  #mark: PlacedMark | undefined;
  #marks = 0;
  #lastStatus: number | undefined;

  constructor(keepLines: number) {
    this.#log = new OutputLog(keepLines);
  }

  get facts(): SessionFacts {
    return this.#facts;
  }

  get you(): You | undefined {
    return this.#you;
  }

  get header(): Header | undefined {
    return this.#header;
  }

  get log(): OutputLog {
    return this.#log;
  }

  /** What is shown; `undefined` before the first state. */
  get frame(): Frame | undefined {
    return this.#frame;
  }

  /** Counts up with each change of what is shown. */
  get revision(): number {
    return this.#revision;
  }

  /** Session time of the last event. */
  get atMs(): number {
    return this.#atMs;
  }

  /** The shell's last mark. */
  get mark(): PlacedMark | undefined {
    return this.#mark;
  }

  /** The status of the command that the shell ran last, where it says so. */
  get lastStatus(): number | undefined {
    return this.#lastStatus;
  }

  /** Whether the frame is the program's, and not what a host shows in its place. */
  get isShared(): boolean {
    return !this.#facts.sharingPaused && this.#frame !== undefined && !isNotice(this.#frame);
  }

  /**
   * Takes in a delivery. Returns what happened in it; the screen and the output are up to date then.
   *
   * @throws {CollabError} when the host sends what is no event
   */
  receive(
    delivered: Delivered,
  ): { readonly seq: number; readonly moments: readonly Moment[] } | undefined {
    const delivery = this.#stream.receive(delivered);
    if (delivery.kind === "welcome") {
      this.#you = delivery.you;
      this.#header = delivery.header;
      return undefined;
    }
    const moments: Moment[] = [];
    let skipped = 0;
    for (const timed of delivery.events) {
      const before = this.#facts;
      this.#facts = learn(before, timed.event, timed.atMs);
      this.#atMs = Math.max(this.#atMs, timed.atMs);
      if (timed.event.kind === "skipped") skipped += timed.event.lines;
      else this.#draw(timed.event);
      moments.push({ ...timed, before, after: this.#facts });
    }
    this.#settle(skipped);
    return { seq: delivery.seq, moments: moments.map((moment) => this.#place(moment)) };
  }

  [Symbol.dispose](): void {
    this.#screen?.[Symbol.dispose]();
  }

  #draw(event: CastEvent): void {
    const screen = this.#screen ??= new Screen({
      cols: this.#header?.cols ?? 80,
      rows: this.#header?.rows ?? 24,
      scrollback: SCROLLBACK,
    });
    switch (event.kind) {
      case "output":
        if (event.data.startsWith(RESET)) {
          this.#isAnew = true;
          // What the shell is at by now is told again, where it is known.
          this.#mark = undefined;
        }
        return screen.write(event.data);
      case "keyframe":
        screen.reset();
        return screen.write(event.data);
      case "resize":
        if (event.cols === screen.cols && event.rows === screen.rows) return;
        this.#settle(0);
        return screen.resize(event.cols, event.rows);
      default:
        return;
    }
  }

  /** Takes the output to what is shown. */
  #settle(skipped: number): void {
    const screen = this.#screen;
    if (screen === undefined) return;
    const frame = screen.frame();
    if (frame !== this.#frame) this.#revision++;
    this.#frame = frame;
    if (!this.isShared) return;
    this.#log.settle(frame, screen.history, { skipped, isAnew: this.#isAnew });
    this.#isAnew = false;
  }

  #place(moment: Moment): Moment {
    const said = markOf(moment.event);
    if (said === undefined) return moment;
    const top = this.#frame?.top ?? 0;
    const at = this.isShared ? this.#log.position(top + said.line - said.top, said.x) : undefined;
    const status = said.status;
    const mark = this.#mark = {
      kind: said.kind,
      ...(status !== undefined && { status }),
      at,
      number: ++this.#marks,
    };
    if (said.kind === "done") this.#lastStatus = status;
    return { ...moment, mark };
  }
}

function markOf(event: CastEvent): ShellMark | undefined {
  return event.kind === "shell" ? shellMarkOf(event.data) : undefined;
}

function isNotice(frame: Frame): boolean {
  if (frame.cursor.visible || frame.title !== "") return false;
  const middle = Math.floor((frame.rows - 1) / 2);
  return frame.lines.every((row, y) => textOf(row).trim() === (y === middle ? PAUSED_NOTICE : ""));
}
