/**
 * The session: a program's output becomes frames, and frames go to everyone who watches.
 *
 * @module
 */
import type { Delta } from "../format/delta.ts";
import type { CastEvent } from "../format/events.ts";
import type { Frame, Modes } from "../format/frame.ts";
import { rowText, textBefore } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { shellMarkData } from "../format/shell_mark.ts";
import type { Redactor, SafeEvent, SafeFrame, SafeHistory } from "../redact/redactor.ts";
import type { Clock } from "./clock.ts";
import { DiffMemo } from "./diff_memo.ts";
import { EchoMeter } from "./echo_meter.ts";
import { HiddenLines } from "./hidden_lines.ts";
import { BURST_LINES } from "./line_budget.ts";
import type { HistogramMeasure } from "./metrics/measures.ts";
import { IDLE_PACE, type PaceInput, step } from "./pace.ts";
import { pausedFrame } from "./paused.ts";
import type { WriteOptions } from "./pty/input.ts";
import { Answers } from "./queries.ts";
import { ShellMarks } from "./shell_marks.ts";
import { Sinks } from "./sinks.ts";

/** How the session's program ended: `code` is 128 and the signal's number for a signal. */
export interface SessionStatus {
  readonly code: number;
  readonly signal: string | null;
}

/** The program's terminal, as far as a session needs it. */
export interface SessionPty {
  /** The next output, valid until the next call; `null` at the end. */
  read(): Promise<Uint8Array | null>;
  /** `droppable`: what the terminal has not taken is forgotten by {@link SessionPty.dropTyped}. */
  write(data: Uint8Array, options?: WriteOptions): Promise<void>;
  dropTyped(): void;
  /** How much of what was written waits for the program to read it. */
  readonly waitingBytes?: number;
  resize(cols: number, rows: number): void;
  kill(signal: string): void;
  readonly exited: Promise<SessionStatus>;
}

/** What comes with a frame. */
export interface FrameContext {
  /** Session time. */
  readonly atMs: number;
  /** The lines that scrolled off the frame's top. */
  readonly history: SafeHistory;
  /** The difference from an earlier frame; worked out once for all who ask for the same. */
  diff(from: SafeFrame, maxLines?: number): Delta;
}

/** Somebody who watches: a recording, the live viewers. When it throws, it is removed and the session goes on. */
export interface Sink {
  /** For reports. */
  readonly name: string;
  /** Whether lines may not be left out, however fast they scroll by. */
  readonly everyLine?: boolean;
  frame(frame: SafeFrame, context: FrameContext): void;
  event(event: SafeEvent, atMs: number): void;
  close(): void | Promise<void>;
}

/** The presenter, who alone sees frames as they are. */
export interface PresenterView {
  frame(frame: Frame): void;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly pty: SessionPty;
  readonly cols: number;
  readonly rows: number;
  readonly redactor: Redactor;
  /** Draws what the program's terminal shows in the beginning, when that is not empty. */
  readonly drawn?: Uint8Array;
  /** Session time: it starts at 0. */
  readonly clock: Clock;
  /** Whether a sink will want every line: more of them are kept then. */
  readonly everyLine?: boolean;
  /** A sink failed and was removed. */
  onSinkError(sink: Sink, error: unknown): void;
}

/** Lines that the emulator keeps: more than one frame of a live view carries. */
const SCROLLBACK_LINES = BURST_LINES + 200;
/**
 * Where every line is wanted, more lines are kept, output is fed in pieces this small, and frames are taken this often:
 * a byte is at most a line.
 */
const EVERY_LINE_SCROLLBACK = 2_000, PIECE_BYTES = 1_024, PIECE_LINES = 900;

/** One shared program. */
export class Session {
  /** What the program's questions are answered with. */
  readonly answers: Answers;
  readonly #options: SessionOptions;
  readonly #screen: Screen;
  readonly #hidden = new HiddenLines();
  readonly #history: SafeHistory;
  readonly #sinks: Sinks;
  readonly #memo: DiffMemo;
  readonly #marks: ShellMarks;
  #presenter: PresenterView | undefined;
  #pace = IDLE_PACE;
  #cancelTimer: () => void = () => {};
  #frame: Frame;
  #published: SafeFrame;
  #paused = false;
  #outputBytes = 0;
  #frames = 0;
  readonly #echo = new EchoMeter();

