/**
 * The status line: one row that says what is most important first and drops the rest where it does not fit.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import { clip, columns, RowBuilder, type Style } from "../format/text_row.ts";
import type { Span } from "./box.ts";
import { type Glyphs, UNICODE_GLYPHS } from "./glyphs.ts";
import { legible } from "./legible.ts";

/** A piece of a status line. */
export interface StatusPart {
  readonly text: string;
  readonly style?: Style;
  /** What goes first where there is no room: the highest. 0 stays. */
  readonly rank: number;
  /** May be cut down to so many columns before it is dropped. */
  readonly minCols?: number;
  /** Draws over the text, which only keeps the room: from column `x` to column `to` (exclusive). */
  readonly draw?: (builder: RowBuilder, x: number, to: number) => void;
}

/** A status line's pieces, from left to right. */
export interface StatusLine {
  /** What state things are in, set off from the rest. */
  readonly tag: StatusPart;
  readonly left: readonly StatusPart[];
  /** Stands at the right edge. */
  readonly right: readonly StatusPart[];
}

/** Styles of tags: few palette colours, inverse, so that they are right on dark and on light. */
export const TAG_STYLES = {
  good: { fg: 2, inverse: true, bold: true },
  busy: { fg: 3, inverse: true, bold: true },
  bad: { fg: 1, inverse: true, bold: true },
  calm: { fg: 6, inverse: true, bold: true },
  plain: { inverse: true },
} as const satisfies Record<string, Style>;

const DIM: Style = { dim: true };
/** Columns between two pieces. */
const GAP = 3;
/** Columns between the left and the right pieces, at least. */
const MIDDLE = 2;

interface Fitted {
  readonly left: readonly StatusPart[];
  readonly right: readonly StatusPart[];
}

/** A piece whose text has several styles; it is cut as one. */
export function spansPart(
  spans: readonly Span[],
  part: Omit<StatusPart, "text" | "draw">,
): StatusPart {
  const clean = spans.map(({ text, style }) => ({ text: legible(text), style }));
  const text = clean.map((span) => span.text).join("");
  const draw = (builder: RowBuilder, x: number, to: number): void => {
    const shown = clip(text, to - x);
    let at = 0;
    for (const { text: { length }, style } of clean) {
      x = builder.text(x, shown.slice(at, at + length), style ?? part.style ?? {});
      at += length;
    }
  };
  return { ...part, text, draw };
}

/** Draws a status line of `cols` columns. Its texts may come from anywhere. */
export function statusRow(cols: number, line: StatusLine, glyphs: Glyphs = UNICODE_GLYPHS): Row {
  const builder = new RowBuilder(cols);
  let x = builder.text(0, ` ${clip(line.tag.text, cols - 2)} `, line.tag.style ?? TAG_STYLES.plain);
  const { left, right } = fit(line, cols - x - 1);
  x = drawParts(builder, x + 1, left, glyphs);
  if (right.length > 0) drawParts(builder, cols - partsWidth(right) - 1, right, glyphs);
  return builder.build();
}

function drawParts(
  builder: RowBuilder,
  x: number,
  parts: readonly StatusPart[],
  glyphs: Glyphs,
): number {
  parts.forEach((part, i) => {
    // Nothing is to be seen between a piece and one that only keeps its room.
    const apart = i > 0 && part.text.trim() !== "" && parts[i - 1]!.text.trim() !== "";
    if (i > 0) x = builder.text(x, apart ? ` ${glyphs.separator} ` : "   ", DIM);
    const from = x;
    x = builder.text(x, part.text, part.style ?? {});
    part.draw?.(builder, from, x);
  });
  return x;
}

function partsWidth(parts: readonly StatusPart[]): number {
  const text = parts.reduce((sum, part) => sum + columns(part.text), 0);
  return text + Math.max(0, parts.length - 1) * GAP;
}

function cleaned(part: StatusPart): StatusPart {
  const text = legible(part.text);
  return text === part.text ? part : { ...part, text };
}

/** Drops and cuts, the least important first, until everything fits into `cols`. */
function fit(line: StatusLine, cols: number): Fitted {
  let left = line.left.map(cleaned).filter((part) => part.text !== "");
  let right = line.right.map(cleaned).filter((part) => part.text !== "");
  for (;;) {
    const between = right.length > 0 ? MIDDLE : 0;
    const over = partsWidth(left) + partsWidth(right) + between - cols;
    if (over <= 0) return { left, right };
    const least = [...left, ...right].reduce<StatusPart | undefined>(
      (worst, part) => worst === undefined || part.rank >= worst.rank ? part : worst,
      undefined,
    );
    if (least === undefined) return { left, right };
    const room = columns(least.text) - over;
    const minCols = least.rank === 0 ? 1 : least.minCols ?? Infinity;
    const cut = room >= minCols
      ? { ...least, text: clip(least.text, room), minCols: Infinity }
      : [];
    const replace = (parts: readonly StatusPart[]): StatusPart[] =>
      parts.flatMap((part) => part === least ? cut : part);
    [left, right] = [replace(left), replace(right)];
  }
}
