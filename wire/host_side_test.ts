import assert from "node:assert/strict";
import { encodeViewerMessage } from "./messages.ts";
import { ClientHandshake } from "./client_handshake.ts";
import { ClientSession } from "./client_session.ts";
import type { HostDeps } from "./host_side.ts";
import { REFUSAL_DELAY_MS } from "./limits.ts";
import { createSecret, type Link } from "./link.ts";
import { Sealer } from "./seal.ts";
import { closedFor, type FakeClock, type MemorySocket, TestHost, until } from "./test_support.ts";
import { createSessionKeys, mintToken } from "./token.ts";

/** Joins by hand as far as the host lets it; returns the viewer's end. */
async function knock(
  host: TestHost,
  link: Link,
  changes: Partial<HostDeps> = {},
): Promise<MemorySocket> {
  const session = new ClientSession(link, { name: "Eve" });
  const socket = host.open(changes);
  socket.onmessage = (message) => {
    const received = session.receive(message);
    if (received.kind === "reply") socket.send(received.message);
  };
  socket.send(session.hello);
  const outcomes = (): number => host.peers.length + refusing(host);
  const before = outcomes();
  await until(() => outcomes() > before);
  return socket;
}

/** How many sockets were refused just now, and not told yet. */
function refusing({ clock }: TestHost): number {
  return (clock as FakeClock).dueAt(clock.now() + REFUSAL_DELAY_MS);
}

/** Waits for the last that WebCrypto does for a handshake: no one else can tell when it is done with one given up. */
function nextSignature(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const subtle: { sign?: SubtleCrypto["sign"] } = crypto.subtle;
  subtle.sign = async (...args: Parameters<SubtleCrypto["sign"]>): Promise<ArrayBuffer> => {
    delete subtle.sign;
    const signature = await crypto.subtle.sign(...args);
    setTimeout(resolve, 0);
    return signature;
  };
  return promise;
}

/** A host, and links that it refuses, by the reason. */
async function hostile(): Promise<{ host: TestHost; links: Readonly<Record<string, Link>> }> {
  const host = await TestHost.start();
  const { keys } = host.deps;
  const good = await host.link();
  const other = await createSessionKeys();
  const spent = await host.link({ single: true });
  await knock(host, spent);
  const revoked = await host.link({ id: "gone" });
  host.deps.admission.revoke({ id: "gone", expiresAtMs: Infinity }, host.clock.now());
  const foreign = await mintToken(other, { role: "admin", expiresAtMs: host.clock.now() + 9_999 });
  const forged = `${good.token.split(".").slice(0, 2).join(".")}.${foreign.split(".")[2]}`;
  assert.equal(keys.session, good.session);
  return {
    host,
    links: {
      "session-unknown": { ...good, session: other.session },
      "token-invalid": { ...good, token: forged },
      "token-foreign": { ...good, token: foreign },
      "token-expired": await host.link({ expiresAtMs: host.clock.now() - 1_000 }),
      "token-spent": spent,
      "token-revoked": revoked,
      "secret-wrong": { ...good, secret: createSecret() },
    },
  };
}

Deno.test("each bad link is refused by name, all after the same time, and the session does not notice", async () => {
  const { host, links } = await hostile();
  const clock = host.clock as FakeClock;
  const joined = host.peers.length;
  for (const [code, link] of Object.entries(links)) {
    const socket = await knock(host, link);
    clock.advance(REFUSAL_DELAY_MS - 1);
    await Promise.resolve();
    assert.equal(socket.closed, undefined, code);
    clock.advance(1);
    assert.equal(await closedFor(socket), code);
    assert.equal(host.refused.at(-1), code);
  }
  assert.equal(host.peers.length, joined);
  assert.deepEqual(host.bugs, []);
});

Deno.test("a refused socket is sent nothing but what every viewer gets", async () => {
  const { host, links } = await hostile();
  for (const [code, link] of Object.entries(links)) {
    await knock(host, link);
    const hellos = /secret|spent|revoked/.test(code) ? 1 : 0;
    assert.equal(host.sockets.at(-1)!.sent.length, hellos, code);
  }
});

