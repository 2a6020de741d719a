/**
 * Which rows are one line: where a terminal wrapped it, and where a program did.
 *
 * @module
 */
import { rowCols } from "../format/row.ts";
import {
  continues,
  filledTo,
  headOf,
  isSolid,
  type Known,
  type Piece,
  type Region,
  textEnd,
  wrappedRegions,
} from "./lines.ts";
import { SIDES } from "./flags.ts";

/** Characters and rows of one logical line that are looked at together, before and behind a row. */
const MAX_REACH = 6_000, MAX_REACH_ROWS = 128;
/** Rows that a program wrapped one line into which are looked at together, before and behind a row. */
const MAX_WRAPPED = 64;
/** Of those, rows with blanks in them: a secret has none, but what stands before it may. */
const MAX_LOOSE = 3;

/** Looks up a row by its number. */
export type RowLookup = (line: number) => Known | undefined;

/** Rows by their numbers, from `from` to `to` inclusive. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** The rows that the terminal wrapped one line into, as far as they are looked at together with one of them. */
export function logicalLine(at: RowLookup, line: number): RowRange {
  const start = at(line)!;
  const reach = Math.min(MAX_REACH_ROWS, Math.ceil(MAX_REACH / rowCols(start.row)));
  let from = line, to = line;
  for (let below = start; line - from < reach;) {
    const above = below.row.wrapped ? at(from - 1) : undefined;
    if (above === undefined || !continues(above.row, below.row)) break;
    [below, from] = [above, from - 1];
  }
  for (let above = start; to - line < reach;) {
    const below = above.row.used >= rowCols(above.row) - 1 ? at(to + 1) : undefined;
    if (below === undefined || !continues(above.row, below.row)) break;
    [above, to] = [below, to + 1];
  }
  return { from, to };
}

/**
 * The text of a logical line. A row that lacks its last column may have a blank there, or be one column wider since the
 * terminal was resized: `tight` is without such blanks.
 */
export function linePieces(at: RowLookup, from: number, to: number, tight = false): Piece[] {
  const pieces: Piece[] = [];
  for (let line = from; line <= to; line++) {
    const { row } = at(line)!;
    const end = line < to && !tight ? filledTo(row, at(line + 1)!.row) : row.used;
    pieces.push({ row, line, from: 0, to: end });
  }
  return pieces;
}

/**
 * The rows that a program may have wrapped the text of a region into, around the one at `line` and the one below it:
 * those two, and others as long as there is no blank in what goes on, or only in a few of them.
 */
export function wrappedRows(at: RowLookup, line: number, region: Region): RowRange {
  let from = line, to = line + 1;
  for (let loose = 0; line - from < MAX_WRAPPED; from--) {
    if (!isFull(at, from, region) && ++loose > MAX_LOOSE) break;
    if (!joins(at, from - 1, region)) break;
  }
  for (let loose = 0; to - line < MAX_WRAPPED; to++) {
    if (!isFull(at, to, region) && ++loose > MAX_LOOSE) break;
    if (!joins(at, to, region)) break;
  }
  return { from, to };
}

/**
 * What stands in a region of rows, without signs of wrapping: first without the blanks where rows end and begin, then with
 * some that may be part of the text rather than of its box.
 */
export function wrappedVariants(at: RowLookup, range: RowRange, region: Region): Piece[][] {
  const bare = wrappedPieces(at, range, region);
  const variants = [bare], last = bare.length - 1;
  const add = (pieces: Piece[]): void => {
    if (!variants.some((other) => samePieces(other, pieces))) variants.push(pieces);
  };
  // What all rows have is padding.
  const behind = Math.min(...bare.slice(0, -1).map(({ to }) => region.to - to));
  const heads = bare.map(({ row }) => headOf(row, region)).filter((head) => head >= 0);
  const before = Math.min(...heads) - region.from;
  const right = (pieces: Piece[], pad: number): Piece[] =>
    pieces.map((piece, i) => i === last ? piece : { ...piece, to: region.to - pad });
  const left = (pieces: Piece[], pad: number): Piece[] =>
    pieces.map((piece, i) => {
      const from = Math.max(region.from + pad, piece.from - 1);
      return i === 0 ? piece : { ...piece, from };
    });
  for (const pad of [0, behind]) add(right(bare, pad));
  for (const pad of [0, before]) add(left(bare, pad));
  add(left(right(bare, behind), before));
  return variants;
}

function wrappedPieces(at: RowLookup, { from, to }: RowRange, region: Region): Piece[] {
  const pieces: Piece[] = [];
  for (let line = from; line <= to; line++) {
    const { row } = at(line)!;
    const begin = line === from ? region.from : headOf(row, region);
    const end = line === to
      ? Math.min(row.used, region.to)
      : textEnd(row, region, at(line + 1)!.row);
    if (begin < end) pieces.push({ row, line, from: begin, to: end });
  }
  return pieces;
}

/** Whether pieces are the same columns of the same rows. */
function samePieces(a: readonly Piece[], b: readonly Piece[]): boolean {
  return a.length === b.length &&
    a.every((piece, i) => {
      const { line, from, to } = b[i]!;
      return piece.line === line && piece.from === from && piece.to === to;
    });
}

/** Whether a program may have wrapped the text of a region from a row into the next. */
function joins(at: RowLookup, line: number, region: Region): boolean {
  const above = at(line), below = at(line + 1);
  if (above === undefined || below === undefined || continues(above.row, below.row)) return false;
  return wrappedRegions(above.row, below.row, above.flags & below.flags & SIDES)
    .some(({ from, to }) => from === region.from && to === region.to);
}

/** Whether the text of a region has no blank, from its beginning to the region's right side. */
function isFull(at: RowLookup, line: number, region: Region): boolean {
  const row = at(line)?.row;
  if (row === undefined) return false;
  const head = headOf(row, region), end = textEnd(row, region);
  return head >= 0 && end >= 0 && isSolid(row, head, end);
}
