/**
 * Rows of cells: the packed, immutable form in which every part of the program holds text.
 *
 * A cell is three unsigned 32-bit words, laid out as xterm.js does so that taking a frame is a copy:
 *
 * ```text
 * content   2 bits width (0 = right half of a wide character) | 1 bit cluster | 21 bits code point
 * fg        6 bits flags | 2 bits colour mode | 24 bits colour
 * bg        6 bits flags | 2 bits colour mode | 24 bits colour
 * ```
 *
 * What does not fit (clusters of several code points, underline kinds and colours, hyperlinks) is kept
 * beside the cells by column. A blank is always code point 32 of width 1, and has no more style than is seen of it: a
 * background alone, unless it is inverse, underlined, overlined, struck through or linked.
 *
 * @module
 */

/** Words a cell. */
export const CELL = 3;

/** Content: the code point, when {@link CLUSTER} is not set. */
export const CODE_MASK = 0x1fffff;
/** Content: the text is in {@link Row.clusters}. */
export const CLUSTER = 0x200000;
/** Content: shift of the width, 0 to 2. */
export const WIDTH_SHIFT = 22;
/** The content word of a blank cell. */
export const BLANK = 32 | (1 << WIDTH_SHIFT);

/** Colour word: everything that makes up the colour. */
export const COLOR_MASK = 0x3ffffff;
/** Colour word: the mode bits. */
export const COLOR_MODE = 0x3000000;
/** Colour modes: one of the 16 named colours, one of 256, 24-bit. 0 is the terminal's default. */
export const COLOR_16 = 0x1000000, COLOR_256 = 0x2000000, COLOR_RGB = 0x3000000;

/** Flags of the foreground word. */
export const INVERSE = 0x4000000,
  BOLD = 0x8000000,
  UNDERLINE = 0x10000000,
  BLINK = 0x20000000,
  HIDDEN = 0x40000000,
  STRIKE = 0x80000000;

/** Flags of the background word. */
export const ITALIC = 0x4000000, DIM = 0x8000000, EXTRA = 0x10000000, OVERLINE = 0x40000000;

/** What of the foreground word is seen where there is no text. */
export const SHOWS_ON_BLANK = INVERSE | UNDERLINE | STRIKE;

/** A hyperlink (OSC 8). Cells of one link share its `id` where the program gave one. */
export interface Link {
  readonly id: string;
  readonly uri: string;
}

/** What a cell has beyond its three words; a cell with one has {@link EXTRA} set. */
export interface Extra {
  /** 0 none or plain, 2 double, 3 curly, 4 dotted, 5 dashed (SGR 4:n). */
  readonly underline: 0 | 2 | 3 | 4 | 5;
  /** A colour word (mode and colour); 0 follows the text. */
  readonly underlineColor: number;
  readonly link: Link | undefined;
}

/** One row of a screen. Never changed after it was made. */
export interface Row {
  /** `cols * CELL` words. */
  readonly cells: Uint32Array;
  /** Texts of more than one code point, by column. */
  readonly clusters: ReadonlyMap<number, string> | undefined;
  /** Underline kinds, underline colours and links, by column. */
  readonly extras: ReadonlyMap<number, Extra> | undefined;
  /** Whether the row continues the one above it (a soft wrap). */
  readonly wrapped: boolean;
  /** From this column on there is nothing but blanks without a background: no reader need look there. */
  readonly used: number;
}

const blankRows = new Map<number, Row>();

/** A row of blanks; the same object for the same width. */
export function blankRow(cols: number): Row {
  let row = blankRows.get(cols);
  if (row === undefined) {
    const cells = new Uint32Array(cols * CELL);
    for (let i = 0; i < cells.length; i += CELL) cells[i] = BLANK;
    row = { cells, clusters: undefined, extras: undefined, wrapped: false, used: 0 };
    if (blankRows.size > 64) blankRows.clear();
    blankRows.set(cols, row);
  }
  return row;
}

/** The column after the last cell that is not a blank without a background, looking left from column `from`. */
export function usedColumns(cells: Uint32Array, from: number): number {
  let i = (from - 1) * CELL;
  while (i >= 0 && cells[i] === BLANK && (cells[i + 1]! | cells[i + 2]!) === 0) i -= CELL;
  return i / CELL + 1;
}

/** Whether a row is nothing but blanks without a background. */
export function isBlank(row: Row): boolean {
  return usedColumns(row.cells, row.used) === 0;
}

/** How many columns a row has. */
export function rowCols(row: Row): number {
  return row.cells.length / CELL;
}

/** The text of one cell: a blank is a space, the right half of a wide character is empty. */
export function cellText(row: Row, x: number): string {
  const content = row.cells[x * CELL]!;
  if (content & CLUSTER) return row.clusters?.get(x) ?? " ";
  return content >>> WIDTH_SHIFT === 0 ? "" : String.fromCodePoint(content & CODE_MASK);
}

/**
 * The text of a row, without the blanks at its end.
 *
 * @example
 * ```ts
 * import { rowText } from "./row.ts";
 * import { Screen } from "./screen.ts";
 * import assert from "node:assert/strict";
 *
 * using screen = new Screen({ cols: 20, rows: 2 });
 * screen.write("\x1b[1mbold\x1b[m 日本");
 * assert.equal(rowText(screen.frame().lines[0]!), "bold 日本");
 * ```
 */
export function rowText(row: Row): string {
  let text = "";
  for (let x = 0; x < row.used; x++) text += cellText(row, x);
  return text.trimEnd();
}

/** The text of a row before column `x`, spaces included. */
export function textBefore(row: Row, x: number): string {
  let text = "";
  for (let at = 0; at < Math.min(x, rowCols(row)); at++) text += cellText(row, at);
  return text;
}

/** Whether two links are the same link. */
export function linksEqual(a: Link | undefined, b: Link | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.id === b.id && a.uri === b.uri);
}

/** Whether two cells' extras look and act the same. */
export function extrasEqual(a: Extra | undefined, b: Extra | undefined): boolean {
  return a === b ||
    (a !== undefined && b !== undefined && a.underline === b.underline &&
      a.underlineColor === b.underlineColor && linksEqual(a.link, b.link));
}

/** Whether the cells at one column of two rows are the same in text and style. */
export function cellsEqual(a: Row, b: Row, x: number): boolean {
  const i = x * CELL;
  const content = a.cells[i]!, bg = a.cells[i + 2]!;
  if (content !== b.cells[i] || a.cells[i + 1] !== b.cells[i + 1] || bg !== b.cells[i + 2]) {
    return false;
  }
  if (content & CLUSTER && a.clusters?.get(x) !== b.clusters?.get(x)) return false;
  return (bg & EXTRA) === 0 || extrasEqual(a.extras?.get(x), b.extras?.get(x));
}

/** Whether two rows show the same. How a row came to be there (`wrapped`) is not looked at. */
export function rowsEqual(a: Row, b: Row): boolean {
  if (a === b) return true;
  const from = a.cells, to = b.cells;
  if (from.length !== to.length) return false;
  const end = Math.max(a.used, b.used) * CELL;
  for (let i = 0; i < end; i++) {
    if (from[i] !== to[i]) return false;
  }
  if (a.clusters !== undefined) {
    for (const [x, text] of a.clusters) if (b.clusters?.get(x) !== text) return false;
  }
  if (a.extras !== undefined) {
    for (const [x, extra] of a.extras) if (!extrasEqual(extra, b.extras?.get(x))) return false;
  }
  return true;
}
