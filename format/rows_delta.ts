/**
 * The difference of two screens of rows: rows that moved are moved, the others compared in place.
 *
 * @module
 */
import type { AnsiWriter } from "./ansi_writer.ts";
import { blankRow, CELL, isBlank, type Row, rowCols, rowsEqual } from "./row.ts";
import { beginWrapped, drawRow } from "./row_delta.ts";

/** From so many changed rows on it pays to look for rows that moved. */
const MIN_CHANGED = 3;
/** Moving rows costs about as much as writing two. */
const MIN_GAIN = 2;
/** How often rows are moved in one delta. */
const MAX_MOVES = 4;

/** Rows `from` to `to` (inclusive) of the new screen stand `by` rows further down on the old one. */
interface Move {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

/** Draws what differs between two screens of the same size. */
export function drawRows(writer: AnsiWriter, from: readonly Row[], to: readonly Row[]): void {
  writer.shows(to);
  if (from === to) return;
  const changed = countChanged(from, to);
  if (changed === 0) return;
  let now = from;
  if (changed >= MIN_CHANGED) {
    for (let i = 0; i < MAX_MOVES; i++) {
      const move = findMove(now, to);
      if (move === undefined) break;
      now = applyMove(writer, now, move);
    }
    now = eraseBottom(writer, now, to);
  }
  for (let y = 0; y < to.length; y++) {
    drawRow(writer, rewrap(writer, now[y]!, to, y), to[y]!, y);
  }
}

/**
 * Sees to it that a terminal takes a row for what it is: the rest of the one above it, or a line of its own, which decides
 * how it wraps at another size and what is copied. Returns the row as it is then.
 */
function rewrap(writer: AnsiWriter, from: Row, to: readonly Row[], y: number): Row {
  const row = to[y]!;
  if (from.wrapped === row.wrapped || y === 0) return from;
  if (from.wrapped) {
    writer.eraseToEnd(0, y, 0);
    return blankRow(rowCols(row));
  }
  writer.endRow(to[y - 1]!, y - 1);
  if (writer.wrapsInto(y)) beginWrapped(writer, from, row, y);
  return from;
}

function countChanged(from: readonly Row[], to: readonly Row[]): number {
  let changed = 0;
  for (let y = 0; y < to.length; y++) {
    if (from[y]!.wrapped !== to[y]!.wrapped || !rowsEqual(from[y]!, to[y]!)) changed++;
  }
  return changed;
}

/** One erase instead of many when the new screen ends in blank rows and the old one does not. */
function eraseBottom(
  writer: AnsiWriter,
  from: readonly Row[],
  to: readonly Row[],
): readonly Row[] {
  let blankFrom = to.length;
  while (blankFrom > 0 && isBlank(to[blankFrom - 1]!)) blankFrom--;
  let dirty = 0;
  for (let y = blankFrom; y < to.length; y++) if (!isBlank(from[y]!)) dirty++;
  if (dirty < 2) return from;
  writer.eraseBelow(blankFrom);
  const blank = blankRow(rowCols(from[0]!));
  return from.map((row, y) => y < blankFrom ? row : blank);
}

/** The move that saves most, if any saves enough. */
function findMove(from: readonly Row[], to: readonly Row[]): Move | undefined {
  const places = placesByContent(from);
  const distances = new Map<number, number>();
  for (let y = 0; y < to.length; y++) {
    const row = to[y]!;
    if (rowsEqual(from[y]!, row) || isBlank(row)) continue;
    const place = places.get(contentHash(row));
    if (place === undefined || place < 0) continue;
    distances.set(place - y, (distances.get(place - y) ?? 0) + 1);
  }
  let best: Move | undefined;
  let bestGain = MIN_GAIN - 1;
  for (const [by, votes] of distances) {
    if (by === 0 || votes <= bestGain) continue;
    for (const move of runs(from, to, by)) {
      const gain = gainOf(from, to, move);
      if (gain > bestGain) [best, bestGain] = [move, gain];
    }
  }
  return best;
}

/** Every run of rows of `to` that stands, unbroken, `by` rows further down in `from`. */
function* runs(from: readonly Row[], to: readonly Row[], by: number): Generator<Move> {
  const rows = to.length;
  for (let y = Math.max(0, -by); y < rows && y + by < rows; y++) {
    if (!rowsEqual(to[y]!, from[y + by]!)) continue;
    let end = y;
    while (end + 1 < rows && end + 1 + by < rows && rowsEqual(to[end + 1]!, from[end + 1 + by]!)) {
      end++;
    }
    yield { from: y, to: end, by };
    y = end;
  }
}

/** Rows that a move brings to their place, less the ones that it takes from theirs. */
function gainOf(from: readonly Row[], to: readonly Row[], move: Move): number {
  let gain = 0;
  for (let y = move.from; y <= move.to; y++) {
    if (!rowsEqual(from[y]!, to[y]!) && !isBlank(to[y]!)) gain++;
  }
  const [first, last] = move.by > 0
    ? [move.to + 1, move.to + move.by]
    : [move.from + move.by, move.from - 1];
  for (let y = first; y <= last; y++) {
    if (rowsEqual(from[y]!, to[y]!) && !isBlank(to[y]!)) gain--;
  }
  return gain;
}

/** Deletes rows on one side of the run and inserts as many on the other; the rest stays where it is. */
function applyMove(writer: AnsiWriter, from: readonly Row[], move: Move): readonly Row[] {
  const rows = from.length;
  const count = Math.abs(move.by);
  const deleteAt = move.by > 0 ? move.from : move.to + move.by + 1;
  const insertAt = move.by > 0 ? move.to + 1 : move.from + move.by;
  const blanks = new Array<Row>(count).fill(blankRow(rowCols(from[0]!)));
  const now = [...from];
  // Rows deleted right above the bottom, or inserted there, need no counterpart: blank rows come by themselves.
  if (!(move.by < 0 && move.to === rows - 1)) writer.deleteRows(deleteAt, count);
  now.splice(deleteAt, count);
  if (!(move.by > 0 && insertAt + count === rows)) writer.insertRows(insertAt, count);
  now.splice(insertAt, 0, ...blanks);
  return now;
}

/** Where each row stands, by a hash of its content; -1 where several have the same. */
function placesByContent(rows: readonly Row[]): Map<number, number> {
  const places = new Map<number, number>();
  for (let y = 0; y < rows.length; y++) {
    const hash = contentHash(rows[y]!);
    places.set(hash, places.has(hash) ? -1 : y);
  }
  return places;
}

/** FNV-1a over the words of a row. */
function contentHash(row: Row): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < row.used * CELL; i++) {
    hash = Math.imul(hash ^ row.cells[i]!, 0x01000193);
  }
  return hash;
}
