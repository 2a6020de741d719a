import assert from "node:assert/strict";
import fc from "fast-check";
import { MIN_FOUND, TextFinder } from "./cast_finder.ts";

Deno.test("a text is found if and only if it is there", () => {
  const letters = fc.constantFrom("a", "b", "é", "日", "😀");
  const text = fc.string({ unit: letters, maxLength: 40 });
  const secrets = fc.array(fc.string({ unit: letters, minLength: MIN_FOUND, maxLength: 12 }));
  fc.assert(fc.property(secrets, text, (secrets, text) => {
    const found = new TextFinder(secrets).find(text);
    assert.equal(found !== undefined, secrets.some((secret) => text.includes(secret)));
    if (found !== undefined) assert.ok(text.includes(found) && secrets.includes(found));
  }));
});

Deno.test("texts with the same beginning are told apart", () => {
  const finder = new TextFinder(["secret-one", "secret-two"]);
  assert.equal(finder.find("a secret-two"), "secret-two");
  assert.equal(finder.find("a secret-three"), undefined);
});

Deno.test("what is too short to be looked for is left out", () => {
  assert.equal(new TextFinder(["short"]).find("a short text"), undefined);
});
