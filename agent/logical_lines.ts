/**
 * Lines as a program wrote them, from the rows that a screen made of them.
 *
 * @module
 */
import { BLANK, CELL, type Row, rowCols, rowText, textBefore, WIDTH_SHIFT } from "../format/row.ts";

/** Where a row stands in the lines. */
export interface RowPlace {
  /** Which of the lines. */
  readonly line: number;
  /** Where in its text the row begins, in UTF-16 units. */
  readonly offset: number;
}

/** Rows as lines. */
export interface JoinedRows {
  /** Without spaces at their ends. */
  readonly lines: readonly string[];
  /** One for each row. */
  readonly places: readonly RowPlace[];
  /** What of a row's line stands in the rows before it, spaces at its end included. */
  above(row: number): string;
}

const texts = new WeakMap<Row, string>();

/** A row's text without the spaces at its end; made once for each row. */
export function textOf(row: Row): string {
  let text = texts.get(row);
  if (text === undefined) texts.set(row, text = rowText(row));
  return text;
}

/**
 * Puts together what was wrapped because it was too wide.
 *
 * @param before what of the first row's line is above it, where it continues one
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Screen } from "../format/screen.ts";
 *
 * using screen = new Screen({ cols: 4, rows: 3 });
 * screen.write("abcdef\r\ngh");
 * assert.deepEqual(joinRows(screen.frame().lines).lines, ["abcdef", "gh"]);
 * ```
 */
export function joinRows(rows: readonly Row[], before = ""): JoinedRows {
  const raw: string[] = [];
  const places: RowPlace[] = [];
  let text = "";
  for (const [i, row] of rows.entries()) {
    if (i === 0) text = row.wrapped ? before : "";
    else if (!row.wrapped) {
      raw.push(text);
      text = "";
    }
    places.push({ line: raw.length, offset: text.length });
    const next = rows[i + 1];
    text += next?.wrapped === true ? wholeRow(row, next) : textOf(row);
  }
  if (rows.length > 0) raw.push(text);
  return {
    lines: raw.map((line) => line.trimEnd()),
    places,
    above: (row) => {
      const place = places[row];
      return place === undefined ? "" : raw[place.line]!.slice(0, place.offset);
    },
  };
}

/** All of a row that goes on in the next one. The last column is empty where a wide character did not fit into it. */
function wholeRow(row: Row, next: Row): string {
  const cols = rowCols(row);
  const bumped = row.cells[(cols - 1) * CELL] === BLANK && next.cells[0]! >>> WIDTH_SHIFT === 2;
  return textBefore(row, bumped ? cols - 1 : cols);
}
