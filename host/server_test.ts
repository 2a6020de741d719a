import assert from "node:assert/strict";
import net from "node:net";
import tls from "node:tls";
import { Authority } from "../tests/certificates.ts";
import { startServer } from "./server.ts";
import type { ServerOptions } from "./server_options.ts";
import { type ServerKind, SESSION, testServer } from "./testing/server_contract.ts";

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
