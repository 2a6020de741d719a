import assert from "node:assert/strict";
import net from "node:net";
import type { WireSocket } from "../wire/socket.ts";
import { type Server, type ServerOptions, startServer } from "./server.ts";

const SESSION = "A".repeat(22);
const LOOPBACK = { hostname: "127.0.0.1", port: 0 };

/** A server whose sockets are kept, and nothing else. */
class SetUp {
  readonly sockets: WireSocket[] = [];
  readonly server: Server;

  constructor(options: Partial<ServerOptions> = {}) {
    this.server = startServer({
      address: LOOPBACK,
      session: SESSION,
      accept: (socket) => void this.sockets.push(socket),
      joined: () => 0,
      ...options,
    });
  }

  url(path = `/s/${SESSION}`): string {
    return `http://127.0.0.1:${this.server.address.port}${path}`;
  }

  /** Opens a WebSocket by hand, with any headers; the status that it is answered with. */
  async upgrade(headers: Record<string, string> = {}, path = `/s/${SESSION}`): Promise<number> {
    const { port } = this.server.address;
    const all = {
      "Host": `127.0.0.1:${port}`,
      "Upgrade": "websocket",
      "Connection": "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = net.connect(port, "127.0.0.1");
    try {
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
      const answer = await new Promise<string>((resolve, reject) => {
        socket.once("data", (data: Uint8Array) => resolve(new TextDecoder().decode(data)));
        socket.once("error", reject);
      });
      return Number(answer.split(" ")[1]);
    } finally {
      await new Promise<void>((resolve) => socket.destroy().once("close", () => resolve()));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close(0);
  }
}

async function status(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response.status;
}

Deno.test("the link opens a page that says how to watch, with no script and no secret", async () => {
  await using setUp = new SetUp();
  const response = await fetch(setUp.url());
  const page = await response.text();
  assert.equal(response.status, 200);
  assert.match(page, /collab watch/);
  assert.ok(!page.includes("<script") && !page.includes(SESSION));
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; /);
  assert.ok(!policy.includes("unsafe"));
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
});

Deno.test("the page's own style is the one that its policy allows", async () => {
  await using setUp = new SetUp();
  const response = await fetch(setUp.url());
  const [, style] = /<style>([^]*)<\/style>/.exec(await response.text())!;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  assert.ok(response.headers.get("content-security-policy")!.includes(`'sha256-${hash}'`));
});

Deno.test("anything else is not there", async () => {
  await using setUp = new SetUp();
  for (const path of ["/", "/s/", `/s/${SESSION}/`, `/s/${"B".repeat(22)}`, "/favicon.ico"]) {
    assert.equal(await status(setUp.url(path)), 404, path);
  }
  assert.equal(await status(setUp.url(), { method: "POST", body: "x" }), 405);
  assert.equal(await status(setUp.url(), { method: "HEAD" }), 200);
});

Deno.test("a socket opens at the session only, from the same origin or from no page", async () => {
  await using setUp = new SetUp();
  const { port } = setUp.server.address;
  assert.equal(await setUp.upgrade(), 101);
  assert.equal(await setUp.upgrade({ Origin: `http://127.0.0.1:${port}` }), 101);
  assert.equal(setUp.sockets.length, 2);
  assert.equal(await setUp.upgrade({ Origin: "http://evil.example" }), 403);
  assert.equal(await setUp.upgrade({ Origin: "null" }), 403);
  assert.equal(await setUp.upgrade({}, "/"), 404);
  assert.equal(await setUp.upgrade({}, `/s/${"B".repeat(23)}`), 404);
  assert.equal(await setUp.upgrade({ Upgrade: "h2c" }), 400);
  assert.equal(await setUp.upgrade({ Connection: "keep-alive" }), 400);
  assert.equal(setUp.sockets.length, 2);
});

Deno.test("the link of another session is refused in the handshake, by name", async () => {
  await using setUp = new SetUp();
  assert.equal(await setUp.upgrade({}, `/s/${"B".repeat(22)}`), 101);
  assert.equal(await status(setUp.url(`/s/${"B".repeat(22)}`)), 404);
});

Deno.test("there is a limit to sockets, and a lower one to those that were not let in", async () => {
  let joined = 0;
  await using setUp = new SetUp({ maxSockets: 3, maxStrangers: 2, joined: () => joined });
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(setUp.url().replace("http", "ws"));
    await new Promise((resolve) => socket.onopen = resolve);
    return socket;
  };
  const sockets = [await open(), await open()];
  assert.equal(await setUp.upgrade(), 503);
  joined = 2;
  sockets.push(await open());
  joined = 3;
  assert.equal(await setUp.upgrade(), 503);
  for (const socket of sockets) {
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
  }
});

Deno.test("an address in use is one clear error", async () => {
  await using setUp = new SetUp();
  assert.throws(() => new SetUp({ address: setUp.server.address }), {
    code: "listen-failed",
    message: /^Cannot listen on "127\.0\.0\.1:\d+": the port is in use$/,
  });
});
