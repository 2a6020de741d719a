/**
 * Building rows by hand: status lines, menus, and the parts of a screen that a viewer puts together.
 *
 * @module
 */
import {
  BLANK,
  blankRow,
  BLINK,
  BOLD,
  CELL,
  cellText,
  CLUSTER,
  COLOR_16,
  COLOR_256,
  COLOR_MASK,
  COLOR_RGB,
  DIM,
  EXTRA,
  type Extra,
  HIDDEN,
  INVERSE,
  ITALIC,
  type Link,
  OVERLINE,
  type Row,
  SHOWS_ON_BLANK,
  STRIKE,
  UNDERLINE,
  usedColumns,
  WIDTH_SHIFT,
} from "./row.ts";
import { codePointWidth } from "./width.ts";

export { blankRow, cellText, rowsEqual, rowText } from "./row.ts";
export { clip, columns } from "./width.ts";

/** A colour: an index into the terminal's palette (0 to 255), or red, green and blue (0 to 255). */
export type Color = number | readonly [red: number, green: number, blue: number];

/** How text looks; what is absent is the terminal's default. */
export interface Style {
  readonly fg?: Color;
  readonly bg?: Color;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly blink?: boolean;
  readonly inverse?: boolean;
  readonly hidden?: boolean;
  readonly strike?: boolean;
  readonly overline?: boolean;
  readonly link?: Link;
}

/**
 * Puts a row together. Text that does not fit is cut at the right edge; a wide character that would be cut in half
 * becomes a blank, on either side.
 *
 * @example
 * ```ts
 * import { RowBuilder, rowText } from "./text_row.ts";
 * import assert from "node:assert/strict";
 *
 * const row = new RowBuilder(10);
 * const next = row.text(0, "live", { bold: true });
 * row.text(next + 1, "日本語");
 * assert.equal(rowText(row.build()), "live 日本");
 * ```
 */
export class RowBuilder {
  readonly #cols: number;
  readonly #cells: Uint32Array;
  readonly #clusters = new Map<number, string>();
  readonly #extras = new Map<number, Extra>();

  /** Begins with `cols` blanks. */
  constructor(cols: number) {
    this.#cols = cols;
    this.#cells = blankRow(cols).cells.slice();
  }

