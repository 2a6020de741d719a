/**
 * A text in lines that are not too wide.
 *
 * @module
 */
import { columns } from "../format/width.ts";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Breaks a text between words, and within those that are wider than a line. An empty text has no lines.
 *
 * @param cols widest line, in columns; a character that is wider has a line of its own
 *
 * @example
 * ```ts
 * import { wrapText } from "./wrap_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(wrapText("run the tests again", 10), ["run the", "tests", "again"]);
 * ```
 */
export function wrapText(text: string, cols: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((word) => word !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (columns(longer) <= cols) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const parts = pieces(word, cols);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1)!;
  }
  return line === "" ? lines : [...lines, line];
}

function pieces(word: string, cols: number): string[] {
  const parts = [""];
  for (const { segment } of graphemes.segment(word)) {
    const longer = parts.at(-1)! + segment;
    if (columns(longer) <= cols) parts[parts.length - 1] = longer;
    else parts.push(segment);
  }
  return parts;
}
