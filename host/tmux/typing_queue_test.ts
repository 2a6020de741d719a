import assert from "node:assert/strict";
import { MAX_WAITING_BYTES, TypingQueue } from "./typing_queue.ts";

/** A tmux whose replies come when the test says so. */
class Slow {
  readonly commands: string[] = [];
  readonly #replies: PromiseWithResolvers<void>[] = [];

  run = (command: string): Promise<void> => {
    this.commands.push(command);
    const reply = Promise.withResolvers<void>();
    this.#replies.push(reply);
    return reply.promise;
  };

  async answer(): Promise<void> {
    this.#replies.shift()!.resolve();
    for (let i = 0; i < 5; i++) await Promise.resolve();
  }
}

const text = (length: number): Uint8Array => new Uint8Array(length).fill(0x61);

Deno.test("of 10 KB, what tmux has not been given when it is dropped never comes", async () => {
  const tmux = new Slow();
  const queue = new TypingQueue("%1", tmux.run);
  queue.write(text(10_240));
  await tmux.answer();
  await tmux.answer();
  assert.equal(tmux.commands.length, 3);
  queue.drop();
  await tmux.answer();
  assert.equal(tmux.commands.length, 3);
  queue.write(text(1));
  assert.deepEqual(tmux.commands.slice(3), ["copy-mode -q -t %1", "send-keys -H -t %1 61"]);
});

Deno.test("what is too much is refused whole, and there is room again when it was typed", async () => {
  const tmux = new Slow();
  const queue = new TypingQueue("%1", tmux.run);
  assert.ok(queue.write(text(1)));
  assert.ok(!queue.write(text(MAX_WAITING_BYTES)));
  await tmux.answer();
  await tmux.answer();
  assert.ok(queue.write(text(MAX_WAITING_BYTES)));
  assert.ok(tmux.commands.length > 2);
});

Deno.test("when tmux refuses, nothing else that waits is typed", async () => {
  const commands: string[] = [];
  const queue = new TypingQueue("%1", (command) => {
    commands.push(command);
    return Promise.reject(new Error("no such pane"));
  });
  queue.write(text(5_000));
  const { length } = commands;
  queue.write(text(5_000));
  for (let i = 0; i < 10; i++) await Promise.resolve();
  assert.equal(commands.length, length);
  assert.ok(queue.write(text(MAX_WAITING_BYTES)));
});
