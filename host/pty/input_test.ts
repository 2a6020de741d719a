import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { CollabError } from "../../format/errors.ts";
import { InputQueue, MAX_WAITING_BYTES, type WriteOptions } from "./input.ts";
import { readAll, readUntil, start, type } from "./testing.ts";

const code = (expected: string) => (error: unknown): boolean =>
  error instanceof CollabError && error.code === expected;

Deno.test("writes come out whole and in order, however little is taken at once", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }),
    fc.array(fc.nat(30), { minLength: 1 }),
    async (writes, room) => {
      const taken: number[] = [];
      let turn = 0;
      const queue = new InputQueue((data) => {
        const some = data.subarray(0, room[turn++ % room.length]);
        taken.push(...some);
        return some.length;
      });
      const promises = writes.map((data) => {
        const reused = data.slice();
        const promise = queue.write(reused);
        reused.fill(0); // the caller's buffer is its own again
        return promise;
      });
      for (let i = 0; queue.waitingBytes > 0 && i < 10_000 && room.some((n) => n > 0); i++) {
        queue.flush();
      }
      if (room.every((n) => n === 0)) return;
      await Promise.all(promises);
      assert.deepEqual(taken, writes.flatMap((data) => [...data]));
    },
  ));
});

Deno.test("a full queue refuses a write as a whole", async () => {
  let room = 10;
  const taken: number[] = [];
  const queue = new InputQueue((data) => {
    const some = data.subarray(0, room);
    room -= some.length;
    taken.push(some.length);
    return some.length;
  });
  const first = queue.write(new Uint8Array(MAX_WAITING_BYTES));
  await assert.rejects(queue.write(new Uint8Array(11)), code("input-queue-full"));
  const second = queue.write(new Uint8Array(10));
  assert.equal(queue.waitingBytes, MAX_WAITING_BYTES);
  queue.close(new CollabError("pty-closed", "Over"));
  await assert.rejects(first, code("pty-closed"));
  await assert.rejects(second, code("pty-closed"));
  await assert.rejects(queue.write(new Uint8Array(1)), code("pty-closed"));
  assert.equal(queue.waitingBytes, 0);
});

/** 100 KB in lines, no two alike. */
function paste(): Uint8Array {
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} ${"x".repeat(i % 23)}\n`).join(
    "",
  );
  return new TextEncoder().encode(lines).subarray(0, 100_000);
}
const sum = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

Deno.test("100 KB pasted into a program that is slow to read arrive whole", async () => {
  await using pty = start(
    "sh",
    "-c",
    "stty raw -echo; echo ready; sleep 0.2; head -c 100000 | sha256sum",
  );
  await readUntil(pty, "ready");
  const written = pty.write(paste());
  assert.match(await readAll(pty), new RegExp(sum(paste())));
  await written;
});

Deno.test("100 KB of lines pasted into a program that reads lines arrive whole, echoed or not", async () => {
  const lines = paste();
  lines[lines.length - 1] = 0x0a;
  for (const echo of ["echo", "-echo"]) {
    await using pty = start("sh", "-c", `stty ${echo}; echo ready; head -c 100000 | sha256sum`);
    await readUntil(pty, "ready");
    void pty.write(lines);
    assert.match(await readAll(pty), new RegExp(sum(lines)), echo);
  }
});

Deno.test("writes at the same time keep their order", async () => {
  await using pty = start("sh", "-c", "stty raw -echo; echo ready; head -c 120000 | sha256sum");
  await readUntil(pty, "ready");
  const parts = Array.from(
    { length: 1200 },
    (_, i) => new TextEncoder().encode(`${i}`.padStart(100, ".")),
  );
  const written = Promise.all(parts.map((part) => pty.write(part)));
  const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
  assert.match(await readAll(pty), new RegExp(sum(whole)));
  await written;
});

Deno.test("input for a program that does not read waits, up to a bound, and is dropped at the end", async () => {
  await using pty = start("sh", "-c", "stty raw -echo; echo ready; exec sleep 60");
  await readUntil(pty, "ready");
  const waiting = pty.write(new Uint8Array(MAX_WAITING_BYTES - 100));
  await assert.rejects(pty.write(new Uint8Array(1_000_000)), code("input-queue-full"));
  pty[Symbol.dispose]();
  await assert.rejects(waiting, code("pty-closed"));
  await assert.rejects(type(pty, "x"), code("pty-closed"));
});

Deno.test("a write after the command's end rejects, and may go unhandled", async () => {
  await using pty = start("true");
  await readAll(pty);
  await assert.rejects(type(pty, "x"), code("pty-closed"));
  void type(pty, "y");
});

Deno.test("what waits of a droppable write is dropped, and nothing else", async () => {
  let room = 3;
  let taken = "";
  const queue = new InputQueue((data) => {
    const some = data.subarray(0, room);
    room -= some.length;
    taken += new TextDecoder().decode(some);
    return some.length;
  });
  const write = (text: string, options?: WriteOptions): Promise<void> =>
    queue.write(new TextEncoder().encode(text), options);
  const ending = new TextEncoder().encode("]");
  const done = [
    write("[abcdef]", { droppable: true, ending }),
    write("[ghi]", { droppable: true, ending }),
    write("mine"),
  ];
  queue.drop();
  await done[1];
  room = 100;
  queue.flush();
  await Promise.all(done);
  assert.equal(taken, "[ab]mine");
  assert.equal(queue.waitingBytes, 0);
});
