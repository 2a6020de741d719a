/**
 * The terminal emulator: bytes or text in, frames out.
 *
 * @module
 */
import {
  createEmulator,
  type Emulator,
  type EmulatorLine,
  type EmulatorLines,
} from "./emulator.ts";
import {
  type Cursor,
  DEFAULT_CURSOR,
  type Frame,
  type Modes,
  type MouseEncoding,
  type MouseTracking,
} from "./frame.ts";
import {
  BLANK,
  CELL,
  CLUSTER,
  CODE_MASK,
  COLOR_16,
  COLOR_256,
  COLOR_MASK,
  COLOR_MODE,
  COLOR_RGB,
  EXTRA,
  type Extra,
  INVERSE,
  type Link,
  OVERLINE,
  type Row,
  rowsEqual,
  STRIKE,
  UNDERLINE,
  WIDTH_SHIFT,
} from "./row.ts";
import { printable } from "./text.ts";
import { codePointWidth } from "./width.ts";

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

/** A cluster longer than this (in UTF-16 units) is cut: a cell is no place for a text. */
const MAX_CLUSTER = 32;
/** Titles are cut at this length, link targets beyond the other are not links (in UTF-16 units). */
const MAX_TITLE = 256, MAX_URI = 2083;

const MOUSE: Readonly<Record<string, MouseTracking>> = {
  X10: "press",
  VT200: "click",
  DRAG: "drag",
  ANY: "move",
};
const ENCODING: Readonly<Record<string, MouseEncoding>> = { SGR: "sgr", SGR_PIXELS: "sgr-pixels" };

/** The right half of a wide character: no width, no text. */
const RIGHT_HALF = 0;
/** What xterm writes where nothing was written. */
const NULL_CELL = 1 << WIDTH_SHIFT;
/** xterm's underline colour after SGR 59. */
const NO_COLOR = COLOR_MASK;

/** A row as it was taken from a line of the emulator, with the words it was taken from. */
interface Taken {
  readonly words: Uint32Array;
  readonly row: Row;
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
  /** Rows by the line they were taken from; lines keep their identity while they scroll. */
  readonly #taken = new WeakMap<EmulatorLine, Taken>();
  #title = "";
  #bells = 0;
  #lines: EmulatorLines;
  #watch: { dispose(): void };
  /** Absolute number of the first line that `#lines` ever held, and how many it has dropped since. */
  #base = 0;
  #trimmed = 0;
  #links = new Map<number, Link>();
  #last: Frame | undefined;

