import fc from "fast-check";
import assert from "node:assert/strict";
import { fold, type Foldable, type FoldLimits } from "./fold.ts";

/** Lines of which none are missing. */
const whole = (lines: readonly string[], from = 0): Foldable => ({ lines, from, gaps: [] });
const LIMITS: FoldLimits = { lines: 10, chars: 200, lineChars: 60 };
const FOLD = /^\[… (\d+) lines? left out: output \{from: (\d+), lines: (\d+)\}\]$/m;

Deno.test("what fits is not folded", () => {
  assert.equal(fold(whole(["a", "", "b"], 7), LIMITS), "a\n\nb");
  assert.equal(fold(whole([]), LIMITS), "");
});

Deno.test("a line that is too long loses its middle", () => {
  const text = fold(whole([`${"a".repeat(70)}${"b".repeat(30)}`]), LIMITS);
  assert.match(text, /^a{18}\[… 40 characters …\]a{12}b{30}$/);
});

Deno.test("what is left out and what is shown are all lines, in order, and no more than fits", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 80 })), fc.nat(1_000), (lines, from) => {
      const plain = lines.map((line, i) => `${i}:${line.replaceAll(/[\n[]/g, " ")}`);
      const short = plain.map((line) => fold(whole([line]), LIMITS));
      const text = fold(whole(plain, from), LIMITS);
      const found = FOLD.exec(text);
      if (found === null) return assert.deepEqual(text.split("\n"), short.length ? short : [""]);
      const [, count, first] = found.map(Number);
      const shown = text.split("\n");
      const at = shown.findIndex((line) => FOLD.test(line));
      assert.equal(first, from + at);
      assert.deepEqual(shown.slice(0, at), short.slice(0, at));
      assert.deepEqual(shown.slice(at + 1), short.slice(at + count!));
      assert.ok(text.length <= LIMITS.chars + 200, `${text.length} characters`);
      assert.ok(shown.length <= LIMITS.lines + 1);
    }),
  );
});

Deno.test("a fold asks for no more lines than are given at a time", () => {
  const many = Array.from({ length: 2_000 }, () => "x");
  assert.match(
    fold(whole(many), LIMITS),
    /\[… 1990 lines left out: output \{from: 3, lines: 500\}\]/,
  );
});

Deno.test("where lines are missing it is said, in what is shown and of what is left out", () => {
  const lines = Array.from({ length: 30 }, (_, i) => `${i}`);
  const gaps = [0, 1, 12, 30].map((i) => ({ before: 100 + i, lines: i + 1 }));
  const shown = fold({ lines, from: 100, gaps }, LIMITS).split("\n");
  assert.deepEqual(
    shown.map((line) => line.replace(/(missing here).*(, and the line).*/, "$1$2")),
    [
      shown[0],
      "0",
      "[… 2 lines are missing here, and the line",
      "1",
      "2",
      "[… 20 lines left out, among which 13 lines are missing: output {from: 103, lines: 20}]",
      "23",
      "24",
      "25",
      "26",
      "27",
      "28",
      "29",
      "[… 31 lines are missing here, and the line",
    ],
  );
  assert.match(shown[0]!, /^\[… 1 line is missing here: (?!.*line above).*read parts of it\]$/);
  assert.match(
    fold({ lines: [], from: 5, gaps: [{ before: 5, lines: 2 }] }, LIMITS),
    /^\[… 2 lines are/,
  );
});

Deno.test("of what fits nothing is left out, and where lines are missing it is said", () => {
  const text = fold({ lines: ["a", "b"], from: 7, gaps: [{ before: 8, lines: 3 }] }, LIMITS);
  assert.match(text, /^a\n\[… 3 lines are missing here[^\n]*\]\nb$/);
});
