/**
 * Which part of a session's screen is shown where on the local one.
 *
 * @module
 */
import type { Cursor } from "../format/frame.ts";
import type { Size } from "./device.ts";

/** Follows the cursor, or stays where it was put: the session's column and row at the top left. */
export type Pan =
  | { readonly kind: "follow" }
  | { readonly kind: "at"; readonly x: number; readonly y: number };

/** One axis: `length` cells of the session from `from` on are shown from the local cell `at` on. */
export interface Span {
  readonly from: number;
  readonly at: number;
  readonly length: number;
}

/** Where a session's screen is on the local one. */
export interface Viewport {
  readonly x: Span;
  readonly y: Span;
}

/** The cursor is kept so many columns or rows away from the edge while there is more beyond it. */
const KEEP_COLS = 4, KEEP_ROWS = 1;

/**
 * Places a session's screen on an area: in its middle when it is smaller, cut off when it is larger. While it
 * follows the cursor it moves as little as it can from where it was.
 */
export function placeViewport(
  session: Size & { readonly cursor: Cursor },
  area: Size,
  options: { readonly pan: Pan; readonly before?: Viewport | undefined },
): Viewport {
  const { pan, before } = options;
  const { cursor } = session;
  const at = pan.kind === "at" ? pan : undefined;
  const follow = at === undefined && cursor.visible ? cursor : undefined;
  return {
    x: place(session.cols, area.cols, {
      wanted: at?.x ?? columnBefore(before, follow, area.cols),
      cursor: follow?.x,
      keep: KEEP_COLS,
    }),
    y: place(session.rows, area.rows, {
      wanted: at?.y ?? before?.y.from ?? 0,
      cursor: follow?.y,
      keep: KEEP_ROWS,
    }),
  };
}

/** Lines begin at the left: it goes back there as soon as the cursor can be seen from there. */
function columnBefore(
  before: Viewport | undefined,
  cursor: Cursor | undefined,
  cols: number,
): number {
  return cursor !== undefined && cursor.x < cols - KEEP_COLS ? 0 : before?.x.from ?? 0;
}

interface Wish {
  readonly wanted: number;
  readonly cursor: number | undefined;
  readonly keep: number;
}

function place(session: number, area: number, { wanted, cursor, keep }: Wish): Span {
  if (session <= area) {
    return { from: 0, at: Math.floor((area - session) / 2), length: session };
  }
  let from = wanted;
  if (cursor !== undefined) {
    const margin = Math.min(keep, Math.floor((area - 1) / 2));
    from = Math.min(from, cursor - margin);
    from = Math.max(from, cursor - area + 1 + margin);
  }
  return { from: Math.max(0, Math.min(from, session - area)), at: 0, length: area };
}

/** Moves a viewport by hand; the result stays inside the session's screen. */
export function panBy(viewport: Viewport, session: Size, cols: number, rows: number): Pan {
  const move = (span: Span, by: number, size: number): number =>
    Math.max(0, Math.min(span.from + by, size - span.length));
  return {
    kind: "at",
    x: move(viewport.x, cols, session.cols),
    y: move(viewport.y, rows, session.rows),
  };
}

/** Whether some of the session's screen is not shown. */
export function isCropped(viewport: Viewport, session: Size): boolean {
  return viewport.x.length < session.cols || viewport.y.length < session.rows;
}
