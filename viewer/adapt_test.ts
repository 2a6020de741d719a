import assert from "node:assert/strict";
import { cellText, rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { Adapter } from "./adapt.ts";
import { detectCapabilities } from "./capabilities.ts";

const rich = detectCapabilities((name) =>
  ({ TERM: "xterm-256color", COLORTERM: "truecolor", LANG: "C.UTF-8" })[name]
);

Deno.test("a joiner with nothing in its cell to join is not drawn", () => {
  using screen = new Screen({ cols: 12, rows: 1 });
  screen.write("👩\u200d👧 e\u0301 ❤\ufe0f");
  const row = screen.frame().lines[0]!;
  assert.equal(cellText(row, 0), "👩\u200d");
  const adapted = new Adapter(rich, "all").row(row);
  assert.equal(rowText(adapted), "👩👧 e\u0301 ❤\ufe0f");
  assert.equal(adapted.clusters?.has(0), false);
});

Deno.test("a row that the terminal can show as it is stays the same object", () => {
  using screen = new Screen({ cols: 12, rows: 1 });
  screen.write("\x1b[38;2;1;2;3m日本 plain");
  const row = screen.frame().lines[0]!;
  assert.equal(new Adapter(rich, "all").row(row), row);
});
