/**
 * The rows of one screen over time, with the lines that scrolled off it: what of them is secret. Only rows that changed,
 * and what they are one line with, are looked at again.
 *
 * @module
 */
import type { History } from "../format/frame.ts";
import { CELL, type Row, rowCols } from "../format/row.ts";
import type { Engine } from "./engine.ts";
import { HIT, KEY, SIDES } from "./flags.ts";
import { KnownRows } from "./known_rows.ts";
import { KeyTracker } from "./key_tracker.ts";
import {
  continues,
  type CursorPlace,
  DrawnText,
  type Known,
  MAX_PADDING,
  type Piece,
  type Region,
  wrappedRegions,
} from "./lines.ts";
import {
  linePieces,
  logicalLine,
  type RowRange,
  wrappedRows,
  wrappedVariants,
} from "./logical_lines.ts";
import { keyCloses, keyOpensAt } from "./pem.ts";

const NO_ROWS: readonly Row[] = [];
/** So many rows are looked for elsewhere in vain before the rest count as new. */
const MAX_TRIES = 6;
/** As long as no more rows changed, they are taken where they stand: programs that draw on move none. */
const FEW_ROWS = 4;
/** A number that no row has. */
const NOWHERE = -(1 << 30);
/** Rows at the end of a reach that are looked at again with what follows them. */
const REACH_OVERLAP = 16;

/** One screen: the normal one with its scrollback, or the alternate one. */
export class Tape {
  readonly #engine: Engine;
  /** Tells this tape's places from those of others. */
  readonly #name: string;
  readonly #above: History;
  readonly #keys: KeyTracker;
  #lines: readonly Row[] = [];
  #flags = new Int32Array(0);
  #oldFlags = new Int32Array(0);
  /** Whether the other rows stayed where they were, and those that changed; otherwise where each was, -1 for new ones. */
  #inPlace = false;
  readonly #few = new Int32Array(FEW_ROWS);
  #fewCount = 0;
  #origins = new Int32Array(0);
  /** Rows to be looked at: the first so many. */
  #dirty = new Int32Array(0);
  #dirtyCount = 0;
  /** The screen before lines scrolled off it. */
  #before: readonly Row[] = [];
  #beforeTop = 0;
  #out: readonly Row[] = [];
  #top = 0;
  #cursor: CursorPlace | undefined;
  #version = 0;
  /** Rows from above the screen. */
  readonly #known = new KnownRows();
  /** Lines of the scrollback, from and to (exclusive), that were looked at last; and the last joint that was. */
  #settledFrom = 0;
  #settledTo = 0;
  #lastJoint = NOWHERE;
  /** The line of the scrollback that was asked for last, and the one before it. */
  #asked = NOWHERE;
  #askedRow: Row | undefined;
  #askedBefore: Row | undefined;

  constructor(engine: Engine, name: string, above: History = () => undefined) {
    this.#engine = engine;
    this.#name = name;
    this.#above = above;
    this.#keys = new KeyTracker(engine, name, this.#at);
  }

