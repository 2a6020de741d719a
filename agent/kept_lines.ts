/**
 * The lines of output that are kept: by number, the newest of them.
 *
 * @module
 */
import type { OutputGap } from "./types.ts";

/** Beyond so many characters the oldest lines go, however few they are. */
const MAX_CHARS = 16 << 20;
/** Gaps that are told apart; older ones count as one. */
const MAX_GAPS = 1_000;
/** So many lines are dropped before the memory is put in order. */
const SLACK = 1_024;

/** Lines that are complete. Their numbers go on from 0 and never change. */
export class KeptLines {
  readonly #maxLines: number;
  #lines: string[] = [];
  /** The number of `#lines[0]`, and how many of them are dropped already. */
  #base = 0;
  #dropped = 0;
  #chars = 0;
  #gaps: OutputGap[] = [];

  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  /** The number of the oldest line that is kept. */
  get first(): number {
    return this.#base + this.#dropped;
  }

  /** The number that the next line will have. */
  get end(): number {
    return this.#base + this.#lines.length;
  }

  /** A line by its number. */
  get(line: number): string | undefined {
    return line < this.first ? undefined : this.#lines[line - this.#base];
  }

  /** Adds a line. */
  push(line: string): void {
    this.#lines.push(line);
    this.#chars += line.length;
    while (this.end - this.first > this.#maxLines || this.#chars > MAX_CHARS) this.#dropOldest();
  }

  /** Takes the lines from `end` on back: they are on the screen again. */
  truncate(end: number): void {
    while (this.end > Math.max(end, this.first)) this.#chars -= this.#lines.pop()!.length;
  }

  /** So many lines never came, before the line of this number. */
  skip(lines: number, before: number): void {
    if (lines <= 0) return;
    this.#gaps.push({ before, lines });
    if (this.#gaps.length <= MAX_GAPS) return;
    const [oldest, second] = this.#gaps.splice(0, 2);
    this.#gaps.unshift({ before: second!.before, lines: oldest!.lines + second!.lines });
  }

  /** The lines from the place `from` on, and no further than right before `to`, that are not there any more or never came. */
  gaps(from: number, to = Infinity): OutputGap[] {
    const { first } = this;
    let gone = Math.max(0, Math.min(first, to) - Math.max(0, from));
    const gaps: OutputGap[] = [];
    for (const gap of this.#gaps) {
      if (gap.before < from || gap.before > to) continue;
      if (gap.before <= first) gone += gap.lines;
      else gaps.push(gap);
    }
    return gone === 0 ? gaps : [{ before: first, lines: gone }, ...gaps];
  }

  #dropOldest(): void {
    this.#chars -= this.#lines[this.#dropped]!.length;
    this.#lines[this.#dropped++] = "";
    if (this.#dropped < SLACK) return;
    this.#lines.splice(0, this.#dropped);
    this.#base += this.#dropped;
    this.#dropped = 0;
  }
}
