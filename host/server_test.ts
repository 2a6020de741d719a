import assert from "node:assert/strict";
import net from "node:net";
import { gunzipSync } from "node:zlib";
import { lazyAssets } from "../viewer/web_assets.ts";
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
      // deno-lint-ignore require-await
      assets: async () => undefined,
      ...options,
    });
  }

  url(path = `/s/${SESSION}`): string {
    return `http://127.0.0.1:${this.server.address.port}${path}`;
  }

  /** Asks by hand: the path goes out as it is given, which no client of HTTP would do. */
  async request(
    method: string,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { port } = this.server.address;
    const all: Record<string, string> = {
      "Host": `127.0.0.1:${port}`,
      "Connection": "close",
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = net.connect(port, "127.0.0.1");
    const chunks: Uint8Array[] = [];
    try {
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
      await new Promise<void>((resolve, reject) => {
        socket.on("data", (data: Uint8Array) => {
          chunks.push(data);
          // A socket that is now a WebSocket's stays open.
          if (all.Upgrade !== undefined) resolve();
        });
        socket.once("end", () => resolve());
        socket.once("error", reject);
      });
    } finally {
      await new Promise<void>((resolve) => socket.destroy().once("close", () => resolve()));
    }
    const bytes = new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
    const text = new TextDecoder("latin1").decode(bytes);
    const end = text.indexOf("\r\n\r\n") + 4;
    return {
      status: Number(text.split(" ")[1]),
      headers: text.slice(0, end),
      body: bytes.subarray(end),
    };
  }

  /** Opens a WebSocket by hand, with any headers; the status that it is answered with. */
  async upgrade(headers: Record<string, string> = {}, path = `/s/${SESSION}`): Promise<number> {
    const { status } = await this.request("GET", path, {
      "Upgrade": "websocket",
      "Connection": "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    });
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close(0);
  }
}

/** What was answered to a request by hand. */
interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: Uint8Array;
}

const PAGE = "<!doctype html><title>page</title>\n";
const SCRIPT = "console.log('hello');\n".repeat(9_000);
const STYLE = "body { margin: 0 }\n";
const IMMUTABLE = "public, max-age=31536000, immutable";

/** A folder like the one that `deno task web` makes. */
async function builtPage(): Promise<
  AsyncDisposable & { readonly path: string; readonly name: string }
> {
  const path = await Deno.makeTempDir({ prefix: "collab-page-" });
  const files = {
    "index.html": PAGE,
    "app-0f3a.js": SCRIPT,
    "style-77.css": STYLE,
    "manifest.json": "{}",
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return {
    path,
    name: path.replace(/^.*\//, ""),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function status(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response.status;
}

Deno.test("without the browser's page the link says how to watch and how to build, with no script and no secret", async () => {
  await using setUp = new SetUp();
  const response = await fetch(setUp.url());
  const page = await response.text();
  assert.equal(response.status, 200);
  assert.match(page, /collab watch/);
  assert.match(page, /deno task web/);
  assert.ok(!page.includes("<script") && !page.includes(SESSION));
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
});

Deno.test("every answer forbids what a page does not need", async () => {
  await using dir = await builtPage();
  await using setUp = new SetUp({ assets: lazyAssets([dir.path]) });
  for (const path of [`/s/${SESSION}`, "/a/app-0f3a.js", "/nothing", "/a/nothing"]) {
    const response = await fetch(setUp.url(path));
    await response.body?.cancel();
    const { headers } = response;
    assert.equal(
      headers.get("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.equal(
      headers.get("cache-control"),
      response.ok && path.startsWith("/a/") ? IMMUTABLE : "no-store",
    );
  }
});

Deno.test("the link opens the browser's page, whose files are at /a", async () => {
  await using dir = await builtPage();
  await using setUp = new SetUp({ assets: lazyAssets([dir.path]) });
  const page = await fetch(setUp.url());
  assert.equal(await page.text(), PAGE);
  assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  const script = await fetch(setUp.url("/a/app-0f3a.js"));
  assert.equal(await script.text(), SCRIPT);
  assert.equal(script.headers.get("content-type"), "text/javascript; charset=utf-8");
  const style = await fetch(setUp.url("/a/style-77.css"));
  assert.equal(await style.text(), STYLE);
  assert.equal(style.headers.get("content-type"), "text/css; charset=utf-8");
});

Deno.test("files go compressed to who takes that, and as they are to who does not", async () => {
  await using dir = await builtPage();
  await using setUp = new SetUp({ assets: lazyAssets([dir.path]) });
  const get = async (encoding: string): Promise<Answer> =>
    await setUp.request("GET", "/a/app-0f3a.js", { "Accept-Encoding": encoding });
  for (const encoding of ["gzip", "br, gzip;q=0.5", "*"]) {
    const { headers, body } = await get(encoding);
    assert.match(headers, /content-encoding: gzip\r\n/);
    assert.match(headers, /vary: accept-encoding\r\n/);
    assert.ok(body.length < SCRIPT.length / 4);
    assert.equal(new TextDecoder().decode(gunzipSync(body)), SCRIPT);
  }
  for (const encoding of ["", "gzip;q=0", "identity"]) {
    const { headers, body } = await get(encoding);
    assert.doesNotMatch(headers, /content-encoding/);
    assert.equal(new TextDecoder().decode(body), SCRIPT);
  }
});

Deno.test("no path leads out of the page's files", async () => {
  await using dir = await builtPage();
  await Deno.writeTextFile(`${dir.path}/../${dir.name}-secret.js`, "secret");
  await Deno.mkdir(`${dir.path}/sub`);
  await Deno.writeTextFile(`${dir.path}/sub/inner.js`, "inner");
  await Deno.symlink("/etc/hostname", `${dir.path}/link.js`);
  await using setUp = new SetUp({ assets: lazyAssets([dir.path]) });
  const paths = [
    "/a/",
    "/a",
    "/a//app-0f3a.js",
    `/a/../${dir.name}-secret.js`,
    `/a/..%2f${dir.name}-secret.js`,
    `/a/%2e%2e/${dir.name}-secret.js`,
    `/a/..\\${dir.name}-secret.js`,
    `/a/app-0f3a.js/../../${dir.name}-secret.js`,
    "/a/sub/inner.js",
    "/a/link.js",
    "/a/index.html",
    "/a/manifest.json",
    "/a/app-0f3a.js%00",
    "/a/__proto__",
    "/a/constructor",
    "/app-0f3a.js",
  ];
  for (const path of paths) {
    assert.equal((await setUp.request("GET", path)).status, 404, path);
  }
  assert.equal((await setUp.request("GET", "/a/app-0f3a.js?x")).status, 200);
  assert.equal((await setUp.request("POST", "/a/app-0f3a.js")).status, 405);
  const head = await setUp.request("HEAD", "/a/app-0f3a.js");
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  await Deno.remove(`${dir.path}/../${dir.name}-secret.js`);
});

Deno.test("the page is read when it is first asked for, once, and not before", async () => {
  await using dir = await builtPage();
  let loads = 0;
  const load = lazyAssets([dir.path]);
  await using setUp = new SetUp({ assets: () => (loads++, load()) });
  await setUp.upgrade();
  assert.equal(await status(setUp.url("/")), 404);
  assert.equal(loads, 0);
  assert.equal(await (await fetch(setUp.url())).text(), PAGE);
  await Deno.writeTextFile(`${dir.path}/index.html`, "another");
  assert.equal(await (await fetch(setUp.url())).text(), PAGE);
});

Deno.test("a page that is built while the host runs is found", async () => {
  await using dir = await builtPage();
  const at = `${dir.path}/later`;
  await using setUp = new SetUp({ assets: lazyAssets([at]) });
  assert.match(await (await fetch(setUp.url())).text(), /deno task web/);
  await Deno.mkdir(at);
  await Deno.writeTextFile(`${at}/index.html`, PAGE);
  assert.equal(await (await fetch(setUp.url())).text(), PAGE);
});

Deno.test("anything else is not there", async () => {
  await using setUp = new SetUp();
  for (
    const path of ["/", "/s/", `/s/${SESSION}/`, `/s/${"B".repeat(22)}`, "/favicon.ico", "/a/"]
  ) {
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
  assert.equal(await setUp.upgrade({ Origin: "" }), 403);
  assert.equal(await setUp.upgrade({ Origin: `http://127.0.0.1:${port + 1}` }), 403);
  assert.equal(await setUp.upgrade({ Origin: `http://localhost:${port}` }), 403);
  assert.equal(await setUp.upgrade({ Origin: `ftp://127.0.0.1:${port}` }), 403);
  assert.equal(await setUp.upgrade({ Origin: `http://127.0.0.1:${port}.evil.example` }), 403);
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
