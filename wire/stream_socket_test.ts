import assert from "node:assert/strict";
import { UNSENT_MAX_BYTES } from "./limits.ts";
import { type ByteStream, StreamSocket } from "./stream_socket.ts";
import { FakeClock, until } from "./test_support.ts";

/** A connection whose other end does as the test says. */
class FakeStream implements ByteStream {
  /** What was written, in bytes as they are: frames with their masks. */
  readonly written: number[] = [];
  closed = 0;
  /** Whether the other end reads. */
  #reads = Promise.withResolvers<void>();
  #incoming: (Uint8Array | null)[] = [];
  #wake = Promise.withResolvers<void>();

  constructor({ reads = true } = {}) {
    if (reads) this.#reads.resolve();
  }

  /** The other end reads from now on. */
  drain(): void {
    this.#reads.resolve();
  }

  come(...bytes: number[]): void {
    this.#incoming.push(Uint8Array.from(bytes));
    this.#wake.resolve();
  }

  end(): void {
    this.#incoming.push(null);
    this.#wake.resolve();
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (this.#incoming.length === 0) {
      this.#wake = Promise.withResolvers<void>();
      await this.#wake.promise;
      if (this.closed > 0) throw new Error("closed");
    }
    const bytes = this.#incoming.shift()!;
    if (bytes !== null) into.set(bytes);
    return bytes?.length ?? null;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#reads.promise;
    if (this.closed > 0) throw new Error("closed");
    // Never all at once.
    const part = bytes.subarray(0, 1_000);
    this.written.push(...part);
    return part.length;
  }

  close(): void {
    this.closed++;
    this.#wake.resolve();
  }
}

interface Told {
  readonly messages: (Uint8Array | string)[];
  readonly ends: [code: number, reason: string][];
}

function open(stream: ByteStream): { socket: StreamSocket; clock: FakeClock; told: Told } {
  const clock = new FakeClock();
  const socket = new StreamSocket(stream, { clock, maxBytes: 100 });
  const told: Told = { messages: [], ends: [] };
  socket.onmessage = (message) => told.messages.push(message);
  socket.onclose = (code, reason) => told.ends.push([code, reason]);
  return { socket, clock, told };
}

/** Opcodes of the frames that were written, all of them shorter than 126 bytes. */
function opcodes({ written }: FakeStream): number[] {
  const found: number[] = [];
  for (let at = 0; at < written.length; at += 6 + (written[at + 1]! & 0x7f)) {
    found.push(written[at]! & 0x0f);
  }
  return found;
}

Deno.test("a message that is too long ends the connection by name, without waiting for its sender", async () => {
  const stream = new FakeStream();
  const { told } = open(stream);
  stream.come(0x82, 101);
  await until(() => stream.closed > 0);
  assert.deepEqual(told, { messages: [], ends: [[4032, "message-too-large"]] });
  assert.deepEqual(opcodes(stream), [8]);
});

