/**
 * What scrolled off a screen that has no scrollback: a line that goes on below is told by its beginning.
 *
 * @module
 */
import type { Row } from "../format/row.ts";

/** Rows that are remembered above a screen; at most twice as many. */
const MAX_ABOVE = 256;

/** Numbers the rows of an alternate screen as those of a normal one are: on and on, while it scrolls. */
export class ScrollGuess {
  #lines: readonly Row[] = [];
  #top = 0;
  /** The rows above {@link top}, the last one last. */
  #above: Row[] = [];

  /** The number of the first row of the screen. */
  get top(): number {
    return this.#top;
  }

  /** A row above the screen, by its number. */
  row(line: number): Row | undefined {
    const at = this.#above.length - (this.#top - line);
    // To ask an array for what is before its beginning takes a microsecond.
    return at < 0 ? undefined : this.#above[at];
  }

  /** Takes a screen. What was its first row is above it if a row from below stands there now. */
  update(lines: readonly Row[]): void {
    const before = this.#lines, first = lines[0];
    this.#lines = lines;
    if (first === undefined || first === before[0] || before.length === 0) return;
    if (before.length !== lines.length || before[0]!.cells.length !== first.cells.length) {
      this.#above = [];
      return;
    }
    const shift = first.used === 0 ? -1 : before.indexOf(first);
    if (shift <= 0) return;
    this.#above.push(...before.slice(0, shift));
    if (this.#above.length > 2 * MAX_ABOVE) this.#above = this.#above.slice(-MAX_ABOVE);
    this.#top += shift;
  }

  /** The screen is left: nothing above it goes on when it is shown again. */
  leave(): void {
    [this.#lines, this.#above] = [[], []];
  }
}
