import assert from "node:assert/strict";
import net, { type AddressInfo, type Socket } from "node:net";
import { createServer } from "node:tls";
import { Authority, derOf, fingerprintOf, type Pair, scalarOf } from "../tests/certificates.ts";
import { ForgedServer } from "../tests/forged_tls.ts";
import { dialTls, type TlsDialOptions } from "./tls_dial.ts";
import { echoing } from "./test_support.ts";

const authority = await Authority.create("Some authority");
const own = await authority.issue({ name: "nobody.example", ips: ["10.9.8.7"] });

/** A server that sends back what it is sent; with `https:` as a host has it. */
class Echo implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** Paths and `Host` headers that were asked for. */
  readonly asked: string[] = [];

  constructor(pair: Pair, answer?: () => Response) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, ...pair, onListen: () => {} },
      (request) => {
        this.asked.push(`${new URL(request.url).pathname} ${request.headers.get("host")}`);
        if (answer !== undefined) return answer();
        return echoing(request);
      },
    );
  }

  get url(): string {
    return `wss://127.0.0.1:${this.#server.addr.port}/s/x`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** Dials, and refuses to wait for ever. */
async function dial(
  url: string,
  options: TlsDialOptions,
): Promise<Awaited<ReturnType<ReturnType<typeof dialTls>>>> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 10_000);
  try {
    return await dialTls(options)(url, abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

Deno.test("messages go both ways to a server with the pinned certificate, whatever names and issuer it has", async () => {
  await using server = new Echo(own);
  const socket = await dial(server.url, { pin: await fingerprintOf(own.cert) });
  const received = Promise.withResolvers<Uint8Array | string>();
  const closed = Promise.withResolvers<unknown>();
  socket.onmessage = received.resolve;
  socket.onclose = (code, reason) => closed.resolve([code, reason]);
  const sent = new Uint8Array(300_000).map((_, i) => i * i);
  socket.send(sent);
  const got = await received.promise;
  assert.equal(Object.getPrototypeOf(got), Uint8Array.prototype);
  assert.deepEqual(got, sent);
  socket.close(4099, "enough");
  assert.deepEqual(await closed.promise, [4099, "enough"]);
  assert.deepEqual(server.asked, [`/s/x ${new URL(server.url).host}`]);
});

Deno.test("a server with another certificate is told nothing, not even the path", async () => {
  await using server = new Echo(await authority.issue({ ips: ["127.0.0.1"] }));
  await assert.rejects(dial(server.url, { pin: await fingerprintOf(own.cert) }), {
    code: "certificate-wrong",
  });
  assert.deepEqual(server.asked, []);
});

Deno.test("who shows the pinned certificate without its key is told nothing", async (t) => {
  const pin = await fingerprintOf(own.cert);
  await t.step("with the key it would be taken", async () => {
    await using honest = new ForgedServer(derOf(own.cert), await scalarOf(own.key));
    const attempt = dial(`wss://127.0.0.1:${honest.port}/s/x`, { pin });
    attempt.catch(() => {});
    const { taken, sent } = await honest.outcome;
    assert.ok(taken);
    assert.match(sent, /^GET \/s\/x HTTP\/1\.1\r\n/);
    await assert.rejects(attempt);
  });
  await t.step("without it, it is not", async () => {
    await using forged = new ForgedServer(derOf(own.cert));
    await assert.rejects(dial(`wss://127.0.0.1:${forged.port}/s/x`, { pin }), {
      code: "certificate-wrong",
    });
    assert.deepEqual(await forged.outcome, { taken: false, sent: "" });
  });
});

Deno.test("a server that only has an older TLS is not reached", async () => {
  const server = createServer({ ...own, maxVersion: "TLSv1.2" });
  let opened = 0;
  server.on("tlsClientError", () => {});
  server.on("secureConnection", (socket) => {
    opened++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as { port: number };
  try {
    await assert.rejects(
      dial(`wss://127.0.0.1:${port}/s/x`, { pin: await fingerprintOf(own.cert) }),
    );
    assert.equal(opened, 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

Deno.test("without a pin the certificate is checked as on the web", async () => {
  await using server = new Echo(await authority.issue({ ips: ["127.0.0.1"] }));
  await assert.rejects(dial(server.url, { certificate: own }), { code: "certificate-wrong" });
  assert.deepEqual(server.asked, []);
});

Deno.test("a server that opens no WebSocket, and nobody at all, are errors without a name", async () => {
  const pin = await fingerprintOf(own.cert);
  let url: string;
  {
    await using server = new Echo(own, () => new Response("no", { status: 503 }));
    url = server.url;
    for (const certificate of [undefined, own]) {
      await assert.rejects(dial(url, { pin, certificate }), /answered with 503/);
    }
  }
  await assert.rejects(dial(url, { pin }), (error) => {
    assert.ok(error instanceof Error && error.name !== "PeerError");
    return true;
  });
});

/** A server that wants certificates, behind somebody who resets the first connection as soon as it is used. */
async function behindResets(
  run: (url: string) => Promise<void>,
  { resets }: { readonly resets: number },
): Promise<void> {
  const server = createServer({ ...own, ca: authority.cert, requestCert: true });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  let left = resets;
  const sockets = new Set<Socket>();
  const front = net.createServer((client) => {
    const back = net.connect(port, "127.0.0.1");
    const reset = left-- > 0;
    let flights = 0;
    for (const socket of [client, back]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    client.on("data", (data) => {
      // Its first flight is the hello. The server does not see the second, and so has nothing to say to it.
      if (reset && flights++ > 0) client.resetAndDestroy();
      else back.write(data);
    });
    back.pipe(client);
    client.on("close", () => back.destroy());
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", () => resolve()));
  try {
    await run(`wss://127.0.0.1:${(front.address() as AddressInfo).port}/s/x`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await Promise.all([server, front].map((one) => new Promise((resolve) => one.close(resolve))));
  }
}

Deno.test("who is hung up on before the reason is heard asks again, without a word, and hears it", async () => {
  const pin = await fingerprintOf(own.cert);
  const foreign = await (await Authority.create("Another authority")).issue({ name: "Eve" });
  await behindResets(async (url) => {
    await assert.rejects(dial(url, { pin }), { code: "certificate-required" });
  }, { resets: 1 });
  await behindResets(async (url) => {
    await assert.rejects(dial(url, { pin, certificate: foreign }), { code: "certificate-refused" });
  }, { resets: 1 });
  await behindResets(async (url) => {
    await assert.rejects(dial(url, { pin }), (error) => {
      assert.ok(error instanceof Error && error.name !== "PeerError");
      return true;
    });
  }, { resets: Infinity });
});

Deno.test("an attempt that is given up ends, before and after there is TLS", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const abort = new AbortController();
  const attempt = dialTls({ pin: await fingerprintOf(own.cert) })(
    `wss://127.0.0.1:${listener.addr.port}/`,
    abort.signal,
  );
  const client = await listener.accept();
  abort.abort();
  await assert.rejects(attempt);
  client.close();
  listener.close();
});
