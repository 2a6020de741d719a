import assert from "node:assert/strict";
import { systemClock } from "./clock.ts";
import { connect, type Connection, type ConnectionEvent } from "./connection.ts";
import { acceptViewer } from "./host_side.ts";
import type { Link } from "./link.ts";
import { fromWebSocket } from "./socket.ts";
import { TestHost, until } from "./test_support.ts";

const LINE = '[0.1,"o","\\u001b[1mx"]\n';

/** A host behind a real server on loopback. */
class Server implements AsyncDisposable {
  readonly host: TestHost;
  readonly sockets: WebSocket[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(host: TestHost) {
    this.host = host;
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      this.sockets.push(socket);
      acceptViewer(fromWebSocket(socket), host.deps);
      return response;
    });
  }

  static async start(): Promise<Server> {
    return new Server(await TestHost.start(systemClock));
  }

  async link(): Promise<Link> {
    return { ...await this.host.link(), origin: `http://127.0.0.1:${this.#server.addr.port}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.host.peers) peer.close("ended");
    await this.#server.shutdown();
  }
}

/** A viewer over a real WebSocket. */
class Viewer {
  readonly events: ConnectionEvent[] = [];
  readonly connection: Connection;

  constructor(link: Link) {
    this.connection = connect(link, {
      name: "Ada",
      onEvent: (event) => {
        this.events.push(event);
        if (event.kind === "state" || event.kind === "lines") this.connection.painted(event.seq);
      },
    });
  }

  async has(lines: string): Promise<void> {
    const all = (): string => this.events.map((e) => "lines" in e ? e.lines : "").join("");
    await until(() => all().includes(lines), lines);
  }

  async ended(): Promise<unknown> {
    await until(() => this.connection.status.kind === "ended", "the end");
    return (this.connection.status as { end: unknown }).end;
  }
}

Deno.test("a viewer joins over a real WebSocket, follows, comes back after a cut, and sees the end", async () => {
  await using server = await Server.start();
  const { host } = server;
  const viewer = new Viewer(await server.link());
  await viewer.has('[0,"k","hello"]\n');
  host.broadcast(LINE);
  await viewer.has(LINE);
  await until(() => viewer.events.some(({ kind }) => kind === "latency"), "the latency");
  server.sockets[0]!.close(1011);
  await until(() => host.peers.length === 2, "the viewer to come back");
  assert.equal(host.peers[1]?.resumedSeq, 1);
  assert.equal(host.peers[1]?.id, host.peers[0]?.id);
  host.broadcast(LINE);
  await viewer.has(`[0,"k","hello"]\n${LINE}`);
  host.peers[1]!.close("ended", { status: 7 });
  assert.deepEqual(await viewer.ended(), { code: "ended", status: 7 });
});

Deno.test("a bad link over a real WebSocket is told by name, after the delay for all of them", async () => {
  await using server = await Server.start();
  const good = await server.link();
  const expired = await server.host.link({ expiresAtMs: Date.now() - 1_000 });
  const links: readonly (readonly [string, Link])[] = [
    ["token-expired", { ...good, token: expired.token }],
    ["token-invalid", { ...good, token: good.token.slice(0, -4) + "AAAA" }],
    ["secret-wrong", { ...good, secret: new Uint8Array(32) }],
    ["session-unknown", { ...good, session: "A".repeat(22) }],
  ];
  const times = await Promise.all(links.map(async ([code, link]) => {
    const startMs = performance.now();
    const viewer = new Viewer(link);
    assert.deepEqual(await viewer.ended(), { code });
    return performance.now() - startMs;
  }));
  for (const timeMs of times) assert.ok(timeMs >= 199, `${timeMs} ms`);
  assert.ok(Math.max(...times) - Math.min(...times) < 100, `${times} ms`);
});

Deno.test("no one listening is unreachable", async () => {
  const server = await Server.start();
  const link = await server.link();
  await server[Symbol.asyncDispose]();
  assert.deepEqual(await new Viewer(link).ended(), { code: "unreachable" });
});

Deno.test("a viewer that hangs up while it connects leaves nothing open", async () => {
  await using server = await Server.start();
  const viewer = new Viewer(await server.link());
  await until(() => viewer.events.length > 0);
  viewer.connection.close();
  assert.deepEqual(await viewer.ended(), { code: "left" });
});
