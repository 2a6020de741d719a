import assert from "node:assert/strict";
import { WINDOW_BYTES } from "./broadcast.ts";
import { BroadcastSession } from "./testing/broadcast_session.ts";
import type { FakePeer } from "./testing/peer.ts";

/** As many bytes on one screen as fill a window. */
function fill(letter: string): string {
  let text = "\x1b[H";
  for (let i = 0; i < 80 * 23; i++) text += `\x1b[38;2;${i % 256};${i >> 8};7m${letter}`;
  return text;
}

Deno.test("a viewer joins at the present and follows from there", async () => {
  await using setUp = new BroadcastSession();
  await setUp.print("before");
  const peer = setUp.join();
  assert.equal(peer.text, "before");
  await setUp.print(" after");
  assert.equal(peer.text, "before after");
  assert.deepEqual(peer.messages.map(({ kind }) => kind), ["direct", "stream"]);
  assert.deepEqual(peer.events, [
    'p {"kind":"roster","count":0}',
    'c {"kind":"state","mode":"presenter","turn":0,"requests":[]}',
  ]);
});

Deno.test("a message is sealed once for all viewers, and not at all for none", async () => {
  await using setUp = new BroadcastSession();
  await setUp.print("one");
  await setUp.print("two");
  assert.equal(setUp.stream.sealed, 0);
  const peers = [setUp.join(), setUp.join(), setUp.join()];
  const before = setUp.stream.sealed;
  await setUp.print("three");
  assert.equal(setUp.stream.sealed, before + 1);
  for (const peer of peers) assert.equal(peer.text, "onetwothree");
});

Deno.test("viewers that join at different times have the same clock", async () => {
  await using setUp = new BroadcastSession();
  const first = setUp.join();
  await setUp.print("a");
  setUp.clock.advance(123_456);
  const second = setUp.join();
  await setUp.print("b");
  assert.equal(second.atMs, setUp.clock.now());
  assert.equal(first.atMs, setUp.clock.now());
});

Deno.test("a viewer that does not acknowledge gets nothing beyond its window, and others everything", async () => {
  await using setUp = new BroadcastSession();
  const slow = setUp.join(), fast = setUp.join();
  slow.prompt = false;
  for (let i = 0; i < 60; i++) await setUp.print(fill(String.fromCharCode(65 + i % 26)));
  assert.equal(setUp.broadcast.laggingCount, 1);
  assert.ok(slow.inFlightBytes < 2 * WINDOW_BYTES, String(slow.inFlightBytes));
  assert.ok(slow.messages.length < 30 && fast.messages.length === 61);
  slow.inFlightBytes -= 1;
  setUp.clock.advance(1000);
  assert.equal(setUp.broadcast.laggingCount, 1, "it must have acknowledged all of it");
  slow.ack();
  setUp.clock.advance(1000);
  assert.equal(setUp.broadcast.laggingCount, 0);
  assert.equal(slow.messages.at(-1)!.kind, "direct");
  assert.equal(slow.text, fast.text);
  await setUp.print("\x1b[Hgoes on");
  assert.equal(slow.text, fast.text);
  assert.equal(slow.atMs, fast.atMs);
  assert.equal(setUp.clock.pending, 0);
});

Deno.test("a viewer that lagged learns of the events it missed, and of the lines left out", async () => {
  await using setUp = new BroadcastSession();
  const slow = setUp.join(), fast = setUp.join();
  slow.prompt = false;
  for (let i = 0; i < 30; i++) await setUp.print(fill(String.fromCharCode(65 + i)));
  setUp.session.note({ kind: "marker", label: "here" });
  await setUp.print("line\r\n".repeat(2000));
  slow.ack();
  setUp.clock.advance(1000);
  const events = slow.events.slice(2);
  assert.deepEqual(events.toSorted(), ["m here", "s 976"]);
  assert.equal(slow.text, fast.text);
});

Deno.test("a stream carries all of what a command prints at once, and little of a flood", async () => {
  await using setUp = new BroadcastSession();
  const viewer = setUp.join();
  const skipped = (): string[] => viewer.events.filter((event) => event.startsWith("s "));
  await setUp.print("line\r\n".repeat(900));
  assert.deepEqual(skipped(), []);
  // A tenth of a second later there is room for all the lines again.
  await setUp.print("line\r\n".repeat(1000));
  assert.deepEqual(skipped(), []);
  // The last screen was there before.
  for (let i = 0; i < 5; i++) await setUp.print("line\r\n".repeat(3000));
  assert.deepEqual(skipped(), Array(5).fill("s 1976"));
});

Deno.test("a viewer that comes back goes on where it was", async () => {
  await using setUp = new BroadcastSession();
  const peer = setUp.join();
  await setUp.print("x".repeat(1000));
  setUp.broadcast.leave(peer);
  await setUp.print("\x1b[Hy");
  setUp.session.note({ kind: "marker", label: "here" });
  const back = setUp.join({ resumedSeq: peer.position!, screen: peer.screen });
  assert.match(back.text, /^yxx/);
  assert.ok(back.messages[0]!.bytes < 100, "a difference");
  assert.deepEqual(back.events, ["m here"]);
});

