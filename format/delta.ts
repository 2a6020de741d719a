/**
 * Deltas: the smallest reasonable ANSI that takes a terminal from one frame to another.
 *
 * @module
 */
import { AnsiWriter } from "./ansi_writer.ts";
import {
  type Cursor,
  DEFAULT_CURSOR,
  DEFAULT_MODES,
  type Frame,
  type History,
  type Modes,
  type MouseEncoding,
  type MouseTracking,
} from "./frame.ts";
import { BLANK, blankRow, COLOR_MASK, type Row, rowsEqual } from "./row.ts";
import { drawRow } from "./row_delta.ts";
import { drawRows } from "./rows_delta.ts";

/** What {@link diff} may use. */
export interface DiffOptions {
  /** The lines that scrolled off the top of `to`'s screen; without it none is part of the delta. */
  readonly history?: History;
  /** How many scrolled lines the delta may carry. Default: all of them. */
  readonly maxLines?: number;
}

/** The difference of two frames. */
export interface Delta {
  /** ANSI, empty when nothing changed. */
  readonly ansi: string;
  /** How many lines scrolled by without being part of the delta. */
  readonly omittedLines: number;
}

const EMPTY: Delta = Object.freeze({ ansi: "", omittedLines: 0 });

/**
 * The difference of two frames, as ANSI for a terminal that shows `from`, with the default pen, no scroll
 * region and autowrap on; it is left so. Frames of different sizes are for a terminal that was resized
 * already: all of it is drawn anew.
 *
 * @example
 * ```ts
 * import { diff } from "./delta.ts";
 * import { Screen } from "./screen.ts";
 * import assert from "node:assert/strict";
 *
 * using screen = new Screen({ cols: 80, rows: 24 });
 * const before = screen.frame();
 * screen.write("hello");
 * assert.equal(diff(before, screen.frame()).ansi, "hello");
 * ```
 */
export function diff(from: Frame, to: Frame, options: DiffOptions = {}): Delta {
  if (from === to) return EMPTY;
  const resized = from.cols !== to.cols || from.rows !== to.rows;
  const writer = new AnsiWriter(to.cols, to.rows, resized ? undefined : from.cursor);
  let start = from;
  if (resized) {
    if (from.under !== undefined) writer.jump("\x1b[?1049l");
    writer.eraseBelow(0);
    start = { ...from, lines: blankLines(to), under: undefined, top: to.top };
  }
  const omittedLines = drawScreens(writer, start, to, options);
  drawModes(writer, from.modes, to.modes);
  if (from.title !== to.title) writer.raw(`\x1b]2;${to.title}\x07`);
  if (from.bells !== to.bells) writer.raw("\x07");
  drawCursor(writer, from.cursor, to);
  const ansi = writer.finish();
  return ansi === "" && omittedLines === 0 ? EMPTY : { ansi, omittedLines };
}

/** ANSI that draws a whole frame on a terminal of its size that has just been reset. */
export function keyframe(frame: Frame): string {
  const { top, bells } = frame;
  return diff({ ...blankFrame(frame.cols, frame.rows), top, bells }, frame).ansi;
}

/** What a terminal shows after a reset. */
export function blankFrame(cols: number, rows: number): Frame {
  return {
    cols,
    rows,
    lines: blankLines({ cols, rows }),
    under: undefined,
    cursor: DEFAULT_CURSOR,
    modes: DEFAULT_MODES,
    title: "",
    bells: 0,
    top: 0,
  };
}

/** Whether two frames show the same. Bells and line numbers are events, not what is shown. */
export function framesEqual(a: Frame, b: Frame): boolean {
  return a === b ||
    a.cols === b.cols && a.rows === b.rows && a.title === b.title &&
      linesEqual(a.lines, b.lines) && linesEqual(a.under, b.under) &&
      fieldsEqual(a.cursor, b.cursor) && fieldsEqual(a.modes, b.modes);
}

function blankLines({ cols, rows }: { readonly cols: number; readonly rows: number }): Row[] {
  return new Array<Row>(rows).fill(blankRow(cols));
}

/** Draws the normal screen and the alternate one, whichever are there. Returns the lines left out. */
function drawScreens(writer: AnsiWriter, from: Frame, to: Frame, options: DiffOptions): number {
  const normalFrom = from.under ?? from.lines, normalTo = to.under ?? to.lines;
  const normalSame = from.top === to.top && linesEqual(normalFrom, normalTo) &&
    normalFrom.every((row, y) => row.wrapped === normalTo[y]!.wrapped);
  if (from.under !== undefined && to.under !== undefined && normalSame) {
    drawRows(writer, from.lines, to.lines);
    return 0;
  }
  if (from.under !== undefined) writer.jump("\x1b[?1049l");
  const omitted = normalSame
    ? 0
    : drawNormal(writer, normalFrom, normalTo, to.top - from.top, options, from.top);
  if (to.under !== undefined) {
    writer.jump("\x1b[?1049h");
    drawRows(writer, blankLines(to), to.lines);
  }
  return omitted;
}

