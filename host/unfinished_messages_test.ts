import assert from "node:assert/strict";
import {
  STRANGER_UNFINISHED_BYTES,
  UnfinishedMessage,
  VIEWER_UNFINISHED_BYTES,
} from "./unfinished_messages.ts";

Deno.test("a stranger may have sent so much of a message, and is told and then cut beyond it", () => {
  const message = new UnfinishedMessage();
  assert.equal(message.look(700), "none");
  assert.equal(message.look(700 + STRANGER_UNFINISHED_BYTES), "none");
  assert.equal(message.look(701 + STRANGER_UNFINISHED_BYTES), "tell");
  assert.equal(message.look(701 + STRANGER_UNFINISHED_BYTES), "cut");
});

Deno.test("what was sent before a message was there does not count", () => {
  const message = new UnfinishedMessage();
  message.look(700);
  for (let sent = 700; sent < 10 * STRANGER_UNFINISHED_BYTES; sent += STRANGER_UNFINISHED_BYTES) {
    message.heard();
    assert.equal(message.look(sent), "none");
  }
  assert.equal(message.look(11 * STRANGER_UNFINISHED_BYTES), "tell");
});

Deno.test("who was let in may send longer messages, and none without end", () => {
  const message = new UnfinishedMessage();
  message.look(0);
  message.letIn();
  assert.equal(message.look(VIEWER_UNFINISHED_BYTES), "none");
  message.heard();
  assert.equal(message.look(VIEWER_UNFINISHED_BYTES + 1), "none");
  assert.equal(message.look(2 * VIEWER_UNFINISHED_BYTES + 2), "tell");
});

Deno.test("requests that came before do not count, but not any number of bytes is one", () => {
  assert.equal(new UnfinishedMessage().look(900_000), "none");
  assert.equal(new UnfinishedMessage().look(1_024 * 1_024 + STRANGER_UNFINISHED_BYTES), "none");
  assert.equal(
    new UnfinishedMessage().look(1_025 + 1_024 * 1_024 + STRANGER_UNFINISHED_BYTES),
    "tell",
  );
});