  constructor(options: SessionOptions) {
    this.#options = options;
    const { pty, cols, rows, redactor } = options;
    this.#sinks = new Sinks({
      clock: options.clock,
      onError: (sink, error) => options.onSinkError(sink, error),
    });
    const encoder = new TextEncoder();
    this.answers = new Answers((data) => void this.#toProgram(encoder.encode(data)));
    this.#screen = new Screen({
      cols,
      rows,
      scrollback: options.everyLine === true ? EVERY_LINE_SCROLLBACK : SCROLLBACK_LINES,
      onReply: this.answers.reply,
    });
    this.answers.attach(this.#screen);
    this.#marks = new ShellMarks({
      screen: this.#screen,
      clock: options.clock,
      top: () => this.#published.top,
      tell: (mark) => this.note({ kind: "shell", data: shellMarkData(mark) }),
      again: () => this.#emit(),
    });
    this.#history = redactor.history((line) =>
      this.#hidden.has(line) ? undefined : this.#screen.history(line)
    );
    this.#memo = new DiffMemo(this.#history);
    if (options.drawn !== undefined) this.#screen.write(options.drawn);
    this.#frame = this.#screen.frame();
    this.#published = redactor.frame(this.#frame);
    // A rejection here is the program's end, which `run` learns as well.
    pty.exited.catch(() => {});
  }

  /** Session time. */
  get nowMs(): number {
    return this.#options.clock.now();
  }

  /** What may be seen outside the process now. */
  get frame(): SafeFrame {
    return this.#published;
  }

  /** The program's terminal. */
  get size(): { readonly cols: number; readonly rows: number } {
    const { cols, rows } = this.#screen;
    return { cols, rows };
  }

  /** What stands before the cursor in its line, on the program's own screen as it was shown last. */
  get beforeCursor(): string {
    const { cursor: { x, y }, lines } = this.#frame;
    const row = lines[y]!;
    const above = row.wrapped && y > 0 ? rowText(lines[y - 1]!) : "";
    return above + textBefore(row, x);
  }

  /** The modes that the program has set. */
  get modes(): Modes {
    return this.#screen.modes;
  }

  /** Whether sharing is paused. */
  get paused(): boolean {
    return this.#paused;
  }

  /** How many bytes the program printed. */
  get outputBytes(): number {
    return this.#outputBytes;
  }

  /** How many frames others were shown. */
  get frames(): number {
    return this.#frames;
  }

  /** How long it was from what was typed to the next frame that others were shown. */
  get echoLatency(): HistogramMeasure {
    return this.#echo.measure();
  }

  /** What waits for the program to read it. */
  get inputWaitingBytes(): number {
    return this.#options.pty.waitingBytes ?? 0;
  }

  /** Runs until the program ended and all of its output went out; sinks are closed then. */
  async run(): Promise<SessionStatus> {
    const { pty } = this.#options;
    try {
      for (let chunk = await pty.read(); chunk !== null; chunk = await pty.read()) {
        this.#feed(chunk);
      }
      const status = await pty.exited;
      this.#emit();
      this.note({ kind: "exit", status: status.code });
      return status;
    } finally {
      this.#cancelTimer();
      this.#marks.end();
      await this.#sinks.close();
      this.#screen[Symbol.dispose]();
    }
  }

  /** Shows frames, as they are, to the presenter; the current one at once. */
  present(view: PresenterView): void {
    this.#presenter = view;
    view.frame(this.#frame);
  }

  /** Adds a sink, and gives it the current frame. */
  add(sink: Sink): void {
    this.#sinks.add(sink);
    this.#sinks.tell(sink, this.#giving(this.#published));
  }

  /** Takes a sink away without closing it. */
  remove(sink: Sink): void {
    this.#sinks.remove(sink);
  }

  /** Whether a sink is still there: one that failed is not. */
  has(sink: Sink): boolean {
    return this.#sinks.has(sink);
  }

  /** Types into the program; resolves when its terminal has taken it, or never will. */
  type(data: Uint8Array, options?: WriteOptions): Promise<void> {
    this.#step({ kind: "key" });
    this.#echo.typed(this.nowMs);
    return this.#toProgram(data, options);
  }

  /** Forgets what was typed with `droppable` and the program's terminal has not taken. */
  dropTyped(): void {
    this.#options.pty.dropTyped();
  }

  /** Changes the size of the program's terminal. */
  resize(cols: number, rows: number): void {
    if (cols === this.#screen.cols && rows === this.#screen.rows) return;
    // What scrolls by is shown in the size that it was written in: a difference between two sizes has no lines.
    if (this.#pace.pending) this.#emit();
    this.#screen.resize(cols, rows);
    this.#options.pty.resize(cols, rows);
    this.#emit();
  }

  /** Tells every sink of an event. What the program drew before it is shown before it. */
  note(event: CastEvent): void {
    if (this.#pace.pending) this.#emit();
    const safe = this.#options.redactor.event(event);
    const atMs = this.nowMs;
    this.#sinks.tellAll((sink) => sink.event(safe, atMs));
  }

  /** From here on nobody but the presenter sees anything of the screen. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#hidden.open(this.#published.top);
    this.#publish(this.#pausedFrame());
    this.note({ kind: "control", data: { kind: "pause" } });
  }

  /** Shows the screen again; what scrolled by in the meantime stays unseen. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#hidden.close(this.#screen.top);
    this.note({ kind: "control", data: { kind: "resume" } });
    this.#frame = this.#screen.frame();
    const safe = this.#options.redactor.frame(this.#frame);
    this.#presenter?.frame(this.#frame);
    this.#publish(safe);
    this.#marks.resumed();
  }

  #toProgram(data: Uint8Array, options?: WriteOptions): Promise<void> {
    // A program that reads nothing, or that has ended, loses what is typed; neither is an error.
    return this.#options.pty.write(data, options).catch(() => {});
  }

  #feed(chunk: Uint8Array): void {
    this.#outputBytes += chunk.length;
    if (!this.#paused && this.#sinks.wantEveryLine) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        this.#screen.write(chunk.subarray(at, at + PIECE_BYTES));
        if (this.#screen.top - this.#published.top > PIECE_LINES) this.#publishLines();
      }
    } else this.#screen.write(chunk);
    this.#step({ kind: "output", bytes: chunk.length, held: this.#screen.synchronized });
  }

  #step(input: PaceInput): void {
    const { state, effect } = step(this.#pace, input, this.nowMs);
    this.#pace = state;
    switch (effect.kind) {
      case "none":
        return;
      case "emit":
        return this.#emit();
      case "wait":
        this.#cancelTimer();
        this.#cancelTimer = this.#options.clock.after(
          Math.max(effect.untilMs - this.nowMs, 0),
          () => this.#step({ kind: "timer" }),
        );
    }
  }

  #emit(): void {
    if (this.#pace.pending) this.#pace = { ...this.#pace, pending: false };
    const frame = this.#screen.frame();
    if (frame !== this.#frame) this.#show(frame);
    // After all that was written before them.
    if (!this.#paused) this.#marks.shown();
  }

  #show(frame: Frame): void {
    this.#frame = frame;
    // Also what nobody sees: what is secret there stays so when sharing goes on.
    const safe = this.#options.redactor.frame(frame);
    // The presenter is shown what is masked, which is known now.
    this.#presenter?.frame(frame);
    if (!this.#paused) this.#publish(safe);
    else if (frame.cols !== this.#published.cols || frame.rows !== this.#published.rows) {
      this.#publish(this.#pausedFrame());
    }
  }

  /** Lines are about to leave the emulator's memory: those who want every one get a frame now. */
  #publishLines(): void {
    this.#published = this.#options.redactor.frame(this.#screen.frame());
    const give = this.#giving(this.#published);
    this.#sinks.tellAll((sink) => {
      if (sink.everyLine === true) give(sink);
    });
  }

  #pausedFrame(): SafeFrame {
    const { cols, rows } = this.#screen;
    return this.#options.redactor.notice(pausedFrame(cols, rows, this.#published));
  }

  #publish(frame: SafeFrame): void {
    this.#published = frame;
    this.#frames++;
    this.#sinks.tellAll(this.#giving(frame));
    this.#echo.shown(this.nowMs);
  }

  #giving(frame: SafeFrame): (sink: Sink) => void {
    const context: FrameContext = {
      atMs: this.nowMs,
      history: this.#history,
      diff: (from, maxLines) => this.#memo.diff(from, frame, maxLines),
    };
    return (sink) => sink.frame(frame, context);
  }
}
