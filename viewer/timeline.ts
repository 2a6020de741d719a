/**
 * A timeline: how far a recording has played, and where its markers are.
 *
 * @module
 */
import { PRESENTER_ID } from "../format/session_data.ts";
import type { RowBuilder, Style } from "../format/text_row.ts";
import type { Glyphs } from "./glyphs.ts";
import { personStyle } from "./person_style.ts";
import type { Stretch } from "./session_history.ts";
import type { StatusPart } from "./status_line.ts";

/** What a timeline shows. */
export interface Timeline {
  readonly positionMs: number;
  /** Where it begins; 0 but for sessions that were joined later. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly markersMs: readonly number[];
  /** When somebody else than the presenter drove. */
  readonly drives?: readonly TimelineDrive[];
}

/** A part of a timeline in its own style. */
export interface TimelineDrive {
  readonly fromMs: number;
  readonly toMs: number;
  readonly style: Style;
}

const PAST: Style = { fg: 6 };
const HEAD: Style = { fg: 6, bold: true };
const FUTURE: Style = { dim: true };
const MARKER: Style = { fg: 3 };
/** Everyone drove, or somebody who is not known. */
const OTHERS: Style = { bold: true };

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
  for (const { fromMs, toMs, style } of timeline.drives ?? []) {
    const from = column(fromMs), to = Math.max(from + 1, column(toMs));
    for (let i = from; i < to; i++) {
      builder.text(x + i, i < head ? glyphs.past : glyphs.future, style);
    }
  }
  for (const ms of timeline.markersMs) builder.text(x + column(ms), glyphs.marker, MARKER);
  builder.text(x + head, glyphs.head, HEAD);
}

/** The parts of a timeline in which somebody else than the presenter drove, in their colours. */
export function timelineDrives(stretches: readonly Stretch[]): TimelineDrive[] {
  return stretches.flatMap(({ fromMs, toMs, turn, driver }) => {
    const others = turn.mode === "collaborative" ||
      (turn.mode === "participant" && driver?.id !== PRESENTER_ID);
    if (!others) return [];
    return [{ fromMs, toMs, style: driver === undefined ? OTHERS : personStyle(driver) }];
  });
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
