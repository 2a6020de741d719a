import assert from "node:assert/strict";
import type { InputPart } from "../../../wire/input.ts";
import { withSticky } from "./sticky.ts";

const text = (value: string): InputPart => ({ kind: "text", text: value });
const key = (name: string): InputPart => ({ kind: "key", key: name });
const CTRL = { ctrl: true, alt: false }, ALT = { ctrl: false, alt: true };
const BOTH = { ctrl: true, alt: true }, NONE = { ctrl: false, alt: false };

Deno.test("what waits goes with the next key, and with no other", () => {
  assert.deepEqual(withSticky(CTRL, [text("c")]), [key("ctrl+c")]);
  assert.deepEqual(withSticky(CTRL, [text("C")]), [key("ctrl+c")]);
  assert.deepEqual(withSticky(ALT, [text("X")]), [key("alt+X")]);
  assert.deepEqual(withSticky(BOTH, [text(" ")]), [key("ctrl+alt+space")]);
  assert.deepEqual(withSticky(CTRL, [key("left")]), [key("ctrl+left")]);
  assert.deepEqual(withSticky(ALT, [key("shift+left")]), [key("alt+shift+left")]);
  assert.deepEqual(withSticky(CTRL, [key("ctrl+c"), key("enter")]), [key("ctrl+c"), key("enter")]);
  assert.deepEqual(withSticky(CTRL, [text("ls -l"), key("enter")]), [
    key("ctrl+l"),
    text("s -l"),
    key("enter"),
  ]);
  assert.deepEqual(withSticky(ALT, [text("😀a")]), [key("alt+😀"), text("a")]);
});

Deno.test("without anything that waits all is typed as it is", () => {
  const parts = [text("C"), key("ctrl+c")];
  assert.deepEqual(withSticky(NONE, parts), parts);
  assert.deepEqual(withSticky(CTRL, []), []);
  const pasted: InputPart[] = [{ kind: "paste", text: "c" }];
  assert.deepEqual(withSticky(CTRL, pasted), pasted);
});
