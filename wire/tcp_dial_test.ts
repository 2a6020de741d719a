import assert from "node:assert/strict";
import { Authority } from "../tests/certificates.ts";
import { TestDir } from "../tests/harness.ts";
import { ANSWER_MAX_BYTES } from "./limits.ts";
import type { WireSocket } from "./socket.ts";
import { dialTcp } from "./tcp_dial.ts";
import { echoing, until } from "./test_support.ts";

/** A server that sends back what it is sent, at any path but `/none`. */
class Echo implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(options: { cert: string; key: string } | Record<never, never> = {}) {
    const place = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve({ ...place, ...options }, (request) => {
      const { pathname, search } = new URL(request.url);
      this.asked.push(`${pathname}${search} ${request.headers.get("host")}`);
      if (pathname === "/none") return new Response("none", { status: 404 });
      return echoing(request);
    });
  }

  get port(): number {
    return this.#server.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** A server that answers every connection by hand. */
class ByHand implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections: Deno.Conn[] = [];
  /** Connections that their client has hung up on. */
  ended = 0;

  constructor(answer: (request: string, connection: Deno.Conn) => Promise<unknown>) {
    void this.#serve(answer);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#listener.addr.port}/s/x`;
  }

  async #serve(
    answer: (request: string, connection: Deno.Conn) => Promise<unknown>,
  ): Promise<void> {
    try {
      for await (const connection of this.#listener) {
        this.#connections.push(connection);
        this.#answer(connection, answer).catch(() => {}).finally(() => this.ended++);
      }
    } catch { /* the listener was closed */ }
  }

  async #answer(
    connection: Deno.Conn,
    answer: (request: string, connection: Deno.Conn) => Promise<unknown>,
  ): Promise<void> {
    const chunk = new Uint8Array(4_096);
    const count = await connection.read(chunk);
    await answer(new TextDecoder().decode(chunk.subarray(0, count ?? 0)), connection);
    while (await connection.read(chunk) !== null);
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#connections) {
      try {
        connection.close();
      } catch { /* a pipe has closed it */ }
    }
  }
}

async function dial(url: string): Promise<WireSocket> {
  return await dialTcp(url, new AbortController().signal);
}

function write(connection: Deno.Conn, text: string): Promise<number> {
  return connection.write(new TextEncoder().encode(text));
}

Deno.test("messages of every size go both ways, in order, and the close is told", async () => {
  await using server = new Echo();
  for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`]) {
    const socket = await dial(`ws://${host}/s/x?y=1`);
    const received: (Uint8Array | string)[] = [];
    const closed = Promise.withResolvers<unknown>();
    socket.onmessage = (message) => received.push(message);
    socket.onclose = (code, reason) => closed.resolve([code, reason]);
    const sent = [0, 1, 125, 126, 0xffff, 0x10000, 3_000_000].map((length) =>
      new Uint8Array(length).map((_, i) => i * i + length)
    );
    for (const message of sent) socket.send(message);
    await until(() => received.length === sent.length, "all of them");
    assert.deepEqual(received, sent);
    socket.close(4099, "enough");
    assert.deepEqual(await closed.promise, [4099, "enough"]);
    assert.equal(server.asked.at(-1), `/s/x?y=1 ${host}`);
  }
});

Deno.test("a server's own close is told with its code and reason", async () => {
  using server = new ByHand(async (request, connection) => {
    await write(connection, await accepting(request));
    await connection.write(Uint8Array.from([0x88, 4, 0x0f, 0xa0, 0x6f, 0x6b]));
  });
  const socket = await dial(server.url);
  const closed = Promise.withResolvers<unknown>();
  socket.onmessage = () => {};
  socket.onclose = (code, reason) => closed.resolve([code, reason]);
  assert.deepEqual(await closed.promise, [4000, "ok"]);
  await until(() => server.ended === 1, "the end of the connection");
});

