import assert from "node:assert/strict";
import { TypingTarget } from "./typing_target.ts";

Deno.test("what is begun for one place does not go on in another, until there is a pause", () => {
  const typing = new TypingTarget();
  assert.ok(typing.passes("pane", 0));
  assert.ok(typing.passes("pane", 500));
  assert.ok(!typing.passes("session", 900));
  assert.ok(!typing.passes("session", 1_800));
  assert.ok(typing.passes("session", 2_800));
  assert.ok(typing.passes("session", 2_900));
  assert.ok(typing.passes("pane", 5_000));
});