  /**
   * Writes text from column `x` on and returns the column after it. Control characters are left out; combining ones
   * join the character before them.
   */
  text(x: number, text: string, style: Style = {}): number {
    const { fg, bg, extra } = words(style);
    let before = -1;
    for (const char of text) {
      const code = char.codePointAt(0)!;
      if (code < 0x20 || (code >= 0x7f && code < 0xa0)) continue;
      const width = codePointWidth(code);
      if (width === 0) {
        if (before >= 0) this.#join(before, char);
        continue;
      }
      if (x + width > this.#cols) {
        if (x < this.#cols) this.#put(x, BLANK, fg, bg, extra);
        return this.#cols;
      }
      if (x >= 0) {
        this.#put(x, code | (width << WIDTH_SHIFT), fg, bg, extra);
        if (width === 2) this.#putRightHalf(x + 1, fg, bg);
        before = x;
      }
      x += width;
    }
    return x;
  }

  /** Gives the columns `from` to `to` (exclusive) blanks of a style. */
  fill(from: number, to: number, style: Style): this {
    const { fg, bg, extra } = words(style);
    for (let x = Math.max(0, from); x < Math.min(to, this.#cols); x++) {
      this.#put(x, BLANK, fg, bg, extra);
    }
    return this;
  }

  /** Copies the columns `from` to `to` (exclusive) of another row to column `x`. */
  copy(row: Row, from: number, to: number, x: number): this {
    const stop = Math.min(to, row.cells.length / CELL, from + this.#cols - x);
    for (let source = from; source < stop; source++, x++) {
      const i = source * CELL;
      const content = row.cells[i]!, fg = row.cells[i + 1]!, bg = row.cells[i + 2]!;
      const width = content >>> WIDTH_SHIFT;
      const extra = bg & EXTRA ? row.extras?.get(source) : undefined;
      const halved = width === 0 ? source === from : width === 2 && source + 1 >= stop;
      if (halved) this.#put(x, BLANK, fg, bg & ~EXTRA, undefined);
      else if (width === 0) this.#putRightHalf(x, fg, bg);
      else {
        this.#put(x, content, fg, bg & ~EXTRA, extra);
        if (content & CLUSTER) this.#clusters.set(x, cellText(row, source));
      }
    }
    return this;
  }

  /** The row. The builder is not to be used after this. */
  build(wrapped = false): Row {
    return {
      cells: this.#cells,
      clusters: this.#clusters.size > 0 ? this.#clusters : undefined,
      extras: this.#extras.size > 0 ? this.#extras : undefined,
      wrapped,
      used: usedColumns(this.#cells, this.#cols),
    };
  }

  #put(x: number, content: number, fg: number, bg: number, extra: Extra | undefined): void {
    const i = x * CELL;
    // What stood here may have been half of a wide character.
    if (x > 0 && this.#cells[i]! >>> WIDTH_SHIFT === 0) this.#blank(x - 1);
    if (x + 1 < this.#cols && this.#cells[i]! >>> WIDTH_SHIFT === 2) this.#blank(x + 1);
    this.#clusters.delete(x);
    this.#extras.delete(x);
    const bare = content === BLANK && extra === undefined && (fg & SHOWS_ON_BLANK) === 0 &&
      (bg & OVERLINE) === 0;
    this.#cells[i] = content;
    this.#cells[i + 1] = bare ? 0 : fg;
    this.#cells[i + 2] = bare ? bg & COLOR_MASK : extra === undefined ? bg : bg | EXTRA;
    if (extra !== undefined) this.#extras.set(x, extra);
  }

  #putRightHalf(x: number, fg: number, bg: number): void {
    const i = x * CELL;
    if (x + 1 < this.#cols && this.#cells[i]! >>> WIDTH_SHIFT === 2) this.#blank(x + 1);
    this.#clusters.delete(x);
    this.#extras.delete(x);
    this.#cells[i] = 0;
    this.#cells[i + 1] = fg;
    this.#cells[i + 2] = bg & ~EXTRA;
  }

  #blank(x: number): void {
    this.#cells[x * CELL] = BLANK;
    this.#clusters.delete(x);
  }

  #join(x: number, char: string): void {
    const i = x * CELL;
    const content = this.#cells[i]!;
    const text = content & CLUSTER
      ? this.#clusters.get(x)!
      : String.fromCodePoint(content & (CLUSTER - 1));
    this.#clusters.set(x, text + char);
    this.#cells[i] = CLUSTER | (content >>> WIDTH_SHIFT << WIDTH_SHIFT);
  }
}

/** The style words of a cell, and its link. */
function words(style: Style): { fg: number; bg: number; extra: Extra | undefined } {
  const flags = (...pairs: readonly (readonly [boolean | undefined, number])[]): number =>
    pairs.reduce((sum, [on, flag]) => on ? sum | flag : sum, 0);
  return {
    fg: colorWord(style.fg) | flags(
      [style.bold, BOLD],
      [style.underline, UNDERLINE],
      [style.blink, BLINK],
      [style.inverse, INVERSE],
      [style.hidden, HIDDEN],
      [style.strike, STRIKE],
    ),
    bg: colorWord(style.bg) |
      flags([style.dim, DIM], [style.italic, ITALIC], [style.overline, OVERLINE]),
    extra: style.link && { underline: 0, underlineColor: 0, link: style.link },
  };
}

function colorWord(color: Color | undefined): number {
  if (color === undefined) return 0;
  if (typeof color !== "number") return COLOR_RGB | color[0] << 16 | color[1] << 8 | color[2];
  return color < 16 ? COLOR_16 | color : COLOR_256 | color;
}
