/**
 * The presenter sees secrets as they are, and that others do not: masked text is underlined and coloured.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import { CELL, COLOR_16, COLOR_MASK, type Row, UNDERLINE } from "../format/row.ts";

/** Columns of a row that others see masked. */
export type SpansOf = (row: Row) => readonly { readonly from: number; readonly to: number }[];

/** Magenta: of the named colours the one that is legible on dark and on light. */
const COLOR = COLOR_16 | 5;

/** Marks what is masked. Rows without any stay the same objects, and a row that was marked is marked once. */
export class Tint {
  readonly #spansOf: SpansOf;
  readonly #marked = new WeakMap<Row, { readonly key: string; readonly row: Row }>();

  constructor(spansOf: SpansOf) {
    this.#spansOf = spansOf;
  }

  /** The frame with what is masked of it marked. */
  apply(frame: Frame): Frame {
    let lines: Row[] | undefined;
    frame.lines.forEach((row, y) => {
      const spans = this.#spansOf(row);
      if (spans.length === 0) return;
      lines ??= [...frame.lines];
      lines[y] = this.#mark(row, spans);
    });
    return lines === undefined ? frame : { ...frame, lines };
  }

  #mark(row: Row, spans: ReturnType<SpansOf>): Row {
    // What is masked of a row can change while the row stays: a secret that goes on in the next one.
    const key = spans.map(({ from, to }) => `${from}-${to}`).join(" ");
    const known = this.#marked.get(row);
    if (known?.key === key) return known.row;
    const cells = row.cells.slice();
    for (const { from, to } of spans) {
      for (let x = from; x < to; x++) {
        const fg = x * CELL + 1;
        cells[fg] = ((cells[fg]! & ~COLOR_MASK) | COLOR | UNDERLINE) >>> 0;
      }
    }
    const marked = { ...row, cells, used: Math.max(row.used, ...spans.map(({ to }) => to)) };
    this.#marked.set(row, { key, row: marked });
    return marked;
  }
}
