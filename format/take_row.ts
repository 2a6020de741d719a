/**
 * Taking a row from a line of the emulator.
 *
 * @module
 */
import type { EmulatorLine, TakenRow } from "./emulator.ts";
import {
  BLANK,
  blankRow,
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
  type Link,
  OVERLINE,
  SHOWS_ON_BLANK,
  UNDERLINE,
  usedColumns,
  WIDTH_SHIFT,
} from "./row.ts";
import { printable } from "./text.ts";
import { codePointWidth } from "./width.ts";

/** Finds a link by the emulator's number for it. */
export type FindLink = (id: number) => Link | undefined;

/** A cluster longer than this (in UTF-16 units) is cut: a cell is no place for a text. */
const MAX_CLUSTER = 32;
/** The right half of a wide character: no width, no text. */
const RIGHT_HALF = 0;
/** What xterm writes where nothing was written. */
const NULL_CELL = 1 << WIDTH_SHIFT;
/** xterm's underline colour after SGR 59. */
const NO_COLOR = COLOR_MASK;

/** Rows taken one after the other share a buffer of so many words: a buffer of its own costs more than a row. */
const SLAB_WORDS = 8192;
let slab = new ArrayBuffer(0);
let slabUsed = 0;

function allocate(length: number): Uint32Array {
  const bytes = length * Uint32Array.BYTES_PER_ELEMENT;
  if (slabUsed + bytes > slab.byteLength) {
    slab = new ArrayBuffer(Math.max(bytes, SLAB_WORDS * Uint32Array.BYTES_PER_ELEMENT));
    slabUsed = 0;
  }
  const cells = new Uint32Array(slab, slabUsed, length);
  slabUsed += bytes;
  return cells;
}

/**
 * Makes a row of a line: blanks are spaces, broken wide characters are blanks, colours have one form. Only the first
 * `length` columns are taken: a line keeps its old length for a while after the screen became narrower.
 */
export function takeRow(
  line: EmulatorLine,
  length: number,
  findLink: FindLink,
): Omit<TakenRow, "words"> {
  const source = line._data;
  let end = length * CELL;
  while (end > 0 && source[end - 3] === NULL_CELL && (source[end - 2]! | source[end - 1]!) === 0) {
    end -= CELL;
  }
  const used = end / CELL;
  const cells = allocate(length * CELL);
  cells.set(blankRow(length).cells);
  for (let i = 0; i < end; i++) cells[i] = source[i]!;
  let clusters: Map<number, string> | undefined;
  let extras: Map<number, Extra> | undefined;
  let beside = false;
  for (let x = 0, i = 0; x < used; x++, i += CELL) {
    const content = cells[i]!;
    if (content === NULL_CELL) {
      cells[i] = BLANK;
    } else if (content & CLUSTER) {
      beside = true;
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
    let extra: Extra | undefined;
    if (bg & EXTRA) {
      beside = true;
      extra = takeExtra(line, x, fg, findLink);
    }
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
  const row = { cells, clusters, extras, wrapped: line.isWrapped, used: usedColumns(cells, used) };
  return { row, beside };
}

function takeExtra(
  line: EmulatorLine,
  x: number,
  fg: number,
  findLink: FindLink,
): Extra | undefined {
  const source = line._extendedAttrs[x];
  if (source === undefined) return undefined;
  const underlined = (fg & UNDERLINE) !== 0;
  const kind = underlined ? (source._ext >>> 26) & 7 : 0;
  const underline = kind >= 2 && kind <= 5 ? kind as 2 | 3 | 4 | 5 : 0;
  const color = source._ext & COLOR_MASK;
  const underlineColor = !underlined || color === NO_COLOR || (color & COLOR_MODE) === 0
    ? 0
    : oneColorForm(color);
  const link = source._urlId === 0 ? undefined : findLink(source._urlId);
  if (underline === 0 && underlineColor === 0 && link === undefined) return undefined;
  return { underline, underlineColor, link };
}

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
