/**
 * The rows of one screen over time, with the lines that scrolled off it: what of them is secret. Only rows that changed,
 * and what they are one line with, are looked at again.
 *
 * @module
 */
import type { History } from "../format/frame.ts";
import { type Link, type Row, rowCols } from "../format/row.ts";
import type { Engine } from "./engine.ts";
import { KeyTracker } from "./key_tracker.ts";
import {
  continues,
  type CursorPlace,
  DrawnText,
  filledTo,
  headOf,
  isSolid,
  type Known,
  type Piece,
  type Region,
  textEnd,
  wrappedRegions,
} from "./lines.ts";
import { keyCloses, keyOpensAt } from "./pem.ts";
import { HIT, KEY, SIDE } from "./triggers.ts";

/** Characters and rows of one logical line that are looked at together, before and behind a row that changed. */
const MAX_REACH = 6_000, MAX_REACH_ROWS = 128;
/** Rows of one box that are looked at together. */
const MAX_CHAIN = 64;
/** Longest trigger, in characters. */
const MAX_TRIGGER = 24;
/** Rows of the scrollback that are remembered; the oldest make room. More than are looked at together. */
const MAX_KNOWN = 1_024;
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
  #flags = new Uint8Array(0);
  #spareFlags = new Uint8Array(0);
  /** Where each row of the screen stood before; -1 for new ones. */
  #origins: number[] = [];
  #dirty: number[] = [];
  #out: readonly Row[] = [];
  #top = 0;
  #cursor: CursorPlace | undefined;
  #version = 0;
  /** Rows from above the screen. */
  readonly #known = new Map<number, Known>();
  /** Lines of the scrollback, from and to (exclusive), that were looked at last; and the last joint that was. */
  #settled = { from: 0, to: 0 };
  #lastJoint = NaN;

  constructor(engine: Engine, name: string, above: History = () => undefined) {
    this.#engine = engine;
    this.#name = name;
    this.#above = above;
    this.#keys = new KeyTracker(engine, name, (line) => this.#at(line));
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

  /** A line that scrolled off, as it may be seen. */
  line(line: number): Row | undefined {
    let known = this.#known.get(line);
    if (known === undefined) {
      const row = this.#above(line);
      if (row === undefined) return undefined;
      known = { row, flags: this.#engine.scan(row) };
      const { flags } = known;
      const plain = (flags & (HIT | SIDE)) === 0 && !row.wrapped && row.extras === undefined &&
        row.used < rowCols(row) - 1;
      if (plain) {
        if (this.#engine.followsKeys) this.#keys.line(line, known);
        return this.#engine.masks.row(row);
      }
      this.#remember(line, known);
    }
    if (line < this.#settled.from || line >= this.#settled.to) this.#inspectLine(line, known);
    if (this.#engine.followsKeys) this.#keys.line(line, known);
    return this.#engine.masks.row(known.row);
  }

  /** Takes new rows in, and notes which are to be looked at. */
  #take(lines: readonly Row[], top: number): void {
    const before = this.#lines, oldFlags = this.#flags;
    const resized = before.length !== lines.length ||
      before.length > 0 && rowCols(before[0]!) !== rowCols(lines[0]!);
    if (resized) {
      this.#known.clear();
      this.#keys.reset();
      this.#spareFlags = new Uint8Array(lines.length);
    }
    this.#settled = { from: 0, to: 0 };
    this.#lastJoint = NaN;
    const flags = this.#spareFlags.length === lines.length
      ? this.#spareFlags
      : new Uint8Array(lines.length);
    const origins = this.#origins, dirty = this.#dirty;
    dirty.length = 0;
    let shift = top - this.#top;
    let expected = resized ? -1 : shift;
    for (let y = 0; y < lines.length; y++) {
      const row = lines[y]!;
      let origin = y + shift;
      if (resized) origin = -1;
      else if (before[origin] !== row) {
        origin = row.used === 0 ? -1 : before.indexOf(row);
        if (origin >= 0) shift = origin - y;
      }
      flags[y] = origin >= 0 ? oldFlags[origin]! : row.used === 0 ? 0 : this.#engine.scan(row);
      // A row is looked at that is new, or has another one above it.
      if (row.used > 0 && (origin < 0 || origin !== expected)) dirty.push(y);
      origins[y] = origin;
      expected = origin < 0 ? -1 : origin + 1;
    }
    [this.#flags, this.#spareFlags] = [flags, oldFlags];
    [this.#lines, this.#top] = [lines, top];
  }

  /** The rows with masks; those that were not looked at are as they were. */
  #masked(before: readonly Row[]): readonly Row[] {
    const { masks } = this.#engine;
    const lines = this.#lines, origins = this.#origins;
    const isNew = masks.version !== this.#version;
    this.#version = masks.version;
    if (masks.version === 0) return lines;
    let out: Row[] | undefined;
    for (let y = 0; y < lines.length; y++) {
      const row = lines[y]!, origin = origins[y]!;
      const masked = origin < 0 || isNew ? masks.row(row) : before[origin]!;
      if (masked !== row) (out ??= [...lines])[y] = masked;
    }
    return out ?? lines;
  }

  /** Looks at the dirty rows of the screen. */
  #inspect(): void {
    const top = this.#top, lines = this.#lines, flags = this.#flags;
    let done = -1;
    for (const y of this.#dirty) {
      const row = lines[y]!;
      if (row.extras !== undefined) this.#links(row);
      if (y <= done) continue;
      const full = row.used >= rowCols(row) - 1;
      if (row.wrapped || full && lines[y + 1]?.wrapped === true) {
        done = this.#inspectGroup(top + y) - top;
      } else if (flags[y]! & HIT) {
        this.#match([{ row, line: top + y, from: 0, to: row.used }]);
      }
    }
    for (const y of this.#dirty) {
      this.#inspectJoint(top + y - 1);
      this.#inspectJoint(top + y);
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
      const { extras } = this.#at(i)!.row;
      if (extras !== undefined) this.#links(this.#at(i)!.row);
    }
    this.#settled = { from: line, to: settled };
    this.#inspectJoint(line - 1);
    this.#inspectJoint(settled - 1);
  }

  /** Looks at the logical line that a row is part of. Returns the last row of it that was looked at. */
  #inspectGroup(line: number): number {
    const { from, to } = this.#group(line);
    let hit = false;
    for (let at = from; at <= to && !hit; at++) {
      const { row, flags } = this.#at(at)!;
      hit = (flags & HIT) !== 0 || at < to && this.#engine.spans(row, this.#at(at + 1)!.row);
    }
    if (!hit) return to;
    const pieces: Piece[] = [];
    for (let at = from; at <= to; at++) {
      const { row } = this.#at(at)!;
      const filled = at < to ? filledTo(row, this.#at(at + 1)!.row) : row.used;
      pieces.push({ row, line: at, from: 0, to: filled });
    }
    this.#match(pieces);
    return to;
  }

  /** The rows that make up one logical line, as far as is looked at together. */
  #group(line: number): { readonly from: number; readonly to: number } {
    const start = this.#at(line)!;
    const reach = Math.min(MAX_REACH_ROWS, Math.ceil(MAX_REACH / rowCols(start.row)));
    let from = line, to = line;
    for (let below = start; line - from < reach;) {
      const above = below.row.wrapped ? this.#at(from - 1) : undefined;
      if (above === undefined || !continues(above.row, below.row)) break;
      [below, from] = [above, from - 1];
    }
    for (let above = start; to - line < reach;) {
      const below = above.row.used >= rowCols(above.row) - 1 ? this.#at(to + 1) : undefined;
      if (below === undefined || !continues(above.row, below.row)) break;
      [above, to] = [below, to + 1];
    }
    return { from, to };
  }

  /** Looks at whether a program wrapped text of its own from a row into the next. */
  #inspectJoint(line: number): void {
    if (line === this.#lastJoint) return;
    this.#lastJoint = line;
    const above = this.#at(line), below = this.#at(line + 1);
    if (above === undefined || below === undefined || continues(above.row, below.row)) return;
    const sided = (above.flags & below.flags & SIDE) !== 0;
    if (!sided && !below.row.wrapped && above.row.used < rowCols(above.row) - 1) return;
    for (const region of wrappedRegions(above.row, below.row, sided)) {
      this.#inspectChain(line, region);
    }
  }

  /**
   * Matches the text of a region over the rows that a program may have wrapped it into: two, and those beside them as
   * long as there is no blank in what goes on.
   */
  #inspectChain(line: number, region: Region): void {
    let from = line, to = line + 1;
    while (
      line - from < MAX_CHAIN && this.#isSolid(from, region) && this.#joins(from - 1, region)
    ) {
      from--;
    }
    while (to - line < MAX_CHAIN && this.#isSolid(to, region) && this.#joins(to, region)) to++;
    let hit = false;
    for (let at = from; at <= to; at++) if (this.#at(at)!.flags & HIT) hit = true;
    // A blank at the end of a row may be part of the text, or of the box.
    for (const blanks of [false, true]) {
      const pieces = this.#chain(from, to, region, blanks);
      if (!hit && !this.#hitsAtJoint(pieces)) continue;
      this.#match(pieces, new DrawnText(pieces), true);
      if (pieces.every((piece, i) => i === pieces.length - 1 || piece.to === region.to)) return;
    }
  }

  /** What stands in a region of some rows, without padding and signs of wrapping. */
  #chain(from: number, to: number, region: Region, blanks: boolean): Piece[] {
    const pieces: Piece[] = [];
    for (let line = from; line <= to; line++) {
      const { row } = this.#at(line)!;
      const begin = line === from ? region.from : headOf(row, region);
      const end = line === to
        ? Math.min(row.used, region.to)
        : blanks
        ? region.to
        : textEnd(row, region, this.#at(line + 1)!.row);
      if (begin < end) pieces.push({ row, line, from: begin, to: end });
    }
    return pieces;
  }

  /** Whether a trigger reaches from one of the pieces over to the next. */
  #hitsAtJoint(pieces: readonly Piece[]): boolean {
    return pieces.some((piece, i) => {
      const next = pieces[i + 1];
      if (next === undefined) return false;
      return this.#engine.test(
        new DrawnText([
          { ...piece, from: Math.max(piece.from, piece.to - MAX_TRIGGER) },
          { ...next, to: Math.min(next.to, next.from + MAX_TRIGGER) },
        ]).text,
      );
    });
  }

  /** Whether the text of a region has no blank, from its beginning to the region's right side. */
  #isSolid(line: number, region: Region): boolean {
    const row = this.#at(line)?.row;
    if (row === undefined) return false;
    const head = headOf(row, region), end = textEnd(row, region);
    return head >= 0 && end >= 0 && isSolid(row, head, end);
  }

  #joins(line: number, region: Region): boolean {
    const above = this.#at(line), below = this.#at(line + 1);
    if (above === undefined || below === undefined || continues(above.row, below.row)) return false;
    const sided = (above.flags & below.flags & SIDE) !== 0;
    return wrappedRegions(above.row, below.row, sided)
      .some(({ from, to }) => from === region.from && to === region.to);
  }

  /** Masks what is found in pieces of rows; of `joined` ones, only what reaches from one row over to another. */
  #match(pieces: readonly Piece[], drawn = new DrawnText(pieces), joined = false): void {
    const { text } = drawn;
    const { masks } = this.#engine;
    const place = { cursorAt: drawn.cursorAt(this.#cursor), atEdge: drawn.atEdge };
    for (const { rule, start, from, to, known } of this.#engine.find(text, place)) {
      const first = drawn.pieceAt(start);
      if (joined && first === drawn.pieceAt(to - 1)) continue;
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
    const y = line - this.#top;
    if (y >= 0) this.#flags[y]! |= KEY;
    else this.#known.get(line)!.flags |= KEY;
  }

  #links(row: Row): void {
    const links = new Map<Link, Link>();
    for (const { link } of row.extras!.values()) {
      if (link === undefined || links.has(link)) continue;
      const safe = this.#engine.link(link);
      if (safe !== link) links.set(link, safe);
    }
    if (links.size > 0) this.#engine.masks.addLinks(row, links);
  }

  /** A row by its number, on the screen or above it. */
  #at(line: number): Known | undefined {
    const y = line - this.#top;
    if (y >= 0) {
      const row = this.#lines[y];
      return row === undefined ? undefined : { row, flags: this.#flags[y]! };
    }
    const known = this.#known.get(line);
    if (known !== undefined) return known;
    const row = this.#above(line);
    if (row === undefined) return undefined;
    const found = { row, flags: this.#engine.scan(row) };
    this.#remember(line, found);
    return found;
  }

  #remember(line: number, known: Known): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(line, known);
  }
}
