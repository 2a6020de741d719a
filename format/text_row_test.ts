import assert from "node:assert/strict";
import { Screen } from "./screen.ts";
import { cellText, clip, columns, RowBuilder, rowText } from "./text_row.ts";

Deno.test("text is placed by columns and cut at the edge", () => {
  const row = new RowBuilder(6);
  assert.equal(row.text(0, "a日\x1bb"), 4);
  assert.equal(row.text(4, "語語"), 6);
  assert.equal(rowText(row.build()), "a日b語");
});

Deno.test("a wide character that does not fit is a blank", () => {
  const row = new RowBuilder(3);
  assert.equal(row.text(0, "日本"), 3);
  assert.equal(rowText(row.build()), "日");
});

Deno.test("combining marks join the character before them", () => {
  const row = new RowBuilder(3);
  row.text(0, "e\u0301x");
  assert.equal(cellText(row.build(), 0), "e\u0301");
});

Deno.test("a copy that cuts a wide character leaves a blank on either side", () => {
  using screen = new Screen({ cols: 8, rows: 1 });
  screen.write("日本語x");
  const source = screen.frame().lines[0]!;
  const row = new RowBuilder(6).copy(source, 1, 5, 0).build();
  assert.equal(rowText(row), " 本");
});

Deno.test("writing over half of a wide character blanks the other half", () => {
  const row = new RowBuilder(6);
  row.text(0, "日本語");
  row.text(1, "x");
  row.text(4, "y");
  assert.equal(rowText(row.build()), " x本y");
});

Deno.test("clip keeps what fits, and says that something is missing", () => {
  assert.equal(clip("abcdef", 4), "abc…");
  assert.equal(clip("日本語", 5), "日本…");
  assert.equal(clip("日本語", 6), "日本語");
  assert.equal(columns(clip("日本語", 4)), 3);
  assert.equal(clip("abc", 0), "");
});
