import assert from "node:assert/strict";
import { Libc } from "./libc.ts";
import { readAll, start } from "./testing.ts";

const LINES = Array.from({ length: 60_000 }, (_, i) => `${i + 1}\r\n`).join("");

Deno.test("floods with pauses come out whole and in order, and a chunk stays until the next read", async () => {
  await using pty = start("sh", "-c", "for i in 1 2 3; do seq 1 60000; sleep 0.01; done");
  const decoder = new TextDecoder();
  let all = "";
  for (let chunk = await pty.read(); chunk !== null; chunk = await pty.read()) {
    await new Promise((resolve) => setTimeout(resolve, 0)); // time for a fetch
    all += decoder.decode(chunk, { stream: true });
  }
  assert.ok(all === LINES.repeat(3), `${all.length} of ${3 * LINES.length}`);
});

Deno.test("an exit in the middle of a flood loses nothing of it", async () => {
  for (let i = 0; i < 5; i++) {
    await using pty = start("sh", "-c", "seq 1 60000; exit 3");
    assert.ok(await readAll(pty) === LINES);
    assert.deepEqual(await pty.exited, { code: 3, signal: null });
  }
});

Deno.test("disposing in the middle of a flood ends it and leaves nothing open", async () => {
  for (let chunks = 1; chunks <= 12; chunks++) {
    const pty = start("yes");
    for (let i = 0; i < chunks; i++) assert.ok(await pty.read());
    const pending = chunks % 2 === 0 ? pty.read() : undefined;
    await pty[Symbol.asyncDispose]();
    await pending;
    assert.equal(await pty.read(), null);
    assert.deepEqual(await pty.exited, { code: 129, signal: "SIGHUP" });
  }
});

Deno.test("without fread (as on macOS) a flood comes out whole", async () => {
  const libc = Libc.acquire();
  Object.defineProperty(libc, "call", { value: { ...libc.call, fread: null } });
  try {
    await using pty = start("seq", "1", "60000");
    assert.ok(await readAll(pty) === LINES);
  } finally {
    libc.release();
  }
});
