/**
 * The fonts of the session's screen.
 *
 * @module
 */
import type { Area, MeasureFont } from "./fit.ts";

/** A monospaced font of the system's, and what draws the characters that it lacks. */
export const FONTS = [
  "ui-monospace",
  "SF Mono",
  "Menlo",
  "Cascadia Mono",
  "Consolas",
  "DejaVu Sans Mono",
  "Liberation Mono",
  "Noto Sans Mono",
  // What a monospaced font lacks: Chinese, Japanese and Korean, then pictures.
  "Noto Sans Mono CJK SC",
  "Noto Sans CJK SC",
  "PingFang SC",
  "Hiragino Sans",
  "Microsoft YaHei",
  "Malgun Gothic",
  "Apple Color Emoji",
  "Segoe UI Emoji",
  "Noto Color Emoji",
  "monospace",
].map((name) => /[ ]/.test(name) ? `"${name}"` : name).join(", ");

/** Measures as xterm does. */
export function fontMeasure(): MeasureFont {
  const context = new OffscreenCanvas(1, 1).getContext("2d")!;
  const known = new Map<number, Area>();
  return (sizePx) => {
    let size = known.get(sizePx);
    if (size === undefined) {
      context.font = `${sizePx}px ${FONTS}`;
      const { width, fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText("W");
      size = { width, height: fontBoundingBoxAscent + fontBoundingBoxDescent };
      known.set(sizePx, size);
    }
    return size;
  };
}
