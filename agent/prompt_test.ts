import assert from "node:assert/strict";
import { patternFinder, textFinder } from "./finding.ts";
import { looksLikePrompt } from "./prompt.ts";

Deno.test("prompts look like prompts, and other lines do not", () => {
  const prompts: readonly (readonly [text: string, learned?: string])[] = [
    ["$ "],
    ["ada@box:~/src$ "],
    ["root@box:/# "],
    ["box% "],
    ["❯ "],
    [">>> "],
    ["➜  src git:(main) ✗ ", "➜  ~ git:(main) ✗ "],
    ["[12] λ ", "[12] λ "],
    ["no line break$ ", "$ "],
    ["> ", "> "],
  ];
  for (const [text, learned] of prompts) assert.ok(looksLikePrompt(text, learned), text);
  const others: readonly (readonly [text: string, learned?: string])[] = [
    [""],
    ["   "],
    ["[sudo] password for ada: "],
    ["Continue? [y/N] "],
    ["> ", "$ "],
    ["quote> ", "box% "],
    ["for dquote> ", "box% "],
    ["... ", ">>> "],
    ["50%"],
    ["total 12", "ada@box$ "],
    ["a 7 ", "a 5 "],
  ];
  for (const [text, learned] of others) assert.ok(!looksLikePrompt(text, learned), text);
});

Deno.test("what is found is the newest line, and a text of several lines across them", () => {
  const lines = ["ok 1", "ok 2", "end"];
  assert.deepEqual(textFinder("ok")(lines), { line: "ok 2" });
  assert.deepEqual(textFinder("2\nen")(lines), { line: "ok 2" });
  assert.equal(textFinder("1\nen")(lines), undefined);
  assert.deepEqual(patternFinder(/^ok (\d)( x)?$/)(lines), {
    line: "ok 2",
    match: ["ok 2", "2", ""],
  });
});

Deno.test("a regular expression that remembers where it was finds all the same, and stays as it is", () => {
  const pattern = /ok/g;
  pattern.lastIndex = 3;
  const find = patternFinder(pattern);
  for (let i = 0; i < 3; i++) assert.deepEqual(find(["ok"])?.match, ["ok"]);
  assert.equal(pattern.lastIndex, 3);
  assert.deepEqual(patternFinder(/k/y)(["ok"])?.match, ["k"]);
});
