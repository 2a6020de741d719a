import assert from "node:assert/strict";
import { countText, findAll, type Lines, MAX_MATCHES, stepMatch } from "./find.ts";

function linesOf(...texts: readonly (string | { readonly wrapped: string })[]): Lines {
  return {
    lineCount: texts.length,
    lineAt: (line) => {
      const found = texts[line];
      if (found === undefined) return undefined;
      return typeof found === "string"
        ? { text: found, wrapped: false }
        : { text: found.wrapped, wrapped: true };
    },
  };
}

const places = (lines: Lines, query: string): string[] =>
  findAll(lines, query).map((match) =>
    match.map(({ line, start, end }) => `${line}:${start}-${end}`).join("+")
  );

Deno.test("matches are found from the top down, each once", () => {
  assert.deepEqual(places(linesOf("aaa b", "b a"), "a"), ["0:0-1", "0:1-2", "0:2-3", "1:2-3"]);
  assert.deepEqual(places(linesOf("aaaa"), "aa"), ["0:0-2", "0:2-4"]);
});

Deno.test("capitals count only when one is looked for", () => {
  const lines = linesOf("Error error ERROR");
  assert.equal(findAll(lines, "error").length, 3);
  assert.deepEqual(places(lines, "Error"), ["0:0-5"]);
});

Deno.test("letters that get longer in small do not move what comes after", () => {
  assert.deepEqual(places(linesOf("İ x"), "x"), ["0:2-3"]);
});

Deno.test("a match goes on over a line that wraps, and not over one that ends", () => {
  assert.deepEqual(places(linesOf("ab", { wrapped: "cd" }), "bc"), ["0:1-2+1:0-1"]);
  assert.deepEqual(places(linesOf("ab", "cd"), "bc"), []);
});

Deno.test("blanks alone find nothing, and a flood of matches ends", () => {
  assert.deepEqual(places(linesOf("a b"), " "), []);
  assert.equal(findAll(linesOf("a".repeat(5_000)), "a").length, MAX_MATCHES);
});

Deno.test("going on wraps around the ends", () => {
  assert.equal(stepMatch(undefined, -1, 3), 2);
  assert.equal(stepMatch(2, 1, 3), 0);
  assert.equal(stepMatch(0, -1, 3), 2);
  assert.equal(stepMatch(0, 1, 0), undefined);
});

Deno.test("the count says which one it is", () => {
  assert.equal(countText(2, 12, "a"), "3 of 12");
  assert.equal(countText(undefined, 0, "a"), "Nothing found");
  assert.equal(countText(undefined, 0, ""), "");
  assert.equal(countText(0, MAX_MATCHES, "a"), "1 of 1,000 or more");
});