Deno.test("a token without the secret is not spent", async () => {
  const host = await TestHost.start();
  const link = await host.link({ single: true });
  await knock(host, { ...link, secret: createSecret() });
  assert.equal(host.peers.length, 0);
  (host.clock as FakeClock).advance(REFUSAL_DELAY_MS);
  await knock(host, link);
  assert.equal(host.peers.length, 1);
});

Deno.test("two that race for a single-use token are not both let in", async () => {
  const host = await TestHost.start();
  const link = await host.link({ single: true });
  await Promise.all([knock(host, link), knock(host, link)]);
  await until(() => refusing(host) === 1);
  (host.clock as FakeClock).advance(REFUSAL_DELAY_MS);
  await until(() => host.refused.length === 1);
  assert.equal(host.peers.length, 1);
  assert.deepEqual(host.refused, ["token-spent"]);
});

Deno.test("a socket has five seconds, whatever it does or not", async () => {
  const host = await TestHost.start();
  const clock = host.clock as FakeClock;
  const silent = host.open(), stops = host.open();
  stops.send(new ClientSession(await host.link(), { name: "" }).hello);
  await until(() => host.sockets[1]!.sent.length === 1);
  clock.advance(4_999);
  assert.deepEqual(host.refused, []);
  clock.advance(1);
  assert.equal(await closedFor(silent), "join-timeout");
  assert.equal(await closedFor(stops), "join-timeout");
  assert.equal(clock.pending, 0);
});

Deno.test("a socket has 4 KB, in one message or several", async () => {
  const host = await TestHost.start();
  const large = host.open();
  large.send(new Uint8Array(4_097));
  assert.equal(await closedFor(large), "message-too-large");
  const chatty = host.open();
  const session = new ClientSession(await host.link(), { name: "" });
  chatty.send(session.hello);
  await until(() => host.sockets[1]!.sent.length === 1);
  chatty.send(new Uint8Array(4_097 - session.hello.length));
  assert.equal(await closedFor(chatty), "message-too-large");
});

Deno.test("what is no hello is refused at once", async () => {
  const host = await TestHost.start();
  const hello = new ClientSession(await host.link(), { name: "" }).hello;
  const version = hello.slice();
  version[5] = 9;
  const bad: readonly (readonly [Uint8Array | string, string])[] = [
    ["hello", "hello-malformed"],
    [new Uint8Array(), "hello-malformed"],
    [new Uint8Array(1_500), "hello-malformed"],
    [hello.subarray(0, 600), "hello-malformed"],
    [version, "version-unsupported"],
  ];
  for (const [message, code] of bad) {
    const socket = host.open();
    socket.deliver(message);
    assert.equal(await closedFor(socket), code);
  }
  assert.equal((host.clock as FakeClock).pending, 0);
});

Deno.test("nothing may follow a hello until it is answered", async () => {
  const host = await TestHost.start();
  const socket = host.open();
  const { hello } = new ClientSession(await host.link(), { name: "" });
  const signed = nextSignature();
  socket.send(hello);
  socket.send(hello);
  assert.equal(await closedFor(socket), "message-out-of-place");
  assert.equal(host.peers.length, 0);
  await signed;
});

Deno.test("the first sealed message is a join or nothing", async () => {
  const host = await TestHost.start();
  const socket = host.open();
  const handshake = new ClientHandshake(await host.link());
  socket.onmessage = (message) => {
    const { toHost } = handshake.finish(message as Uint8Array);
    const leave = encodeViewerMessage({ kind: "leave" });
    socket.send(new Sealer(toHost, { kind: "to-host" }).seal(leave));
  };
  socket.send(handshake.hello);
  assert.equal(await closedFor(socket), "message-out-of-place");
  assert.equal(host.peers.length, 0);
});

/** Remembers guesses, and makes everybody wait. */
class TestCaution {
  guesses = 0;
  readonly #waitMs: number;

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  delayMs(): number {
    return this.#waitMs;
  }

  guessed(): void {
    this.guesses++;
  }
}