/**
 * Draws the normal screen after `scrolled` lines went off its top: what is shown is first brought up to date where
 * it stands, then the lines below it are scrolled in, so that a terminal's own scrollback is right too.
 */
function drawNormal(
  writer: AnsiWriter,
  from: readonly Row[],
  to: readonly Row[],
  scrolled: number,
  options: DiffOptions,
  top: number,
): number {
  const rows = to.length;
  const maxLines = options.history === undefined ? 0 : options.maxLines ?? Infinity;
  if (scrolled <= 0 || (scrolled > rows && maxLines === 0)) {
    drawRows(writer, from, to);
    return Math.max(0, scrolled - rows);
  }
  const line = (i: number): Row | undefined =>
    i < scrolled ? options.history?.(top + i) : to[i - scrolled]!;
  let first = rows;
  let omitted = 0;
  if (scrolled <= maxLines + rows) {
    const target = from.map((row, y) => line(y) ?? row);
    drawRows(writer, from, target);
  } else {
    first = scrolled - maxLines;
    omitted = first - rows;
  }
  const blank = blankRow(writer.cols);
  for (let i = first; i < scrolled + rows; i++) {
    const row = line(i);
    if (row === undefined) {
      omitted++;
      continue;
    }
    // After a gap the bottom row shows another line.
    const follows = row.wrapped && (i > first || first === rows);
    scrollIn(writer, follows ? line(i - 1) : undefined, row, rows - 1);
    drawRow(writer, blank, row, rows - 1);
  }
  return omitted;
}

/** Scrolls by one line for `row`, which continues the bottom row where that is `before`. */
function scrollIn(writer: AnsiWriter, before: Row | undefined, row: Row, bottom: number): void {
  if (before !== undefined) writer.endRow(before, bottom);
  if (before === undefined || !writer.wrapsInto(bottom + 1)) writer.scroll();
  else if (row.cells[0] !== BLANK && (row.cells[2]! & COLOR_MASK) === 0) writer.wrapScrollInto();
  else writer.wrapScroll();
}

function drawCursor(writer: AnsiWriter, from: Cursor, frame: Frame): void {
  const to = frame.cursor;
  writer.shows(frame.lines);
  if (from.shape !== to.shape || from.blink !== to.blink) {
    const shape = { default: 0, block: 2, underline: 4, bar: 6 }[to.shape];
    writer.raw(`\x1b[${shape === 0 ? 0 : to.blink ? shape - 1 : shape} q`);
  }
  writer.moveTo(to.x, to.y, frame.lines[to.y]);
  if (from.visible !== to.visible) writer.raw(to.visible ? "\x1b[?25h" : "\x1b[?25l");
}

const MOUSE: Readonly<Record<Exclude<MouseTracking, "none">, number>> = {
  press: 9,
  click: 1000,
  drag: 1002,
  move: 1003,
};
const ENCODING: Readonly<Record<Exclude<MouseEncoding, "bytes">, number>> = {
  "sgr": 1006,
  "sgr-pixels": 1016,
};

function drawModes(writer: AnsiWriter, from: Modes, to: Modes): void {
  if (from === to) return;
  const set = (before: boolean, after: boolean, mode: number): void => {
    if (before !== after) writer.raw(`\x1b[?${mode}${after ? "h" : "l"}`);
  };
  set(from.applicationCursor, to.applicationCursor, 1);
  if (from.applicationKeypad !== to.applicationKeypad) {
    writer.raw(to.applicationKeypad ? "\x1b=" : "\x1b>");
  }
  set(from.bracketedPaste, to.bracketedPaste, 2004);
  set(from.focusEvents, to.focusEvents, 1004);
  if (from.mouse !== to.mouse) {
    if (from.mouse !== "none") writer.raw(`\x1b[?${MOUSE[from.mouse]}l`);
    if (to.mouse !== "none") writer.raw(`\x1b[?${MOUSE[to.mouse]}h`);
  }
  if (from.mouseEncoding !== to.mouseEncoding) {
    if (from.mouseEncoding !== "bytes") writer.raw(`\x1b[?${ENCODING[from.mouseEncoding]}l`);
    if (to.mouseEncoding !== "bytes") writer.raw(`\x1b[?${ENCODING[to.mouseEncoding]}h`);
  }
}

function linesEqual(a: readonly Row[] | undefined, b: readonly Row[] | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.every((row, y) => rowsEqual(row, b[y]!));
}

function fieldsEqual<T extends object>(a: T, b: T): boolean {
  if (a === b) return true;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
  }
  return true;
}
