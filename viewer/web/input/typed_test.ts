import assert from "node:assert/strict";
import { SENTINEL, typedBy, typedText } from "./typed.ts";

Deno.test("an on-screen keyboard's edits are text and keys", () => {
  assert.deepEqual(typedBy("insertText", "a"), [{ kind: "text", text: "a" }]);
  assert.deepEqual(typedBy("insertReplacementText", "word"), [{ kind: "text", text: "word" }]);
  assert.deepEqual(typedBy("insertLineBreak", null), [{ kind: "key", key: "enter" }]);
  assert.deepEqual(typedBy("insertParagraph", null), [{ kind: "key", key: "enter" }]);
  assert.deepEqual(typedBy("deleteContentBackward", null), [{ kind: "key", key: "backspace" }]);
  assert.deepEqual(typedBy("deleteContentForward", null), [{ kind: "key", key: "delete" }]);
});

Deno.test("what is still being put together, pasted or undone types nothing", () => {
  const others = ["insertCompositionText", "deleteCompositionText", "insertFromComposition"];
  for (const type of [...others, "insertFromPaste", "historyUndo", "formatBold", ""]) {
    assert.deepEqual(typedBy(type, "text"), [], type);
  }
  assert.deepEqual(typedBy("insertText", null), []);
});

Deno.test("a line break in text is the enter key, and what keeps the field from being empty is no text", () => {
  const enter = { kind: "key", key: "enter" } as const;
  assert.deepEqual(typedText("one\r\ntwo\n"), [
    { kind: "text", text: "one" },
    enter,
    { kind: "text", text: "two" },
    enter,
  ]);
  assert.deepEqual(typedText(`${SENTINEL}漢字`), [{ kind: "text", text: "漢字" }]);
  assert.deepEqual(typedText(SENTINEL), []);
});
