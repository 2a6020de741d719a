/**
 * A timeline: how far a recording has played, and where its markers are.
 *
 * @module
 */
import type { RowBuilder, Style } from "../format/text_row.ts";
import type { Glyphs } from "./glyphs.ts";
import type { StatusPart } from "./status_line.ts";

/** What a timeline shows. */
export interface Timeline {
  readonly positionMs: number;
  /** Where it begins; 0 but for sessions that were joined later. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly markersMs: readonly number[];
}

const PAST: Style = { fg: 6 };
const HEAD: Style = { fg: 6, bold: true };
const FUTURE: Style = { dim: true };
const MARKER: Style = { fg: 3 };

/** Draws a timeline from column `x` on; of less than three columns, none. */
export function drawTimeline(
  builder: RowBuilder,
  at: { readonly x: number; readonly cols: number },
  timeline: Timeline,
  glyphs: Glyphs,
): void {
  const { x, cols } = at;
  if (cols < 3) return;
  const column = (ms: number): number => {
    const lengthMs = timeline.durationMs - timeline.startMs;
    const part = lengthMs > 0 ? (ms - timeline.startMs) / lengthMs : 0;
    return Math.round(Math.max(0, Math.min(1, part)) * (cols - 1));
  };
  const head = column(timeline.positionMs);
  builder.text(x, glyphs.past.repeat(head), PAST);
  builder.text(x + head, glyphs.future.repeat(cols - head), FUTURE);
  for (const ms of timeline.markersMs) builder.text(x + column(ms), glyphs.marker, MARKER);
  builder.text(x + head, glyphs.head, HEAD);
}

/** A timeline of so many columns as a piece of a status line. */
export function timelinePart(
  timeline: Timeline,
  options: { readonly cols: number; readonly rank: number; readonly glyphs: Glyphs },
): StatusPart {
  const cols = Math.max(0, options.cols);
  return {
    text: " ".repeat(cols),
    rank: options.rank,
    draw: (builder, x) => drawTimeline(builder, { x, cols }, timeline, options.glyphs),
  };
}
