import assert from "node:assert/strict";
import { encode } from "uqr";
import { CELL, cellText, COLOR_MASK, COLOR_RGB, type Row } from "../format/row.ts";
import { drawQr, type QrDrawing } from "./qr.ts";

const LINK = `https://192.168.1.100:43211/s/${"S".repeat(22)}#${"K".repeat(43)}.${"t".repeat(200)}`;
const LARGE = { cols: 400, rows: 400 };
const WHITE = (COLOR_RGB | 0xffffff) >>> 0, BLACK = COLOR_RGB >>> 0;

function rowsOf(drawing: QrDrawing): readonly Row[] {
  assert.equal(drawing.kind, "rows");
  return (drawing as Extract<QrDrawing, { kind: "rows" }>).rows;
}

/** The colours of a cell's upper and lower half, as a camera sees them. */
function halves(row: Row, x: number): [upper: number, lower: number] {
  const fg = (row.cells[x * CELL + 1]! & COLOR_MASK) >>> 0;
  const bg = (row.cells[x * CELL + 2]! & COLOR_MASK) >>> 0;
  switch (cellText(row, x)) {
    case "█":
      return [fg, fg];
    case "▀":
      return [fg, bg];
    case "▄":
      return [bg, fg];
    default:
      return [bg, bg];
  }
}

Deno.test("a code is drawn black on white, two modules a cell, with its margin", () => {
  const { data, size } = encode(LINK, { ecc: "L", border: 4 });
  const rows = rowsOf(drawQr(LINK, LARGE, { unicode: true }));
  assert.equal(rows.length, Math.ceil(size / 2));
  const seen = rows.flatMap((row) => {
    const cells = Array.from({ length: size }, (_, x) => halves(row, x));
    return [cells.map(([upper]) => upper), cells.map(([, lower]) => lower)];
  });
  assert.deepEqual(seen.slice(0, size), data.map((row) => row.map((on) => on ? BLACK : WHITE)));
  assert.ok(seen.slice(size).flat().every((color) => color === WHITE));
});

Deno.test("without the characters for it, a module is two blanks", () => {
  const { data, size } = encode(LINK, { ecc: "L", border: 4 });
  const rows = rowsOf(drawQr(LINK, LARGE, { unicode: false }));
  assert.deepEqual(
    rows.map((row) => Array.from({ length: 2 * size }, (_, x) => halves(row, x)[0])),
    data.map((row) => row.flatMap((on) => on ? [BLACK, BLACK] : [WHITE, WHITE])),
  );
});

Deno.test("a code has a smaller margin before it is too large", () => {
  const { size } = encode(LINK, { ecc: "L", border: 2 });
  const needs = { cols: size, rows: Math.ceil(size / 2) };
  assert.equal(rowsOf(drawQr(LINK, needs, { unicode: true })).length, needs.rows);
  const less = { cols: needs.cols, rows: needs.rows - 1 };
  assert.deepEqual(drawQr(LINK, less, { unicode: true }), { kind: "too-large", needs });
});
