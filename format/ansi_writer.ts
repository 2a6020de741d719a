/**
 * Writes ANSI to one canonical terminal, knowing where its cursor is and what its pen is.
 *
 * @module
 */
import { changePen, DEFAULT_PEN, type Pen, penBackground } from "./pen.ts";
import {
  BLANK,
  CELL,
  CLUSTER,
  CODE_MASK,
  COLOR_MASK,
  EXTRA,
  type Link,
  linksEqual,
  OVERLINE,
  type Row,
  SHOWS_ON_BLANK,
  WIDTH_SHIFT,
} from "./row.ts";
import { hasStableWidth } from "./width.ts";

/** No row: not even the one above the first. */
const NOWHERE = -2;

/** Where the writer thinks that the cursor is; `undefined` is anywhere. */
type Position = { readonly x: number; readonly y: number } | undefined;

/**
 * Collects the ANSI that draws on a terminal of `cols` × `rows`. The terminal begins with the default pen, no
 * scroll region and autowrap on; {@link finish} leaves it so.
 */
export class AnsiWriter {
  /** Columns of the terminal. */
  readonly cols: number;
  readonly #rows: number;
  #out = "";
  #pen: Pen = DEFAULT_PEN;
  #link: Link | undefined;
  #x = 0;
  #y = 0;
  #known: "both" | "row" | "none";
  #shown: readonly Row[] = [];
  /** The row whose last column was just written: the next character wraps to the row below. */
  #wrapsFrom = NOWHERE;

