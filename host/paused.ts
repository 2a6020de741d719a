/**
 * What is seen in place of the screen while sharing is paused.
 *
 * @module
 */
import { DEFAULT_CURSOR, DEFAULT_MODES, type Frame } from "../format/frame.ts";
import { blankRow, columns, RowBuilder } from "../format/text_row.ts";

const NOTICE = "Sharing is paused";

/**
 * A frame that says so and holds nothing of the screen. Line numbers and bells go on from `before`: pausing neither
 * scrolls nor rings.
 */
export function pausedFrame(
  cols: number,
  rows: number,
  before: Pick<Frame, "top" | "bells">,
): Frame {
  const blank = blankRow(cols);
  const x = Math.max(0, Math.floor((cols - columns(NOTICE)) / 2));
  const row = new RowBuilder(cols);
  row.text(x, NOTICE, { dim: true });
  const notice = row.build();
  const middle = Math.floor((rows - 1) / 2);
  return {
    cols,
    rows,
    lines: Array.from({ length: rows }, (_, y) => y === middle ? notice : blank),
    under: undefined,
    cursor: { ...DEFAULT_CURSOR, visible: false },
    modes: DEFAULT_MODES,
    title: "",
    bells: before.bells,
    top: before.top,
  };
}
