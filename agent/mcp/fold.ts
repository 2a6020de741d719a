/**
 * Long output, folded in the middle: a model's context is small, and what matters is mostly at either end.
 *
 * @module
 */
import { LINES_MAX } from "./tool_list.ts";

/** How much of some lines is shown. */
export interface FoldLimits {
  readonly lines: number;
  /** UTF-16 units, all lines together. */
  readonly chars: number;
  /** UTF-16 units of one line: one that is longer is cut in its middle. */
  readonly lineChars: number;
}

/** What is shown of output that nobody asked for line by line. */
export const BRIEF: FoldLimits = { lines: 100, chars: 8_000, lineChars: 1_000 };
/** What is shown of lines that were asked for. */
export const FULL: FoldLimits = { lines: LINES_MAX, chars: 30_000, lineChars: 30_000 };
/** What is shown of what was missed. */
export const MISSED: FoldLimits = { lines: 40, chars: 4_000, lineChars: 500 };

/** Of what is shown, how much is from the beginning: errors are mostly at the end. */
const HEAD = 0.3;

/**
 * Lines as text. Those that are too many are left out from the middle; a line in their place says how to get them.
 *
 * @param from the number of the first line, as `output` counts
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
 * const text = fold(lines, 7, { lines: 4, chars: 1_000, lineChars: 100 });
 * assert.deepEqual(text.split("\n"), [
 *   "line 0",
 *   "[… 96 lines left out: output {from: 8, lines: 96}]",
 *   "line 97",
 *   "line 98",
 *   "line 99",
 * ]);
 * ```
 */
export function fold(lines: readonly string[], from: number, limits: FoldLimits): string {
  const least = Math.min(limits.lineChars, limits.chars);
  const short = lines.map((line) => cut(line, least));
  const total = short.reduce((sum, line) => sum + line.length + 1, 0);
  if (short.length <= limits.lines && total <= limits.chars) return short.join("\n");
  const head = fitting(short, 0, limits.lines * HEAD, limits.chars * HEAD);
  const tail = fitting(short.toReversed(), head, limits.lines - head, limits.chars * (1 - HEAD));
  const left = short.length - head - tail;
  if (left <= 0) return short.join("\n");
  const range = `{from: ${from + head}, lines: ${Math.min(left, LINES_MAX)}}`;
  const lead = left === 1 ? "1 line" : `${left} lines`;
  return [
    ...short.slice(0, head),
    `[… ${lead} left out: output ${range}]`,
    ...short.slice(short.length - tail),
  ].join("\n");
}

/** How many lines from the first on fit, one at least, of those that are not `taken`. */
function fitting(lines: readonly string[], taken: number, most: number, chars: number): number {
  const count = Math.min(Math.max(1, Math.floor(most)), lines.length - taken);
  let left = chars;
  for (let i = 0; i < count; i++) {
    left -= lines[i]!.length + 1;
    if (left < 0 && i > 0) return i;
  }
  return count;
}

/** A line that is too long, without its middle. */
function cut(line: string, most: number): string {
  if (line.length <= most) return line;
  const head = Math.floor(most * HEAD), tail = most - head;
  const gone = line.length - most;
  return `${line.slice(0, head)}[… ${gone} characters …]${line.slice(line.length - tail)}`;
}
