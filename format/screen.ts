/**
 * The terminal emulator: bytes or text in, frames out.
 *
 * @module
 */
import { type EmulatorState, restoreState, saveState, stateful } from "./checkpoint.ts";
import {
  createEmulator,
  type Emulator,
  type EmulatorBuffer,
  type EmulatorLine,
  type EmulatorLines,
  type EmulatorLink,
  forgetLink,
  recover,
} from "./emulator.ts";
import {
  type Cursor,
  DEFAULT_CURSOR,
  type Frame,
  type Modes,
  type MouseEncoding,
  type MouseTracking,
} from "./frame.ts";
import { CELL, type Link, type Row, rowsEqual } from "./row.ts";
import { takeRow } from "./take_row.ts";
import { printable } from "./text.ts";

/** How a {@link Screen} is made. */
export interface ScreenOptions {
  /** Columns, at least 2. */
  readonly cols: number;
  /** Rows, at least 1. */
  readonly rows: number;
  /** How many lines are kept after they scrolled off the top. Default 1,000. */
  readonly scrollback?: number;
  /** Gets what a terminal answers to a program's queries (DA, DSR, DECRQM …). Without it they are not answered. */
  readonly onReply?: (data: string) => void;
}

/** Titles are cut at this length, link targets beyond the other are not links (in UTF-16 units). */
const MAX_TITLE = 256, MAX_URI = 2083;
/** The links that a screen remembers, the newest. */
const MAX_LINKS = 4096;
/** What xterm calls the link of a cell that is none. */
const NO_LINK = 0;

const MOUSE: Readonly<Record<string, MouseTracking>> = {
  X10: "press",
  VT200: "click",
  DRAG: "drag",
  ANY: "move",
};
const ENCODING: Readonly<Record<string, MouseEncoding>> = { SGR: "sgr", SGR_PIXELS: "sgr-pixels" };

/** The state of a {@link Screen} at one point, see {@link Screen.save}. Of no use but to be restored. */
export interface Checkpoint {
  readonly state: EmulatorState;
  readonly title: string;
  readonly links: ReadonlyMap<number, Link>;
}

/**
 * A terminal without a display. Everything is synchronous: a frame taken after `write` shows it.
 *
 * @example
 * ```ts
 * import { Screen } from "./screen.ts";
 * import assert from "node:assert/strict";
 *
 * using screen = new Screen({ cols: 80, rows: 24 });
 * screen.write("hello\r\n");
 * assert.deepEqual([screen.frame().cursor.x, screen.frame().cursor.y], [0, 1]);
 * ```
 */
export class Screen {
  readonly #emulator: Emulator;
  #title = "";
  #bells = 0;
  #faults = 0;
  #lines: EmulatorLines;
  #watch: { dispose(): void };
  /** Absolute number of the first line that `#lines` ever held, and how many it has dropped since. */
  #base = 0;
  #trimmed = 0;
  #links = new Map<number, Link>();
  /** A copy of them as they are, once a checkpoint has one. */
  #savedLinks: ReadonlyMap<number, Link> | undefined;
  #last: Frame | undefined;
  /** Whether anything happened since the last frame, and to which rows of the active buffer. */
  #touched = true;
  #dirty = ALL_ROWS;
  /** The lines that the last frame's rows were taken from. */
  #shown: EmulatorLine[] = [];

