import fc from "fast-check";
import assert from "node:assert/strict";
import { fold, type FoldLimits } from "./fold.ts";

const LIMITS: FoldLimits = { lines: 10, chars: 200, lineChars: 60 };
const FOLD = /^\[… (\d+) lines? left out: output \{from: (\d+), lines: (\d+)\}\]$/m;

Deno.test("what fits is not folded", () => {
  assert.equal(fold(["a", "", "b"], 7, LIMITS), "a\n\nb");
  assert.equal(fold([], 7, LIMITS), "");
});

Deno.test("a line that is too long loses its middle", () => {
  const text = fold([`${"a".repeat(70)}${"b".repeat(30)}`], 0, LIMITS);
  assert.match(text, /^a{18}\[… 40 characters …\]a{12}b{30}$/);
});

Deno.test("what is left out and what is shown are all lines, in order, and no more than fits", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 80 })), fc.nat(1_000), (lines, from) => {
      const plain = lines.map((line, i) => `${i}:${line.replaceAll(/[\n[]/g, " ")}`);
      const short = plain.map((line) => fold([line], 0, LIMITS));
      const text = fold(plain, from, LIMITS);
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
  assert.match(fold(many, 0, LIMITS), /\[… 1990 lines left out: output \{from: 3, lines: 500\}\]/);
});