/** The right answer. */
async function accepting(request: string, more = ""): Promise<string> {
  const key = /^Sec-WebSocket-Key: (.*)\r$/m.exec(request)![1]!;
  const hash = await crypto.subtle.digest(
    "SHA-1",
    new TextEncoder().encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`),
  );
  const accept = btoa(String.fromCharCode(...new Uint8Array(hash)));
  return "HTTP/1.1 101 Switching Protocols\r\nconnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n${more}\r\n`;
}

Deno.test("an answer that is none to what was asked opens nothing, and leaves no connection", async () => {
  const answers: readonly ((request: string) => string | Promise<string>)[] = [
    () => "HTTP/1.1 200 OK\r\n\r\n",
    () => "SSH-2.0-OpenSSH_9.6\r\n\r\n",
    () => "HTTP/1.1 101 Switching Protocols\r\nno header\r\n\r\n",
    () => "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    async (request) => (await accepting(request)).replace(/Accept: ./, "Accept: _"),
    async (request) => (await accepting(request)).replace(/Upgrade: .*/, "Upgrade: h2c"),
    (request) => accepting(request, "Sec-WebSocket-Extensions: permessage-deflate\r\n"),
    (request) => accepting(request, "Sec-WebSocket-Protocol: x\r\n"),
    // It never ends.
    () => "HTTP/1.1 101 Switching Protocols\r\n" + "X: y\r\n".repeat(ANSWER_MAX_BYTES / 4),
  ];
  for (const answer of answers) {
    using server = new ByHand(async (request, connection) => {
      await write(connection, await answer(request));
    });
    await assert.rejects(dial(server.url));
    await until(() => server.ended === 1, "the end of the connection");
  }
  await using server = new Echo();
  await assert.rejects(dial(`ws://127.0.0.1:${server.port}/none`), /answered with 404/);
});

Deno.test("an attempt that is given up leaves no connection, whatever it was waiting for", async () => {
  using server = new ByHand(() => Promise.resolve());
  const abort = new AbortController();
  const attempt = dialTcp(server.url, abort.signal);
  const refused = assert.rejects(attempt);
  setTimeout(() => abort.abort(), 20);
  await refused;
  await until(() => server.ended === 1, "the end of the connection");
  await assert.rejects(dialTcp(server.url, AbortSignal.abort()));
});

/** Dials and closes in a process of its own, with an environment. Resolves to what it says. */
async function dialIn(env: Record<string, string>, url: string): Promise<string> {
  const code = `
    import { dialTcp } from ${JSON.stringify(import.meta.resolve("./tcp_dial.ts"))};
    try {
      const socket = await dialTcp(${JSON.stringify(url)}, AbortSignal.timeout(10_000));
      socket.onmessage = (message) => {
        console.log("echo", message.length);
        socket.close();
      };
      socket.onclose = (code) => console.log(code);
      socket.send(new Uint8Array(70_000));
    } catch (error) {
      console.log(error.message);
    }`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--config", new URL("../deno.json", import.meta.url).pathname, code],
    env: { HTTP_PROXY: "", HTTPS_PROXY: "", NO_COLOR: "1", ...env },
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test("over TLS the server's certificate is checked as on the web", async () => {
  await using dir = new TestDir();
  const authority = await Authority.create("Some authority");
  await using server = new Echo(await authority.issue({ ips: ["127.0.0.1"] }));
  await using misnamed = new Echo(await authority.issue({ ips: ["10.9.8.7"] }));
  await Deno.writeTextFile(dir.file("ca.pem"), authority.cert);
  const env = { DENO_CERT: dir.file("ca.pem") };
  assert.equal(await dialIn(env, `wss://127.0.0.1:${server.port}/s/x`), "echo 70000\n1000\n");
  assert.match(await dialIn(env, `wss://127.0.0.1:${misnamed.port}/s/x`), /certificate/);
  assert.match(await dialIn({}, `wss://127.0.0.1:${server.port}/s/x`), /certificate/);
  assert.deepEqual(misnamed.asked, []);
});

Deno.test("a proxy that the environment names is asked for a tunnel, with TLS and without", async () => {
  await using dir = new TestDir();
  const authority = await Authority.create("Some authority");
  await Deno.writeTextFile(dir.file("ca.pem"), authority.cert);
  const asked: string[] = [];
  for (const tls of [false, true]) {
    const pair = await authority.issue({ dns: ["session.example"] });
    await using server = new Echo(tls ? pair : {});
    using proxy = new ByHand(async (request, connection) => {
      asked.push(request);
      const to = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      // As proxies of either version answer.
      const version = tls ? "1.0" : "1.1";
      await write(connection, `HTTP/${version} 200 Connection established\r\n\r\n`);
      await Promise.all([
        connection.readable.pipeTo(to.writable),
        to.readable.pipeTo(connection.writable),
      ]);
    });
    const scheme = tls ? "https" : "http";
    const env = {
      DENO_CERT: dir.file("ca.pem"),
      [`${scheme.toUpperCase()}_PROXY`]: proxy.url.replace("ws://", "http://ada:open%20sesame@"),
    };
    const said = await dialIn(env, `${scheme.replace("http", "ws")}://session.example:8080/s/x`);
    assert.equal(said, "echo 70000\n1000\n");
  }
  for (const request of asked) {
    assert.match(
      request,
      /^CONNECT session\.example:8080 HTTP\/1\.1\r\nHost: session\.example:8080\r\n/,
    );
    assert.match(
      request,
      new RegExp(`\\r\\nProxy-Authorization: Basic ${btoa("ada:open sesame")}\\r\\n`),
    );
  }
  assert.equal(asked.length, 2);
  using refuses = new ByHand((_, connection) => write(connection, "HTTP/1.1 407 Who\r\n\r\n"));
  const env = { HTTP_PROXY: refuses.url.replace("ws:", "http:") };
  assert.match(await dialIn(env, "ws://session.example/s/x"), /proxy answered with 407/);
});