  constructor(options: ScreenOptions) {
    this.#emulator = createEmulator(options.cols, options.rows, options.scrollback ?? 1000);
    const { terminal, core } = this.#emulator;
    terminal.onTitleChange((title) => this.#title = printable(title, MAX_TITLE));
    terminal.onBell(() => this.#bells++);
    if (options.onReply) terminal.onData(options.onReply);
    this.#lines = core._bufferService.buffers.normal.lines;
    this.#watch = this.#lines.onTrim((amount) => this.#trimmed += amount);
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

  /** Whether the program asked that nothing be shown before it says so (DECSET 2026). */
  get synchronized(): boolean {
    return this.#emulator.core.coreService.decPrivateModes.synchronizedOutput;
  }

  /**
   * Adds a handler for a sequence that the emulator does not answer by itself (colour queries). It returns
   * whether it handled it.
   */
  onOsc(code: number, handler: (data: string) => boolean): void {
    this.#emulator.terminal.parser.registerOscHandler(code, handler);
  }

  /** Feeds output of a program. Bytes are UTF-8; a character may be split between two calls. */
  write(data: string | Uint8Array): void {
    if (data.length > 0) this.#emulator.core._writeBuffer.writeSync(data);
  }

  /** Changes the size; lines rewrap as in xterm. */
  resize(cols: number, rows: number): void {
    const top = this.top;
    this.#emulator.terminal.resize(cols, rows);
    // Lines that rewrapping moved did not scroll away.
    this.#base += top - this.top;
  }

  /** Back to the state of a new terminal of this size. Line numbers go on. */
  reset(): void {
    const top = this.top;
    this.#emulator.terminal.reset();
    this.#title = "";
    this.#base += top - this.top;
  }

  /** What is shown now. Rows that did not change are the ones of the last frame. */
  frame(): Frame {
    const { active, alt, normal } = this.#emulator.core._bufferService.buffers;
    const last = this.#last;
    const top = this.top;
    const lines = this.#rows(active.lines, active.ybase, last?.lines);
    const under = active === alt
      ? this.#rows(normal.lines, normal.ybase, last?.under ?? last?.lines)
      : undefined;
    const cursor = this.#cursor(active.x, active.y, last?.cursor);
    const modes = this.#modes(last?.modes);
    if (
      last !== undefined && last.lines === lines && last.under === under &&
      last.cursor === cursor && last.modes === modes && last.title === this.#title &&
      last.bells === this.#bells && last.top === top
    ) return last;
    const { cols, rows } = this;
    const { title, bells } = { title: this.#title, bells: this.#bells };
    this.#last = { cols, rows, lines, under, cursor, modes, title, bells, top };
    return this.#last;
  }

  /** A line that has scrolled off the top, by its absolute number; `undefined` once it is gone. */
  readonly history = (line: number): Row | undefined => {
    const top = this.top;
    const index = line - this.#base - this.#trimmed;
    if (index < 0 || line >= top) return undefined;
    const found = this.#lines.get(index);
    if (found === undefined) return undefined;
    return this.#taken.has(found) ? this.#row(found) : this.#convert(found);
  };

  [Symbol.dispose](): void {
    this.#watch.dispose();
    this.#emulator.terminal.dispose();
  }

  /** A reset of the emulator replaces its lines; the numbers go on from the last one. */
  #replaceLines(lines: EmulatorLines): void {
    this.#base = this.#last?.top ?? 0;
    this.#trimmed = 0;
    this.#watch.dispose();
    this.#lines = lines;
    this.#watch = lines.onTrim((amount) => this.#trimmed += amount);
  }

  /** The rows of a screen, or `last` itself when all of them are as they were. */
  #rows(lines: EmulatorLines, from: number, last: readonly Row[] | undefined): readonly Row[] {
    const { rows } = this;
    const taken: Row[] = new Array(rows);
    let changed = last?.length !== rows;
    for (let y = 0; y < rows; y++) {
      const row = this.#row(lines.get(from + y)!);
      taken[y] = row;
      if (!changed && row !== last![y]) changed = true;
    }
    return changed ? taken : last!;
  }

  #row(line: EmulatorLine): Row {
    const before = this.#taken.get(line);
    const same = before !== undefined && before.row.wrapped === line.isWrapped &&
      sameWords(before.words, line._data, this.cols * CELL);
    // Clusters and extras live beside the words and change without them.
    if (same && before.row.clusters === undefined && before.row.extras === undefined) {
      return before.row;
    }
    const row = this.#convert(line);
    if (same && rowsEqual(row, before.row)) return before.row;
    this.#taken.set(line, { words: line._data.slice(0, this.cols * CELL), row });
    return row;
  }

  /** Makes a row of a line: blanks are spaces, broken wide characters are blanks, colours have one form. */
  #convert(line: EmulatorLine): Row {
    // A line keeps its old length for a while after the screen became narrower.
    const length = this.cols;
    const cells = line._data.slice(0, length * CELL);
    let clusters: Map<number, string> | undefined;
    let extras: Map<number, Extra> | undefined;
    for (let x = 0, i = 0; x < length; x++, i += CELL) {
      const content = cells[i]!;
      if (content === NULL_CELL) {
        cells[i] = BLANK;
      } else if (content & CLUSTER) {
        const text = printable(line._combined[x] ?? "", MAX_CLUSTER);
        const width = content >>> WIDTH_SHIFT;
        if (text === "" || width === 0 || codePointWidth(text.codePointAt(0)!) !== width) {
          cells[i] = BLANK;
        } else if (text.length === 1) cells[i] = text.charCodeAt(0) | (width << WIDTH_SHIFT);
        else {
          cells[i] = CLUSTER | (width << WIDTH_SHIFT);
          clusters ??= new Map();
          clusters.set(x, text);
        }
      } else if (content === RIGHT_HALF) {
        if (x > 0 && cells[i - CELL]! >>> WIDTH_SHIFT === 2) {
          // One character has one style.
          cells[i + 1] = cells[i + 1 - CELL]!;
          cells[i + 2] = cells[i + 2 - CELL]! & ~EXTRA;
          continue;
        }
        cells[i] = BLANK;
      } else if ((content & CODE_MASK) >= 0x7f && !isWhole(content)) {
        cells[i] = BLANK;
      }
      if (
        cells[i]! >>> WIDTH_SHIFT === 2 && (x + 1 === length || cells[i + CELL] !== RIGHT_HALF)
      ) {
        cells[i] = BLANK;
        clusters?.delete(x);
      }
      const fg = cells[i + 1]!, bg = cells[i + 2]!;
      if ((fg | bg) === 0) continue;
      const extra = bg & EXTRA ? this.#extra(line, x, fg) : undefined;
      if (
        cells[i] === BLANK && (fg & SHOWS_ON_BLANK) === 0 && (bg & OVERLINE) === 0 &&
        extra === undefined
      ) {
        // Nothing but the background is seen of such a blank.
        cells[i + 1] = 0;
        cells[i + 2] = oneColorForm(bg) & COLOR_MASK;
        continue;
      }
      cells[i + 1] = oneColorForm(fg);
      cells[i + 2] = oneColorForm(bg) & ~(EXTRA | PROTECTED) | (extra === undefined ? 0 : EXTRA);
      if (extra !== undefined) {
        extras ??= new Map();
        extras.set(x, extra);
      }
    }
    if (clusters?.size === 0) clusters = undefined;
    return { cells, clusters, extras, wrapped: line.isWrapped };
  }

