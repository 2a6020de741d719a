import assert from "node:assert/strict";
import fc from "fast-check";
import { BYE_CODES } from "./closing.ts";
import type { ConnectionEvent } from "./connection.ts";
import { createSecret } from "./link.ts";
import { closedFor, FakeClock, MemorySocket, TestHost, TestViewer, until } from "./test_support.ts";

const LINE = '[0.1,"o","x"]\n';

/** Lets time pass, in steps, until something is so. */
async function passUntil(host: TestHost, condition: () => boolean): Promise<void> {
  await until(() => {
    if (!condition()) (host.clock as FakeClock).advance(50);
    return condition();
  });
}

/** A host with one viewer in it. */
async function start(): Promise<{ host: TestHost; viewer: TestViewer; clock: FakeClock }> {
  const clock = new FakeClock();
  const host = await TestHost.start(clock);
  const viewer = new TestViewer(host, await host.link());
  await viewer.joined();
  return { host, viewer, clock };
}

/** The kinds of states that a connection has been in. */
function statuses(events: readonly ConnectionEvent[]): string[] {
  return events.flatMap((event) => event.kind === "status" ? [event.status.kind] : []);
}

Deno.test("a viewer joins, gets a state and then the stream", async () => {
  const { host, viewer } = await start();
  host.broadcast('[0.5,"o","\\u001b[1mhi"]\n');
  await viewer.has('[0,"k","hello"]\n[0.5,"o","\\u001b[1mhi"]\n');
  assert.equal(host.peers[0]?.name, "Ada");
  assert.deepEqual(statuses(viewer.events), ["connecting", "live"]);
  const welcome = viewer.events.find((event) => event.kind === "welcome");
  assert.deepEqual(welcome?.you, { id: "p1", name: "Ada", role: "view" });
  assert.ok(!("key" in welcome));
  viewer.connection.close();
  assert.equal(viewer.ended, "left");
  await until(() => host.peers[0]?.closed === "left");
});

Deno.test("no event comes before the caller has the connection, and none after it was closed", async () => {
  const host = await TestHost.start();
  const viewer = new TestViewer(host, await host.link());
  assert.equal(viewer.events.length, 0);
  viewer.connection.close();
  await Promise.resolve();
  assert.deepEqual(statuses(viewer.events), ["ended"]);
  assert.equal(viewer.sockets.length, 0);
});

Deno.test("a viewer says what it has painted, and learns how far away the host is", async () => {
  const { host, viewer, clock } = await start();
  const [peer] = host.peers;
  await until(() => peer?.inFlightBytes === 0);
  for (let i = 0; i < 20; i++) host.broadcast(LINE);
  await until(() => viewer.lines.length > 20 * LINE.length);
  assert.equal(peer?.ackedSeq, 0, "not so soon");
  clock.advance(1_000);
  await until(() => peer?.ackedSeq === 20);
  assert.equal(peer?.inFlightBytes, 0);
  await until(() => viewer.events.some((event) => event.kind === "latency"));
  clock.advance(5_000);
  await until(() => peer?.latencyMs !== undefined);
  viewer.connection.close();
  await until(() => peer?.closed !== undefined);
  assert.equal(clock.pending, 0);
});

Deno.test("a viewer that is cut off comes back as the same one, and goes on where it was", async () => {
  const clock = new FakeClock();
  const host = await TestHost.start(clock);
  const viewer = new TestViewer(host, await host.link({ single: true }));
  await viewer.joined();
  host.broadcast(LINE);
  await viewer.has(LINE);
  viewer.socket.cut();
  await until(() => viewer.connection.status.kind === "waiting");
  assert.equal(host.peers[0]?.closed, "cut");
  clock.advance(500);
  await viewer.joined(2);
  assert.deepEqual(statuses(viewer.events), [
    "connecting",
    "live",
    "waiting",
    "connecting",
    "live",
  ]);
  const [first, second] = host.peers;
  assert.equal(second?.id, first?.id);
  assert.equal(first?.resumedSeq, undefined);
  assert.equal(second?.resumedSeq, 1);
  host.broadcast(LINE);
  await viewer.has(`[0,"k","hello"]\n${LINE}`);
  viewer.connection.close();
  await until(() => second?.closed !== undefined);
});

