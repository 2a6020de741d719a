/**
 * Follows private keys from row to row: their lines are secret because of the line that they stand below.
 *
 * @module
 */
import { CELL, CLUSTER, CODE_MASK, type Row, rowCols } from "../format/row.ts";
import type { Engine } from "./engine.ts";
import { type CursorPlace, DrawnText, type Known, type Piece, type Region } from "./lines.ts";
import { linePieces, logicalLine } from "./logical_lines.ts";
import { bodyOf, FULL_LINE, keyCloses, keyLine, keyOpensAt, PEM_RULE } from "./pem.ts";
import { BASE64, KEY } from "./flags.ts";
import { CLASSES, isBoxSide, NO_BASE64 } from "./char_classes.ts";
import type { Range } from "./rule.ts";

/** Most lines of a key, and most blank lines in a row in one. */
const MAX_LINES = 400, MAX_BLANK = 2;
/** Lines that are looked at, upwards, for the first one of a key. */
const MAX_WALK = 100;

/** A number that no line has. */
const NONE = -(1 << 30);

/** The row above is inside a private key. */
interface Inside {
  readonly region: Region;
  readonly lines: number;
  readonly blank: number;
}

const NOWHERE: readonly undefined[] = [];

/** The private keys of one screen and of its scrollback. */
export class KeyTracker {
  readonly #engine: Engine;
  readonly #name: string;
  readonly #at: (line: number) => Known | undefined;
  /** The screen as of the last look, how things are below each of its rows, and above the first one. */
  #lines: readonly Row[] = [];
  #below: readonly (Inside | undefined)[] = [];
  #above: Inside | undefined;
  #top = NONE;
  #cursor: CursorPlace | undefined;
  /** The line of the scrollback that was looked at last, and how things are below it. */
  #lastLine = NONE;
  #belowLast: Inside | undefined;

