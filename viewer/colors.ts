/**
 * Fewer colours: the nearest of the 256 and of the 16 for a colour that a terminal does not have.
 *
 * @module
 */
import { COLOR_16, COLOR_256, COLOR_MASK, COLOR_MODE, COLOR_RGB } from "../format/row.ts";
import type { ColorDepth } from "./capabilities.ts";
import type { Rgb } from "./replies.ts";

/** xterm's defaults of the 16 named colours; terminals differ, the order of light and dark does not. */
const NAMED: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];

/** Levels of the 6 × 6 × 6 cube of the 256 colours. */
const LEVELS: readonly number[] = [0, 95, 135, 175, 215, 255];

/** What one of the 256 colours looks like. */
export function paletteRgb(index: number): Rgb {
  if (index < 16) return NAMED[index]!;
  if (index >= 232) {
    const gray = 8 + (index - 232) * 10;
    return [gray, gray, gray];
  }
  const cube = index - 16;
  const level = (n: number): number => LEVELS[n % 6]!;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6)), level(cube)];
}

/** The nearest of the 240 colours that look the same everywhere. */
export function nearest256(rgb: Rgb): number {
  const nearest = (value: number): number =>
    LEVELS.reduce(
      (best, level, i) => Math.abs(level - value) < Math.abs(LEVELS[best]! - value) ? i : best,
      0,
    );
  const [r, g, b] = rgb.map(nearest) as [number, number, number];
  const cube = 16 + 36 * r + 6 * g + b;
  const mean = (rgb[0] + rgb[1] + rgb[2]) / 3;
  const gray = 232 + Math.max(0, Math.min(23, Math.round((mean - 8) / 10)));
  return distance(paletteRgb(gray), rgb) < distance(paletteRgb(cube), rgb) ? gray : cube;
}

/** The nearest of the 16 named colours. */
export function nearest16(rgb: Rgb): number {
  const spread = Math.max(...rgb) - Math.min(...rgb);
  let best = 0;
  for (let i = 1; i < NAMED.length; i++) {
    const gray = i === 7 || i === 8 || i === 15;
    // A tint stays a tint, a gray stays a gray, where the distance alone would have it otherwise.
    if (spread > 80 ? gray : spread < 24 && !gray) continue;
    if (distance(NAMED[i]!, rgb) < distance(NAMED[best]!, rgb)) best = i;
  }
  return best;
}

/** Squared distance, weighted as the eye sees the channels. */
function distance(a: Rgb, b: Rgb): number {
  return 2 * (a[0] - b[0]) ** 2 + 4 * (a[1] - b[1]) ** 2 + 3 * (a[2] - b[2]) ** 2;
}

const reduced = { "256": new Map<number, number>(), "16": new Map<number, number>() };

/** The mode and colour bits of a colour word, for a terminal with so many colours. */
export function reduceColor(word: number, depth: ColorDepth): number {
  const color = word & COLOR_MASK;
  const mode = color & COLOR_MODE;
  if (mode === 0 || depth === "rgb") return color;
  if (depth === "none") return 0;
  if (mode === COLOR_16 || (mode === COLOR_256 && depth === "256")) return color;
  const known = reduced[depth].get(color);
  if (known !== undefined) return known;
  const rgb = mode === COLOR_RGB
    ? [(color >>> 16) & 255, (color >>> 8) & 255, color & 255] as const
    : paletteRgb(color & 255);
  const result = depth === "256" ? COLOR_256 | nearest256(rgb) : COLOR_16 | nearest16(rgb);
  if (reduced[depth].size > 4_096) reduced[depth].clear();
  reduced[depth].set(color, result);
  return result;
}
