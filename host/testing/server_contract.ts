/**
 * What every server of a session has to do, whatever it is made of: tests that are run on each.
 *
 * @module
 */
import assert from "node:assert/strict";
import net, { type Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { lazyAssets } from "../../viewer/web_assets.ts";
import { COMMAND_MAX_BYTES } from "../../wire/limits.ts";
import { REQUEST_TIMEOUT_MS } from "../open_connections.ts";
import { STRANGER_UNFINISHED_BYTES, VIEWER_UNFINISHED_BYTES } from "../unfinished_messages.ts";
import { FakeClock } from "./clock.ts";
import { type Answer, closed, endOf, type ServerKind, SESSION, SetUp } from "./server_setup.ts";

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

/** Runs all of them. */
export function testServer(kind: ServerKind): void {
  testPages(kind);
  testSockets(kind);
}

type Test = (name: string, fn: () => Promise<void>) => void;

function testPages(kind: ServerKind): void {
  const test: Test = (name, fn) => Deno.test(`${name} (${kind.name})`, fn);

  test("without the browser's page the link says how to watch and how to build, with no script and no secret", async () => {
    await using setUp = await SetUp.start(kind);
    const response = await setUp.fetch();
    const page = await response.text();
    assert.equal(response.status, 200);
    assert.match(page, /collab watch/);
    assert.match(page, /deno task web/);
    assert.ok(!page.includes("<script") && !page.includes(SESSION));
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  });

  test("every answer forbids what a page does not need", async () => {
    await using dir = await builtPage();
    await using setUp = await SetUp.start(kind, { assets: lazyAssets([dir.path]) });
    for (const path of [`/s/${SESSION}`, "/a/app-0f3a.js", "/nothing", "/a/nothing"]) {
      const response = await setUp.fetch(path);
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

  test("the link opens the browser's page, whose files are at /a", async () => {
    await using dir = await builtPage();
    await using setUp = await SetUp.start(kind, { assets: lazyAssets([dir.path]) });
    const page = await setUp.fetch();
    assert.equal(await page.text(), PAGE);
    assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
    const script = await setUp.fetch("/a/app-0f3a.js");
    assert.equal(await script.text(), SCRIPT);
    assert.equal(script.headers.get("content-type"), "text/javascript; charset=utf-8");
    const style = await setUp.fetch("/a/style-77.css");
    assert.equal(await style.text(), STYLE);
    assert.equal(style.headers.get("content-type"), "text/css; charset=utf-8");
  });

  test("files go compressed to who takes that, and as they are to who does not", async () => {
    await using dir = await builtPage();
    await using setUp = await SetUp.start(kind, { assets: lazyAssets([dir.path]) });
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

  test("no path leads out of the page's files", async () => {
    await using dir = await builtPage();
    await Deno.writeTextFile(`${dir.path}/../${dir.name}-secret.js`, "secret");
    await Deno.mkdir(`${dir.path}/sub`);
    await Deno.writeTextFile(`${dir.path}/sub/inner.js`, "inner");
    await Deno.symlink("/etc/hostname", `${dir.path}/link.js`);
    await using setUp = await SetUp.start(kind, { assets: lazyAssets([dir.path]) });
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

  test("the page is read when it is first asked for, once, and not before", async () => {
    await using dir = await builtPage();
    let loads = 0;
    const load = lazyAssets([dir.path]);
    await using setUp = await SetUp.start(kind, { assets: () => (loads++, load()) });
    await setUp.upgrade();
    assert.equal(await setUp.status("/"), 404);
    assert.equal(loads, 0);
    assert.equal(await (await setUp.fetch()).text(), PAGE);
    await Deno.writeTextFile(`${dir.path}/index.html`, "another");
    assert.equal(await (await setUp.fetch()).text(), PAGE);
  });

  test("a page that is built while the host runs is found", async () => {
    await using dir = await builtPage();
    const at = `${dir.path}/later`;
    await using setUp = await SetUp.start(kind, { assets: lazyAssets([at]) });
    assert.match(await (await setUp.fetch()).text(), /deno task web/);
    await Deno.mkdir(at);
    await Deno.writeTextFile(`${at}/index.html`, PAGE);
    assert.equal(await (await setUp.fetch()).text(), PAGE);
  });
}

function testSockets(kind: ServerKind): void {
  const test: Test = (name, fn) => Deno.test(`${name} (${kind.name})`, fn);
  test("anything else is not there", async () => {
    await using setUp = await SetUp.start(kind);
    for (
      const path of ["/", "/s/", `/s/${SESSION}/`, `/s/${"B".repeat(22)}`, "/favicon.ico", "/a/"]
    ) {
      assert.equal(await setUp.status(path), 404, path);
    }
    assert.equal(await setUp.status(undefined, { method: "POST", body: "x" }), 405);
    assert.equal(await setUp.status(undefined, { method: "HEAD" }), 200);
  });

  test("who is turned away before there is a socket is told of, with why and from where", async () => {
    const refused: unknown[] = [];
    await using setUp = await SetUp.start(kind, {
      refused: (code, client) => void refused.push([code, client?.address]),
      limits: { sockets: 1 },
    });
    assert.equal(await setUp.upgrade({ Origin: "http://evil.example" }), 403);
    const socket = await setUp.open();
    assert.equal(await setUp.upgrade(), 503);
    assert.deepEqual(refused, [["origin-foreign", "127.0.0.1"], ["session-full", "127.0.0.1"]]);
    await closed(socket);
  });

  test("a socket opens at the session only, from the same origin or from no page", async () => {
    await using setUp = await SetUp.start(kind);
    const { port } = setUp.server.address;
    assert.equal(await setUp.upgrade(), 101);
    assert.equal(await setUp.upgrade({ Origin: `${kind.scheme}://127.0.0.1:${port}` }), 101);
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

  test("the link of another session is refused in the handshake, by name", async () => {
    await using setUp = await SetUp.start(kind);
    assert.equal(await setUp.upgrade({}, `/s/${"B".repeat(22)}`), 101);
    assert.equal(await setUp.status(`/s/${"B".repeat(22)}`), 404);
  });

  test("who opens a socket is known by address and port", async () => {
    await using setUp = await SetUp.start(kind);
    const socket = await setUp.open();
    assert.equal(setUp.clients[0]!.address, "127.0.0.1");
    assert.equal(setUp.clients[0]!.port, (socket as Partial<Socket>).localPort);
    await closed(socket);
  });

  test("messages go both ways, and closing says why", async () => {
    const received = Promise.withResolvers<Uint8Array | string>();
    const over = Promise.withResolvers<readonly [number, string]>();
    await using setUp = await SetUp.start(kind, {
      accept: (socket) => {
        socket.onmessage = (message) => {
          received.resolve(message);
          socket.send(Uint8Array.of(4, 5));
          socket.close(4018, "secret-wrong");
        };
        socket.onclose = (...why) => over.resolve(why);
      },
    });
    const socket = await setUp.open();
    const chunks: number[] = [];
    socket.on("data", (data: Uint8Array) => void chunks.push(...data));
    // Binary, three bytes, masked with zeros; then the answer to a close.
    socket.write(Uint8Array.of(0x82, 0x83, 0, 0, 0, 0, 1, 2, 3));
    assert.deepEqual(await received.promise, Uint8Array.of(1, 2, 3));
    socket.write(Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 4018 >> 8, 4018 & 0xff));
    await endOf(socket);
    const why = [...new TextEncoder().encode("secret-wrong")];
    assert.deepEqual(chunks, [0x82, 2, 4, 5, 0x88, 14, 4018 >> 8, 4018 & 0xff, ...why]);
    assert.equal((await over.promise)[0], 4018);
  });

  if (Deno.build.os === "linux") testUnfinished(kind, test);

  test("there is a limit to sockets, and a lower one to those that were not let in", async () => {
    let joined = 0;
    await using setUp = await SetUp.start(kind, {
      limits: { sockets: 3, strangers: 2, perAddress: 1 },
      joined: () => joined,
    });
    const sockets = [await setUp.open(), await setUp.open()];
    assert.equal(await setUp.upgrade(), 503);
    joined = 2;
    sockets.push(await setUp.open());
    joined = 3;
    assert.equal(await setUp.upgrade(), 503);
    await Promise.all(sockets.map(closed));
  });

  test("who begins a request and does not end it, or does not even begin, is cut; a socket is not", async () => {
    const clock = new FakeClock();
    await using setUp = await SetUp.start(kind, { clock });
    const socket = await setUp.open();
    const slow = await setUp.connect();
    slow.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
    const silent = net.connect(setUp.port, "127.0.0.1");
    await new Promise((resolve) => silent.once("connect", resolve));
    // Both have been seen once the guard has looked.
    await setUp.status();
    clock.advance(5_000);
    clock.advance(REQUEST_TIMEOUT_MS - 1);
    assert.deepEqual([slow.destroyed, silent.destroyed], [false, false]);
    const ends = [endOf(slow), endOf(silent)];
    clock.advance(5_000);
    await Promise.all(ends);
    assert.equal(await setUp.status(), 200);
    let ended = false;
    socket.once("close", () => ended = true);
    clock.advance(1_000);
    await setUp.status();
    assert.ok(!ended, "the viewer's socket is there");
    await closed(socket);
  });

  test("headers without end are refused", async () => {
    await using setUp = await SetUp.start(kind);
    const socket = await setUp.connect();
    const end = endOf(socket);
    const line = `X-Much: ${"x".repeat(8_000)}\r\n`;
    socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (let i = 0; i < 200 && !socket.destroyed; i++) socket.write(line);
    await end;
    assert.equal(await setUp.status(), 200);
  });

  test("an address in use is one clear error", async () => {
    await using setUp = await SetUp.start(kind);
    await assert.rejects(SetUp.start(kind, { address: setUp.server.address }), {
      code: "listen-failed",
      message: /^Cannot listen on "127\.0\.0\.1:\d+": the port is in use$/,
    });
  });

  test("closing waits for sockets that are closing, and cuts those that do not", async () => {
    const setUp = await SetUp.start(kind);
    const socket = await setUp.open();
    const end = endOf(socket);
    await setUp.server.close(10);
    await end;
    await setUp[Symbol.asyncDispose]();
  });
}

/** A frame that is not the last of its message, with a mask of zeros. */
function pieceOf(opcode: number, length: number): Uint8Array {
  const frame = new Uint8Array(8 + length);
  frame.set([opcode, 0x80 | 126, length >> 8, length & 0xff]);
  return frame;
}

function testUnfinished(kind: ServerKind, test: Test): void {
  test("a message that never ends is told as one that is too long, and its sender is cut", async () => {
    for (const letIn of [false, true]) {
      const told = Promise.withResolvers<number | "closed">();
      await using setUp = await SetUp.start(kind, {
        accept: (socket, caller) => {
          if (letIn) caller.letIn();
          socket.onmessage = (message) => told.resolve(message.length);
          // A server of another make may have a bound of its own.
          socket.onclose = () => told.resolve("closed");
        },
      });
      const socket = await setUp.open();
      const end = endOf(socket);
      const most = letIn ? VIEWER_UNFINISHED_BYTES : STRANGER_UNFINISHED_BYTES;
      const enough = told.promise.then(() => true);
      socket.write(pieceOf(2, 0));
      for (let sent = 0; sent < 100 * most; sent += 60_000) {
        if (socket.destroyed) break;
        const drained = new Promise<boolean>((resolve) =>
          socket.write(pieceOf(0, 60_000), () => resolve(false))
        );
        if (await Promise.race([enough, drained])) break;
      }
      const what = await told.promise;
      assert.ok(what === "closed" || what > COMMAND_MAX_BYTES, `${what}`);
      await end;
    }
  });

  test("a good message in pieces is one, however often", async () => {
    const got: number[] = [];
    const all = Promise.withResolvers<void>();
    await using setUp = await SetUp.start(kind, {
      accept: (socket) => {
        socket.onmessage = (message) => {
          if (got.push(message.length) === 40) all.resolve();
        };
      },
    });
    const socket = await setUp.open();
    const last = pieceOf(0x80, 20_000);
    for (let i = 0; i < 40; i++) {
      socket.write(pieceOf(2, 20_000));
      socket.write(last);
      // Each is there before the next is sent, as a stranger's have to be.
      while (got.length <= i) await new Promise((resolve) => setTimeout(resolve));
    }
    await all.promise;
    assert.deepEqual([...new Set(got)], [40_000]);
    await closed(socket);
  });
}
