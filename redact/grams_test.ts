import assert from "node:assert/strict";
import fc from "fast-check";
import { codesOf } from "./char_classes.ts";
import { Grams } from "./grams.ts";

const letters = (chars: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...chars), minLength, maxLength });
const ANY = "abcXYZ019-_ é";

function isIn(grams: Grams, text: string): boolean {
  const words = codesOf(text);
  return grams.isIn({ words, step: 1, mask: ~0 }, words.length);
}

Deno.test("of many texts, each is found by its beginning, and by any eight characters of it", () => {
  const many = fc.array(letters(ANY, 4, 30), { minLength: 1, maxLength: 600 });
  fc.assert(
    fc.property(many, fc.nat(), fc.nat(), letters(ANY, 0, 9), (texts, n, at, before) => {
      const byBeginning = new Grams(), byParts = new Grams();
      for (const text of texts) {
        byBeginning.addBeginning(codesOf(text.slice(0, 5)));
        byParts.addParts(codesOf(text), 8);
      }
      const text = texts[n % texts.length]!;
      assert.ok(isIn(byBeginning, before + text.slice(0, 5)));
      if (text.length < 8) return;
      const from = at % (text.length - 7);
      assert.ok(isIn(byParts, before + text.slice(from, from + 8)));
    }),
  );
});

Deno.test("nearly nothing is taken for one of many texts that it has nothing of", () => {
  const grams = new Grams();
  for (let i = 0; i < 5_000; i++) {
    grams.addParts(codesOf(i.toString(26).padStart(5, "z").repeat(3)), 8);
  }
  let taken = 0;
  for (let i = 0; i < 2_000; i++) if (isIn(grams, `${i * 7919} ${i} UPPER CASE`)) taken++;
  assert.ok(taken < 20, `${taken}`);
});
