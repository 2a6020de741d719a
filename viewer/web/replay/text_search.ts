/**
 * Where a text comes up on the screen of a recording.
 *
 * @module
 */
import type { Frame } from "../../../format/frame.ts";
import { cellText, type Row, rowCols } from "../../../format/row.ts";
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
    const index = ++this.#next;
    const code = this.#log.codeAt(index - 1);
    if (code !== "o" && code !== "r") return;
    this.#view.moveTo(index);
    const shown = this.#count(this.#view.frame());
    if (shown > this.#shown) this.#hits.push({ index, atMs: this.#log.timeAt(index - 1) });
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
    return positions(lineText(rows, this.#query), this.#query).length;
  }
}

/** Where a text is on a screen, in reading order. */
export function matchesOn({ lines }: Pick<Frame, "lines">, query: string): Match[] {
  const wanted = queryOf(query), found: Match[] = [];
  if (query === "") return found;
  for (let y = 0; y < lines.length;) {
    const end = lineEnd(lines, y), rows = lines.slice(y, end);
    const text = lineText(rows, wanted), cols = rowCols(rows[0]!);
    for (const at of positions(text, wanted)) {
      const from = text.columns[at]!, to = text.columns[at + query.length]!;
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
}

function queryOf(wanted: string): Query {
  return { wanted, folds: wanted === wanted.toLowerCase() };
}

/** The row after the last one of the line that begins at a row. */
function lineEnd(lines: readonly Row[], from: number): number {
  let end = from + 1;
  while (end < lines.length && lines[end]!.wrapped) end++;
  return end;
}

/** A line's text, and at which column of it each UTF-16 unit is. */
interface LineText {
  readonly text: string;
  /** One more than there are units: the last is where the text ends. */
  readonly columns: readonly number[];
}

function lineText(rows: readonly Row[], { folds }: Query): LineText {
  const columns: number[] = [];
  let text = "", start = 0;
  for (const [i, row] of rows.entries()) {
    const cols = rowCols(row);
    // What a line has after its end is nothing; between its rows it is blanks.
    const end = i === rows.length - 1 ? row.used : cols;
    for (let x = 0; x < end; x++) {
      const shown = cellText(row, x), small = shown.toLowerCase();
      // A few letters have more than one small one.
      const cell = folds && small.length === shown.length ? small : shown;
      for (let unit = 0; unit < cell.length; unit++) columns.push(start + x);
      text += cell;
    }
    start += i === rows.length - 1 ? end : cols;
  }
  columns.push(start);
  return { text, columns };
}

/** Where in a text another begins, one after the other. */
function positions({ text }: LineText, { wanted }: Query): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    found.push(at);
  }
  return found;
}
