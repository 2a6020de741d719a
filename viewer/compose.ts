/**
 * Puts the local screen together: the session's screen, the status rows below it, and a box on top.
 *
 * @module
 */
import {
  type Cursor,
  DEFAULT_CURSOR,
  DEFAULT_MODES,
  type Frame,
  type Modes,
} from "../format/frame.ts";
import { blankRow, CELL, type Row } from "../format/row.ts";
import { RowBuilder, type Style } from "../format/text_row.ts";
import type { Size } from "./device.ts";
import { type Glyphs, UNICODE_GLYPHS } from "./glyphs.ts";
import { drawPointers, type PointerMark } from "./pointers.ts";
import { type Pan, placeViewport, type Viewport } from "./viewport.ts";

/** Rows drawn over the session's screen, each of the same width. */
export interface Overlay {
  readonly rows: readonly Row[];
  /** In the middle of the screen, or at its bottom left, just above the status. Default `middle`. */
  readonly anchor?: "middle" | "bottom";
  /** Where in the box the cursor stands; without it there is none while the box is shown. */
  readonly cursor?: { readonly x: number; readonly y: number };
}

/** What the local screen is made of. */
export interface Scene {
  /** The local terminal's size. */
  readonly size: Size;
  /** The session's screen, once there is one. */
  readonly frame: Frame | undefined;
  /** Rows at the bottom, as wide as the terminal. Left out where nothing else would fit. */
  readonly footer: readonly Row[];
  readonly overlay?: Overlay | undefined;
  /** Where people point, on the session's screen. */
  readonly pointers?: readonly PointerMark[] | undefined;
  /** Default: the session's. */
  readonly modes?: Modes | undefined;
  /** Default: follows the cursor. */
  readonly pan?: Pan;
  /** Default: the session's. */
  readonly title?: string;
  /** Default: the session's. */
  readonly bells?: number;
}

const MARGIN: Style = { dim: true };
const FOLLOW: Pan = { kind: "follow" };

/**
 * Composes frames for one local terminal. Session rows that did not change give the same composed row, so that
 * painting costs what changed.
 */
export class Composer {
  readonly #glyphs: Glyphs;
  #viewport: Viewport | undefined;
  /** Composed rows by session row, for one placement. */
  #rows = new WeakMap<Row, Row>();
  #placement = "";

  constructor(glyphs: Glyphs = UNICODE_GLYPHS) {
    this.#glyphs = glyphs;
  }

  /** Where the session's screen was put last; `undefined` before there was one. */
  get viewport(): Viewport | undefined {
    return this.#viewport;
  }

