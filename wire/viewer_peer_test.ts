import assert from "node:assert/strict";
import { Sealer } from "./seal.ts";
import { ClientHandshake } from "./client_handshake.ts";
import { ClientSession } from "./client_session.ts";
import { COMMAND_MAX_BYTES } from "./limits.ts";
import { encodeViewerMessage, type ViewerMessageJson } from "./messages.ts";
import { utf8 } from "./bytes.ts";
import {
  closedFor,
  type FakeClock,
  type MemorySocket,
  TestHost,
  TestViewer,
  until,
} from "./test_support.ts";
import type { TokenOptions } from "./token.ts";
import type { ViewerPeer } from "./viewer_peer.ts";

const LINE = '[0.1,"o","x"]\n';

/** A viewer that has joined by hand and may say anything. */
class Rogue {
  readonly socket: MemorySocket;
  readonly peer: ViewerPeer;
  readonly sealer: Sealer;

  private constructor(socket: MemorySocket, peer: ViewerPeer, sealer: Sealer) {
    this.socket = socket;
    this.peer = peer;
    this.sealer = sealer;
  }

  static async join(host: TestHost, token: Partial<TokenOptions> = {}): Promise<Rogue> {
    const handshake = new ClientHandshake(await host.link(token));
    const socket = host.open();
    let sealer: Sealer | undefined;
    socket.onmessage = (message) => {
      if (sealer !== undefined) return;
      sealer = new Sealer(handshake.finish(message as Uint8Array).toHost, { kind: "to-host" });
      socket.send(sealer.seal(encodeViewerMessage({ kind: "join", name: "Eve" })));
    };
    const count = host.peers.length;
    socket.send(handshake.hello);
    await until(() => host.peers.length > count);
    return new Rogue(socket, host.peers.at(-1)!, sealer!);
  }

  say(message: ViewerMessageJson): void {
    this.socket.send(this.sealer.seal(encodeViewerMessage(message)));
  }

  shout(text: string): void {
    this.socket.send(this.sealer.seal(utf8(text)));
  }
}

/** What closes a rogue's connection, and only that one. */
async function fault(does: (rogue: Rogue) => void): Promise<string> {
  const host = await TestHost.start();
  const good = new TestViewer(host, await host.link());
  await good.joined();
  const rogue = await Rogue.join(host);
  const gone: string[] = [];
  rogue.peer.onClose((reason) => gone.push(reason));
  does(rogue);
  const reason = await closedFor(rogue.socket);
  assert.equal(gone.join(), reason);
  assert.equal(rogue.peer.closed, reason);
  host.broadcast(LINE);
  await good.has(LINE);
  good.connection.close();
  await until(() => host.peers[0]!.closed !== undefined);
  assert.deepEqual(host.bugs, []);
  assert.equal((host.clock as FakeClock).pending, 0);
  return reason;
}

const FAULTS: Readonly<Record<string, readonly [string, (rogue: Rogue) => void]>> = {
  "sends text": ["message-malformed", ({ socket }) => socket.deliver("hello")],
  "sends no envelope": ["message-malformed", ({ socket }) => socket.send(new Uint8Array(3))],
  "says nonsense": ["message-malformed", (rogue) => rogue.shout("{")],
  "says what a host says": [
    "message-unknown",
    (rogue) => rogue.shout('{"kind":"bye","code":"ended"}'),
  ],
  "joins twice": ["message-out-of-place", (rogue) => rogue.say({ kind: "join", name: "x" })],
  "sends too much": ["message-too-large", (rogue) => rogue.shout(" ".repeat(COMMAND_MAX_BYTES))],
  "floods": ["message-flood", (rogue) => {
    for (let i = 0; i < 1_100; i++) rogue.say({ kind: "ack", seq: 0, bytes: 0 });
  }],
  "repeats a message": ["sequence-broken", ({ socket }) => socket.send(socket.sent.at(-1)!)],
  "leaves a message out": ["sequence-broken", (rogue) => {
    rogue.sealer.seal(new Uint8Array());
    rogue.say({ kind: "leave" });
  }],
  "changes a message": ["seal-broken", ({ socket, sealer }) => {
    const message = sealer.seal(encodeViewerMessage({ kind: "leave" }));
    message[8]! ^= 1;
    socket.send(message);
  }],
  "sends a stream message": ["message-out-of-place", ({ socket }) =>
    socket.send(
      new Sealer(new Uint8Array(32), { kind: "stream", epoch: 1 }).seal(new Uint8Array()),
    )],
  "acknowledges what was not sent": [
    "message-malformed",
    (rogue) => rogue.say({ kind: "ack", seq: 1, bytes: 0 }),
  ],
  "acknowledges more bytes than were sent": [
    "message-malformed",
    (rogue) => rogue.say({ kind: "ack", seq: 0, bytes: 1 << 20 }),
  ],
  "takes an acknowledgement back": ["message-malformed", (rogue) => {
    rogue.say({ kind: "ack", seq: 0, bytes: 2 });
    rogue.say({ kind: "ack", seq: 0, bytes: 1 });
  }],
};

