/**
 * Messages that never end: the runtime keeps what has come of them, so whoever sends them could take all memory, a
 * stranger too.
 */
import assert from "node:assert/strict";
import { Bystander, ECHO_MS, memoryMb, peakMemoryMb } from "./bystander.ts";
import { type HeadlessHost, startHeadless } from "./harness.ts";
import { header, OPCODES, RawSocket } from "./raw_socket.ts";
import { Rogue } from "./rogue.ts";

const { BINARY, CONTINUATION } = OPCODES;
/** What is sent at a time. */
const SOME = new Uint8Array(64 * 1_024);
/** How much more memory a host may take than before, for all that is sent together. */
const MEMORY_MB = 250;
const MB = 1_024 * 1_024;

/** Sends a message of so many bytes without its end, in one frame or in many, until it is all sent or the host has enough. */
async function sendUnfinished(socket: RawSocket, bytes: number, inPieces: boolean): Promise<void> {
  socket.told.catch(() => {});
  socket.write(header(BINARY, inPieces ? 0 : bytes + 1, !inPieces));
  try {
    for (let sent = 0; sent < bytes && socket.open; sent += SOME.length) {
      if (inPieces) socket.frame(CONTINUATION, SOME, { fin: false });
      else socket.write(SOME);
      await socket.flushed();
    }
  } catch {
    // The host has had enough.
  }
}

function start(): HeadlessHost {
  return startHeadless({ args: ["--mode", "collaborative"], command: ["cat"] });
}

for (const inPieces of [false, true]) {
  const how = inPieces ? "in pieces without end" : "as one frame";
  Deno.test(`100 strangers who send 30 MB each of a message that never ends, ${how}, are cut and take no memory`, async () => {
    await using host = start();
    const link = await host.link();
    using bob = await Bystander.join(link);
    await bob.echo();
    const before = memoryMb(host);
    await using left = new AsyncDisposableStack();
    const attack = async (): Promise<void> => {
      const socket = left.use(await RawSocket.open(link));
      await sendUnfinished(socket, 30 * MB, inPieces);
      await socket.gone;
    };
    const longest = await bob.echoesUntil(Promise.all(Array.from({ length: 100 }, attack)));
    assert.ok(longest < ECHO_MS, `an echo took ${longest} ms`);
    assert.ok(peakMemoryMb(host) - before < MEMORY_MB, `${peakMemoryMb(host)} after ${before} MB`);
    await host.waitFor(({ event }) => event === "refused", "the host to tell of it");
    const codes = host.all.flatMap(({ event, code }) => event === "refused" ? [code] : []);
    assert.deepEqual([...new Set(codes)], ["message-too-large"]);
    assert.ok(await bob.echo() < ECHO_MS);
  });
}

Deno.test("a viewer who sends a message that never ends is removed for it, and takes no memory", async () => {
  await using host = start();
  const link = await host.link();
  using bob = await Bystander.join(link);
  await bob.echo();
  const before = memoryMb(host);
  await using mallory = await Rogue.join(link);
  const attack = async (): Promise<void> => {
    await sendUnfinished(mallory.socket, 2_000 * MB, true);
    await mallory.socket.gone;
  };
  const longest = await bob.echoesUntil(attack());
  assert.ok(longest < ECHO_MS, `an echo took ${longest} ms`);
  await host.waitFor(({ why }) => why === "message-too-large", "the host to tell of it");
  // What comes between two looks, at the speed of one machine, is more than over any network.
  assert.ok(peakMemoryMb(host) - before < 600, `${peakMemoryMb(host)} after ${before} MB`);
  assert.ok(await bob.echo() < ECHO_MS);
});
