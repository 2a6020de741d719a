import assert from "node:assert/strict";
import tls from "node:tls";
import { Authority, derOf, type Pair, scalarOf } from "../../tests/certificates.ts";
import { askForged } from "../../tests/forged_tls.ts";
import { startServer } from "../server.ts";
import type { Server, ServerOptions } from "../server_options.ts";
import { testServer } from "../testing/server_contract.ts";
import { closed, type ServerKind, SESSION, SetUp } from "../testing/server_setup.ts";
import { proveRefusal } from "./mtls_proof.ts";
import { startMtlsServer } from "./mtls_server.ts";

const DAY_MS = 86_400_000;
const authority = await Authority.create("Team");
/** Another one, of the same name. */
const impostor = await Authority.create("Team");
const certificate = await authority.issue({ ips: ["127.0.0.1"] });
const ada = await authority.issue({ name: "Ada Lovelace", emails: ["ada@example.org"] });
const refused: string[] = [];

function start(options: ServerOptions, version: string = Deno.version.deno): Promise<Server> {
  return startMtlsServer({
    ...options,
    certificate,
    authorities: authority.cert,
    version,
    refused: (code, client) => {
      refused.push(code);
      options.refused?.(code, client);
    },
  });
}

async function connect(port: number, shown: Pair | undefined): Promise<tls.TLSSocket> {
  const socket = tls.connect({ port, host: "127.0.0.1", ca: authority.cert, ...shown });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  return socket;
}

const KIND: ServerKind = {
  name: "mTLS",
  scheme: "https",
  start,
  connect: (port) => connect(port, ada),
  httpClient: () => Deno.createHttpClient({ caCerts: [authority.cert], ...ada }),
};

testServer(KIND);

/** All that a client of TLS gets before it is cut off; it asks for a page and for a socket. */
async function askWith(setUp: SetUp, shown: Pair | undefined): Promise<number> {
  let bytes = 0;
  for (const upgrade of ["", "Upgrade: websocket\r\nConnection: Upgrade\r\n"]) {
    const socket = await connect(setUp.port, shown);
    const over = Promise.withResolvers<void>();
    socket.on("data", (data: Uint8Array) => bytes += data.length);
    socket.on("error", () => {});
    socket.once("close", () => over.resolve());
    socket.write(`GET /s/${SESSION} HTTP/1.1\r\nHost: 127.0.0.1\r\n${upgrade}\r\n`);
    await over.promise;
  }
  return bytes;
}

Deno.test("who has no certificate, or not a good one, does not get a byte", async () => {
  await using setUp = await SetUp.start(KIND);
  const shown: Readonly<Record<string, Pair | undefined>> = {
    "none": undefined,
    "another authority's": await impostor.issue({ name: "Ada Lovelace" }),
    "an expired one": await authority.issue({ name: "Ada Lovelace", untilMs: -5_000 }),
    "one that is not good yet": await authority.issue({ name: "Ada Lovelace", fromMs: DAY_MS / 2 }),
    "the server's name, self-made": await impostor.issue({ ips: ["127.0.0.1"] }),
  };
  for (const [what, pair] of Object.entries(shown)) {
    refused.length = 0;
    assert.equal(await askWith(setUp, pair), 0, what);
    assert.deepEqual(refused, ["certificate-refused", "certificate-refused"], what);
  }
  assert.deepEqual(setUp.sockets, []);
  assert.equal(await setUp.status(), 200);
});

Deno.test("who shows somebody's certificate without having its key does not get a byte", async () => {
  await using setUp = await SetUp.start(KIND);
  const request = `GET /s/${SESSION} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
  const certificate = derOf(ada.cert);
  const honest = await askForged(setUp.port, certificate, request, await scalarOf(ada.key));
  assert.match(honest, /^HTTP\/1\.1 200 OK\r\n/);
  refused.length = 0;
  assert.equal(await askForged(setUp.port, certificate, request), "");
  assert.deepEqual(refused, ["certificate-refused"]);
});

Deno.test("whoever opens a socket is called what the certificate says", async () => {
  await using setUp = await SetUp.start(KIND);
  const names = ["Ada Lovelace"];
  await closed(await setUp.open());
  for (
    const [wanted, issue] of [
      ["bob@example.org", { emails: ["bob@example.org", "other@example.org"] }],
      ["box.example", { dns: ["box.example"] }],
    ] as const
  ) {
    const pair = await authority.issue(issue);
    const kind = { ...KIND, connect: (port: number) => connect(port, pair) };
    await using other = await SetUp.start(kind);
    await closed(await other.open());
    setUp.clients.push(...other.clients);
    names.push(wanted);
  }
  assert.deepEqual(setUp.clients.map(({ name }) => name), names);
});

Deno.test("a runtime that lets everybody in refuses to begin", async () => {
  for (const version of ["2.4.2", "2.7.99", "1.46.3"]) {
    const kind = { ...KIND, start: (options: ServerOptions) => start(options, version) };
    await assert.rejects(SetUp.start(kind), { code: "mtls-unsupported", message: /Deno 2\.8/ });
  }
});

Deno.test("a server that does not refuse who it should is noticed", async () => {
  const options: ServerOptions = {
    address: { hostname: "127.0.0.1", port: 0 },
    session: SESSION,
    accept: () => {},
    joined: () => 0,
    certificate,
  };
  const lax = startServer(options);
  await assert.rejects(proveRefusal(lax.address, SESSION), {
    code: "mtls-unproven",
    message: /a client without a certificate was answered/,
  });
  await lax.close(0);
  await assert.rejects(proveRefusal(lax.address, SESSION), { code: "mtls-unproven" });
});

Deno.test("a server that takes anybody's certificate is noticed", async () => {
  const lax = tls.createServer({ ...certificate, requestCert: true, rejectUnauthorized: false });
  lax.on("secureConnection", (socket) => {
    socket.on("error", () => {});
    if (socket.getPeerCertificate()?.fingerprint256 === undefined) socket.destroy();
    else socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\n"));
  });
  await new Promise<void>((resolve) => lax.listen(0, "127.0.0.1", resolve));
  const { port } = lax.address() as { port: number };
  try {
    await assert.rejects(proveRefusal({ hostname: "127.0.0.1", port }, SESSION), {
      code: "mtls-unproven",
      message: /with a foreign certificate was answered/,
    });
  } finally {
    await new Promise((resolve) => lax.close(resolve));
  }
});