for (const [what, [code, does]] of Object.entries(FAULTS)) {
  Deno.test(`a viewer that ${what} loses its connection: ${code}`, async () => {
    assert.equal(await fault(does), code);
  });
}

Deno.test("a viewer can say 500 things a second, for as long as it likes", async () => {
  const host = await TestHost.start();
  const { peer, ...rogue } = await Rogue.join(host);
  const clock = host.clock as FakeClock;
  for (let second = 0; second < 4; second++) {
    for (let i = 0; i < 500; i++) {
      rogue.socket.send(rogue.sealer.seal(encodeViewerMessage({ kind: "ping", t: i })));
    }
    const answered = host.sockets[0]!.sent.length + 500;
    await until(() => host.sockets[0]!.sent.length === answered);
    clock.advance(1_000);
  }
  assert.equal(peer.closed, undefined);
  peer.close("kicked");
});

Deno.test("what is in flight is known by what is acknowledged", async () => {
  const host = await TestHost.start();
  const rogue = await Rogue.join(host);
  const { peer } = rogue;
  const state = peer.inFlightBytes;
  assert.ok(state > 0 && state < 80);
  const message = host.deps.stream.seal(LINE);
  peer.sendStream(message);
  assert.equal(peer.inFlightBytes, state + message.length);
  rogue.say({ kind: "ack", seq: 1, bytes: state + message.length });
  rogue.say({ kind: "ping", t: 1, latencyMs: 7 });
  await until(() => peer.latencyMs === 7);
  assert.equal(peer.inFlightBytes, 0, "a pong is not counted");
  assert.equal(peer.ackedSeq, 1);
  peer.close("kicked");
});

Deno.test("a viewer is never sent a message that does not follow its last", async () => {
  const host = await TestHost.start();
  const { peer } = await Rogue.join(host);
  const { stream } = host.deps;
  const [one, two] = [stream.seal(LINE), stream.seal(LINE)];
  assert.throws(() => peer.sendStream(two));
  peer.sendStream(one);
  assert.throws(() => peer.sendStream(one));
  assert.throws(() => peer.sendDirect(LINE, 3, 0), "the stream is not there yet");
  peer.sendDirect(LINE, 2, 0);
  assert.throws(() => peer.sendDirect(LINE, 1, 0));
  assert.equal(peer.position, 2);
  const old = stream.seal(LINE);
  stream.nextEpoch();
  assert.throws(() => peer.sendStream(old), "its key is gone");
  peer.close("ended");
  peer.sendStream(one);
  peer.sendDirect(LINE, 0, 0);
  peer.close("kicked");
  assert.equal(peer.closed, "ended");
});

Deno.test("a new epoch's key goes to who stays, before the first message under it", async () => {
  const host = await TestHost.start();
  const link = await host.link();
  const stays = new TestViewer(host, link);
  await stays.joined();
  const lags = new TestViewer(host, link);
  await lags.joined();
  const [first, second] = host.peers as [ViewerPeer, ViewerPeer];
  const { stream } = host.deps;
  first.sendStream(stream.seal(LINE));
  stream.nextEpoch();
  stream.nextEpoch();
  first.sendStream(stream.seal(LINE));
  second.sendDirect('[0,"o","direct"]\n', stream.seq, 0);
  const message = stream.seal('[0,"o","both"]\n');
  first.sendStream(message);
  second.sendStream(message);
  await stays.has(LINE + LINE + '[0,"o","both"]\n');
  await lags.has('[0,"o","direct"]\n[0,"o","both"]\n');
  for (const viewer of [stays, lags]) viewer.connection.close();
  await until(() => second.closed !== undefined);
});