  #extra(line: EmulatorLine, x: number, fg: number): Extra | undefined {
    const source = line._extendedAttrs[x];
    if (source === undefined) return undefined;
    const underlined = (fg & UNDERLINE) !== 0;
    const kind = underlined ? (source._ext >>> 26) & 7 : 0;
    const underline = kind >= 2 && kind <= 5 ? kind as 2 | 3 | 4 | 5 : 0;
    const color = source._ext & COLOR_MASK;
    const underlineColor = !underlined || color === NO_COLOR || (color & COLOR_MODE) === 0
      ? 0
      : oneColorForm(color);
    const link = source._urlId === 0 ? undefined : this.#link(source._urlId);
    if (underline === 0 && underlineColor === 0 && link === undefined) return undefined;
    return { underline, underlineColor, link };
  }

  /** Links are looked up while their line is there and kept, for rows outlive the emulator's own record. */
  #link(id: number): Link | undefined {
    const known = this.#links.get(id);
    if (known !== undefined) return known;
    const data = this.#emulator.core._oscLinkService.getLinkData(id);
    if (data === undefined) return undefined;
    const uri = printable(data.uri, MAX_URI + 1);
    if (uri.length > MAX_URI || uri !== data.uri) return undefined;
    const link = { id: printable(data.id ?? "", MAX_TITLE).replace(/[:;]/g, ""), uri };
    if (this.#links.size >= 1000) this.#links.delete(this.#links.keys().next().value!);
    this.#links.set(id, link);
    return link;
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

/** What of the foreground is seen where there is no text. */
const SHOWS_ON_BLANK = INVERSE | UNDERLINE | STRIKE;

/** xterm's flag for DECSCA, which nothing here shows. */
const PROTECTED = 0x20000000;

/** Whether a cell holds a character that stands by itself: no surrogate, no combining mark without a base. */
function isWhole(content: number): boolean {
  const code = content & CODE_MASK, width = content >>> WIDTH_SHIFT;
  return width > 0 && (code < 0xd800 || code > 0xdfff) && codePointWidth(code) === width;
}

/**
 * A style word with its colour in the one form that rows have: xterm leaves bits of an older colour beside a
 * palette index, and the first 16 of the 256 colours are the named ones (`38;5;1` and `31` are one colour).
 */
function oneColorForm(word: number): number {
  switch (word & COLOR_MODE) {
    case COLOR_RGB:
      return word;
    case COLOR_16:
      return word & ~0xffff00;
    case COLOR_256:
      return (word & 0xff) < 16 ? word & ~(COLOR_MODE | 0xffff00) | COLOR_16 : word & ~0xffff00;
    default:
      return word & ~0xffffff;
  }
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