  constructor(options: ScreenOptions) {
    this.#emulator = createEmulator(options.cols, options.rows, options.scrollback ?? 1000);
    const { terminal, core } = this.#emulator;
    terminal.onTitleChange((title) => this.#title = printable(title, MAX_TITLE));
    terminal.onBell(() => this.#bells++);
    if (options.onReply) terminal.onData(options.onReply);
    this.#lines = core._bufferService.buffers.normal.lines;
    this.#watch = this.#lines.onTrim((amount) => this.#trimmed += amount);
    const links = core._oscLinkService, register = links.registerLink.bind(links);
    links.registerLink = ({ id, uri }) => {
      if (uri.length > MAX_URI || printable(uri, MAX_URI) !== uri) return NO_LINK;
      const data = { ...(id !== undefined && { id: id.slice(0, MAX_TITLE) }), uri };
      const number = register(data);
      this.#keepLink(number, data);
      return number;
    };
    core._inputHandler.onRequestRefreshRows((rows) => this.#dirty = spanning(this.#dirty, rows));
  }

  /** Columns. */
  get cols(): number {
    return this.#emulator.core.cols;
  }

  /** Rows. */
  get rows(): number {
    return this.#emulator.core.rows;
  }

  /** Lines that have scrolled off the top of the normal screen so far ({@link Frame.top}). */
  get top(): number {
    const normal = this.#emulator.core._bufferService.buffers.normal;
    if (normal.lines !== this.#lines) this.#replaceLines(normal.lines);
    return this.#base + this.#trimmed + normal.ybase;
  }

  /**
   * Where the cursor is on the normal screen: the absolute number of its line, and its column, up to `cols` when the last
   * one was just written. `undefined` on the alternate screen.
   */
  get position(): { readonly line: number; readonly x: number } | undefined {
    const { active, normal } = this.#emulator.core._bufferService.buffers;
    return active === normal ? { line: this.top + normal.y, x: normal.x } : undefined;
  }

  /** Whether the program asked that nothing be shown before it says so (DECSET 2026). */
  get synchronized(): boolean {
    return this.#emulator.core.coreService.decPrivateModes.synchronizedOutput;
  }

  /** How often the emulator threw at what it was fed: a bug of it, survived. */
  get faults(): number {
    return this.#faults;
  }

  /**
   * Adds a handler for a sequence that the emulator does not know what to do with (colour queries, a shell's marks).
   * It is called when all before the sequence is on the screen, and returns whether it handled it.
   */
  onOsc(code: number, handler: (data: string) => boolean): void {
    this.#emulator.terminal.parser.registerOscHandler(code, handler);
  }

  /** Feeds output of a program. Bytes are UTF-8; a character may be split between two calls. */
  write(data: string | Uint8Array): void {
    if (data.length === 0) return;
    this.#touched = true;
    try {
      this.#emulator.core._writeBuffer.writeSync(data);
    } catch {
      // A sequence that the emulator cannot take must not end the session of the one who printed it.
      recover(this.#emulator.core);
      this.#touchAll();
      this.#faults++;
    }
  }

  /** Changes the size; lines rewrap as in xterm. */
  resize(cols: number, rows: number): void {
    const top = this.top;
    this.#touchAll();
    this.#emulator.terminal.resize(cols, rows);
    // A shrunk buffer would shrink its lines' memory in a timer, which outlives a screen that is done with.
    const { normal, alt } = this.#emulator.core._bufferService.buffers;
    for (const buffer of [normal, alt]) buffer._memoryCleanupQueue.clear();
    // Lines that rewrapping moved did not scroll away.
    this.#base += top - this.top;
  }

  /** Back to the state of a new terminal of this size. Line numbers go on. */
  reset(): void {
    const top = this.top;
    this.#touchAll();
    this.#emulator.terminal.reset();
    this.#title = "";
    this.#base += top - this.top;
  }

  /**
   * Everything that decides what is shown and what further output does, to be restored later; `undefined` in the middle
   * of a sequence. What is the same as in an `earlier` checkpoint is shared with it. The scrollback is part of it: a
   * screen that is saved often should have little.
   */
  save(earlier?: Checkpoint): Checkpoint | undefined {
    const state = saveState(stateful(this.#emulator.core), earlier?.state);
    this.#savedLinks ??= new Map(this.#links);
    return state && { state, title: this.#title, links: this.#savedLinks };
  }

  /**
   * Back to a checkpoint, also of another screen with the same scrollback. Line numbers and bells go on.
   */
  restore(checkpoint: Checkpoint): void {
    const { core } = this.#emulator;
    const { cols, rows } = checkpoint.state;
    if (cols !== this.cols || rows !== this.rows) this.resize(cols, rows);
    const top = this.top;
    this.#touchAll();
    recover(core); // out of whatever sequence it is in the middle of
    restoreState(stateful(core), checkpoint.state);
    this.#title = checkpoint.title;
    this.#links = new Map(checkpoint.links);
    this.#savedLinks = checkpoint.links;
    this.#base += top - this.top;
  }

  /** What is shown now. Rows that did not change are the ones of the last frame. */
  frame(): Frame {
    const last = this.#last;
    if (last !== undefined && !this.#touched) return last;
    const { active, alt, normal } = this.#emulator.core._bufferService.buffers;
    const dirty = this.#dirty;
    [this.#touched, this.#dirty] = [false, NO_ROWS];
    const top = this.top;
    const lines = this.#rows(active, last?.lines, dirty, this.#shown);
    // What lies under the alternate screen stays as it is until the screens are switched.
    const under = active !== alt
      ? undefined
      : dirty !== ALL_ROWS && last?.under !== undefined
      ? last.under
      : this.#rows(normal, last?.under ?? last?.lines, ALL_ROWS, []);
    const cursor = this.#cursor(active.x, active.y, last?.cursor);
    const modes = this.#modes(last?.modes);
    if (
      last !== undefined && last.lines === lines && last.under === under &&
      last.cursor === cursor && last.modes === modes && last.title === this.#title &&
      last.bells === this.#bells && last.top === top
    ) return last;
    const { cols, rows } = this;
    const title = this.#title, bells = this.#bells;
    return this.#last = { cols, rows, lines, under, cursor, modes, title, bells, top };
  }

  /** A line that has scrolled off the top, by its absolute number; `undefined` once it is gone. */
  readonly history = (line: number): Row | undefined => {
    const top = this.top;
    const index = line - this.#base - this.#trimmed;
    if (index < 0 || line >= top) return undefined;
    const found = this.#lines.get(index);
    if (found === undefined) return undefined;
    return this.#known(found) ?? takeRow(found, this.cols, this.#link).row;
  };

  [Symbol.dispose](): void {
    this.#watch.dispose();
    this.#emulator.terminal.dispose();
  }

  #touchAll(): void {
    this.#touched = true;
    this.#dirty = ALL_ROWS;
  }

  /** A reset of the emulator replaces its lines; the numbers go on from the last one. */
  #replaceLines(lines: EmulatorLines): void {
    this.#base = this.#last?.top ?? 0;
    this.#trimmed = 0;
    this.#watch.dispose();
    this.#lines = lines;
    this.#watch = lines.onTrim((amount) => this.#trimmed += amount);
  }

  /**
   * The rows of a screen, or `last` itself when all of them are as they were. Only rows that are dirty, or that other
   * lines stand at than those `shown` last, are looked at.
   */
  #rows(
    buffer: EmulatorBuffer,
    last: readonly Row[] | undefined,
    dirty: RowRange,
    shown: EmulatorLine[],
  ): readonly Row[] {
    const { rows } = this;
    const taken: Row[] = new Array(rows);
    let changed = last?.length !== rows;
    for (let y = 0; y < rows; y++) {
      const line = buffer.lines.get(buffer.ybase + y)!;
      const clean = last !== undefined && (y < dirty.start || y > dirty.end) && line === shown[y];
      const row = clean ? last[y]! : this.#row(line);
      shown[y] = line;
      taken[y] = row;
      if (!changed && row !== last![y]) changed = true;
    }
    return changed ? taken : last!;
  }

  #row(line: EmulatorLine): Row {
    const known = this.#known(line);
    if (known !== undefined) return known;
    const { row, beside } = takeRow(line, this.cols, this.#link);
    line.taken = { row, words: line._data.slice(0, this.cols * CELL), beside };
    return row;
  }

  /** The row that was taken from a line, if the line is as it was then. */
  #known(line: EmulatorLine): Row | undefined {
    const { taken } = line;
    if (taken === undefined || taken.row.wrapped !== line.isWrapped) return undefined;
    if (!sameWords(taken.words, line._data, this.cols * CELL)) return undefined;
    const { row } = taken;
    if (!taken.beside) return row;
    return rowsEqual(row, takeRow(line, this.cols, this.#link).row) ? row : undefined;
  }

  readonly #link = (id: number): Link | undefined => this.#links.get(id);

  /** Keeps a link as rows have it: its id without what OSC 8 separates by. */
  #keepLink(number: number, { id = "", uri }: EmulatorLink): void {
    this.#savedLinks = undefined;
    if (this.#links.size >= MAX_LINKS && !this.#links.has(number)) {
      const oldest = this.#links.keys().next().value!;
      this.#links.delete(oldest);
      forgetLink(this.#emulator.core, oldest);
    }
    this.#links.set(number, { id: printable(id, MAX_TITLE).replace(/[:;]/g, ""), uri });
  }

  #cursor(x: number, y: number, last: Cursor = DEFAULT_CURSOR): Cursor {
    const { coreService } = this.#emulator.core;
    const { cursorStyle, cursorBlink } = coreService.decPrivateModes;
    const cursor: Cursor = {
      x: Math.min(x, this.cols - 1),
      y,
      visible: !coreService.isCursorHidden,
      shape: cursorStyle ?? "default",
      blink: cursorStyle !== undefined && cursorBlink === true,
    };
    return sameFields(cursor, last) ? last : cursor;
  }

  /** The modes that the program has set, as of the last byte written. */
  get modes(): Modes {
    return this.#modes(this.#last?.modes);
  }

  #modes(last: Modes | undefined): Modes {
    const { coreService: { decPrivateModes: modes }, coreMouseService: mouse } =
      this.#emulator.core;
    const now: Modes = {
      applicationCursor: modes.applicationCursorKeys,
      applicationKeypad: modes.applicationKeypad,
      bracketedPaste: modes.bracketedPasteMode,
      mouse: MOUSE[mouse.activeProtocol] ?? "none",
      mouseEncoding: ENCODING[mouse.activeEncoding] ?? "bytes",
      focusEvents: modes.sendFocus,
    };
    return last !== undefined && sameFields(now, last) ? last : now;
  }
}

/** Rows of a screen from `start` to `end`, inclusive. */
interface RowRange {
  readonly start: number;
  readonly end: number;
}

const ALL_ROWS: RowRange = { start: 0, end: Infinity };
const NO_ROWS: RowRange = { start: Infinity, end: -1 };

/** The range that holds two ranges; one that is not told is all rows. */
function spanning(a: RowRange, b: RowRange | undefined): RowRange {
  if (a === ALL_ROWS || b === undefined) return ALL_ROWS;
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

function sameWords(words: Uint32Array, now: Uint32Array, length: number): boolean {
  if (words.length !== length) return false;
  for (let i = 0; i < length; i++) {
    if (words[i] !== now[i]) return false;
  }
  return true;
}

function sameFields<T extends object>(a: T, b: T): boolean {
  for (const key in a) {
    if (a[key] !== b[key]) return false;
  }
  return true;
}
