/**
 * Who tries out links has to wait: real sockets, from addresses of their own.
 */
import assert from "node:assert/strict";
import { Guesses, MAX_DELAY_MS } from "../host/guesses.ts";
import { startServer } from "../host/server.ts";
import { REFUSAL_DELAY_MS } from "../wire/limits.ts";
import { acceptViewer } from "../wire/host_side.ts";
import { formatLink } from "../wire/link.ts";
import { FakeClock, TestHost, TestViewer, until } from "../wire/test_support.ts";
import { Session } from "./people.ts";
import { type RawOptions, RawSocket } from "./raw_socket.ts";
import { Rogue } from "./rogue.ts";

const GUESSER: RawOptions = { from: "127.0.0.2" };

/** The link with another token, of the right form. */
function wrong(link: string): string {
  return link.slice(0, -4) + (link.endsWith("AAAA") ? "BBBB" : "AAAA");
}

async function guess(link: string, options: RawOptions): Promise<void> {
  await assert.rejects(Rogue.join(wrong(link), options), { message: "token-invalid" });
}

async function timeMs(run: () => Promise<AsyncDisposable>): Promise<number> {
  const startMs = performance.now();
  await using _done = await run();
  return performance.now() - startMs;
}

Deno.test("after ten guesses a good link from there waits and works, and nobody else notices", async () => {
  await using session = new Session();
  const link = (await session.link()).url;
  await using before = await Rogue.join(link, { ...GUESSER, name: "before" });
  await Promise.all(Array.from({ length: 10 }, () => guess(link, GUESSER)));
  const slow = timeMs(() => Rogue.join(link, { ...GUESSER, name: "slow" }));
  const quick = await timeMs(() => Rogue.join(link, { from: "127.0.0.3", name: "quick" }));
  await before.heeded();
  const bob = await session.enter(link, "bob");
  await session.type("echo $((6*7))\r");
  await bob.sees(/^42$/m);
  const live = await session.live;
  assert.ok(!live.participants.list.some(({ name }) => name === "slow"), "it still waits");
  assert.ok(quick < 1_500, `${quick} ms`);
  const slowMs = await slow;
  assert.ok(slowMs >= 1_990, `${slowMs} ms`);
  const refused = session.reported.filter(({ event }) => event === "refused");
  assert.deepEqual(refused[0], {
    event: "refused",
    code: "token-invalid",
    address: "127.0.0.2",
  });
});

/** A server on loopback whose time stands still. */
class Still implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly guesses: Guesses;
  readonly host: TestHost;
  readonly #server;

  constructor(host: TestHost) {
    this.host = host;
    this.clock = host.clock as FakeClock;
    this.guesses = new Guesses(this.clock);
    this.#server = startServer({
      address: { hostname: "127.0.0.1", port: 0 },
      session: host.deps.keys.session,
      accept: (socket, { address }) =>
        acceptViewer(socket, { ...host.deps, caution: this.guesses.from(address) }),
      joined: () => host.peers.length,
    });
  }

  async link(): Promise<string> {
    const { port } = this.#server.address;
    return formatLink({ ...await this.host.link(), origin: `http://127.0.0.1:${port}` });
  }

  /** Waits until so many timers are due after a time, and lets it pass. */
  async pass(ms: number, timers: number): Promise<void> {
    await until(() => this.clock.dueAt(this.clock.now() + ms) === timers, `${timers} timers`);
    this.clock.advance(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.host.peers) peer.close("ended");
    await this.#server.close(1_000);
  }
}

Deno.test("guesses are counted over a minute and for each address, and forgotten after ten", async () => {
  await using still = new Still(await TestHost.start());
  const link = await still.link(), { clock } = still;
  const guesses = async (times: number): Promise<void> => {
    const all = Array.from({ length: times }, () => guess(link, GUESSER));
    await still.pass(REFUSAL_DELAY_MS, times);
    await Promise.all(all);
  };
  await guesses(9);
  clock.advance(60_000);
  await guesses(9);
  await using _prompt = await Rogue.join(link, GUESSER);
  await guesses(1);
  const slow = guess(link, GUESSER);
  await still.pass(2_000, 1);
  await still.pass(REFUSAL_DELAY_MS, 1);
  await slow;
  await using _other = await Rogue.join(link, { from: "127.0.0.3" });
  const good = Rogue.join(link, GUESSER);
  await still.pass(4_000, 1);
  await using _slow = await good;
  clock.advance(10 * 60_000);
  await using _later = await Rogue.join(link, GUESSER);
  assert.equal(still.guesses.size, 0);
});

Deno.test("greetings that are none count as guesses", async () => {
  await using still = new Still(await TestHost.start());
  const link = await still.link();
  for (let i = 0; i < 10; i++) {
    await using socket = await RawSocket.open(link, GUESSER);
    socket.send(new Uint8Array(60));
    assert.equal(await socket.told, "hello-malformed");
  }
  const good = Rogue.join(link, GUESSER);
  await still.pass(2_000, 1);
  await using _in = await good;
});

Deno.test("a viewer with a good link has the patience for the longest wait", async () => {
  const clock = new FakeClock();
  const host = await TestHost.start(clock);
  const caution = { delayMs: () => MAX_DELAY_MS, guessed: () => {} };
  const viewer = new TestViewer(host, await host.link(), {
    dial: () => Promise.resolve(host.open({ caution })),
  });
  await until(() => clock.dueAt(clock.now() + MAX_DELAY_MS) === 1, "the wait");
  clock.advance(MAX_DELAY_MS);
  await viewer.joined();
  assert.deepEqual(viewer.events.filter(({ kind }) => kind === "welcome").length, 1);
  assert.equal(host.sockets.length, 1, "it has not tried again");
  viewer.connection.close();
  await until(() => host.peers[0]!.closed !== undefined);
});
