/**
 * Follows private keys from row to row: their lines are secret because of the line that they stand below.
 *
 * @module
 */
import { CELL, CODE_MASK, type Row, rowCols } from "../format/row.ts";
import type { Engine } from "./engine.ts";
import { type CursorPlace, DrawnText, type Known, type Region } from "./lines.ts";
import { bodyOf, FULL_LINE, keyCloses, keyLine, keyOpensAt, PEM_RULE } from "./pem.ts";
import { BASE64, HIT, isBoxSide, KEY } from "./triggers.ts";

/** Most lines of a key, and most blank lines in a row in one. */
const MAX_LINES = 400, MAX_BLANK = 2;
/** Lines that are looked at, upwards, for the first one of a key. */
const MAX_WALK = 128;

/** The row above is inside a private key. */
interface Inside {
  readonly region: Region;
  readonly lines: number;
  readonly blank: number;
}

/** The private keys of one screen and of its scrollback. */
export class KeyTracker {
  readonly #engine: Engine;
  readonly #name: string;
  readonly #at: (line: number) => Known | undefined;
  /** How things are below each row of the screen, as of the last look, and above the first one. */
  #below: (Inside | undefined)[] = [];
  #above: Inside | undefined;
  #top = NaN;
  #cursor: CursorPlace | undefined;
  /** The line of the scrollback that was looked at last. */
  #last: { readonly line: number; readonly inside: Inside | undefined } | undefined;

  constructor(engine: Engine, name: string, at: (line: number) => Known | undefined) {
    [this.#engine, this.#name, this.#at] = [engine, name, at];
  }

  /** Everything has another number now. */
  reset(): void {
    [this.#below, this.#above, this.#top, this.#last] = [[], undefined, NaN, undefined];
  }

  /** Masks the lines of keys on the screen. */
  update(
    lines: readonly Row[],
    top: number,
    flags: Uint8Array,
    cursor: CursorPlace | undefined,
  ): void {
    this.#cursor = cursor;
    const above = this.#aboveTop(top, lines, flags);
    let keys = 0;
    for (let y = 0; y < flags.length; y++) keys |= flags[y]!;
    if ((keys & KEY) === 0 && above === undefined) {
      [this.#below, this.#above, this.#top] = [[], undefined, top];
      return;
    }
    const below: (Inside | undefined)[] = [];
    let inside = above;
    for (let y = 0; y < lines.length; y++) {
      inside = this.#step(top + y, { row: lines[y]!, flags: flags[y]! }, inside);
      below.push(inside);
    }
    [this.#below, this.#above, this.#top] = [below, above, top];
  }

  /** Masks a line of the scrollback if it is one of a key. */
  line(line: number, known: Known): void {
    const last = this.#last;
    const plain = (known.flags & (KEY | BASE64)) === 0;
    if (last?.line === line - 1 && last.inside === undefined && (known.flags & KEY) === 0) {
      this.#last = { line, inside: undefined };
      return;
    }
    const inside = last?.line === line - 1
      ? last.inside
      : plain && known.row.used < FULL_LINE
      ? undefined
      : this.#walkUp(line, known);
    this.#last = { line, inside: this.#step(line, known, inside) };
  }

  /** How things are above the first row of the screen. */
  #aboveTop(top: number, lines: readonly Row[], flags: Uint8Array): Inside | undefined {
    if (top === this.#top) return this.#above;
    const y = top - 1 - this.#top;
    const inside = this.#below[y];
    if (inside !== undefined) return inside;
    return lines.length > 0 && lines[0]!.used > 0
      ? this.#walkUp(top, { row: lines[0]!, flags: flags[0]! })
      : undefined;
  }

  /** Looks upwards for the first line of a key that a line may be part of. */
  #walkUp(line: number, known: Known): Inside | undefined {
    if (!isBody(known)) return undefined;
    let short = known.row.used < FULL_LINE;
    for (let at = line - 1; at >= line - MAX_WALK; at--) {
      const above = this.#at(at);
      if (above === undefined) return undefined;
      const { row, flags } = above;
      if (flags & HIT && keyOpensAt(textOf(row)) >= 0) return opened(row, 0, line - at);
      if (isBody(above)) {
        // Only the last line of a key is a short one.
        if (short && row.used < FULL_LINE) return undefined;
        short = row.used < FULL_LINE;
      } else if (keyLine(textOf(row)).kind !== "between") return undefined;
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
    const columns = regionOf(row, region);
    const drawn = new DrawnText([{ row, line, ...columns }]);
    const found = keyLine(drawn.text, drawn.cursorAt(this.#cursor));
    if (found.kind === "between") {
      return blank < MAX_BLANK ? { region, lines: lines + 1, blank: blank + 1 } : undefined;
    }
    if (found.range !== undefined) this.#mark(line, row, drawn, found.range, lines === 0);
    return found.kind === "body" ? { region, lines: lines + 1, blank: 0 } : undefined;
  }

  /** Masks the lines above the last one of a key whose first one is not to be seen. */
  #markUp(line: number): void {
    for (let at = line - 1; at >= line - MAX_WALK; at--) {
      const above = this.#at(at);
      if (above === undefined || above.row.used === 0) return;
      const { row } = above;
      const drawn = new DrawnText([{ row, line: at, from: 0, to: row.used }]);
      const range = bodyOf(drawn.text);
      if (range === undefined || at < line - 1 && range.to - range.from < FULL_LINE / 2) return;
      this.#mark(at, row, drawn, range, at === line - 1);
    }
  }

  #mark(
    line: number,
    row: Row,
    drawn: DrawnText,
    range: { readonly from: number; readonly to: number },
    counts: boolean,
  ): void {
    for (const { from, to } of drawn.columns(range.from, range.to)) {
      if (!this.#engine.masks.add(row, from, to, PEM_RULE)) continue;
      const place = `${this.#name}:${line}:${from}`;
      this.#engine.note(PEM_RULE, drawn.text.slice(range.from, range.to), place, counts);
    }
  }
}

/** Whether a row may be a line of a key by itself. */
function isBody({ row, flags }: Known): boolean {
  return (flags & BASE64) !== 0 || row.used >= FULL_LINE && bodyOf(textOf(row)) !== undefined;
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
