import assert from "node:assert/strict";
import { PASTE_MAX_LENGTH } from "../../../wire/limits.ts";
import { pasteOf } from "./paste.ts";

Deno.test("one line is pasted at once", () => {
  assert.deepEqual(pasteOf("ls -l"), { kind: "send", text: "ls -l" });
  assert.deepEqual(pasteOf(""), { kind: "nothing" });
});

Deno.test("several lines are asked about, and shown", () => {
  assert.deepEqual(pasteOf("one\r\ntwo\rthree\n"), {
    kind: "ask",
    text: "one\ntwo\nthree\n",
    question: "Paste 3 lines?",
    preview: "one\ntwo\nthree",
  });
  const alone = pasteOf("rm -rf /tmp/x\n");
  assert.equal(alone.kind === "ask" && alone.question, "Paste this line with its line break?");
});

Deno.test("the preview of a long paste is short, and hides nothing that could mislead", () => {
  const many = pasteOf("line\n".repeat(2_000));
  assert.ok(many.kind === "ask");
  assert.equal(many.question, "Paste 2,000 lines?");
  assert.equal(many.preview, "line\n".repeat(8) + "\u2026");
  const odd = pasteOf(`a\x1b[201~b\u202ec\n${"x".repeat(300)}`);
  assert.ok(odd.kind === "ask");
  assert.equal(odd.preview, `a\ufffd[201~b\ufffdc\n${"x".repeat(200)}\u2026`);
});

Deno.test("what is longer than may be pasted is refused, and says how long that is", () => {
  assert.equal(pasteOf("x".repeat(PASTE_MAX_LENGTH)).kind, "send");
  const long = pasteOf("x".repeat(PASTE_MAX_LENGTH + 1));
  assert.deepEqual(long, {
    kind: "refuse",
    why: "That is 129 KB: at most 128 KB can be pasted at a time",
  });
});
