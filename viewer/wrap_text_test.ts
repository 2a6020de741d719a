import assert from "node:assert/strict";
import fc from "fast-check";
import { columns } from "../format/width.ts";
import { wrapText } from "./wrap_text.ts";

Deno.test("a text is broken between words, and a word only where it is wider than a line", () => {
  assert.deepEqual(wrapText("fixed  the import,\nrun it", 9), ["fixed the", "import,", "run it"]);
  assert.deepEqual(wrapText("see https://example.com now", 8), [
    "see",
    "https://",
    "example.",
    "com now",
  ]);
  assert.deepEqual(wrapText(" \n", 8), []);
});

Deno.test("no line is wider than asked, and nothing but white space is lost", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "日", "é", "👩‍👧", "-") });
  fc.assert(fc.property(text, fc.integer({ min: 4, max: 12 }), (text, cols) => {
    const lines = wrapText(text, cols);
    for (const line of lines) assert.ok(line !== "" && columns(line) <= cols);
    assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
  }));
});
