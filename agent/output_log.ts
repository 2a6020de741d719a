/**
 * The output of a session as lines with numbers that never change, from the frames of its screen. Pure.
 *
 * Lines that have scrolled off are complete. Those on the normal screen, down to the cursor, come after them and may still
 * change. What happens to them:
 *
 * - A clear (or any redraw that leaves nothing of what was above the cursor) makes them complete as they were; what comes
 *   then has new numbers. A program that rewrites some of its lines changes them in place.
 * - A change of size wraps them anew; the cursor's line keeps its number, and so do the others.
 * - After a long cut a host draws the screen from nothing: what is on it that was there before is found again, and otherwise
 *   one line counts as missing, for nobody knows how many are.
 * - A program on the whole screen (vim) adds nothing; afterwards the lines are there as before.
 *
 * @module
 */
import type { Frame, History } from "../format/frame.ts";
import { isBlank, type Row, textBefore } from "../format/row.ts";
import { KeptLines } from "./kept_lines.ts";
import { joinRows } from "./logical_lines.ts";
import type { OutputChunk, OutputCursor, OutputGap } from "./types.ts";

/** A place in the output: a line and where in its text, in UTF-16 units. */
export interface OutputPosition {
  readonly line: OutputCursor;
  readonly offset: number;
}

/** Rows that were looked at last: which line each belongs to. */
interface PlacedRow extends OutputPosition {
  readonly row: Row;
}

/** More rows than a frame carries never scroll by at once; older ones would not be known any more. */
const MAX_SCROLLED = 2_000;
/** A line that does not end is cut here. */
const MAX_LINE = 64 * 1024;

/** See the module. */
export class OutputLog {
  readonly #kept: KeptLines;
  /** The lines on the screen, down to the cursor's: they come after those that are kept. */
  #live: readonly string[] = [];
  /** What of the first of them has scrolled off. */
  #above = "";
  #last: Frame | undefined;
  /** The row of the normal screen that was its last one with output. */
  #endRow = 0;
  #placed: readonly PlacedRow[] = [];
  /** The absolute number of the first of these rows. */
  #placedFrom = 0;

  /** @param keepLines complete lines that are kept */
  constructor(keepLines: number) {
    this.#kept = new KeptLines(keepLines);
  }

  /** Where the output ends: the cursor's line. */
  get end(): OutputCursor {
    return this.#kept.end + Math.max(0, this.#live.length - 1);
  }

  /** The oldest line there is. */
  get first(): OutputCursor {
    return this.#kept.first;
  }

  /** A line by its number. */
  line(line: OutputCursor): string | undefined {
    return line < this.#kept.end ? this.#kept.get(line) : this.#live[line - this.#kept.end];
  }

  /**
   * Takes in what is shown now.
   *
   * @param history rows that have scrolled off
   * @param how `skipped`: how many scrolled by unseen; `isAnew`: it does not follow from what was shown
   */
  settle(
    frame: Frame,
    history: History,
    { skipped = 0, isAnew = false }: { readonly skipped?: number; readonly isAnew?: boolean } = {},
  ): void {
    const last = this.#last;
    if (last === frame && skipped === 0) return;
    this.#last = frame;
    if (last !== undefined && (last.cols !== frame.cols || last.rows !== frame.rows)) {
      this.#kept.skip(skipped, this.end + 1);
      return this.#rewrap(frame);
    }
    const oldTop = last?.top ?? frame.top, oldEnd = oldTop + this.#endRow;
    const { end } = this;
    let isLineLost = false;
    const rows = frame.under ?? frame.lines;
    this.#endRow = endRowOf(frame, rows, this.#endRow, last === undefined);
    const scrolled: Row[] = [];
    const from = Math.max(oldTop, frame.top - MAX_SCROLLED);
    let lost = skipped + from - oldTop;
    for (let line = from; line < frame.top; line++) {
      const row = history(line);
      // What scrolled by unseen stood in the empty rows of the last frame too, the cursor's among them.
      const unwritten = skipped > 0 && row !== undefined && isBlank(row) && !row.wrapped &&
        line >= oldEnd && line < oldTop + frame.rows;
      isLineLost ||= unwritten && line === oldEnd;
      if (row === undefined || unwritten) lost++;
      else scrolled.push(row);
    }
    this.#kept.skip(lost, isLineLost ? end : end + 1);
    if (isAnew && last !== undefined) this.#follow(joinRows(rows.slice(0, this.#endRow + 1)).lines);
    this.#place(scrolled, rows.slice(0, this.#endRow + 1), frame.top);
  }

