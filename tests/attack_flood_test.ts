/**
 * Too much of everything, against a host that is a process of its own: its memory and its time are looked at from outside.
 */
import assert from "node:assert/strict";
import { eventually, type HeadlessHost, startHeadless } from "./harness.ts";
import { Bystander, cpuSeconds, ECHO_MS, MEMORY_MB, memoryMb, openFiles } from "./bystander.ts";
import { RawSocket } from "./raw_socket.ts";
import { Rogue } from "./rogue.ts";

function start(): HeadlessHost {
  return startHeadless({ args: ["--mode", "collaborative"], command: ["cat"] });
}

Deno.test("10,000 messages a second close that connection, and cost the others nothing", async () => {
  await using host = start();
  const link = await host.link();
  using bob = await Bystander.join(link);
  await bob.echo();
  const before = memoryMb(host);
  const echoes: number[] = [];
  for (let round = 0; round < 5; round++) {
    await using mallory = await Rogue.join(link);
    for (let i = 0; i < 10_000; i++) mallory.say({ kind: "ping", t: i });
    // What is still on its way to the host may keep the close frame from arriving.
    mallory.socket.told.catch(() => {});
    echoes.push(await bob.echo());
    await mallory.socket.gone;
    const floods = (): number =>
      host.all.filter((line) => line.event === "leave" && line.why === "message-flood").length;
    await eventually(() => floods() === round + 1 || undefined, "the host to tell of it");
  }
  assert.ok(Math.max(...echoes) < ECHO_MS, `${echoes} ms`);
  assert.ok(memoryMb(host) - before < MEMORY_MB, `${memoryMb(host)} MB after ${before}`);
  const usedBefore = cpuSeconds(host), sinceMs = performance.now();
  for (let i = 0; i < 10; i++) await bob.echo();
  const share = (cpuSeconds(host) - usedBefore) * 1_000 / (performance.now() - sinceMs);
  assert.ok(share < 1.5, `the host takes ${share} cores afterwards`);
  assert.equal(bob.guest.ended, undefined);
});

Deno.test("500 sockets that are opened and left are closed, and nobody waits for it", async () => {
  await using host = start();
  const link = await host.link();
  using bob = await Bystander.join(link);
  await bob.echo();
  const before = memoryMb(host), openBefore = openFiles(host);
  await using left = new AsyncDisposableStack();
  const sockets = await Promise.all(
    Array.from({ length: 500 }, async (_, i) => {
      const from = `127.2.0.${1 + i % 250}`;
      return left.use(await RawSocket.open(link, { from, obeysClose: i % 2 === 0 }));
    }),
  );
  assert.ok(openFiles(host) >= openBefore + 500);
  assert.ok(await bob.echo() < ECHO_MS);
  {
    using _eve = await Bystander.join(link);
  }
  const reasons = await Promise.all(sockets.map((socket) => socket.told));
  assert.deepEqual([...new Set(reasons)], ["join-timeout"]);
  // Those that stay although they are told to go, too.
  await Promise.all(sockets.map((socket) => socket.gone));
  await eventually(
    () => openFiles(host) <= openBefore + 20 || undefined,
    "the host to let go of them",
  );
  assert.ok(memoryMb(host) - before < MEMORY_MB, `${memoryMb(host)} MB after ${before}`);
  assert.ok(await bob.echo() < ECHO_MS);
});

Deno.test("300 requests that come a byte at a time keep nobody else from coming and typing", async () => {
  await using host = start();
  const link = await host.link();
  using bob = await Bystander.join(link);
  await bob.echo();
  const { hostname, port, pathname } = new URL(link);
  const head = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX-Slow: ${
    "x".repeat(2_000)
  }`;
  const bytes = new TextEncoder().encode(head);
  const openBefore = openFiles(host);
  const sockets = await Promise.all(
    Array.from({ length: 300 }, () => Deno.connect({ hostname, port: Number(port) })),
  );
  try {
    await eventually(() => openFiles(host) >= openBefore + 300 || undefined, "all of them");
    const echoes: number[] = [];
    for (let at = 0; at < 20; at++) {
      await Promise.all(sockets.map((socket) => socket.write(bytes.subarray(at, at + 1))));
      echoes.push(await bob.echo());
    }
    assert.ok(Math.max(...echoes) < ECHO_MS, `${echoes} ms`);
    using eve = await Bystander.join(link);
    assert.ok(await eve.echo() < ECHO_MS);
    const page = await fetch(`http://${hostname}:${port}${pathname}`);
    assert.equal(page.status, 200);
    await page.body?.cancel();
  } finally {
    for (const socket of sockets) socket.close();
  }
});
