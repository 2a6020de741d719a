import assert from "node:assert/strict";
import net from "node:net";
import tls from "node:tls";
import { Authority } from "../tests/certificates.ts";
import { startServer } from "./server.ts";
import type { ServerOptions } from "./server_options.ts";
import { testServer } from "./testing/server_contract.ts";
import { type ServerKind, SESSION, SetUp } from "./testing/server_setup.ts";

const authority = await Authority.create("Some authority");
const certificate = await authority.issue({ ips: ["127.0.0.1"] });

const PLAIN: ServerKind = {
  name: "plain",
  scheme: "http",
  start: startServer,
  connect: async (port) => {
    const socket = net.connect(port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  },
};

const TLS: ServerKind = {
  name: "TLS",
  scheme: "https",
  start: (options) => startServer({ ...options, certificate }),
  connect: async (port) => {
    const socket = tls.connect({ port, host: "127.0.0.1", ca: authority.cert });
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    return socket;
  },
  httpClient: () => Deno.createHttpClient({ caCerts: [authority.cert] }),
};

testServer(PLAIN);
testServer(TLS);

Deno.test("a certificate and another's key are one clear error", async () => {
  const { key } = await authority.issue({ ips: ["127.0.0.1"] });
  for (const wrong of [{ cert: certificate.cert, key }, { cert: certificate.cert, key: "" }]) {
    const options: ServerOptions = {
      address: { hostname: "127.0.0.1", port: 0 },
      session: SESSION,
      accept: () => {},
      joined: () => 0,
      certificate: wrong,
    };
    assert.throws(() => startServer(options), { code: "certificate-unusable" });
  }
});

/** An address of this machine that is not loopback: who connects to it comes from it. */
const outside = Deno.networkInterfaces()
  .find(({ address, family }) => family === "IPv4" && !address.startsWith("127."))?.address;

Deno.test({
  name: "one address has so many sockets at a time, and this machine's own any number",
  ignore: outside === undefined,
  fn: async () => {
    const setUp = await SetUp.start(PLAIN, {
      address: { hostname: "0.0.0.0", port: 0 },
      limits: { perAddress: 2 },
    });
    const open: WebSocket[] = [];
    const attempt = async (host: string): Promise<string> => {
      const socket = new WebSocket(`ws://${host}:${setUp.port}/s/${SESSION}`);
      open.push(socket);
      return await new Promise((resolve) => {
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("refused");
      });
    };
    const from = (host: string, count: number): Promise<string[]> =>
      Array.fromAsync({ length: count }, () => attempt(host));
    assert.deepEqual(await from(outside!, 3), ["open", "open", "refused"]);
    assert.deepEqual(await from("127.0.0.1", 4), ["open", "open", "open", "open"]);
    const gone = Promise.withResolvers<void>();
    open[0]!.onclose = () => gone.resolve();
    open[0]!.close();
    await gone.promise;
    assert.deepEqual(await from(outside!, 2), ["open", "refused"]);
    const all = open.filter(({ readyState }) => readyState !== WebSocket.CLOSED)
      .map((socket) => new Promise((resolve) => socket.onclose = resolve));
    for (const socket of open) socket.close();
    await Promise.all(all);
    await setUp[Symbol.asyncDispose]();
  },
});
