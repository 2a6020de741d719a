import assert from "node:assert/strict";
import { AgentError } from "../errors.ts";
import { compilePattern } from "./pattern.ts";

Deno.test("a pattern finds what it says, with its groups", () => {
  const pattern = compilePattern(String.raw`(\d+) passed(, (\d+) failed)?`);
  assert.deepEqual(pattern.exec("ok | 12 passed"), ["12 passed", "12", undefined, undefined]);
  assert.equal(pattern.exec("nothing"), null);
});

Deno.test("a pattern that would take a backtracking engine for ever takes a moment", () => {
  assert.equal(compilePattern("^(a+)+$").exec(`${"a".repeat(5_000)}!`), null);
});

Deno.test("a pattern that cannot be read says why, and what it may be", () => {
  for (const source of ["(", String.raw`(a)\1`, "(?=a)"]) {
    assert.throws(() => compilePattern(source), (error) => {
      assert.ok(error instanceof AgentError && error.code === "bad-options");
      assert.match(error.message, /RE2/);
      return true;
    });
  }
});