  /**
   * The rows as they may be seen: the same array as before when nothing changed, the same rows where nothing is masked.
   */
  update(lines: readonly Row[], top: number, cursor: CursorPlace | undefined): readonly Row[] {
    if (lines === this.#lines && top === this.#top) return this.#out;
    this.#cursor = cursor;
    const before = this.#out;
    this.#take(lines, top);
    this.#inspect();
    if (this.#engine.followsKeys) this.#keys.update(lines, top, this.#flags, cursor);
    return this.#out = this.#masked(before);
  }

  /** A line that scrolled off, as it may be seen. They are asked for in order, and each again with the next one. */
  line(line: number): Row | undefined {
    const { masks } = this.#engine;
    if (line === this.#asked) return masks.row(this.#askedRow!);
    if (line === this.#asked - 1 && this.#askedBefore !== undefined) {
      return masks.row(this.#askedBefore);
    }
    const row = this.#inspectedLine(line);
    if (row === undefined) return undefined;
    this.#askedBefore = line === this.#asked + 1 ? this.#askedRow : undefined;
    this.#asked = line;
    this.#askedRow = row;
    return masks.row(row);
  }

  /** A line of the scrollback that was looked at. */
  #inspectedLine(line: number): Row | undefined {
    let known = this.#known.get(line);
    const row = known?.row ?? this.#above(line);
    if (row === undefined) return undefined;
    const { followsKeys } = this.#engine;
    const flags = known?.flags ?? this.#flagsAbove(line, row);
    const plain = (flags & (HIT | SIDES)) === 0 && !row.wrapped && row.extras === undefined &&
      row.used < row.cells.length / CELL - MAX_PADDING;
    if (plain && (!followsKeys || this.#keys.passes(line, flags, row.used))) return row;
    if (known === undefined) this.#known.set(line, known = { row, flags });
    const settled = line >= this.#settledFrom && line < this.#settledTo;
    if (!plain && !settled) this.#inspectLine(line, known);
    if (followsKeys) this.#keys.line(line, known);
    return row;
  }

  /** What is in a row above the screen: it may have been on the screen just before. */
  #flagsAbove(line: number, row: Row): number {
    const y = line - this.#beforeTop;
    return this.#before[y] === row ? this.#oldFlags[y]! : this.#engine.scan(row);
  }

  /** Takes new rows in, and notes which are to be looked at. */
  #take(lines: readonly Row[], top: number): void {
    const before = this.#lines, rows = lines.length;
    const resized = before.length !== rows ||
      rows > 0 && rowCols(before[0]!) !== rowCols(lines[0]!);
    const shift = top - this.#top;
    this.#settledFrom = this.#settledTo = 0;
    this.#lastJoint = NOWHERE;
    this.#dirtyCount = 0;
    this.#asked = NOWHERE;
    this.#before = shift > 0 && !resized ? before : NO_ROWS;
    this.#beforeTop = this.#top;
    this.#lines = lines;
    this.#top = top;
    if (resized) {
      this.#known.clear();
      this.#keys.reset();
      this.#flags = new Int32Array(rows);
      this.#oldFlags = new Int32Array(rows);
      this.#origins = new Int32Array(rows);
      this.#dirty = new Int32Array(rows);
      this.#takeMoved([], 0);
      return;
    }
    if (shift === 0 && this.#findFew(before)) this.#takeFew();
    else this.#takeMoved(before, shift);
  }

  /** Finds the rows that are others than before. Returns whether they are few. */
  #findFew(before: readonly Row[]): boolean {
    const lines = this.#lines, few = this.#few;
    let count = 0;
    for (let y = 0; y < lines.length; y++) {
      if (lines[y] === before[y]) continue;
      if (count === FEW_ROWS) return false;
      few[count++] = y;
    }
    this.#fewCount = count;
    return true;
  }

  /** A few rows changed, and the others are where they were. */
  #takeFew(): void {
    const lines = this.#lines;
    this.#inPlace = true;
    let last = -1;
    for (let i = 0; i < this.#fewCount; i++) {
      const y = this.#few[i]!, row = lines[y]!;
      this.#flags[y] = row.used === 0 ? 0 : this.#engine.scan(row);
      // A row is looked at that is new, or has another one above it.
      if (row.used > 0 && y > last) this.#dirty[this.#dirtyCount++] = y;
      last = y + 1;
      if (last < lines.length && lines[last]!.used > 0) this.#dirty[this.#dirtyCount++] = last;
      else last = y;
    }
  }

  /** Rows may have moved: `shift` rows up all of them, or some elsewhere. */
  #takeMoved(before: readonly Row[], shift: number): void {
    const lines = this.#lines, origins = this.#origins;
    this.#inPlace = false;
    this.#oldFlags.set(this.#flags);
    let expected = before.length === 0 ? -1 : shift;
    let tries = MAX_TRIES;
    for (let y = 0; y < lines.length; y++) {
      const row = lines[y]!;
      let origin = y + shift;
      if (before[origin] !== row) {
        origin = row.used === 0 || tries === 0 ? -1 : before.indexOf(row);
        if (origin >= 0) shift = origin - y;
        else if (tries > 0) tries--;
      }
      this.#flags[y] = origin >= 0
        ? this.#oldFlags[origin]!
        : row.used === 0
        ? 0
        : this.#engine.scan(row);
      // A row is looked at that is new, or has another one above it.
      if (row.used > 0 && (origin < 0 || origin !== expected)) {
        this.#dirty[this.#dirtyCount++] = y;
      }
      origins[y] = origin;
      expected = origin < 0 ? -1 : origin + 1;
    }
  }

  /** The rows with masks; those that were not looked at are as they were. */
  #masked(before: readonly Row[]): readonly Row[] {
    const { masks } = this.#engine;
    const lines = this.#lines;
    const isNew = masks.version !== this.#version;
    this.#version = masks.version;
    if (masks.version === 0) return lines;
    let out: Row[] | undefined;
    for (let y = 0; y < lines.length; y++) {
      const row = lines[y]!;
      const origin = !this.#inPlace ? this.#origins[y]! : this.#isFew(y) ? -1 : y;
      const masked = origin < 0 || isNew ? masks.row(row) : before[origin]!;
      if (masked !== row) (out ??= [...lines])[y] = masked;
    }
    return out ?? lines;
  }

