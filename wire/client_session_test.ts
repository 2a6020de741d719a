import assert from "node:assert/strict";
import { toBase64Url } from "./bytes.ts";
import { ClientSession } from "./client_session.ts";
import { type ClosingCode, PeerError } from "./closing.ts";
import { pack } from "./compress.ts";
import { decodeClientHello } from "./hello.ts";
import { answerHello } from "./host_handshake.ts";
import type { ChannelKeys } from "./key_schedule.ts";
import { createSecret } from "./link.ts";
import { encodeHostMessage, type HostMessageJson } from "./messages.ts";
import { Sealer } from "./seal.ts";
import { StreamSealer } from "./stream.ts";
import { createSessionKeys, mintToken } from "./token.ts";

const LINE = '[0.1,"o","x"]\n';

/** The host's end of a connection, which says whatever it is told to. */
class Host {
  readonly session: ClientSession;
  readonly stream = new StreamSealer();
  readonly #sealer: Sealer;

  private constructor(session: ClientSession, keys: ChannelKeys) {
    this.session = session;
    this.#sealer = new Sealer(keys.toViewer, { kind: "to-viewer" });
  }

  static async start(): Promise<Host> {
    const keys = await createSessionKeys(), secret = createSecret();
    const token = await mintToken(keys, { role: "view", expiresAtMs: Date.now() + 60_000 });
    const link = { origin: "http://h:1", session: keys.session, secret, token };
    const session = new ClientSession(link, { name: "Ada" });
    const hello = decodeClientHello(session.hello);
    const answer = await answerHello(session.hello, hello, { keys, secret });
    session.receive(answer.message);
    return new Host(session, answer.keys);
  }

  /** Says it under seal, and returns what the viewer makes of it. */
  say(message: HostMessageJson, lines = ""): ReturnType<ClientSession["receive"]> {
    return this.session.receive(this.#sealer.seal(pack(encodeHostMessage(message, lines))));
  }

  welcome(): ReturnType<ClientSession["receive"]> {
    const key = toBase64Url(this.stream.key);
    return this.say({
      kind: "welcome",
      you: { id: "p1", name: "Ada", role: "view" },
      ticket: "t",
      expiresAtMs: 1,
      epoch: this.stream.epoch,
      key,
      seq: 0,
      atMs: 0,
      header: "{}",
    });
  }
}

/** What a host must not do, by what it is refused for. */
const FAULTS: Readonly<Record<string, readonly [ClosingCode, (host: Host) => unknown]>> = {
  "speaks before the welcome": ["message-out-of-place", (host) => host.say({ kind: "pong", t: 1 })],
  "ends before the welcome": [
    "message-out-of-place",
    (host) => host.say({ kind: "bye", code: "ended" }),
  ],
  "streams before the welcome": [
    "message-out-of-place",
    (host) => host.session.receive(host.stream.seal(LINE)),
  ],
  "welcomes twice": ["message-out-of-place", (host) => [host.welcome(), host.welcome()]],
  "streams before the first state": ["message-out-of-place", (host) => {
    host.welcome();
    host.session.receive(host.stream.seal(LINE));
  }],
  "goes back to an older state": ["sequence-broken", (host) => {
    host.welcome();
    host.say({ kind: "state", seq: 5, atMs: 0 }, LINE);
    host.say({ kind: "state", seq: 4, atMs: 0 }, LINE);
  }],
  "goes back to an older epoch": ["sequence-broken", (host) => {
    host.welcome();
    host.say({ kind: "epoch", epoch: 1, key: toBase64Url(host.stream.key) });
  }],
  "sends a second host hello": ["message-out-of-place", (host) => {
    host.welcome();
    const hello = new Uint8Array(1221);
    hello[0] = 2;
    host.session.receive(hello);
  }],
};

for (const [what, [code, does]] of Object.entries(FAULTS)) {
  Deno.test(`a host that ${what} is refused: ${code}`, async () => {
    const host = await Host.start();
    assert.throws(() => does(host), (error) => {
      assert.ok(error instanceof PeerError, String(error));
      assert.equal(error.code, code);
      return true;
    });
  });
}

Deno.test("only states and stream messages count as received", async () => {
  const host = await Host.start();
  host.welcome();
  host.say({ kind: "pong", t: 1 });
  assert.equal(host.session.receivedBytes, 0);
  host.say({ kind: "state", seq: 0, atMs: 0 }, LINE);
  const state = host.session.receivedBytes;
  assert.ok(state > 40);
  const message = host.stream.seal(LINE);
  assert.deepEqual(host.session.receive(message), { kind: "lines", seq: 1, lines: LINE });
  assert.equal(host.session.receivedBytes, state + message.length);
});

Deno.test("a viewer cannot speak before the handshake is finished", async () => {
  const { session } = await Host.start();
  assert.ok(session.seal({ kind: "leave" }).length > 0);
  const link = {
    origin: "http://h:1",
    session: "A".repeat(22),
    secret: createSecret(),
    token: "a.b.c",
  };
  assert.throws(() => new ClientSession(link, { name: "" }).seal({ kind: "leave" }), Error);
});
