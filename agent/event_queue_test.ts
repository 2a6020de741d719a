import assert from "node:assert/strict";
import { EventQueue } from "./event_queue.ts";

const queueOf = (max: number, onReturn = (): void => {}): EventQueue<string> =>
  new EventQueue(max, (count) => `${count} missed`, onReturn);

async function rest(queue: EventQueue<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const value of queue) all.push(value);
  return all;
}

Deno.test("who reads slowly has the newest, and is told how many were left out", async () => {
  const queue = queueOf(3);
  for (const value of "abcde") queue.push(value);
  queue.end();
  queue.push("late");
  assert.deepEqual(await rest(queue), ["2 missed", "c", "d", "e"]);
});

Deno.test("who waits gets what comes, and the end", async () => {
  const queue = queueOf(3);
  const first = queue.next(), second = queue.next(), third = queue.next();
  queue.push("a");
  queue.push("b");
  queue.end();
  assert.deepEqual((await first).value, "a");
  assert.deepEqual((await second).value, "b");
  assert.equal((await third).done, true);
});

Deno.test("who stops reading keeps nothing", async () => {
  let returned = 0;
  const queue = queueOf(3, () => returned++);
  queue.push("a");
  queue.push("b");
  for await (const value of queue) {
    assert.equal(value, "a");
    break;
  }
  assert.equal(returned, 1);
  assert.equal((await queue.next()).done, true);
});
