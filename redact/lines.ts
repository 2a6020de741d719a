/**
 * Lines of text from rows: what a program wrote as one line stands in several of them.
 *
 * @module
 */
import { CELL, CLUSTER, CODE_MASK, type Row, rowCols, WIDTH_SHIFT } from "../format/row.ts";
import { codeAt, isBoxSide } from "./char_classes.ts";
import { nextSide } from "./flags.ts";

/** A row, and what is known of it at a glance (see `flags.ts`). */
export interface Known {
  readonly row: Row;
  flags: number;
}

/** A part of a row. */
export interface Piece {
  readonly row: Row;
  /** The row's number, which it keeps while it scrolls. */
  readonly line: number;
  /** Columns, from `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
}

/** A range of columns of a piece, by its number. */
export interface ColumnRange {
  readonly piece: number;
  readonly from: number;
  readonly to: number;
}

/** Where the cursor is: a row's number and a column. */
export interface CursorPlace {
  readonly line: number;
  readonly x: number;
}

/** Text of pieces of rows, one after the other, that knows which column each character came from. */
export class DrawnText {
  readonly text: string;
  readonly #pieces: readonly Piece[];
  /** Where in the text each piece begins, and where the last one ends. */
  readonly #starts: readonly number[];
  /** The column of each character of a piece; `undefined` where that is one to one. */
  readonly #columns: readonly (readonly number[] | undefined)[];

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    let text = "";
    const starts: number[] = [], columns: (readonly number[] | undefined)[] = [];
    for (const piece of pieces) {
      starts.push(text.length);
      const drawn = pieceText(piece);
      text += drawn.text;
      columns.push(drawn.columns);
    }
    starts.push(text.length);
    [this.text, this.#starts, this.#columns] = [text, starts, columns];
  }

  /** The number of the piece that a character is in. */
  pieceAt(index: number): number {
    let piece = 0;
    while (piece + 1 < this.#pieces.length && this.#starts[piece + 1]! <= index) piece++;
    return piece;
  }

  /** Where in the text a piece begins. */
  startOf(piece: number): number {
    return this.#starts[piece]!;
  }

  /** The columns of a range of the text, piece by piece. */
  columns(from: number, to: number): ColumnRange[] {
    const ranges: ColumnRange[] = [];
    for (let i = this.pieceAt(from); i < this.#pieces.length && this.#starts[i]! < to; i++) {
      const { row } = this.#pieces[i]!;
      const first = this.#columnOf(i, Math.max(from, this.#starts[i]!));
      const last = this.#columnOf(i, Math.min(to, this.#starts[i + 1]!) - 1);
      if (last < first) continue;
      const wide = row.cells[last * CELL]! >>> WIDTH_SHIFT === 2;
      ranges.push({ piece: i, from: first, to: last + (wide ? 2 : 1) });
    }
    return ranges;
  }

  /** Whether the text runs to the right edge of its last row, but for padding. */
  get atEdge(): boolean {
    const last = this.#pieces.at(-1);
    return last !== undefined && last.to >= rowCols(last.row) - MAX_PADDING;
  }

  /**
   * How many characters stand before the cursor, blanks behind the text among them; -1 when it is elsewhere. On the last
   * column of a full row it counts as waiting to wrap: see {@link mayWait}.
   */
  cursorAt(cursor: CursorPlace | undefined): number {
    if (cursor === undefined) return -1;
    const last = this.#pieces.length - 1;
    const index = this.#pieces.findIndex(({ line, from, to }, i) =>
      line === cursor.line && cursor.x >= from && (cursor.x <= to || i === last)
    );
    if (index < 0) return -1;
    const { row, from, to } = this.#pieces[index]!;
    const start = this.#starts[index]!, end = this.#starts[index + 1]!;
    if (to === rowCols(row) && cursor.x === to - 1) return end;
    if (cursor.x >= to) return end + cursor.x - to;
    const columns = this.#columns[index];
    if (columns === undefined) return start + cursor.x - from;
    const at = columns.findIndex((column) => column >= cursor.x);
    return at < 0 ? end : start + at;
  }

  /** Whether the cursor is on the last column of a full row: it waits to wrap, or that character is still to come. */
  mayWait(cursor: CursorPlace | undefined): boolean {
    return cursor !== undefined &&
      this.#pieces.some(({ row, line, to }) =>
        line === cursor.line && cursor.x === to - 1 && to === rowCols(row)
      );
  }

  #columnOf(piece: number, index: number): number {
    const at = index - this.#starts[piece]!;
    return this.#columns[piece]?.[at] ?? this.#pieces[piece]!.from + at;
  }
}

/** Shared by all texts while they are made. */
let codes = new Uint16Array(512);

function pieceText({ row, from, to }: Piece): {
  readonly text: string;
  readonly columns: readonly number[] | undefined;
} {
  const { cells } = row;
  if (to - from > codes.length) codes = new Uint16Array((to - from) * 2);
  for (let x = from; x < to; x++) {
    const content = cells[x * CELL]!;
    const code = content & CODE_MASK;
    if (content >>> WIDTH_SHIFT !== 1 || content & CLUSTER || code > 0xffff) {
      return unevenText(row, from, to);
    }
    codes[x - from] = code;
  }
  const used = codes.subarray(0, to - from);
  // Spreading a typed array is ten times slower.
  const text = String.fromCharCode.apply(null, used as unknown as number[]);
  return { text, columns: undefined };
}