Deno.test("a connection that the host has not noticed to be gone gives way to its successor", async () => {
  const { host, viewer, clock } = await start();
  // Only the viewer notices.
  viewer.socket.close = () => {};
  viewer.socket.onclose?.(1006, "");
  clock.advance(500);
  await viewer.joined(2);
  assert.deepEqual(host.peers.map(({ closed }) => closed), ["superseded", undefined]);
  viewer.connection.close();
  await until(() => host.peers[1]?.closed !== undefined);
});

Deno.test("a single-use link is of no use to a second viewer, while the first comes and goes", async () => {
  const clock = new FakeClock();
  const host = await TestHost.start(clock);
  const link = await host.link({ single: true });
  const first = new TestViewer(host, link);
  await first.joined();
  const second = new TestViewer(host, link);
  await passUntil(host, () => second.ended !== undefined);
  assert.equal(second.ended, "token-spent");
  first.connection.close();
});

Deno.test("a wrong secret is told as such, and nothing is tried again", async () => {
  const host = await TestHost.start();
  const link = await host.link();
  const viewer = new TestViewer(host, { ...link, secret: createSecret() });
  await passUntil(host, () => viewer.ended !== undefined);
  assert.equal(viewer.ended, "secret-wrong");
  assert.equal(viewer.sockets.length, 1);
  assert.equal((host.clock as FakeClock).pending, 0);
});

for (const code of BYE_CODES) {
  Deno.test(`what the host says last is why it is over: ${code}`, async () => {
    const { host, viewer, clock } = await start();
    host.broadcast(LINE);
    host.peers[0]!.close(code, code === "ended" ? { status: 3 } : {});
    await until(() => viewer.ended !== undefined);
    assert.ok(viewer.lines.endsWith(LINE), "what came before it is not lost");
    const { status } = viewer.connection;
    assert.deepEqual(
      status.kind === "ended" && status.end,
      code === "ended" ? { code, status: 3 } : { code },
    );
    assert.equal(clock.pending, 0);
  });
}

Deno.test("a viewer has to leave when its token expires, and does not try to come back", async () => {
  const clock = new FakeClock();
  const host = await TestHost.start(clock);
  const viewer = new TestViewer(host, await host.link({ expiresAtMs: clock.now() + 8_000 }));
  await viewer.joined();
  clock.advance(7_999);
  assert.equal(viewer.ended, undefined);
  clock.advance(1_001);
  await until(() => viewer.ended !== undefined);
  assert.equal(viewer.ended, "token-expired");
});

Deno.test("a viewer that was away when its token expired is not let back in", async () => {
  const clock = new FakeClock();
  const host = await TestHost.start(clock);
  const viewer = new TestViewer(host, await host.link({ expiresAtMs: clock.now() + 1_000 }));
  await viewer.joined();
  viewer.socket.cut();
  await until(() => viewer.connection.status.kind === "waiting");
  clock.advance(1_000);
  await passUntil(host, () => viewer.ended !== undefined);
  assert.equal(viewer.ended, "token-expired");
});

Deno.test("whoever sits in between cannot end the session for a viewer, only cut", async () => {
  const { host, viewer, clock } = await start();
  viewer.socket.onclose?.(4001, "kicked");
  await until(() => viewer.connection.status.kind === "waiting");
  host.peers[0]!.close("ended");
  clock.advance(500);
  await viewer.joined(2);
  viewer.connection.close();
  await until(() => host.peers[1]?.closed !== undefined);
});

Deno.test("what was changed, repeated or left out on its way ends the connection by name", async () => {
  const tampering: Readonly<Record<string, (message: Uint8Array) => Uint8Array[]>> = {
    "seal-broken": (message) => {
      message[message.length - 1]! ^= 0x80;
      return [message];
    },
    "sequence-broken": (message) => [message, message],
  };
  for (const [code, tamper] of Object.entries(tampering)) {
    const { host, viewer, clock } = await start();
    host.sockets[0]!.tamper = tamper;
    host.broadcast(LINE);
    assert.equal(await closedFor(viewer.sockets[0]!), code);
    await until(() => host.peers[0]?.closed !== undefined);
    clock.advance(500);
    await viewer.joined(2);
    viewer.connection.close();
    await until(() => host.peers[1]?.closed !== undefined);
  }
  const { host, viewer } = await start();
  host.sockets[0]!.tamper = () => [];
  host.broadcast(LINE);
  host.sockets[0]!.tamper = (message) => [message];
  host.broadcast(LINE);
  assert.equal(await closedFor(viewer.sockets[0]!), "sequence-broken");
  viewer.connection.close();
  await until(() => host.peers[0]?.closed !== undefined);
});