  /** The local screen, as large as the local terminal. */
  compose(scene: Scene): Frame {
    const { size, frame } = scene;
    const footer = size.rows > scene.footer.length ? scene.footer : [];
    const area = { cols: size.cols, rows: size.rows - footer.length };
    const body = frame === undefined
      ? { lines: blanks(area), cursor: HIDDEN }
      : this.#body(frame, area, scene.pan ?? FOLLOW);
    const lines = [...body.lines, ...footer];
    const { pointers = [] } = scene;
    if (frame !== undefined && this.#viewport !== undefined && pointers.length > 0) {
      drawPointers(lines, size.cols, { viewport: this.#viewport, marks: pointers });
    }
    const cursor = scene.overlay === undefined
      ? body.cursor
      : drawOverlay(lines, area, scene.overlay) ?? { ...body.cursor, visible: false };
    return {
      cols: size.cols,
      rows: size.rows,
      lines,
      under: undefined,
      cursor,
      modes: scene.modes ?? frame?.modes ?? DEFAULT_MODES,
      title: scene.title ?? frame?.title ?? "",
      bells: scene.bells ?? frame?.bells ?? 0,
      top: 0,
    };
  }

  #body(frame: Frame, area: Size, pan: Pan): { readonly lines: Row[]; readonly cursor: Cursor } {
    const viewport = placeViewport(frame, area, { pan, before: this.#viewport });
    this.#viewport = viewport;
    const { x, y } = viewport;
    const lines = new Array<Row>(area.rows);
    const placement = `${frame.cols} ${area.cols} ${x.from} ${x.at}`;
    if (placement !== this.#placement) {
      this.#placement = placement;
      this.#rows = new WeakMap();
    }
    for (let row = 0; row < area.rows; row++) {
      const line = frame.lines[row - y.at + y.from];
      lines[row] = line !== undefined && row >= y.at && row < y.at + y.length
        ? this.#row(line, area.cols, x)
        : this.#margin(row, area.cols, viewport);
    }
    return { lines, cursor: placeCursor(frame.cursor, viewport) };
  }

  /** The part of a session's row that is shown, with what stands left and right of it. */
  #row(row: Row, cols: number, { from, at, length }: Viewport["x"]): Row {
    if (from === 0 && length === cols && row.cells.length === cols * CELL) return row;
    const known = this.#rows.get(row);
    if (known !== undefined) return known;
    const builder = new RowBuilder(cols).copy(row, from, from + length, at);
    if (at > 0) builder.text(at - 1, this.#glyphs.vertical, MARGIN);
    if (at + length < cols) builder.text(at + length, this.#glyphs.vertical, MARGIN);
    const composed = builder.build();
    this.#rows.set(row, composed);
    return composed;
  }

  /** A row above or below the session's screen. */
  #margin(row: number, cols: number, { x, y }: Viewport): Row {
    const above = row === y.at - 1;
    if (!above && row !== y.at + y.length) return blankRow(cols);
    const glyphs = this.#glyphs;
    const [left, right] = above
      ? [glyphs.topLeft, glyphs.topRight]
      : [glyphs.bottomLeft, glyphs.bottomRight];
    const builder = new RowBuilder(cols);
    builder.text(x.at, glyphs.horizontal.repeat(x.length), MARGIN);
    if (x.at > 0) builder.text(x.at - 1, left, MARGIN);
    if (x.at + x.length < cols) builder.text(x.at + x.length, right, MARGIN);
    return builder.build();
  }
}

const HIDDEN: Cursor = { ...DEFAULT_CURSOR, visible: false };

function blanks({ cols, rows }: Size): Row[] {
  return new Array<Row>(rows).fill(blankRow(cols));
}

function placeCursor(cursor: Cursor, { x, y }: Viewport): Cursor {
  const inside = cursor.x >= x.from && cursor.x < x.from + x.length &&
    cursor.y >= y.from && cursor.y < y.from + y.length;
  if (!inside) return HIDDEN;
  return { ...cursor, x: cursor.x - x.from + x.at, y: cursor.y - y.from + y.at };
}

/** Draws a box over the lines; returns the cursor when it is in the box. */
function drawOverlay(lines: Row[], area: Size, overlay: Overlay): Cursor | undefined {
  const width = Math.min(overlay.rows[0]?.cells.length ?? 0, area.cols * CELL) / CELL;
  const height = Math.min(overlay.rows.length, area.rows);
  const bottom = overlay.anchor === "bottom";
  const left = bottom ? 0 : Math.floor((area.cols - width) / 2);
  const top = bottom ? area.rows - height : Math.floor((area.rows - height) / 2);
  for (let i = 0; i < height; i++) {
    const below = lines[top + i]!;
    lines[top + i] = new RowBuilder(area.cols)
      .copy(below, 0, left, 0)
      .copy(overlay.rows[i]!, 0, width, left)
      .copy(below, left + width, area.cols, left + width)
      .build();
  }
  const { cursor } = overlay;
  return cursor && {
    ...DEFAULT_CURSOR,
    x: Math.min(left + cursor.x, area.cols - 1),
    y: Math.min(top + cursor.y, area.rows - 1),
  };
}
