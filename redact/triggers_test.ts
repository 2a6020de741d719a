import assert from "node:assert/strict";
import fc from "fast-check";
import { cellText, type Row } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { isBoxSide } from "./char_classes.ts";
import { BASE64, HIT, sideFlag, SIDES } from "./flags.ts";
import { DrawnText, wrappedRegions } from "./lines.ts";
import { DEFAULT_RULES } from "./rules.ts";
import { Triggers } from "./triggers.ts";

const LISTS = DEFAULT_RULES.map(({ triggers }) => triggers);
const TEXTS = LISTS.flatMap((list) => list === "digits" ? [] : list);
const SECRET = "aB3dE5fG7hJ9kL1mN3pQ5rS7";
const triggers = new Triggers(LISTS);
triggers.addParts(SECRET, 8);

/** Texts with what rules begin with, whole or cut off, digits of cards, and what is beside them. */
const parts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...TEXTS, SECRET), fc.nat(6), fc.nat(12))
      .map(([text, from, length]) => text.slice(from, from + length)),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ..."4111 1111 1111 1111;4111-1111-1111-1111;378282246310005;4111;12;2026-05-01;7".split(";"),
    ),
  },
  { weight: 4, arbitrary: fc.constantFrom(..." |│║▌xEq-_.:/=+éß日e\u0301k\u0323😀".split("")) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
const texts = fc.array(parts, { maxLength: 12 }).chain((all) =>
  fc.boolean().map((upper) => upper ? all.join("").toUpperCase() : all.join(""))
);

/** The text as one row. */
function rowOf(text: string): Row {
  using screen = new Screen({ cols: 300, rows: 1 });
  screen.write(text.replaceAll(/\p{Cc}/gu, ""));
  return screen.frame().lines[0]!;
}

/** What of a row is read, character by character. */
function readOf(row: Row): string {
  return new DrawnText([{ row, line: 0, from: 0, to: row.used }]).text;
}

Deno.test("a look at the cells of a row finds what a look at all of its text does", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const row = rowOf(text), read = readOf(row);
      assert.equal((triggers.scan(row) & HIT) !== 0, triggers.test(read), read);
    }),
    { numRuns: 4_000 },
  );
});

Deno.test("the flags of a row tell where it may have sides of boxes, and whether it is base64", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const row = rowOf(text), flags = triggers.scan(row);
      let sides = 0;
      for (let x = 0; x < row.used; x++) {
        if (isBoxSide(cellText(row, x).codePointAt(0) ?? 0)) sides |= sideFlag(x);
      }
      assert.equal(flags & SIDES, sides);
      assert.equal((flags & BASE64) !== 0, /^[A-Za-z0-9+/=]+$/.test(readOf(row)));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("regions are the same whether all columns are asked for sides or those with a flag", () => {
  fc.assert(
    fc.property(texts, texts, fc.boolean(), (first, second, alike) => {
      const above = rowOf(first), below = rowOf(alike ? first : second);
      const sides = triggers.scan(above) & triggers.scan(below) & SIDES;
      assert.deepEqual(wrappedRegions(above, below, sides), wrappedRegions(above, below, SIDES));
    }),
    { numRuns: 2_000 },
  );
});