Deno.test("a server without the session's key is not taken for the host", async () => {
  const host = await TestHost.start(), impostor = await TestHost.start();
  const link = await host.link();
  // It knows the whole link, and lets everyone in.
  Object.assign(impostor.deps, {
    secret: link.secret,
    keys: { ...impostor.deps.keys, session: link.session, verifyKey: host.deps.keys.verifyKey },
  });
  const viewer = new TestViewer(impostor, link);
  await until(() => viewer.ended !== undefined);
  assert.equal(viewer.ended, "host-unproven");
  assert.equal(impostor.peers.length, 0);
});

Deno.test("a host that is not there is given up on after three attempts", async () => {
  const host = await TestHost.start();
  let attempts = 0;
  const viewer = new TestViewer(host, await host.link(), {
    dial: () => {
      attempts++;
      return Promise.reject(new Error("refused"));
    },
  });
  await passUntil(host, () => viewer.ended !== undefined);
  assert.equal(viewer.ended, "unreachable");
  assert.equal(attempts, 3);
});

Deno.test("a transport that opens too late is closed again", async () => {
  const host = await TestHost.start();
  const { promise, resolve } = Promise.withResolvers<MemorySocket>();
  const viewer = new TestViewer(host, await host.link(), { dial: () => promise });
  await Promise.resolve();
  viewer.connection.close();
  const [socket] = MemorySocket.pair();
  resolve(socket);
  assert.equal(await closedFor(socket), "");
  assert.equal(socket.sent.length, 0);
});

Deno.test("whatever a server sends, the viewer fails by name or goes on", async () => {
  const host = await TestHost.start();
  const link = await host.link();
  const messages = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ minLength: 1221, maxLength: 1221 }),
      fc.string(),
      fc.tuple(fc.constantFrom(2, 3, 4, 0x84), fc.uint8Array({ maxLength: 60 })).map((
        [first, rest],
      ) => new Uint8Array([first, 0, 0, 0, 1, ...rest])),
    ),
    { minLength: 1, maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(messages, async (messages) => {
      const [theirs, ours] = MemorySocket.pair();
      const viewer = new TestViewer(host, link, { dial: () => Promise.resolve(theirs) });
      await until(() => ours.onmessage !== undefined && theirs.sent.length === 1);
      for (const message of messages) ours.deliver(message);
      assert.match(await closedFor(theirs), /^(hello|message)-|^host-unproven$/);
      viewer.connection.close();
    }),
    { numRuns: 40 },
  );
});

Deno.test("a viewer learns that all it sent was taken in, after what the host said of it", async () => {
  const { host, viewer } = await start();
  const [peer] = host.peers;
  const order: string[] = [];
  peer!.onCommand(({ kind }) => {
    order.push(kind);
    peer!.notice("no-request");
  });
  viewer.connection.send({ kind: "withdraw" });
  const answered = viewer.connection.answered().then((answer) => {
    const told = viewer.events.some(({ kind }) => kind === "notice");
    order.push(`${answer}, told: ${told}`);
  });
  await answered;
  assert.deepEqual(order, ["withdraw", "true, told: true"]);
  viewer.connection.close();
  assert.equal(await viewer.connection.answered(), false);
});

Deno.test("an answer is told before what the host said after it, also when both come in one piece", async () => {
  const { host, viewer } = await start();
  host.peers[0]!.onCommand(() => host.peers[0]!.notice("no-request"));
  const socket = viewer.sockets[0]!, { onmessage } = socket;
  const held: (string | Uint8Array)[] = [];
  socket.onmessage = (message) => {
    if (held.push(message) === 2) { for (const one of held) onmessage?.(one); }
  };
  const told = (): boolean => viewer.events.some(({ kind }) => kind === "notice");
  const order: string[] = [];
  const answered = viewer.connection.answered(() => order.push(`told: ${told()}`));
  viewer.connection.send({ kind: "withdraw" });
  await answered;
  assert.deepEqual([...order, `told: ${told()}`], ["told: false", "told: true"]);
  viewer.connection.close();
});

Deno.test("a viewer that is cut off before the answer learns that too", async () => {
  const { host, viewer } = await start();
  const answered = viewer.connection.answered();
  host.peers[0]!.close("kicked");
  assert.equal(await answered, false);
  assert.equal(viewer.ended, "kicked");
});
