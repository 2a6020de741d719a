/**
 * A frame as text and as JSON, for programs.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import type { JsonObject } from "../format/json.ts";
import {
  BLINK,
  BOLD,
  CELL,
  cellText,
  COLOR_MASK,
  COLOR_MODE,
  COLOR_RGB,
  DIM,
  EXTRA,
  type Extra,
  HIDDEN,
  INVERSE,
  ITALIC,
  OVERLINE,
  type Row,
  rowText,
  STRIKE,
  UNDERLINE,
  WIDTH_SHIFT,
} from "../format/row.ts";

/** The lines of a frame, without the blanks at their ends, each with its newline. */
export function frameText(frame: Frame): string {
  return frame.lines.map((row) => `${rowText(row)}\n`).join("");
}

/**
 * A frame as JSON: its size, cursor and title, and each row as its text and the runs of one style in it. A run says its
 * first column, how many columns it takes, and what is not the default of its style. A colour is a number of the
 * palette or `#rrggbb`. Blanks without a style at the end of a row are left out.
 */
export function frameJson(frame: Frame): JsonObject {
  const { cols, rows, cursor, title, lines } = frame;
  return {
    cols,
    rows,
    title,
    alternate: frame.under !== undefined,
    cursor: { ...cursor },
    lines: lines.map((row) => ({ text: rowText(row), wrapped: row.wrapped, runs: runsOf(row) })),
  };
}

function runsOf(row: Row): JsonObject[] {
  const runs: { x: number; cols: number; text: string; style: JsonObject; key: string }[] = [];
  const end = row.cells.length / CELL;
  for (let x = 0; x < end;) {
    const width = Math.max(1, row.cells[x * CELL]! >>> WIDTH_SHIFT);
    const style = styleOf(row, x);
    const key = JSON.stringify(style);
    const last = runs.at(-1);
    if (last?.key === key) {
      last.cols += width;
      last.text += cellText(row, x);
    } else runs.push({ x, cols: width, text: cellText(row, x), style, key });
    x += width;
  }
  const last = runs.at(-1);
  if (last?.key === "{}") {
    last.text = last.text.trimEnd();
    if (last.text === "") runs.pop();
    else last.cols = rowText(row) === "" ? 0 : usedCols(row) - last.x;
  }
  return runs.map(({ x, cols, text, style }) => ({ x, cols, text, ...style }));
}

/** Columns up to the last character that is no blank. */
function usedCols(row: Row): number {
  let x = row.cells.length / CELL;
  while (x > 0 && cellText(row, x - 1) === " ") x--;
  return x;
}

const FLAGS: readonly (readonly [name: string, word: 1 | 2, flag: number])[] = [
  ["bold", 1, BOLD],
  ["dim", 2, DIM],
  ["italic", 2, ITALIC],
  ["underline", 1, UNDERLINE],
  ["blink", 1, BLINK],
  ["inverse", 1, INVERSE],
  ["hidden", 1, HIDDEN],
  ["strike", 1, STRIKE],
  ["overline", 2, OVERLINE],
];
const UNDERLINES = { 0: true, 2: "double", 3: "curly", 4: "dotted", 5: "dashed" } as const;

function styleOf(row: Row, x: number): JsonObject {
  const fg = row.cells[x * CELL + 1]!, bg = row.cells[x * CELL + 2]!;
  const style: Record<string, JsonObject[string]> = {};
  const foreground = colorOf(fg), background = colorOf(bg);
  if (foreground !== undefined) style.fg = foreground;
  if (background !== undefined) style.bg = background;
  for (const [name, word, flag] of FLAGS) if ((word === 1 ? fg : bg) & flag) style[name] = true;
  const extra = bg & EXTRA ? row.extras?.get(x) : undefined;
  if (extra !== undefined) addExtra(style, extra);
  return style;
}

function addExtra(style: Record<string, JsonObject[string]>, extra: Extra): void {
  const { underline, underlineColor, link } = extra;
  if (style.underline === true) style.underline = UNDERLINES[underline];
  const color = colorOf(underlineColor);
  if (color !== undefined) style.underlineColor = color;
  if (link !== undefined) style.link = link.uri;
}

function colorOf(word: number): number | string | undefined {
  const color = word & COLOR_MASK;
  const mode = color & COLOR_MODE;
  if (mode === 0) return undefined;
  if (mode !== COLOR_RGB) return color & 255;
  return `#${(color & 0xffffff).toString(16).padStart(6, "0")}`;
}
