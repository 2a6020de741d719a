/**
 * Where a text comes up on the screen of a recording.
 *
 * @module
 */
import type { Frame } from "../../../format/frame.ts";
import { CELL, cellText, CLUSTER, CODE_MASK, type Row, rowCols } from "../../../format/row.ts";
import { LogScreen } from "../../../record/checkpoints.ts";
import type { EventLog } from "../../../record/event_log.ts";

/** A place at which there is more of a text on the screen than before. */
export interface Hit {
  /** All events before this one are shown. */
  readonly index: number;
  readonly atMs: number;
}

/** Where on a screen a text is; it may go on in the next row. */
export interface Match {
  readonly x: number;
  readonly y: number;
  /** Columns that it takes, the ends of rows that it goes over among them. */
  readonly cols: number;
}

/** Most that is found: more is not looked through. */
const MAX_HITS = 5_000;
/** What is shown for less than this is not seen. */
const SEEN_MS = 30;
/** How many events are looked at between two looks at the clock. */
const EVENTS_A_LOOK = 16;

/** A search through all of a recording, piece by piece. Capitals count only where the text that is looked for has one. */
export class TextSearch implements Disposable {
  readonly #log: EventLog;
  readonly #query: Query;
  readonly #view: LogScreen;
  /** How often the text is in a row that stands by itself. */
  readonly #counts = new WeakMap<Row, number>();
  readonly #hits: Hit[] = [];
  #next: number;
  #shown = 0;
  #lookedMs = -Infinity;

  /** @param query not empty */
  constructor(log: EventLog, query: string) {
    this.#log = log;
    this.#query = queryOf(query);
    this.#view = new LogScreen(log, { ahead: false, spacingBytes: Infinity });
    this.#next = log.firstIndex;
  }

  /** What was found so far, in order. */
  get hits(): readonly Hit[] {
    return this.#hits;
  }

  /** Whether all that is wanted was looked through. */
  get done(): boolean {
    return this.#next >= this.#log.length || this.#hits.length >= MAX_HITS;
  }

  /** Looks on until `until` says stop. Returns how much was looked through, from 0 to 1. */
  run(until: () => boolean): number {
    while (!this.done) {
      const stop = Math.min(this.#log.length, this.#next + EVENTS_A_LOOK);
      while (this.#next < stop) this.#look();
      if (until()) break;
    }
    return this.done ? 1 : this.#next / this.#log.length;
  }

  [Symbol.dispose](): void {
    this.#view[Symbol.dispose]();
  }

  #look(): void {
    const log = this.#log, index = ++this.#next;
    const atMs = log.timeAt(index - 1);
    const untilMs = index < log.length ? log.timeAt(index) : Infinity;
    if (untilMs - atMs < SEEN_MS && atMs - this.#lookedMs < SEEN_MS) return;
    this.#lookedMs = atMs;
    this.#view.moveTo(index);
    const shown = this.#count(this.#view.frame());
    if (shown > this.#shown) this.#hits.push({ index, atMs });
    this.#shown = shown;
  }

  #count({ lines }: Frame): number {
    let count = 0;
    for (let y = 0; y < lines.length;) {
      const end = lineEnd(lines, y);
      count += end === y + 1 ? this.#countRow(lines[y]!) : this.#countIn(lines.slice(y, end));
      y = end;
    }
    return count;
  }

  /** Most rows are as they were at the last look. */
  #countRow(row: Row): number {
    let count = this.#counts.get(row);
    if (count === undefined) {
      count = this.#countIn([row]);
      this.#counts.set(row, count);
    }
    return count;
  }

  #countIn(rows: readonly Row[]): number {
    if (!rows.some((row) => mayHave(row, this.#query.first))) return 0;
    return positions(lineText(rows, this.#query), this.#query).length;
  }
}

/** Where a text is on a screen, in reading order. */
export function matchesOn({ lines }: Pick<Frame, "lines">, query: string): Match[] {
  const wanted = queryOf(query), found: Match[] = [];
  if (query === "") return found;
  for (let y = 0; y < lines.length;) {
    const end = lineEnd(lines, y), rows = lines.slice(y, end);
    const columns: number[] = [], cols = rowCols(rows[0]!);
    for (const at of positions(lineText(rows, wanted, columns), wanted)) {
      const from = columns[at]!, to = columns[at + query.length]!;
      found.push({ x: from % cols, y: y + Math.floor(from / cols), cols: to - from });
    }
    y = end;
  }
  return found;
}

/** What is looked for. */
interface Query {
  readonly wanted: string;
  /** Whether capitals are the same as small letters. */
  readonly folds: boolean;
  /** Code points, one of which is in each row that it begins in; empty where that is not known. */
  readonly first: readonly number[];
}

function queryOf(wanted: string): Query {
  const folds = wanted === wanted.toLowerCase();
  const [char = ""] = wanted;
  const plain = /^[!-~]$/.test(char);
  const first = !plain
    ? []
    : folds
    ? [char.codePointAt(0)!, char.toUpperCase().codePointAt(0)!]
    : [char.codePointAt(0)!];
  // Letters outside of ASCII have small ones in it: the Kelvin sign, and the Turkish capital I.
  if (folds && /^[ik]$/.test(char)) return { wanted, folds, first: [] };
  return { wanted, folds, first };
}

/** Whether a text that begins with one of these may begin in a row: a quick look, without making a text of it. */
function mayHave({ cells, used }: Row, first: readonly number[]): boolean {
  const [one, other = one] = first;
  if (one === undefined) return true;
  for (let i = 0; i < used * CELL; i += CELL) {
    const content = cells[i]!, code = content & CODE_MASK;
    if (code === one || code === other || content & CLUSTER) return true;
  }
  return false;
}

/** The row after the last one of the line that begins at a row. */
function lineEnd(lines: readonly Row[], from: number): number {
  let end = from + 1;
  while (end < lines.length && lines[end]!.wrapped) end++;
  return end;
}

/** A line's text, as it is looked through. When `columns` is given, it gets the column of each UTF-16 unit, and of the end. */
function lineText(rows: readonly Row[], { folds }: Query, columns?: number[]): string {
  let text = "", start = 0;
  for (const [i, row] of rows.entries()) {
    const last = i === rows.length - 1;
    // What a line has after its end is nothing; between its rows it is blanks.
    const end = last ? row.used : rowCols(row);
    for (let x = 0; x < end; x++) {
      const cell = cellText(row, x);
      text += cell;
      if (columns !== undefined) {
        for (let unit = 0; unit < cell.length; unit++) columns.push(start + x);
      }
    }
    start += end;
  }
  columns?.push(start);
  return folds ? small(text) : text;
}

/** In small letters, each where it was: a few letters have more than one small one. */
function small(text: string): string {
  const whole = text.toLowerCase();
  if (whole.length === text.length) return whole;
  return Array.from(text, (char) => {
    const letter = char.toLowerCase();
    return letter.length === char.length ? letter : char;
  }).join("");
}

/** Where in a text another begins, one after the other. */
function positions(text: string, { wanted }: Query): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    found.push(at);
  }
  return found;
}
