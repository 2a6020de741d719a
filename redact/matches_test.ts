import assert from "node:assert/strict";
import fc from "fast-check";
import { Matcher } from "./matcher.ts";
import { Memory } from "./memory.ts";
import type { PatternRule } from "./rule.ts";
import { DEFAULT_RULES } from "./rules.ts";

/** What texts with secrets, and those that look alike, are made of. */
const PARTS = [
  ..."password token api_key --token --password -p DB_PASSWORD auth secret set set-x x".split(" "),
  ...'= : := => == " \' ` \\ \\" , ; ) ] } { ( < > </ / & ? @ │ | - . _ ~'.split(" "),
  ..."hunter2 aB3dE5fG7hJ9 4111 1111 41111111 4111111111111111 378282246310005 12 7".split(" "),
  ..." ; ;  ;\t;set -x ;<token>;</token>;\"password\": ;'token': ;é;日".split(";"),
];
const texts = fc.array(fc.constantFrom(...PARTS), { maxLength: 14 }).map((parts) => parts.join(""));
const places = fc.record({ cursorAt: fc.integer({ min: -1, max: 40 }), atEdge: fc.boolean() });

/** The characters of a text that are masked. */
function masked(rules: readonly PatternRule[], text: string, place: object): string {
  const chars = text.split("");
  for (const { from, to } of new Matcher(rules, new Memory()).find(text, place)) {
    chars.fill("•", from, to);
  }
  return chars.join("");
}

for (const rule of new Set(DEFAULT_RULES.filter(({ matches }) => matches !== undefined))) {
  const { matches: _, ...slow } = rule;
  Deno.test(`what finds matches fast finds all that ${rule.pattern.slice(0, 40)}… does`, () => {
    fc.assert(
      fc.property(texts, places, (text, place) => {
        const fast = masked([rule], text, place), sure = masked([slow], text, place);
        for (let i = 0; i < text.length; i++) {
          if (sure[i] === "•") assert.equal(fast[i], "•", `${text}\n${sure}\n${fast}`);
        }
      }),
      // At the side of a box.
      {
        numRuns: 3_000,
        examples: [["│set -x password  password", { cursorAt: 19, atEdge: false }]],
      },
    );
  });
}