/** Of a cluster only its first character counts: what combines with it is not seen as one of its own. */
function unevenText(row: Row, from: number, to: number): {
  readonly text: string;
  readonly columns: readonly number[];
} {
  let text = "";
  const columns: number[] = [];
  for (let x = from; x < to; x++) {
    if (row.cells[x * CELL]! >>> WIDTH_SHIFT === 0) continue;
    const char = String.fromCodePoint(codeAt(row, x));
    text += char;
    for (let i = 0; i < char.length; i++) columns.push(x);
  }
  return { text, columns };
}

/** The columns of a row that a soft wrap filled: all but a last one that a wide character did not fit into. */
export function filledTo(row: Row, next: Row): number {
  const cols = rowCols(row);
  const wideNext = next.cells[0]! >>> WIDTH_SHIFT === 2;
  return wideNext && row.used < cols ? cols - 1 : cols;
}

/**
 * Whether a row continues the one above it, and that one is filled as far as a soft wrap fills it: another one was
 * written over later, or is as a resize left it.
 */
export function continues(above: Row, below: Row): boolean {
  return below.wrapped && above.used >= rowCols(above) - 1;
}

/** Columns that a program wraps its text in: from `from` up to, not including, `to`. */
export interface Region {
  readonly from: number;
  readonly to: number;
}

/** Most blank columns between text and the side of its box: padding, and a blank of the text itself. */
export const MAX_PADDING = 2;
/** Fewest columns of a region that a line is wrapped in; columns of a table are smaller. */
const MIN_REGION = 10;
/** Most blank columns before text that goes on in a whole row. */
const GUTTER = 12;
/** Signs that programs put before what they wrapped. */
const WRAP_SIGN = /^[↪↳⤷…»>+~\\·]$/, MAX_SIGNS = 4;

/**
 * The regions of a row that a program may have wrapped into the row below: those whose text runs to their right side,
 * where the row below has text in the same region.
 *
 * @param sides the {@link SIDES} that both rows have
 */
export function wrappedRegions(above: Row, below: Row, sides: number): readonly Region[] {
  const cell = CELL, mask = CODE_MASK, cols = rowCols(above);
  if (rowCols(below) !== cols || below.used === 0) return NONE;
  let regions: Region[] | undefined;
  let from = 0;
  const add = (to: number): void => {
    const region = { from, to };
    if (to - from < MIN_REGION) return;
    if (textEnd(above, region, below) >= 0 && headOf(below, region) >= 0) {
      (regions ??= []).push(region);
    }
  };
  const end = sides !== 0 && !below.wrapped ? Math.min(above.used, below.used) : 0;
  const upper = above.cells, lower = below.cells;
  for (let x = nextSide(sides, 0); x < end; x = nextSide(sides, x + 1)) {
    const code = upper[x * cell]! & mask;
    // Nearly all characters are below the first that is a side.
    if (code < 0x7c || !isBoxSide(code) || !isBoxSide(lower[x * cell]! & mask)) continue;
    add(x);
    from = x + 1;
  }
  add(cols);
  return regions ?? NONE;
}

const NONE: readonly Region[] = [];

/** The column after the text of a region if it runs to the region's right side, or the row below continues it; else -1. */
export function textEnd(row: Row, region: Region, below?: Row): number {
  const { cells } = row;
  let end = region.to;
  const padding = below?.wrapped === true ? end : MAX_PADDING;
  while (end > region.from && region.to - end < padding && isBlankAt(cells, end - 1)) end--;
  if (end <= region.from || isBlankAt(cells, end - 1)) return -1;
  // Some programs end a row that they wrap with a sign.
  if (end > region.from + 1 && (cells[(end - 1) * CELL]! & CODE_MASK) === 0x5c) end--;
  return end;
}

/** The column at which the text of a region goes on, behind blanks and a sign of wrapping; -1 where there is none. */
export function headOf(row: Row, region: Region): number {
  const wide = region.from === 0 && region.to === rowCols(row);
  const last = Math.min(region.to, region.from + (wide ? GUTTER : MAX_PADDING + 1));
  let x = region.from;
  while (x < last && isBlankAt(row.cells, x)) x++;
  if (x >= last) return -1;
  let after = x;
  while (after < x + MAX_SIGNS && isSignAt(row.cells, after)) after++;
  if (after === x || !isBlankAt(row.cells, after)) return x;
  while (after < region.to && isBlankAt(row.cells, after)) after++;
  return after < region.to ? after : x;
}

/** Whether none of the cells from one column up to another is blank. */
export function isSolid({ cells }: Row, from: number, to: number): boolean {
  for (let x = from; x < to; x++) if (isBlankAt(cells, x)) return false;
  return true;
}

function isSignAt(cells: Uint32Array, x: number): boolean {
  return WRAP_SIGN.test(String.fromCodePoint(cells[x * CELL]! & CODE_MASK));
}

/** Whether a cell is a blank. */
export function isBlankAt(cells: Uint32Array, x: number): boolean {
  return (cells[x * CELL]! & (CODE_MASK | CLUSTER)) === 32;
}
