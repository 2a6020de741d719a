import assert from "node:assert/strict";
import type { InputPart } from "../../../wire/input.ts";
import { INPUT_MAX_PARTS, TEXT_MAX_LENGTH } from "../../../wire/limits.ts";
import { Batch } from "./batch.ts";

/** A batch whose tasks end when they are told to. */
class Desk {
  readonly sent: (readonly InputPart[])[] = [];
  readonly #ends: (() => void)[] = [];
  readonly batch = new Batch((parts) => this.sent.push(parts), (end) => this.#ends.push(end));

  endTask(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}

const text = (value: string): InputPart => ({ kind: "text", text: value });
const key = (name: string): InputPart => ({ kind: "key", key: name });
const move = (x: number, button?: 0 | 1 | 2): InputPart => ({
  kind: "mouse",
  action: "move",
  x,
  y: 0,
  ...(button !== undefined && { button }),
});

Deno.test("what is typed in one task is sent at its end, as one, in order", () => {
  const desk = new Desk();
  desk.batch.add([text("a")]);
  desk.batch.add([text("b"), key("enter")]);
  desk.batch.add([text("c")]);
  assert.deepEqual(desk.sent, []);
  desk.endTask();
  assert.deepEqual(desk.sent, [[text("ab"), key("enter"), text("c")]]);
  desk.batch.add([text("d")]);
  desk.endTask();
  assert.deepEqual(desk.sent[1], [text("d")]);
});

Deno.test("nothing is sent when nothing was typed, or when it was forgotten", () => {
  const desk = new Desk();
  desk.batch.add([]);
  desk.batch.add([text("a")]);
  desk.batch.clear();
  desk.endTask();
  assert.deepEqual(desk.sent, []);
});

Deno.test("a mouse that moves on is where it is now; one that is dragged is another", () => {
  const desk = new Desk();
  desk.batch.add([move(1), move(2), move(3, 0), move(4, 0), move(5)]);
  desk.endTask();
  assert.deepEqual(desk.sent, [[move(2), move(4, 0), move(5)]]);
});

Deno.test("no part is longer and no command has more parts than may be, and characters stay whole", () => {
  const desk = new Desk();
  const long = "x".repeat(TEXT_MAX_LENGTH - 1) + "😀" + "y".repeat(TEXT_MAX_LENGTH);
  desk.batch.add([text(long)]);
  for (let i = 0; i < INPUT_MAX_PARTS; i++) desk.batch.add([key("enter"), text("a")]);
  desk.endTask();
  const parts = desk.sent.flat();
  assert.ok(desk.sent.length > 1);
  for (const command of desk.sent) assert.ok(command.length <= INPUT_MAX_PARTS);
  const texts = parts.flatMap((part) => part.kind === "text" ? [part.text] : []);
  for (const piece of texts) {
    assert.ok(piece.length <= TEXT_MAX_LENGTH);
    assert.ok(piece.isWellFormed());
  }
  assert.equal(texts.join(""), long + "a".repeat(INPUT_MAX_PARTS));
});

Deno.test("the end of a real task comes before the next one", async () => {
  const sent: (readonly InputPart[])[] = [];
  const batch = new Batch((parts) => sent.push(parts));
  batch.add([text("a")]);
  batch.add([text("b")]);
  await Promise.resolve();
  assert.deepEqual(sent, [[text("ab")]]);
});
