/**
 * The difference of two rows that stand in the same place.
 *
 * @module
 */
import type { AnsiWriter } from "./ansi_writer.ts";
import { BLANK, CELL, cellsEqual, COLOR_MASK, type Row, rowCols, WIDTH_SHIFT } from "./row.ts";

/** Unchanged cells up to this many are written again rather than jumped over: a jump costs about as much. */
const MAX_GAP = 4;
/** Blanks from this many on are erased rather than written. */
const MIN_ERASE = 4, MIN_ERASE_INSIDE = 12;

/** Draws what differs between two rows at row `y`. */
export function drawRow(writer: AnsiWriter, from: Row, to: Row, y: number): void {
  if (from === to) return;
  let last = Math.max(from.used, to.used) - 1;
  while (last >= 0 && cellsEqual(from, to, last)) last--;
  if (last < 0) return;
  const blankFrom = trailingBlanks(to);
  let x = 0;
  while (x <= last) {
    if (cellsEqual(from, to, x)) {
      x++;
      continue;
    }
    if (x >= blankFrom && last - x + 1 >= MIN_ERASE) {
      const bg = to.cells[x * CELL + 2]!;
      // A line erased to its end from its beginning is taken for a line of its own.
      if (x === 0 && to.wrapped) writer.erase(x, y, rowCols(to), bg);
      else writer.eraseToEnd(x, y, bg);
      return;
    }
    x = drawRun(writer, from, to, x, last, blankFrom, y);
  }
}

/**
 * Begins a row that continues the one above it, whose last cell was just written, where {@link drawRow} does not do that:
 * it leaves out a first cell that stays as it is, and may erase a blank one.
 */
export function beginWrapped(writer: AnsiWriter, from: Row, to: Row, y: number): void {
  if (to.cells[0] !== BLANK && !cellsEqual(from, to, 0)) return;
  writer.cells(to, 0, to.cells[0]! >>> WIDTH_SHIFT === 2 ? 2 : 1, y);
}

/** Draws one run of changed cells from column `x` on; returns the column after it. */
function drawRun(
  writer: AnsiWriter,
  from: Row,
  to: Row,
  x: number,
  last: number,
  blankFrom: number,
  y: number,
): number {
  // A wide character is drawn whole, also where only its right half changed.
  if (to.cells[x * CELL]! >>> WIDTH_SHIFT === 0) x--;
  const stop = last - blankFrom + 1 >= MIN_ERASE ? Math.min(last, blankFrom - 1) : last;
  let end = x;
  let gap = 0;
  for (let next = x; next <= stop; next++) {
    if (cellsEqual(from, to, next)) {
      if (++gap > MAX_GAP) break;
    } else {
      gap = 0;
      end = next;
    }
  }
  end++;
  const cols = rowCols(to);
  while (end < cols && to.cells[end * CELL]! >>> WIDTH_SHIFT === 0) end++;
  drawCells(writer, to, x, end, y);
  return end;
}

/** Writes cells, long blanks among them as an erase. */
function drawCells(writer: AnsiWriter, row: Row, from: number, to: number, y: number): void {
  let start = from;
  for (let x = from; x < to;) {
    const bg = eraseColor(row, x);
    let end = x + 1;
    if (bg >= 0) { while (end < to && eraseColor(row, end) === bg) end++; }
    if (bg >= 0 && end - x >= MIN_ERASE_INSIDE) {
      if (x > start) writer.cells(row, start, x, y);
      writer.erase(x, y, end - x, bg);
      start = end;
    }
    x = end;
  }
  if (to > start) writer.cells(row, start, to, y);
}

/** The column from which on a row is blank with one background; the number of columns when it is not. */
function trailingBlanks(row: Row): number {
  const cols = rowCols(row);
  if (row.used < cols) return row.used;
  const bg = eraseColor(row, cols - 1);
  if (bg < 0) return cols;
  let x = cols - 1;
  while (x > 0 && eraseColor(row, x - 1) === bg) x--;
  return x;
}

/** The background colour word that erasing a cell would have to leave, or -1 when the cell is no blank. */
function eraseColor(row: Row, x: number): number {
  const i = x * CELL;
  const bg = row.cells[i + 2]!;
  return row.cells[i] === BLANK && row.cells[i + 1] === 0 && (bg & ~COLOR_MASK) === 0 ? bg : -1;
}
