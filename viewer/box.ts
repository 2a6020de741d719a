/**
 * Boxes drawn over the screen: menus, lists, help.
 *
 * @module
 */
import { clip, columns, RowBuilder, type Style } from "../format/text_row.ts";
import type { Overlay } from "./compose.ts";
import type { Size } from "./device.ts";
import { type Glyphs, UNICODE_GLYPHS } from "./glyphs.ts";
import { legible } from "./legible.ts";

/** Text of one style. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** A line of a box: its pieces, and a style for the whole of it. */
export interface BoxLine {
  readonly spans: readonly Span[];
  readonly style?: Style;
}

/** What is in a box. */
export interface BoxContent {
  readonly title: string;
  readonly lines: readonly (BoxLine | string)[];
  /** Stands in the lower border. */
  readonly hint?: string;
  /** The line that has to be seen where not all of them fit. */
  readonly focus?: number;
  /** Default `middle`. */
  readonly anchor?: "middle" | "bottom";
}

const BORDER: Style = { dim: true };
const TITLE: Style = { bold: true };
/** Border and one blank on either side. */
const FRAME_COLS = 4;

/** Draws a box that fits on a screen of `area`. */
export function boxOverlay(
  content: BoxContent,
  area: Size,
  glyphs: Glyphs = UNICODE_GLYPHS,
): Overlay {
  const lines = content.lines.map((line) =>
    typeof line === "string" ? { spans: [{ text: legible(line) }] } : cleaned(line)
  );
  const title = legible(content.title), hint = legible(content.hint ?? "");
  const wanted = Math.max(
    columns(title) + 2,
    columns(hint) + 2,
    ...lines.map((line) => line.spans.reduce((sum, { text }) => sum + columns(text), 0)),
  );
  const inner = Math.max(1, Math.min(wanted, area.cols - FRAME_COLS));
  const cols = inner + FRAME_COLS;
  const { from, to } = visible(lines.length, Math.max(1, area.rows - 2), content.focus ?? 0);
  const more = [from > 0 ? glyphs.up : "", to < lines.length ? glyphs.down : ""].join("");
  const rows = [
    border(cols, { left: glyphs.topLeft, right: glyphs.topRight, text: title }, glyphs),
    ...lines.slice(from, to).map((line) => drawLine(line, cols, glyphs)),
    border(cols, {
      left: glyphs.bottomLeft,
      right: glyphs.bottomRight,
      text: more === "" ? hint : `${hint} ${more}`.trim(),
      style: BORDER,
    }, glyphs),
  ];
  return { rows, anchor: content.anchor ?? "middle" };
}

function cleaned(line: BoxLine): BoxLine {
  return { ...line, spans: line.spans.map((span) => ({ ...span, text: legible(span.text) })) };
}

interface Border {
  readonly left: string;
  readonly right: string;
  readonly text: string;
  readonly style?: Style;
}

function border(cols: number, edge: Border, glyphs: Glyphs): ReturnType<RowBuilder["build"]> {
  const builder = new RowBuilder(cols);
  builder.text(0, edge.left + glyphs.horizontal.repeat(cols - 2) + edge.right, BORDER);
  const text = clip(edge.text, cols - 6);
  if (text !== "") builder.text(2, ` ${text} `, edge.style ?? TITLE);
  return builder.build();
}

function drawLine(
  line: BoxLine,
  cols: number,
  glyphs: Glyphs,
): ReturnType<RowBuilder["build"]> {
  const builder = new RowBuilder(cols);
  builder.text(0, glyphs.vertical, BORDER);
  if (line.style !== undefined) builder.fill(1, cols - 1, line.style);
  let x = 2;
  for (const { text, style } of line.spans) {
    const fitting = clip(text, cols - 2 - x);
    x = builder.text(x, fitting, { ...line.style, ...style });
  }
  builder.text(cols - 1, glyphs.vertical, BORDER);
  return builder.build();
}

/** The part of a list that fits and has `focus` in it, as near to its middle as can be. */
function visible(length: number, room: number, focus: number): { from: number; to: number } {
  const from = Math.max(0, Math.min(focus - Math.floor(room / 2), length - room));
  return { from, to: Math.min(length, from + room) };
}
