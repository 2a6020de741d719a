/**
 * How many columns a character takes: the same table the emulator lays text out with, so that a status
 * line and a screen never disagree.
 *
 * @module
 */
// @ts-types="./unicode11.d.ts"
import unicode11 from "@xterm/addon-unicode11";

/** What the addon registers with a terminal (`IUnicodeVersionProvider`, as far as it is used here). */
interface WidthProvider {
  readonly version: string;
  wcwidth(codePoint: number): 0 | 1 | 2;
}

/** The addon only gives its table to a terminal it is loaded into: this is the smallest such terminal. */
function loadProvider(): WidthProvider {
  let provider: WidthProvider | undefined;
  const register = (given: unknown): void => void (provider = given as WidthProvider);
  new unicode11.Unicode11Addon().activate({ unicode: { register } });
  if (provider === undefined) throw new Error("The Unicode addon registered no width table");
  return provider;
}

/** The Unicode 11 width table, to be registered with an emulator. */
export const widthProvider: WidthProvider = loadProvider();

/** Columns of one code point: 0 (combining), 1 or 2 (wide). */
export function codePointWidth(codePoint: number): 0 | 1 | 2 {
  return codePoint < 0x7f && codePoint >= 0x20 ? 1 : widthProvider.wcwidth(codePoint);
}

/**
 * Columns of a text on one line. Control characters take none.
 *
 * @example
 * ```ts
 * import { columns } from "./width.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(columns("日本 ok"), 7);
 * ```
 */
export function columns(text: string): number {
  let sum = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code >= 0x20) sum += codePointWidth(code);
  }
  return sum;
}

/**
 * The longest beginning of `text` that fits into `maxColumns`, with an ellipsis as its last column when
 * something had to go.
 */
export function clip(text: string, maxColumns: number): string {
  if (columns(text) <= maxColumns) return text;
  if (maxColumns <= 0) return "";
  let used = 0;
  let end = 0;
  for (const char of text) {
    const width = columns(char);
    if (used + width > maxColumns - 1) break;
    used += width;
    end += char.length;
  }
  return text.slice(0, end) + "…";
}

/**
 * Whether every terminal in use gives this character the width we do. Emoji, ambiguous and recent
 * characters differ between terminals, so a painter says where the cursor is after drawing one.
 */
export function hasStableWidth(codePoint: number): boolean {
  return codePoint < 0x300 && codePoint !== 0xad || // Latin, without the soft hyphen
    codePoint >= 0x370 && codePoint < 0x483 || // Greek, Cyrillic
    codePoint >= 0x2500 && codePoint < 0x25a0 || // box drawing, blocks
    codePoint >= 0x3041 && codePoint < 0x3097 || codePoint >= 0x30a1 && codePoint < 0x30fb || // kana
    codePoint >= 0x4e00 && codePoint < 0x9fa6 || // CJK ideographs
    codePoint >= 0xac00 && codePoint < 0xd7a4; // Hangul syllables
}
