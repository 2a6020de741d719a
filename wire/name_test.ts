import assert from "node:assert/strict";
import fc from "fast-check";
import { columns } from "../format/width.ts";
import { cleanName } from "./name.ts";

const NAMES: readonly (readonly [string, string])[] = [
  ["Ada Lovelace", "Ada Lovelace"],
  ["  Ada \t\r\n Lovelace  ", "Ada Lovelace"],
  ["Ada\x1b]52;c;AAAA\x07", "Ada]52;c;AAAA"],
  ["\u202eevil\u2066\u200f", "evil"],
  ["a\u200b\ufeff\u00adb\u{e0041}\u115f\u3164", "ab"],
  ["Zoe\u0308", "Zoë"],
  ["e\u0301\u0302\u0303\u0304\u0305\u0306", "é\u0302\u0303"],
  ["\u0301\u0302x", "x"],
  ["\ud800x", "x"],
  ["李小龍", "李小龍"],
  ["\u2028\u2029\x85", ""],
  ["a \u200b b", "a b"],
  ["x".repeat(40), "x".repeat(31) + "…"],
  ["日".repeat(40), "日".repeat(15) + "…"],
  ["", ""],
];

for (const [raw, clean] of NAMES) {
  Deno.test(`the name ${JSON.stringify(raw.slice(0, 20))} is drawn as ${JSON.stringify(clean)}`, () => {
    assert.equal(cleanName(raw), clean);
  });
}

Deno.test("no name has anything invisible, or more than 32 columns", () => {
  const names = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom(" ", "\n", "\u200b", "\u0301", "a", "\ufeff")).map((parts) =>
      parts.join("")
    ),
    fc.string({ unit: "grapheme", maxLength: 300 }),
  );
  fc.assert(
    fc.property(names, (raw) => {
      const name = cleanName(raw);
      assert.ok(columns(name) <= 32);
      assert.doesNotMatch(
        name,
        /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|\s\s|^\s|\s$/u,
      );
      assert.equal(cleanName(name), name);
    }),
    { numRuns: 1_000 },
  );
});