Deno.test("refusals that may be guesses are noted as they are found, others are not", async () => {
  const { host, links } = await hostile();
  const guesses = new Set(["token-invalid", "token-foreign", "secret-wrong"]);
  for (const [code, link] of Object.entries(links)) {
    const caution = new TestCaution(0);
    await knock(host, link, { caution });
    assert.equal(caution.guesses, guesses.has(code) ? 1 : 0, code);
  }
  const caution = new TestCaution(0);
  const nonsense = host.open({ caution });
  nonsense.send(new Uint8Array(100));
  await closedFor(nonsense);
  assert.equal(caution.guesses, 1);
});

Deno.test("who hangs up before the answer has guessed all the same", async () => {
  const { host, links } = await hostile();
  const caution = new TestCaution(0);
  const socket = host.open({ caution });
  socket.send(new ClientSession(links["token-invalid"]!, { name: "" }).hello);
  await Promise.resolve();
  socket.cut();
  await until(() => caution.guesses === 1);
});

Deno.test("a handshake that has to wait is not looked at before, and then has its five seconds", async () => {
  const host = await TestHost.start();
  const clock = host.clock as FakeClock;
  const caution = new TestCaution(8_000);
  const session = new ClientSession(await host.link(), { name: "Eve" });
  const socket = host.open({ caution });
  socket.onmessage = (message) => {
    const received = session.receive(message);
    if (received.kind === "reply") socket.send(received.message);
  };
  clock.advance(4_999);
  socket.send(session.hello);
  await until(() => clock.dueAt(clock.now() + 8_000) === 1);
  assert.equal(clock.pending, 1);
  clock.advance(7_999);
  await Promise.resolve();
  assert.equal(host.sockets[0]!.sent.length, 0);
  clock.advance(1);
  assert.equal(clock.dueAt(clock.now() + 5_000), 1);
  await until(() => host.peers.length === 1);
  host.peers[0]!.close("kicked");
  assert.equal(clock.pending, 0);
});

Deno.test("while a handshake waits nothing may follow it, and a socket that goes away is forgotten", async () => {
  const host = await TestHost.start();
  const clock = host.clock as FakeClock;
  const caution = new TestCaution(8_000);
  const { hello } = new ClientSession(await host.link(), { name: "" });
  const impatient = host.open({ caution }), gone = host.open({ caution });
  for (const socket of [impatient, gone]) socket.send(hello);
  await until(() => clock.dueAt(clock.now() + 8_000) === 2);
  impatient.send(hello);
  assert.equal(await closedFor(impatient), "message-out-of-place");
  gone.cut();
  await until(() => clock.pending === 0);
  assert.equal(host.peers.length, 0);
});

Deno.test("a socket that goes away leaves nothing behind", async () => {
  const host = await TestHost.start();
  const clock = host.clock as FakeClock;
  host.open().cut();
  const answered = host.open();
  answered.send(new ClientSession(await host.link(), { name: "" }).hello);
  await until(() => host.sockets[1]!.sent.length === 1);
  answered.cut();
  (await knock(host, await host.link({ expiresAtMs: 1_000 }))).cut();
  await until(() => clock.pending === 0);
  assert.deepEqual([host.peers, host.bugs], [[], []]);
});

Deno.test("a socket that goes away while it is answered is not heard of again", async () => {
  const host = await TestHost.start();
  const socket = host.open();
  const { hello } = new ClientSession(await host.link(), { name: "" });
  const signed = nextSignature();
  socket.send(hello);
  await Promise.resolve();
  socket.cut();
  await signed;
  await Promise.resolve();
  assert.equal(host.sockets[0]!.sent.length, 0);
  assert.deepEqual([host.peers, host.refused, host.bugs], [[], [], []]);
});

for (const failing of ["describe", "onJoin"] as const) {
  Deno.test(`when the session fails in ${failing}, that connection closes and it is reported`, async () => {
    const host = await TestHost.start();
    const bug = new TypeError("a bug");
    const socket = host.open({
      [failing]: () => {
        throw bug;
      },
    });
    const session = new ClientSession(await host.link(), { name: "" });
    socket.onmessage = (message) => {
      const received = session.receive(message);
      if (received.kind === "reply") socket.send(received.message);
    };
    socket.send(session.hello);
    assert.equal(await closedFor(socket), "internal");
    assert.deepEqual(host.bugs, [bug]);
    assert.equal((host.clock as FakeClock).pending, 0);
  });
}
