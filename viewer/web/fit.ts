/**
 * Which font size makes a session's screen fill a space, without ever changing how many columns and rows it has.
 *
 * @module
 */

/** A width and a height, in CSS pixels. */
export interface Area {
  readonly width: number;
  readonly height: number;
}

/** Columns and rows. */
export interface Grid {
  readonly cols: number;
  readonly rows: number;
}

/** How large a character of a font is, by the font's size in CSS pixels. */
export type MeasureFont = (sizePx: number) => Area;

/** What decides on a cell's size beside the font. */
export interface CellRules {
  readonly measure: MeasureFont;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
  /** Whether cells are whole device pixels wide (as WebGL has them) rather than as wide as the font says. */
  readonly wholePixels: boolean;
}

/** Smaller text cannot be read: a screen that needs it is scrolled instead. */
export const MIN_FONT_PX = 5;
/** Larger text helps nobody. */
export const MAX_FONT_PX = 64;
/** The text size of `actual`. */
export const ACTUAL_FONT_PX = 14;
/** Sizes between are not tried: a device pixel more or less is all that they would change. */
const STEP_PX = 0.25;

/** The size of a cell, in CSS pixels. */
export function cellSize(sizePx: number, rules: CellRules): Area {
  const { width, height } = rules.measure(sizePx);
  const { pixelRatio } = rules;
  const deviceWidth = width * pixelRatio;
  return {
    width: (rules.wholePixels ? Math.floor(deviceWidth) : deviceWidth) / pixelRatio,
    height: Math.ceil(height * pixelRatio) / pixelRatio,
  };
}

/**
 * The largest font size, in CSS pixels, with which the grid fits into the area; {@link MIN_FONT_PX} when none does.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const rules = {
 *   measure: (px: number) => ({ width: px * 0.6, height: px * 1.2 }),
 *   pixelRatio: 1,
 *   wholePixels: true,
 * };
 * assert.equal(fitFontSize({ width: 800, height: 600 }, { cols: 80, rows: 24 }, rules), 18.25);
 * ```
 */
export function fitFontSize(area: Area, grid: Grid, rules: CellRules): number {
  const fits = (sizePx: number): boolean => {
    const cell = cellSize(sizePx, rules);
    return cell.width * grid.cols <= area.width && cell.height * grid.rows <= area.height;
  };
  let low = MIN_FONT_PX / STEP_PX, high = MAX_FONT_PX / STEP_PX;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle * STEP_PX)) low = middle;
    else high = middle - 1;
  }
  return low * STEP_PX;
}

/** A font size within what is sensible. */
export function clampFontSize(sizePx: number): number {
  const steps = Math.round(sizePx / STEP_PX) * STEP_PX;
  return Math.max(MIN_FONT_PX, Math.min(MAX_FONT_PX, steps));
}
