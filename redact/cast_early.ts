/**
 * What was on the screen of a recording of secrets that were recognised later: the beginning of one that was typed
 * slowly, the first lines of a key.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import { CELL, CLUSTER, type Row } from "../format/row.ts";
import { isBlankAt } from "./lines.ts";
import { type MaskedSpan, Masks } from "./masks.ts";
import type { Range } from "./rule.ts";

/** How many earlier states of a line are looked back at. */
const MAX_VERSIONS = 256;
/** Lines that are the same in so many cells, though others stand behind them, are the same secret. */
const SURE_CELLS = 3;

/** What stood in a line from a frame on. */
interface Version {
  readonly row: Row;
  readonly number: number;
  /** How many of its spans were looked at. */
  seen: number;
}

/** Columns of a line that are to be masked from one frame up to, not including, another. */
interface Early {
  readonly screen: ScreenName;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

type ScreenName = "normal" | "alternate";

/** Finds out where secrets were before they were recognised, and masks them there when the recording is shown again. */
export class EarlyMasks {
  readonly #versions = {
    normal: new Map<number, Version[]>(),
    alternate: new Map<number, Version[]>(),
  };
  readonly #masks = new Masks();
  #cols = 0;
  #rows = 0;
  #found: Early[] = [];
  #active: Early[] = [];
  #next = 0;

  /** How many places there are. */
  get size(): number {
    return this.#found.length;
  }

  /** Takes the next frame of the recording, after it was masked: `spans` tells what is masked of its rows. */
  watch(frame: Frame, number: number, spans: (row: Row) => readonly MaskedSpan[]): void {
    const screen = screenOf(frame);
    const { normal, alternate } = this.#versions;
    if (frame.cols !== this.#cols || frame.rows !== this.#rows) {
      [this.#cols, this.#rows] = [frame.cols, frame.rows];
      normal.clear();
      alternate.clear();
    }
    if (screen === "normal") {
      alternate.clear();
      for (const line of normal.keys()) if (line < frame.top) normal.delete(line);
    }
    frame.lines.forEach((row, y) => {
      const line = screen === "normal" ? frame.top + y : y;
      const versions = this.#take(screen, line, row, number);
      const version = versions.at(-1)!;
      const found = spans(row);
      for (; version.seen < found.length; version.seen++) {
        this.#lookBack({ screen, line, versions, number, spans }, found[version.seen]!);
      }
    });
  }

  /** All was seen: from here on the recording is shown again. */
  seal(): void {
    this.#versions.normal.clear();
    this.#versions.alternate.clear();
    this.#found.sort((a, b) => a.first - b.first);
    this.rewind();
  }

  /** Back to before the first frame. */
  rewind(): void {
    [this.#active, this.#next] = [[], 0];
  }

  /** Goes to a frame: numbers only go up. */
  moveTo(number: number): void {
    const found = this.#found;
    if (this.#active.length > 0) this.#active = this.#active.filter(({ last }) => last > number);
    for (; this.#next < found.length && found[this.#next]!.first <= number; this.#next++) {
      const early = found[this.#next]!;
      if (early.last > number) this.#active.push(early);
    }
  }

  /** The masked frame with what is masked early as well. */
  frame<T extends Frame>(frame: T): T {
    if (this.#active.length === 0) return frame;
    const { top } = frame;
    if (frame.under === undefined) {
      return { ...frame, lines: this.#lines(frame.lines, "normal", top) };
    }
    const under = this.#lines(frame.under, "normal", top);
    return { ...frame, lines: this.#lines(frame.lines, "alternate", 0), under };
  }

  #lines(lines: readonly Row[], screen: ScreenName, top: number): readonly Row[] {
    let masked: Row[] | undefined;
    for (const early of this.#active) {
      const y = early.line - top;
      if (early.screen !== screen || y < 0 || y >= lines.length) continue;
      masked ??= [...lines];
      masked[y] = this.#mask(masked[y]!, early);
    }
    return masked ?? lines;
  }

  /** A line that scrolled off, with what is masked early as well. */
  line(row: Row | undefined, line: number): Row | undefined {
    if (row === undefined || this.#active.length === 0) return row;
    let masked = row;
    for (const early of this.#active) {
      if (early.screen === "normal" && early.line === line) masked = this.#mask(masked, early);
    }
    return masked;
  }

  #mask(row: Row, { from, to }: Early): Row {
    this.#masks.add(row, from, Math.min(to, row.cells.length / CELL), "early");
    return this.#masks.row(row);
  }

  #take(screen: ScreenName, line: number, row: Row, number: number): Version[] {
    let versions = this.#versions[screen].get(line);
    if (versions === undefined) this.#versions[screen].set(line, versions = []);
    if (versions.at(-1)?.row !== row) {
      versions.push({ row, number, seen: 0 });
      if (versions.length > MAX_VERSIONS) versions.shift();
    }
    return versions;
  }

  #lookBack(
    { screen, line, versions, number, spans }: {
      readonly screen: ScreenName;
      readonly line: number;
      readonly versions: readonly Version[];
      readonly number: number;
      readonly spans: (row: Row) => readonly MaskedSpan[];
    },
    { from, to }: MaskedSpan,
  ): void {
    const now = versions.at(-1)!;
    const add = (first: number, last: number, { from, to }: Range): void => {
      if (first < last) this.#found.push({ screen, line, from, to, first, last });
    };
    add(now.number, number, { from, to });
    for (let i = versions.length - 2; i >= 0; i--) {
      const before = versions[i]!;
      const parts = partsOf(before.row, now.row, { from, to });
      // What was masked then was looked back from then.
      const isNew = parts.some((part) => !covers(spans(before.row), part));
      if (!isNew) return;
      for (const part of parts) add(before.number, versions[i + 1]!.number, part);
    }
  }
}

function screenOf(frame: Frame): ScreenName {
  return frame.under === undefined ? "normal" : "alternate";
}

function covers(spans: readonly MaskedSpan[], { from, to }: Range): boolean {
  return spans.some((span) => span.from <= from && span.to >= to);
}

/** What a row had of a secret already: its beginning, or some of its cells and nothing else. */
function partsOf(before: Row, now: Row, { from, to }: Range): Range[] {
  let x = from;
  while (x < to && sameText(before, now, x)) x++;
  if (x - from >= SURE_CELLS) return [{ from, to: x }];
  const parts: Range[] = [];
  for (x = from; x < Math.min(to, before.used); x++) {
    if (isBlankAt(before.cells, x)) continue;
    if (!sameText(before, now, x)) return [];
    const last = parts.at(-1);
    if (last?.to === x) parts[parts.length - 1] = { from: last.from, to: x + 1 };
    else parts.push({ from: x, to: x + 1 });
  }
  return parts;
}

function sameText(a: Row, b: Row, x: number): boolean {
  const content = a.cells[x * CELL]!;
  if (content !== b.cells[x * CELL]) return false;
  return (content & CLUSTER) === 0 || a.clusters?.get(x) === b.clusters?.get(x);
}
