/**
 * Long output, folded in the middle: a model's context is small, and what matters is mostly at either end.
 *
 * @module
 */
import type { OutputChunk, OutputGap } from "../types.ts";
import { LINES_MAX } from "./tool_list.ts";

/** What is folded. */
export type Foldable = Pick<OutputChunk, "lines" | "from" | "gaps">;

/** What a tool's arguments say of where: nothing for the session, or that it is the pane of one's own. */
export type PlaceArgument = "" | ", pane: true";

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
 * Lines as text. Those that are too many are left out from the middle; a line in their place says how to get them. Where
 * lines never came a line says so: what stands beside each other there does not follow from each other.
 *
 * @param where what `output` has to be told to give lines of the same place
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
 * const text = fold({ lines, from: 7, gaps: [] }, { lines: 4, chars: 1_000, lineChars: 100 });
 * assert.deepEqual(text.split("\n"), [
 *   "line 0",
 *   "[… 96 lines left out: output {from: 8, lines: 96}]",
 *   "line 97",
 *   "line 98",
 *   "line 99",
 * ]);
 * ```
 */
export function fold(
  { lines, from, gaps }: Foldable,
  limits: FoldLimits,
  where: PlaceArgument = "",
): string {
  const least = Math.min(limits.lineChars, limits.chars);
  const short = lines.map((line) => cut(line, least));
  const total = short.reduce((sum, line) => sum + line.length + 1, 0);
  const all = (): string => withGaps({ lines: short, from, gaps }).join("\n");
  if (short.length <= limits.lines && total <= limits.chars) return all();
  const head = fitting(short, 0, limits.lines * HEAD, limits.chars * HEAD);
  const tail = fitting(short.toReversed(), head, limits.lines - head, limits.chars * (1 - HEAD));
  const left = short.length - head - tail;
  if (left <= 0) return all();
  const out = from + head, on = out + left;
  const before = gaps.filter((gap) => gap.before <= out),
    after = gaps.filter((gap) => gap.before >= on);
  const between = gaps.filter((gap) => gap.before > out && gap.before < on);
  const gone = between.reduce((sum, { lines }) => sum + lines, 0);
  const among = gone === 0 ? "" : `, among which ${countText(gone)} missing`;
  const range = `{from: ${out}, lines: ${Math.min(left, LINES_MAX)}${where}}`;
  return [
    ...withGaps({ lines: short.slice(0, head), from, gaps: before }),
    `[… ${left === 1 ? "1 line" : `${left} lines`} left out${among}: output ${range}]`,
    ...withGaps({ lines: short.slice(head + left), from: on, gaps: after }),
  ].join("\n");
}

/** Lines, with what says that some are missing where they are. */
function withGaps({ lines, from, gaps }: Foldable): string[] {
  const shown: string[] = [];
  let next = 0;
  for (const [i, line] of [...lines, undefined].entries()) {
    for (; next < gaps.length && (line === undefined || gaps[next]!.before <= from + i); next++) {
      shown.push(gapText(gaps[next]!, i > 0));
    }
    if (line !== undefined) shown.push(line);
  }
  return shown;
}

function gapText({ lines }: OutputGap, hasLineAbove: boolean): string {
  const above = hasLineAbove ? ", and the line above may be cut off" : "";
  return `[… ${
    countText(lines)
  } missing here: too many at once, or too long ago${above}. To have all, write the output to a file and read parts of it]`;
}

function countText(lines: number): string {
  return lines === 1 ? "1 line is" : `${lines} lines are`;
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
