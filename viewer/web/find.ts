/**
 * Finding text on a screen and in what has scrolled away: pure.
 *
 * @module
 */

/** A line as it is drawn. */
export interface FoundLine {
  /** All of its cells, blanks at the end included. */
  readonly text: string;
  /** Whether it goes on from the line before. */
  readonly wrapped: boolean;
}

/** Where the lines come from. */
export interface Lines {
  readonly lineCount: number;
  lineAt(line: number): FoundLine | undefined;
}

/** A part of a match on one line: places in its text, `end` exclusive. */
export interface Segment {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** A match, in as many segments as it has lines. */
export type Match = readonly Segment[];

/** As many are found; more help nobody. */
export const MAX_MATCHES = 1_000;

/**
 * Every match, from the top down. Capitals count only where the text that is looked for has one. A text that wraps at
 * the edge is found across it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const texts = ["see Err", "or: no"];
 * const lines = {
 *   lineCount: 2,
 *   lineAt: (line: number) => ({ text: texts[line]!, wrapped: line > 0 }),
 * };
 * assert.deepEqual(findAll(lines, "error"), [[
 *   { line: 0, start: 4, end: 7 },
 *   { line: 1, start: 0, end: 2 },
 * ]]);
 * ```
 */
export function findAll(lines: Lines, query: string): readonly Match[] {
  if (query.trim() === "") return [];
  const folds = query === query.toLowerCase();
  const matches: Match[] = [];
  for (let first = 0; first < lines.lineCount && matches.length < MAX_MATCHES;) {
    const texts = [lines.lineAt(first)?.text ?? ""];
    for (let next = first + 1; next < lines.lineCount; next++) {
      const line = lines.lineAt(next);
      if (line?.wrapped !== true) break;
      texts.push(line.text);
    }
    const whole = texts.join("");
    const searched = folds ? fold(whole) : whole;
    for (
      let at = searched.indexOf(query);
      at >= 0;
      at = searched.indexOf(query, at + query.length)
    ) {
      matches.push(segments(texts, first, at, at + query.length));
      if (matches.length >= MAX_MATCHES) break;
    }
    first += texts.length;
  }
  return matches;
}

/** In small letters, each where it was: a few letters have more than one small one. */
function fold(text: string): string {
  const small = text.toLowerCase();
  if (small.length === text.length) return small;
  return Array.from(text, (char) => {
    const one = char.toLowerCase();
    return one.length === char.length ? one : char;
  }).join("");
}

function segments(texts: readonly string[], first: number, start: number, end: number): Match {
  const found: Segment[] = [];
  let offset = 0;
  for (const [i, text] of texts.entries()) {
    const from = Math.max(0, start - offset), to = Math.min(text.length, end - offset);
    if (from < to) found.push({ line: first + i, start: from, end: to });
    offset += text.length;
  }
  return found;
}

/** Where to go from a match: to the next or the one before, around the ends. `undefined` when there is none. */
export function stepMatch(
  current: number | undefined,
  by: 1 | -1,
  count: number,
): number | undefined {
  if (count === 0) return undefined;
  if (current === undefined) return by > 0 ? 0 : count - 1;
  return (current + by + count) % count;
}

/** How many there are, and which one it is: `3 of 12`. */
export function countText(current: number | undefined, count: number, query: string): string {
  if (query.trim() === "") return "";
  if (count === 0) return "Nothing found";
  const all = count >= MAX_MATCHES ? `${MAX_MATCHES.toLocaleString("en")} or more` : String(count);
  return current === undefined ? all : `${current + 1} of ${all}`;
}