Deno.test("whoever breaks the protocol and reads nothing is hung up on all the same, after a while", async () => {
  const stream = new FakeStream({ reads: false });
  const { clock, told } = open(stream);
  stream.come(0x83, 0);
  await until(() => told.ends.length > 0);
  assert.deepEqual(told.ends, [[4030, "message-malformed"]]);
  assert.equal(stream.closed, 0);
  clock.advance(1_000);
  assert.equal(stream.closed, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("of pings that come faster than they can be answered the latest is answered", async () => {
  const stream = new FakeStream({ reads: false });
  const { told } = open(stream);
  for (let i = 0; i < 1_000; i++) stream.come(0x89, 1, i & 0xff);
  stream.come(0x82, 1, 7);
  await until(() => told.messages.length > 0);
  stream.drain();
  await until(() => opcodes(stream).length === 2);
  assert.deepEqual(opcodes(stream), [10, 10], "the one that was under way, and the latest");
  stream.end();
  await until(() => stream.closed > 0);
});

Deno.test("what a host does not read is kept up to a bound, and the connection is cut there", async () => {
  const stream = new FakeStream({ reads: false });
  const { socket, told } = open(stream);
  const message = new Uint8Array(1 << 20);
  const most = UNSENT_MAX_BYTES / message.length;
  for (let i = 0; i < most; i++) socket.send(message);
  assert.deepEqual(told.ends, []);
  for (let i = 0; i < 2; i++) socket.send(message);
  assert.deepEqual(told.ends, [[1006, ""]]);
  assert.equal(stream.closed, 1);
  stream.drain();
  await until(() => stream.closed > 1, "the write to find out");
});

Deno.test("messages go out whole and in order, however slowly they are taken", async () => {
  const stream = new FakeStream({ reads: false });
  const { socket } = open(stream);
  for (const length of [1, 2, 3]) socket.send(new Uint8Array(length));
  stream.drain();
  await until(() => stream.written.length === 3 * 6 + 6);
  socket.send(new Uint8Array(4));
  await until(() => opcodes(stream).length === 4);
  socket.close(4099, "enough");
  await until(() => opcodes(stream).length === 5);
  assert.deepEqual(opcodes(stream), [2, 2, 2, 2, 8]);
  socket.send(new Uint8Array(5));
  stream.come(0x82, 1, 7, 0x88, 2, 0x0f, 0xa0);
  await until(() => stream.closed > 0);
  assert.deepEqual(opcodes(stream), [2, 2, 2, 2, 8], "nothing after the close");
});

Deno.test("a message that is sent in the turn in which the last one was written is written too", async () => {
  for (let turns = 0; turns < 8; turns++) {
    const stream = new FakeStream();
    const { socket } = open(stream);
    socket.send(new Uint8Array(1));
    for (let i = 0; i < turns; i++) await undefined;
    socket.send(new Uint8Array(2));
    await until(() => opcodes(stream).length === 2, `both, ${turns} turns apart`);
    stream.end();
    await until(() => stream.closed > 0);
  }
});

Deno.test("a close is told once: the other side's, and a cut when there is none in time", async () => {
  const closes = new FakeStream();
  const one = open(closes);
  closes.come(0x88, 7, 0x0f, 0xa0, ...new TextEncoder().encode("ended"));
  await until(() => closes.closed > 0);
  assert.deepEqual(one.told.ends, [[4000, "ended"]]);
  assert.deepEqual(opcodes(closes), [8], "it is answered");

  const silent = new FakeStream();
  const other = open(silent);
  other.socket.close(1000);
  other.socket.close(1000);
  silent.come(0x82, 1, 7);
  other.clock.advance(999);
  assert.deepEqual(other.told, { messages: [], ends: [] });
  other.clock.advance(1);
  assert.deepEqual(other.told, { messages: [], ends: [[1006, ""]] });
  assert.equal(silent.closed, 1);

  const cut = new FakeStream();
  const last = open(cut);
  cut.come(0x82, 3, 1);
  cut.end();
  await until(() => cut.closed > 0);
  assert.deepEqual(last.told, { messages: [], ends: [[1006, ""]] });
});

Deno.test("what came with the answer to the upgrade is the first message, whoever is told of it and whenever", async () => {
  const stream = new FakeStream();
  const socket = new StreamSocket(stream, { rest: Uint8Array.from([0x82, 2, 1]) });
  const messages: unknown[] = [];
  for (let i = 0; i < 20; i++) await undefined;
  socket.onmessage = (message) => messages.push(message);
  const closed = Promise.withResolvers<number>();
  socket.onclose = closed.resolve;
  stream.come(2, 0x81, 1, 120);
  await until(() => messages.length === 2);
  assert.deepEqual(messages, [Uint8Array.from([1, 2]), "x"]);
  stream.end();
  assert.equal(await closed.promise, 1006);
});