  constructor(cols: number, rows: number, at: Position) {
    this.cols = cols;
    this.#rows = rows;
    this.#known = at === undefined ? "none" : "both";
    if (at !== undefined) [this.#x, this.#y] = [at.x, at.y];
  }

  /** What the terminal is to show: rows that are to stay what they are while the cursor moves over them. */
  shows(rows: readonly Row[]): void {
    this.#shown = rows;
  }

  /** Appends a sequence that moves neither cursor nor pen. */
  raw(sequence: string): void {
    this.#out += sequence;
  }

  /** Appends a sequence after which the cursor may be anywhere. */
  jump(sequence: string): void {
    this.#defaultPen();
    this.#out += sequence;
    this.#known = "none";
    this.#wrapsFrom = NOWHERE;
  }

  /**
   * Moves the cursor, by the shortest way. `over` is row `y` as the terminal shows it now: to write a character again
   * is shorter than to jump over it.
   */
  moveTo(x: number, y: number, over?: Row): void {
    this.#wrapsFrom = NOWHERE;
    if (this.#known === "both" && this.#x === x && this.#y === y) return;
    let best = x === 0
      ? (y === 0 ? "\x1b[H" : `\x1b[${y + 1}H`)
      : y === 0
      ? `\x1b[;${x + 1}H`
      : `\x1b[${y + 1};${x + 1}H`;
    const consider = (way: string): void => {
      if (way.length < best.length) best = way;
    };
    if (this.#known !== "none") {
      const down = y - this.#y;
      if (down === 0) consider(x === 0 ? "\r" : `\x1b[${x + 1}G`);
      if (down > 0 && down <= 3 && x === 0 && !this.#continues(this.#y + 1, y)) {
        consider("\r" + "\n".repeat(down));
      }
    }
    if (this.#known === "both") {
      const right = x - this.#x, down = y - this.#y;
      if (down === 0 && right > 0) consider(right === 1 ? "\x1b[C" : `\x1b[${right}C`);
      if (down === 0 && right > 0 && over) consider(this.#again(over, this.#x, x) ?? best);
      if (down === 0 && right < 0) consider(right >= -3 ? "\b".repeat(-right) : `\x1b[${-right}D`);
      if (right === 0 && down > 0) consider(down === 1 ? "\x1b[B" : `\x1b[${down}B`);
      if (right === 0 && down < 0) consider(down === -1 ? "\x1b[A" : `\x1b[${-down}A`);
    }
    this.#out += best;
    [this.#x, this.#y, this.#known] = [x, y, "both"];
  }

  /** Writes the cells `from` to `to` (exclusive) of a row where they belong on row `y`. */
  cells(row: Row, from: number, to: number, y: number): void {
    const { cells } = row;
    if (!(from === 0 && row.wrapped && this.#wrapsFrom === y - 1)) this.moveTo(from, y);
    else [this.#x, this.#y, this.#known] = [0, y, "both"];
    this.#wrapsFrom = NOWHERE;
    for (let x = from; x < to;) {
      const i = x * CELL;
      const content = cells[i]!;
      const width = content >>> WIDTH_SHIFT;
      if (width === 0) { // the right half of what stands left of `from`: not ours to draw
        x++;
        continue;
      }
      if (this.#known !== "both") this.moveTo(x, y);
      const fg = cells[i + 1]!, bg = cells[i + 2]!;
      if (content !== BLANK || !this.#blanks(fg, bg)) this.#style(row, x, fg, bg);
      const code = content & CODE_MASK;
      const cluster = content & CLUSTER;
      this.#out += cluster ? row.clusters!.get(x)! : String.fromCodePoint(code);
      x += width;
      this.#x = x;
      const stable = cluster === 0 && (code < 0x300 || hasStableWidth(code));
      if (x >= this.cols) {
        this.#known = "row";
        this.#wrapsFrom = stable ? y : NOWHERE;
      } else if (!stable) this.#known = "row";
    }
  }

  /** Erases from column `x` to the end of row `y`, leaving a background colour. */
  eraseToEnd(x: number, y: number, bg: number): void {
    this.moveTo(x, y);
    this.#setLink(undefined);
    this.#setPen({ ...DEFAULT_PEN, bg });
    this.#out += "\x1b[K";
  }

  /** Erases `count` columns from column `x` of row `y`, leaving a background colour. */
  erase(x: number, y: number, count: number, bg: number): void {
    this.moveTo(x, y);
    this.#setLink(undefined);
    this.#setPen({ ...DEFAULT_PEN, bg });
    this.#out += `\x1b[${count}X`;
  }

  /** Erases everything from the beginning of row `y` to the end of the screen. */
  eraseBelow(y: number): void {
    this.#defaultPen();
    this.moveTo(0, y);
    this.#out += "\x1b[J";
  }

  /** Deletes rows: what is below moves up, blank rows come in at the bottom. */
  deleteRows(y: number, count: number): void {
    this.#shift(y, count, "M");
  }

  /** Inserts blank rows: what is below moves down, and off the bottom. */
  insertRows(y: number, count: number): void {
    this.#shift(y, count, "L");
  }

  /** Scrolls the whole screen by one line, from the bottom; the top line goes to the scrollback. */
  scroll(): void {
    this.#defaultPen();
    const bottom = this.#rows - 1;
    if (this.#known === "none" || this.#y !== bottom) this.moveTo(0, bottom);
    this.#out += this.#known === "both" && this.#x === 0 ? "\n" : "\r\n";
    [this.#x, this.#known, this.#wrapsFrom] = [0, "both", NOWHERE];
  }

  /** Writes the last cell of row `y`, so that the next character wraps, unless it was just written. */
  endRow(row: Row, y: number): void {
    if (this.#wrapsFrom === y) return;
    const last = this.cols - 1;
    this.cells(row, row.cells[last * CELL]! >>> WIDTH_SHIFT === 0 ? last - 1 : last, this.cols, y);
  }

  /** Whether the next character wraps into row `y`. */
  wrapsInto(y: number): boolean {
    return this.#wrapsFrom === y - 1;
  }

  /**
   * Writes on past the end of the bottom row: the terminal scrolls. A blank stands where the next row begins, for the
   * terminal would fill that row with the background of what is written.
   */
  wrapScroll(): void {
    this.#defaultPen();
    this.#out += " ";
    [this.#x, this.#y, this.#known, this.#wrapsFrom] = [1, this.#rows - 1, "both", NOWHERE];
  }

  /** Makes the next {@link cells} write on, past the end of the bottom row: the terminal scrolls. */
  wrapScrollInto(): void {
    this.#defaultPen();
    this.#wrapsFrom = this.#rows - 2;
  }

  /** What was written, with the pen put back and no link open. */
  finish(): string {
    this.#defaultPen();
    return this.#out;
  }

  /** Whether any of these rows continues the one above: a line feed into it makes a line of its own of it. */
  #continues(from: number, to: number): boolean {
    for (let y = from; y <= to; y++) if (this.#shown[y]?.wrapped === true) return true;
    return false;
  }

  /** The text of a few plain cells that the pen could write as they are. */
  #again(row: Row, from: number, to: number): string | undefined {
    const { fg, bg, underline, underlineColor } = this.#pen;
    if (this.#link !== undefined || (underline | underlineColor) !== 0) return undefined;
    let text = "";
    for (let x = from; x < to && text.length < 4; x++) {
      const i = x * CELL;
      const content = row.cells[i]!;
      const plain = content >>> WIDTH_SHIFT === 1 && (content & (CLUSTER | CODE_MASK)) < 0x7f;
      const styled = row.cells[i + 1] === fg && row.cells[i + 2] === bg ||
        content === BLANK && this.#blanks(row.cells[i + 1]!, row.cells[i + 2]!);
      if (!plain || !styled) return undefined;
      text += String.fromCharCode(content & CODE_MASK);
    }
    return text.length === to - from ? text : undefined;
  }

  #shift(y: number, count: number, final: string): void {
    this.#defaultPen();
    this.moveTo(0, y);
    this.#out += count === 1 ? `\x1b[${final}` : `\x1b[${count}${final}`;
  }

  #defaultPen(): void {
    this.#setLink(undefined);
    this.#setPen(DEFAULT_PEN);
  }

  /** Whether the pen as it is writes blanks that look like one of these style words. */
  #blanks(fg: number, bg: number): boolean {
    const pen = this.#pen;
    return fg === 0 && bg === (pen.bg & (COLOR_MASK | OVERLINE | EXTRA)) &&
      (pen.fg & SHOWS_ON_BLANK) === 0 && (bg & OVERLINE) === 0 && this.#link === undefined;
  }

  #style(row: Row, x: number, fg: number, bg: number): void {
    const pen = this.#pen;
    if (bg & EXTRA) {
      const extra = row.extras!.get(x)!;
      this.#setLink(extra.link);
      const { underline, underlineColor } = extra;
      this.#setPen({ fg, bg: penBackground(bg), underline, underlineColor });
      return;
    }
    if (this.#link !== undefined) this.#setLink(undefined);
    if (pen.fg !== fg || pen.bg !== bg || pen.underline !== 0 || pen.underlineColor !== 0) {
      this.#setPen({ fg, bg, underline: 0, underlineColor: 0 });
    }
  }

  #setPen(pen: Pen): void {
    if (this.#pen === pen) return;
    this.#out += changePen(this.#pen, pen);
    this.#pen = pen;
  }

  #setLink(link: Link | undefined): void {
    if (linksEqual(this.#link, link)) return;
    this.#out += link === undefined
      ? "\x1b]8;;\x07"
      : `\x1b]8;${link.id === "" ? "" : `id=${link.id}`};${link.uri}\x07`;
    this.#link = link;
  }
}