Deno.test("a viewer that comes back after long gets the whole screen", async () => {
  await using setUp = new BroadcastSession();
  const peer = setUp.join(), other = setUp.join();
  setUp.broadcast.leave(peer);
  for (let i = 0; i < 50; i++) await setUp.print(`${i} `);
  setUp.session.resize(60, 20);
  const back = setUp.join({ resumedSeq: peer.position!, screen: peer.screen });
  assert.equal(back.text, other.text);
  assert.equal(back.screen.cols, 60);
});

Deno.test("joins and leaves are gathered", async () => {
  await using setUp = new BroadcastSession();
  const peer = setUp.join();
  const before = peer.messages.length, eventsBefore = peer.events.length;
  for (let i = 0; i < 100; i++) {
    setUp.session.note({ kind: "participant", data: { kind: "join", id: `p${i}` } });
  }
  setUp.clock.advance(1000);
  assert.equal(peer.messages.length, before + 1);
  assert.equal(peer.events.length, eventsBefore + 100);
});

Deno.test("a thousand joins are no thousand messages, and everyone counts everyone once", async () => {
  await using setUp = new BroadcastSession();
  const peers: FakePeer[] = [];
  for (let i = 0; i < 100; i++) {
    setUp.present++;
    setUp.session.note({ kind: "participant", data: { kind: "join", id: `p${i}` } });
    peers.push(setUp.join());
    setUp.clock.advance(10);
  }
  setUp.clock.advance(1000);
  assert.ok(setUp.stream.sealed < 30, String(setUp.stream.sealed));
  for (const { events } of peers) {
    const counted = Number(/"count":(\d+)/.exec(events[0]!)![1]);
    assert.equal(counted + events.filter((event) => event.includes("join")).length, 100);
  }
});

Deno.test("who joins while sharing is paused is told so, and sees nothing", async () => {
  await using setUp = new BroadcastSession();
  await setUp.print("secret");
  setUp.session.pause();
  const peer = setUp.join();
  assert.match(peer.text, /^\s*Sharing is paused$/);
  assert.equal(peer.events.at(-1), 'c {"kind":"pause"}');
  setUp.session.resume();
  assert.equal(peer.text, "secret");
});

Deno.test("the end reaches everyone, with the status, those that lag too", async () => {
  const setUp = new BroadcastSession();
  using slow = setUp.join(), fast = setUp.join();
  slow.prompt = false;
  for (let i = 0; i < 30; i++) await setUp.print(fill(String.fromCharCode(65 + i)));
  await setUp.print("\x1b[2J\x1b[Hbye");
  setUp.pty.end({ code: 3, signal: null });
  await setUp.status;
  for (const peer of [slow, fast]) {
    assert.equal(peer.text, "bye");
    assert.deepEqual([peer.closed, peer.status, peer.events.at(-1)], ["ended", 3, "x 3"]);
  }
  fast[Symbol.dispose]();
});

Deno.test("pointers that move at once are one message", async () => {
  await using setUp = new BroadcastSession();
  await setUp.print("$");
  const peer = setUp.join();
  const sealed = setUp.stream.sealed;
  for (const id of ["p1", "p2", "p3"]) {
    setUp.session.note({ kind: "pointer", data: { id, x: 1, y: 2 } });
  }
  setUp.clock.advance(0);
  assert.equal(setUp.stream.sealed, sealed + 1);
  assert.equal(peer.events.filter((event) => event.startsWith("u ")).length, 3);
});

Deno.test("who lagged while more happened than is kept is told how things are", async () => {
  await using setUp = new BroadcastSession();
  await setUp.print("$");
  const peer = setUp.join();
  peer.prompt = false;
  await setUp.print(fill("x"));
  for (let i = 0; peer.inFlightBytes <= WINDOW_BYTES; i++) await setUp.print(fill(String(i % 10)));
  for (let i = 0; i < 300; i++) {
    setUp.session.note({ kind: "control", data: { kind: "lapse", id: "p1" } });
  }
  setUp.session.note({ kind: "pointer", data: { id: "p1", x: 1, y: 2 } });
  const before = peer.events.length;
  peer.ack();
  setUp.clock.advance(100);
  const after = peer.events.slice(before);
  assert.deepEqual(
    after.map((event) => event.slice(0, 10)),
    ['p {"kind":', 'c {"kind":'],
  );
});

Deno.test("who joins, and who lagged, learns where the cursors of panes are", async () => {
  await using setUp = new BroadcastSession();
  const slow = setUp.join();
  slow.prompt = false;
  const cursor = (id: string, x?: number): void =>
    setUp.session.note({
      kind: "pointer",
      data: { id, ...(x !== undefined && { x, y: 0 }), cursor: true },
    });
  for (const x of [1, 2, 3]) cursor("p1", x);
  cursor("p2", 4);
  for (let i = 0; i < 30; i++) await setUp.print(fill(String.fromCharCode(65 + i)));
  cursor("p1", 5);
  cursor("p2");
  setUp.clock.advance(1_000);
  slow.ack();
  setUp.clock.advance(1_000);
  const late = setUp.join();
  const told = [slow, late].map(({ events }) => events.filter((text) => text.startsWith("u")));
  assert.deepEqual(told.map((events) => events.at(-1)), Array(2).fill(told[1]!.at(-1)));
  assert.match(String(told[1]), /^u [^}]*"p1"[^}]*5[^}]*}$/);
});