  #isFew(y: number): boolean {
    for (let i = 0; i < this.#fewCount; i++) if (this.#few[i] === y) return true;
    return false;
  }

  /** Looks at the dirty rows of the screen. */
  #inspect(): void {
    const top = this.#top, lines = this.#lines, flags = this.#flags;
    const dirty = this.#dirty, count = this.#dirtyCount;
    let done = -1;
    for (let i = 0; i < count; i++) {
      const y = dirty[i]!, row = lines[y]!;
      if (row.extras !== undefined) this.#engine.maskLinks(row);
      if (y <= done) continue;
      const full = row.used >= rowCols(row) - 1;
      if (row.wrapped || full && lines[y + 1]?.wrapped === true) {
        done = this.#inspectGroup(top + y) - top;
      } else if (flags[y]! & HIT) {
        this.#match([{ row, line: top + y, from: 0, to: row.used }]);
      }
    }
    for (let i = 0; i < count; i++) {
      const y = dirty[i]!;
      if (y === 0 || this.#mayWrap(y - 1)) this.#inspectJoint(top + y - 1);
      if (this.#mayWrap(y)) this.#inspectJoint(top + y);
    }
  }

  /** Looks at a line of the scrollback, and what it is one with. */
  #inspectLine(line: number, { row, flags }: Known): void {
    let to = line;
    if (row.wrapped || row.used >= rowCols(row) - 1) to = this.#inspectGroup(line);
    else if (flags & HIT) this.#match([{ row, line, from: 0, to: row.used }]);
    const next = this.#at(to + 1);
    const whole = next === undefined || !continues(this.#at(to)!.row, next.row);
    const settled = whole ? to + 1 : Math.max(line + 1, to - REACH_OVERLAP);
    for (let i = line; i < settled; i++) {
      this.#engine.maskLinks(this.#at(i)!.row);
    }
    [this.#settledFrom, this.#settledTo] = [line, settled];
    this.#inspectJoint(line - 1);
    this.#inspectJoint(settled - 1);
  }

  /** Looks at the logical line that a row is part of. Returns the last row of it that was looked at. */
  #inspectGroup(line: number): number {
    const { from, to } = logicalLine(this.#at, line);
    let hit = false;
    for (let at = from; at <= to && !hit; at++) {
      const { row, flags } = this.#at(at)!;
      hit = (flags & HIT) !== 0 || at < to && this.#engine.spans(row, this.#at(at + 1)!.row);
    }
    if (!hit) return to;
    const pieces = linePieces(this.#at, from, to);
    this.#match(pieces);
    const lacksOne = pieces.some(({ row, to: end }, i) => i < pieces.length - 1 && row.used < end);
    if (lacksOne) this.#match(linePieces(this.#at, from, to, true));
    return to;
  }

  /** Whether text of a row of the screen may run to a side, as far as is told at a glance. */
  #mayWrap(y: number): boolean {
    const { used, cells } = this.#lines[y]!;
    return used >= cells.length / CELL - MAX_PADDING ||
      (this.#flags[y]! & this.#flags[y + 1]! & SIDES) !== 0 ||
      this.#lines[y + 1]?.wrapped === true;
  }

  /** Looks at whether a program wrapped text of its own from a row into the next. */
  #inspectJoint(line: number): void {
    if (line === this.#lastJoint) return;
    this.#lastJoint = line;
    const above = this.#at(line), below = this.#at(line + 1);
    if (above === undefined || below === undefined || continues(above.row, below.row)) return;
    const sides = above.flags & below.flags & SIDES;
    const reaches = above.row.used >= rowCols(above.row) - MAX_PADDING;
    if (sides === 0 && !below.row.wrapped && !reaches) return;
    for (const region of wrappedRegions(above.row, below.row, sides)) {
      this.#inspectChain(line, region);
    }
  }

  /** Matches the text of a region over the rows that a program may have wrapped it into. */
  #inspectChain(line: number, region: Region): void {
    const range = wrappedRows(this.#at, line, region);
    this.#inspectRows(range, region);
    // The row above may end where a blank was left out: then this one begins anew.
    if (range.from < line) this.#inspectRows({ from: line, to: range.to }, region);
  }

  #inspectRows(range: RowRange, region: Region): void {
    let hit = false;
    for (let at = range.from; at <= range.to; at++) if (this.#at(at)!.flags & HIT) hit = true;
    for (const pieces of wrappedVariants(this.#at, range, region)) {
      if (hit || this.#hitsAtJoint(pieces)) this.#match(pieces, new DrawnText(pieces), true);
    }
  }

  /** Whether a trigger may reach from one of the pieces over to the next. */
  #hitsAtJoint(pieces: readonly Piece[]): boolean {
    return pieces.some((piece, i) => i > 0 && this.#engine.testPieces(pieces[i - 1]!, piece));
  }

  /** Masks what is found in pieces of rows; of `joined` ones, only what reaches from one row over to another. */
  #match(pieces: readonly Piece[], drawn = new DrawnText(pieces), joined = false): void {
    const { text } = drawn;
    const { masks } = this.#engine;
    const cursorAt = drawn.cursorAt(this.#cursor), cursorMayWait = drawn.mayWait(this.#cursor);
    const place = { cursorAt, cursorMayWait, atEdge: drawn.atEdge };
    for (const { rule, start, from, to, known } of this.#engine.find(text, place)) {
      const first = drawn.pieceAt(start);
      // Where it ends with its row, what follows in the next one may be why it was found.
      if (joined && first === drawn.pieceAt(to) && to < text.length) continue;
      let isNew = false;
      for (const range of drawn.columns(from, to)) {
        const { row } = pieces[range.piece]!;
        if (masks.add(row, range.from, range.to, rule)) isNew = true;
      }
      if (!isNew || known === true) continue;
      const where = `${this.#name}:${pieces[first]!.line}:${start - drawn.startOf(first)}`;
      this.#engine.note(rule, text.slice(from, to), where);
    }
    if (this.#engine.followsKeys) this.#matchKeys(pieces, drawn);
  }

  /** Notes where private keys begin and end. */
  #matchKeys(pieces: readonly Piece[], drawn: DrawnText): void {
    const { text } = drawn;
    const opens = keyOpensAt(text);
    if (opens > 0) {
      for (const { piece, from } of drawn.columns(opens - 1, opens)) {
        this.#engine.keyOpens.set(pieces[piece]!.row, from);
        this.#flag(pieces[piece]!.line);
      }
    }
    if (keyCloses(text)) this.#flag(pieces.at(-1)!.line);
  }

  #flag(line: number): void {
    this.#engine.keysSeen = true;
    const y = line - this.#top;
    if (y >= 0) this.#flags[y]! |= KEY;
    else this.#known.get(line)!.flags |= KEY;
  }

  /** A row by its number, on the screen or above it. */
  readonly #at = (line: number): Known | undefined => {
    const y = line - this.#top;
    if (y >= 0) {
      const row = this.#lines[y];
      return row === undefined ? undefined : { row, flags: this.#flags[y]! };
    }
    const known = this.#known.get(line);
    if (known !== undefined) return known;
    const row = this.#above(line);
    if (row === undefined) return undefined;
    const found = { row, flags: this.#flagsAbove(line, row) };
    this.#known.set(line, found);
    return found;
  };
}