  constructor(engine: Engine, name: string, at: (line: number) => Known | undefined) {
    [this.#engine, this.#name, this.#at] = [engine, name, at];
  }

  /** Everything has another number now. */
  reset(): void {
    [this.#lines, this.#below, this.#above, this.#top] = [[], [], undefined, NONE];
    [this.#lastLine, this.#belowLast] = [NONE, undefined];
  }

  /** Masks the lines of keys on the screen. */
  update(
    lines: readonly Row[],
    top: number,
    flags: Int32Array,
    cursor: CursorPlace | undefined,
  ): void {
    this.#cursor = cursor;
    const above = top === this.#top ? this.#above : this.#aboveTop(top, lines, flags);
    let keys = 0;
    if (this.#engine.keysSeen) { for (let y = 0; y < flags.length; y++) keys |= flags[y]!; }
    let below: readonly (Inside | undefined)[] = NOWHERE;
    if ((keys & KEY) !== 0 || above !== undefined) below = this.#stepAll(lines, top, flags, above);
    this.#lines = lines;
    this.#below = below;
    this.#above = above;
    this.#top = top;
  }

  /** Whether a line of the scrollback cannot be one of a key; otherwise {@link line} is to look at it. */
  passes(line: number, flags: number, used: number): boolean {
    if ((flags & KEY) !== 0) return false;
    const follows = this.#lastLine === line - 1;
    if (follows ? this.#belowLast !== undefined : (flags & BASE64) !== 0 || used >= FULL_LINE) {
      return false;
    }
    this.#lastLine = line;
    this.#belowLast = undefined;
    return true;
  }

  /** Masks a line of the scrollback if it is one of a key. */
  line(line: number, known: Known): void {
    if (this.passes(line, known.flags, known.row.used)) return;
    const follows = this.#lastLine === line - 1;
    const inside = follows ? this.#belowLast : this.#walkUp(line, known);
    [this.#lastLine, this.#belowLast] = [line, this.#step(line, known, inside)];
  }

  #stepAll(
    lines: readonly Row[],
    top: number,
    flags: Int32Array,
    above: Inside | undefined,
  ): readonly (Inside | undefined)[] {
    let inside = above;
    return lines.map((row, y) => inside = this.#step(top + y, { row, flags: flags[y]! }, inside));
  }

  /** How things are above the first row of the screen. */
  #aboveTop(top: number, lines: readonly Row[], flags: Int32Array): Inside | undefined {
    const row = lines[0]!;
    if (this.#engine.keysSeen) {
      const y = top - 1 - this.#top;
      const known = this.#lines[y];
      if (known !== undefined && known === this.#at(top - 1)?.row) return this.#below[y];
    }
    return row.used > 0 ? this.#walkUp(top, { row, flags: flags[0]! }) : undefined;
  }

  /** Looks upwards for the first line of a key that a line may be part of. */
  #walkUp(line: number, known: Known): Inside | undefined {
    if (!isBody(known)) return undefined;
    let short = false;
    for (let at = line; line - at < MAX_WALK;) {
      const here = this.#at(at);
      if (here === undefined) return undefined;
      if (isWholeLine(here)) {
        if (short && here.row.used < FULL_LINE) return undefined;
        short = here.row.used < FULL_LINE;
        at--;
        continue;
      }
      const { from, to } = logicalLine(this.#at, at);
      const { text } = new DrawnText(linePieces(this.#at, from, to));
      if (at < line && keyOpensAt(text) >= 0) {
        this.#engine.keysSeen = true;
        return opened(here.row, 0, line - at);
      }
      if (bodyOf(text) !== undefined) {
        // Only the last line of a key is a short one.
        if (short && text.length < FULL_LINE) return undefined;
        short = text.length < FULL_LINE;
      } else if (keyLine(text).kind !== "between") return undefined;
      at = from - 1;
    }
    return undefined;
  }

  /** Looks at one line. Returns how things are below it. */
  #step(line: number, { row, flags }: Known, inside: Inside | undefined): Inside | undefined {
    let below: Inside | undefined;
    if (inside !== undefined) below = this.#stepInside(line, row, inside);
    if ((flags & KEY) === 0) return below;
    const text = textOf(row);
    if (inside === undefined && keyCloses(text)) this.#markUp(line);
    const opens = this.#engine.keyOpens.get(row);
    return opens === undefined ? below : opened(row, opens, 0);
  }

  #stepInside(line: number, row: Row, inside: Inside): Inside | undefined {
    const { region, lines, blank } = inside;
    if (lines >= MAX_LINES) return undefined;
    const pieces = [{ row, line, ...regionOf(row, region) }];
    const drawn = new DrawnText(pieces);
    const found = keyLine(drawn.text, drawn.cursorAt(this.#cursor));
    if (found.kind === "between") {
      return blank < MAX_BLANK ? { region, lines: lines + 1, blank: blank + 1 } : undefined;
    }
    if (found.range !== undefined) this.#mark(pieces, drawn, found.range, lines === 0);
    return found.kind === "body" ? { region, lines: lines + 1, blank: 0 } : undefined;
  }

  /** Masks the lines above the last one of a key whose first one is not to be seen. */
  #markUp(line: number): void {
    for (let at = line - 1; line - at <= MAX_WALK;) {
      const above = this.#at(at);
      if (above === undefined || above.row.used === 0) return;
      const { from, to } = logicalLine(this.#at, at);
      const pieces = linePieces(this.#at, from, to);
      const drawn = new DrawnText(pieces);
      const range = bodyOf(drawn.text);
      if (range === undefined || at < line - 1 && range.to - range.from < FULL_LINE / 2) return;
      this.#mark(pieces, drawn, range, at === line - 1);
      at = from - 1;
    }
  }

  #mark(pieces: readonly Piece[], drawn: DrawnText, range: Range, counts: boolean): void {
    for (const { piece, from, to } of drawn.columns(range.from, range.to)) {
      const { row, line } = pieces[piece]!;
      if (!this.#engine.masks.add(row, from, to, PEM_RULE)) continue;
      const place = `${this.#name}:${line}:${from}`;
      this.#engine.note(PEM_RULE, drawn.text.slice(range.from, range.to), place, counts);
      if (row.wrapped && pieces.length === 1) this.#noteLine(line, place);
    }
  }

  /** Remembers a line of a key that the terminal wrapped: it may wrap it elsewhere later. */
  #noteLine(line: number, place: string): void {
    const { from, to } = logicalLine(this.#at, line);
    const { text } = new DrawnText(linePieces(this.#at, from, to));
    const range = bodyOf(text);
    if (range === undefined) return;
    this.#engine.note(PEM_RULE, text.slice(range.from, range.to), place, false);
  }
}

/** Whether a row may be a line of a key by itself. */
function isBody({ row, flags }: Known): boolean {
  return (flags & BASE64) !== 0 || row.used >= FULL_LINE && hasRun(row) &&
      bodyOf(textOf(row)) !== undefined;
}

/** Whether a row is nothing but base64, and no part of a longer line. */
function isWholeLine({ row, flags }: Known): boolean {
  return (flags & BASE64) !== 0 && !row.wrapped && row.used < rowCols(row) - 1;
}

/** Fewest characters of base64 in a row of what is a line of a key, beside what a program put around it. */
const MIN_RUN = 24;

/** Whether there are so many in a row: most of the others are leapt over. */
function hasRun({ cells, used }: Row): boolean {
  for (let last = MIN_RUN - 1; last < used;) {
    let x = last;
    while (x > last - MIN_RUN && isBase64(cells[x * CELL]! & (CODE_MASK | CLUSTER))) x--;
    if (x === last - MIN_RUN) return true;
    last = x + MIN_RUN;
  }
  return false;
}

function isBase64(code: number): boolean {
  return code < 128 && (CLASSES[code]! & NO_BASE64) === 0;
}

function textOf(row: Row): string {
  return new DrawnText([{ row, line: 0, from: 0, to: row.used }]).text;
}

/** Inside a key whose first line ends at a column of a row. */
function opened(row: Row, column: number, lines: number): Inside {
  let from = column, to = column;
  while (from > 0 && !isBoxSide(row.cells[(from - 1) * CELL]! & CODE_MASK)) from--;
  while (to < row.used && !isBoxSide(row.cells[to * CELL]! & CODE_MASK)) to++;
  return { region: { from, to: to >= row.used ? rowCols(row) : to }, lines, blank: 0 };
}

/** The columns of a region in a row; all of the row when its box has no sides there. */
function regionOf(row: Row, { from, to }: Region): Region {
  const side = (x: number): boolean =>
    x >= 0 && x < row.used && isBoxSide(row.cells[x * CELL]! & CODE_MASK);
  const left = from === 0 || side(from - 1), right = to === rowCols(row) || side(to);
  return left && right ? { from, to: Math.min(to, row.used) } : { from: 0, to: row.used };
}