Deno.test("who leaves is known to have left, who is cut off to be cut off", async () => {
  const host = await TestHost.start();
  const gone: string[] = [];
  for (
    const end of [
      (rogue: Rogue) => rogue.say({ kind: "leave" }),
      (rogue: Rogue) => rogue.socket.cut(),
    ]
  ) {
    const rogue = await Rogue.join(host);
    rogue.peer.onClose((reason) => gone.push(reason));
    end(rogue);
    await until(() => rogue.peer.closed !== undefined);
  }
  assert.deepEqual(gone, ["left", "cut"]);
  assert.equal((host.clock as FakeClock).pending, 0);
});

Deno.test("a transport that fails to send is a cut", async () => {
  const host = await TestHost.start();
  const { peer } = await Rogue.join(host);
  host.sockets[0]!.send = () => {
    throw new DOMException("not open", "InvalidStateError");
  };
  peer.sendStream(host.deps.stream.seal(LINE));
  assert.equal(peer.closed, "cut");
  assert.deepEqual(host.bugs, []);
});

Deno.test("who is in has to leave when the token expires, however far away that is", async () => {
  const host = await TestHost.start();
  const clock = host.clock as FakeClock;
  const days = 60 * 24 * 3_600_000;
  const rogue = await Rogue.join(host, { expiresAtMs: clock.now() + days });
  clock.advance(days - 1);
  assert.equal(rogue.peer.closed, undefined);
  clock.advance(1);
  assert.equal(await closedFor(rogue.socket), "token-expired");
  assert.equal(clock.pending, 0);
});

/** A viewer that only listens; what it is told, by its kind or code. */
async function listener(host: TestHost, expiresAtMs: number): Promise<readonly string[]> {
  const told: string[] = [];
  const session = new ClientSession(await host.link({ expiresAtMs }), { name: "Eve" });
  const socket = host.open();
  socket.onmessage = (message) => {
    const received = session.receive(message);
    if (received.kind === "reply") socket.send(received.message);
    else told.push("code" in received ? received.code : received.kind);
  };
  socket.send(session.hello);
  await until(() => told.includes("state"));
  return told;
}

Deno.test("who is in is warned five minutes and one minute before, and told under seal at the end", async () => {
  const host = await TestHost.start();
  const clock = host.clock as FakeClock;
  const minute = 60_000;
  const told = await listener(host, clock.now() + 7 * minute);
  const expected = ["welcome", "state"];
  const steps: readonly (readonly [number, ...string[]])[] = [
    [2 * minute - 1],
    [1, "link-expires-soon"],
    [4 * minute - 1],
    [1, "link-expires-soon"],
    [minute - 1],
    [1, "token-expired"],
  ];
  for (const [ms, ...codes] of steps) {
    clock.advance(ms);
    expected.push(...codes);
    // What was sent has arrived: a transport in memory takes one turn.
    await Promise.resolve();
    assert.deepEqual(told, expected);
  }
  assert.equal(clock.pending, 0);
});

Deno.test("who comes late is warned of what is still to come, and at once when that is only the end", async () => {
  const host = await TestHost.start();
  const clock = host.clock as FakeClock;
  for (
    const [leftMs, warnings] of [[301_000, 2], [300_000, 1], [61_000, 1], [60_000, 1], [
      1_000,
      1,
    ]] as const
  ) {
    const told = await listener(host, clock.now() + leftMs);
    if (leftMs <= 60_000) {
      clock.advance(0);
      await until(() => told.at(-1) === "link-expires-soon");
    }
    clock.advance(leftMs);
    await until(() => told.at(-1) === "token-expired");
    assert.equal(told.filter((code) => code === "link-expires-soon").length, warnings);
  }
});