  /** Where a cell of the normal screen is in the output; `undefined` for one that was not there lately. */
  position(row: number, x: number): OutputPosition | undefined {
    const placed = this.#placed[row - this.#placedFrom];
    if (placed === undefined) return undefined;
    return { line: placed.line, offset: placed.offset + textBefore(placed.row, x).length };
  }

  /** The lines from a place on, at most so many: the last ones. The cursor's own line is one when something is on it. */
  read(from: OutputCursor, maxLines = Infinity): OutputChunk {
    const { end } = this;
    const asked = from > 0 ? Math.min(Math.floor(from), end) : 0;
    const stop = this.#stop;
    const start = Math.max(asked, this.first, stop - maxLines);
    const lines: string[] = [];
    for (let line = start; line < stop; line++) lines.push(this.line(line) ?? "");
    const cut = Math.max(0, start - Math.max(asked, this.first));
    return chunk(lines, start, end, cut, this.#kept.gaps(asked));
  }

  /** The last lines, so many at most. */
  tail(lines: number): OutputChunk {
    return this.read(Math.max(this.first, this.#stop - lines));
  }

  /** After the last line with something on it: the cursor's, or the one before. */
  get #stop(): OutputCursor {
    const { end } = this;
    return (this.line(end) ?? "") === "" ? end : end + 1;
  }

  /** The text between two places, as lines. */
  between(from: OutputPosition, to: OutputPosition, maxLines = Infinity): OutputChunk {
    const start = Math.max(from.line, this.first, to.line + 1 - maxLines);
    const lines: string[] = [];
    for (let number = start; number <= to.line; number++) {
      let line = this.line(number) ?? "";
      if (number === to.line) line = line.slice(0, to.offset);
      if (number === from.line) line = line.slice(from.offset);
      lines.push(line);
    }
    if (lines.at(-1) === "") lines.pop();
    const cut = Math.max(0, start - Math.max(from.line, this.first));
    return chunk(lines, start, to.line, cut, this.#kept.gaps(from.line, to.line));
  }

  /** Takes in a screen of another size: the lines on it are the same, and stand elsewhere. */
  #rewrap(frame: Frame): void {
    const rows = frame.under ?? frame.lines;
    this.#endRow = endRowOf(
      frame,
      rows,
      Math.min(this.#endRow, frame.rows - 1),
      frame.under !== undefined,
    );
    const shown = rows.slice(0, this.#endRow + 1);
    const lines = joinRows(shown).lines;
    const { end } = this;
    const start = Math.max(this.#kept.first, end - (lines.length - 1));
    const before = this.line(start) ?? "";
    const above = before.endsWith(lines[0] ?? "")
      ? before.slice(0, before.length - lines[0]!.length)
      : "";
    const gone = this.#live.slice(0, Math.max(0, start - this.#kept.end));
    for (const line of gone) this.#kept.push(line);
    this.#kept.truncate(start);
    this.#live = [];
    this.#above = above;
    this.#place([], shown, frame.top);
  }

  /** Lets lines that do not follow from those on the screen come after those of them that are not among them. */
  #follow(lines: readonly string[]): void {
    const old = this.#live.slice(0, this.#live.findLastIndex((line) => line !== "") + 1);
    const complete = old.slice(0, this.#live.length - 1);
    const from = complete.findIndex((line, i) =>
      line !== "" && complete.slice(i).every((line, j) => lines[j] === line)
    );
    const known = from >= 0 || complete.every((line) => line === "") &&
        // A line only ever moves up.
        lines.slice(0, Math.max(1, old.length)).some((line) => line.startsWith(old.at(-1) ?? ""));
    if (!known) {
      this.#kept.skip(1, this.#kept.end + old.length);
      for (const line of old) this.#kept.push(line);
      this.#live = [];
    } else {
      for (const line of old.slice(0, Math.max(0, from))) this.#kept.push(line);
      this.#live = this.#live.slice(Math.max(0, from));
    }
    this.#above = "";
  }

  /** Takes in rows that follow each other: those that have scrolled off since, and those on the screen. */
  #place(scrolled: readonly Row[], shown: readonly Row[], top: number): void {
    let rows = [...scrolled, ...shown];
    let joined = joinRows(rows, this.#above);
    let first = joined.places[scrolled.length]?.line ?? 0;
    const clearedAt = this.#clearedAt(joined.lines, first);
    if (clearedAt !== undefined) {
      for (const line of joined.lines.slice(0, clearedAt)) this.#kept.push(line);
      const written = this.#live.findLastIndex((line) => line !== "");
      for (const line of this.#live.slice(clearedAt, written + 1)) this.#kept.push(line);
      // What had scrolled off before is the beginning of a line that is complete now.
      const begun = clearedAt < first && this.#begins(clearedAt, joined.lines[clearedAt]!);
      const next = begun ? clearedAt + 1 : clearedAt;
      rows = rows.slice(joined.places.findIndex(({ line }) => line === next));
      joined = joinRows(rows);
      first = joined.places[rows.length - shown.length]?.line ?? 0;
    }
    const above = rows.length - shown.length;
    const base = this.#kept.end;
    for (const line of joined.lines.slice(0, first)) this.#kept.push(line);
    this.#live = joined.lines.slice(first);
    this.#above = joined.above(above);
    if (this.#above.length > MAX_LINE) {
      this.#kept.push(this.#above);
      this.#above = "";
    }
    this.#placedFrom = top - above;
    this.#placed = joined.places.map(({ line, offset }, i) => ({
      line: base + line,
      offset,
      row: rows[i]!,
    }));
  }

  /** Whether a line on the screen begins with a text. */
  #begins(line: number, text: string): boolean {
    return text !== "" && this.#live[line]?.startsWith(text) === true;
  }

  /**
   * From which line on nothing is left of what was complete above the cursor; `undefined` when something is.
   *
   * @param first the first line that is on the screen still: those before it may have scrolled off as they were
   */
  #clearedAt(lines: readonly string[], first: number): number | undefined {
    const complete = this.#live.slice(0, -1);
    let kept = 0;
    while (kept < Math.min(first, complete.length) && complete[kept] === lines[kept]) kept++;
    const rest = complete.slice(kept);
    if (rest.every((line) => line === "")) return undefined;
    const survives = rest.some((line, i) => line !== "" && lines[kept + i] === line);
    return survives ? undefined : kept;
  }
}

/** @param cut lines that are left out, before the first */
function chunk(
  lines: readonly string[],
  from: OutputCursor,
  next: OutputCursor,
  cut: number,
  gaps: readonly OutputGap[],
): OutputChunk {
  return {
    lines,
    text: lines.join("\n"),
    from,
    next,
    missing: gaps.reduce((sum, { lines }) => sum + lines, cut),
    gaps: cut === 0 ? gaps : gaps.filter(({ before }) => before > from),
  };
}

/** The last row of the normal screen with output: the cursor's, and what its line continues in. */
function endRowOf(frame: Frame, rows: readonly Row[], before: number, guess: boolean): number {
  let end = frame.under === undefined
    ? frame.cursor.y
    : guess
    ? Math.max(0, rows.findLastIndex((row) => !isBlank(row)))
    : before;
  while (rows[end + 1]?.wrapped === true) end++;
  return end;
}
