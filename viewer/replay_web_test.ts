import assert from "node:assert/strict";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { openRecording } from "../record/reader.ts";
import type { ReplayInfo } from "./replay_info.ts";
import { type ReplayServer, serveReplay } from "./replay_web.ts";
import { openReplay } from "./web/replay/open.ts";
import { lazyAssets } from "./web_assets.ts";

const PAGE = "<!doctype html><title>page</title>";
const CAST = '{"version":3,"term":{"cols":20,"rows":4}}\n[0.5,"o","hello"]\n[1,"m","here"]\n';

/** A server of a recording, and the page's folder. */
class SetUp implements AsyncDisposable {
  static async of(cast = CAST, info: Partial<ReplayInfo> = {}): Promise<SetUp> {
    const dir = await Deno.makeTempDir({ prefix: "collab-replay-page-" });
    await Deno.writeTextFile(`${dir}/index.html`, PAGE);
    await Deno.writeTextFile(`${dir}/app-1.js`, "1");
    const assets = await lazyAssets([dir])();
    const bytes = new TextEncoder().encode(cast);
    // In two pieces, one in the middle of a line.
    const chunks = [bytes.slice(0, 50), bytes.slice(50)];
    const all = { name: "a.cast", bytes: bytes.length, warnings: [], ...info };
    return new SetUp(dir, serveReplay({ info: all, chunks }, assets!));
  }

  private constructor(readonly dir: string, readonly server: ReplayServer) {}

  get url(): URL {
    return new URL(this.server.url);
  }

  get key(): string {
    return this.url.hash.slice(1);
  }

  /** The status that a path is answered with. */
  async status(path: string, headers: Record<string, string> = {}): Promise<number> {
    const response = await fetch(new URL(path, this.url), { headers });
    await response.body?.cancel();
    return response.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await Deno.remove(this.dir, { recursive: true });
  }
}

Deno.test("the address has a path and a key that nobody guesses, each time others", async () => {
  await using one = await SetUp.of();
  await using other = await SetUp.of();
  for (const { server } of [one, other]) {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/r\/[\w-]{22}#[\w-]{43}$/);
  }
  assert.notEqual(one.url.pathname, other.url.pathname);
  assert.notEqual(one.key, other.key);
});

Deno.test("the address opens the page, and nothing of the recording is in it", async () => {
  await using setUp = await SetUp.of();
  const response = await fetch(setUp.url);
  assert.equal(await response.text(), PAGE);
  assert.match(response.headers.get("content-security-policy")!, /default-src 'none'/);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(await setUp.status("/a/app-1.js"), 200);
});

Deno.test("a page with the key gets the recording, and what it is to know of it", async () => {
  await using setUp = await SetUp.of(CAST, { name: "é%\r\n.cast", speed: 2, warnings: ["odd"] });
  const parts: number[] = [];
  const { log, info } = await openReplay({
    url: `${setUp.url.origin}${setUp.url.pathname}/recording`,
    key: setUp.key,
    onProgress: (part) => parts.push(part),
  });
  assert.equal(log.length, 2);
  assert.deepEqual(log.eventAt(0), { kind: "output", data: "hello" });
  assert.deepEqual(log.markers().map(({ label, atMs }) => [label, atMs]), [["here", 1500]]);
  assert.deepEqual([info.name, info.speed, info.warnings], ["é%\r\n.cast", 2, ["odd"]]);
  assert.equal(parts[0], 0);
  assert.equal(parts.at(-1), 1);
});

Deno.test("without the key, or elsewhere, there is no recording", async () => {
  await using setUp = await SetUp.of();
  const { pathname } = setUp.url, recording = `${pathname}/recording`;
  const open = (key: string): Promise<unknown> =>
    openReplay({ url: `${setUp.url.origin}${recording}`, key, onProgress: () => {} });
  assert.equal(await setUp.status(recording), 403);
  assert.equal(await setUp.status(`${recording}?key=${setUp.key}`), 403);
  for (const key of ["", setUp.key.slice(1), setUp.key + "A", "A".repeat(43)]) {
    await assert.rejects(open(key), { code: "replay-key" });
  }
  const other = `/r/${"A".repeat(22)}`;
  for (
    const path of [
      "/",
      "/r/",
      "/r",
      other,
      `${other}/recording`,
      `${pathname}/`,
      "/recording",
      "/a/",
    ]
  ) {
    assert.equal(await setUp.status(path, { authorization: `Bearer ${setUp.key}` }), 404, path);
  }
  const posted = await fetch(setUp.url, { method: "POST" });
  await posted.body?.cancel();
  assert.equal(posted.status, 405);
});

Deno.test("another site's name for this machine is refused", async () => {
  await using setUp = await SetUp.of();
  const { port, pathname } = setUp.url;
  const ask = (host: string | undefined): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), "127.0.0.1");
      const line = host === undefined ? "" : `Host: ${host}\r\n`;
      socket.write(`GET ${pathname} HTTP/1.1\r\n${line}Connection: close\r\n\r\n`);
      socket.once("error", reject);
      socket.once("data", (data: Uint8Array) => {
        socket.destroy().once("close", () => {
          resolve(Number(new TextDecoder().decode(data).split(" ")[1]));
        });
      });
    });
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
    assert.equal(await ask(host), 200, host);
  }
  const others = [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    `127.0.0.1:${Number(port) + 1}`,
  ];
  for (const host of [...others, `localhost.evil.example:${port}`, `127.0.0.2:${port}`, ""]) {
    assert.equal(await ask(host), 403, host);
  }
  assert.ok((await ask(undefined)) >= 400);
});

Deno.test("a page that is left alone says that the replay has ended", async () => {
  const setUp = await SetUp.of();
  const url = `${setUp.url.origin}${setUp.url.pathname}/recording`, { key } = setUp;
  await setUp[Symbol.asyncDispose]();
  await assert.rejects(openReplay({ url, key, onProgress: () => {} }), { code: "replay-gone" });
});

Deno.test("a recording that is shorter than was said is no whole one", async () => {
  await using setUp = await SetUp.of(CAST, { bytes: CAST.length + 1 });
  const url = `${setUp.url.origin}${setUp.url.pathname}/recording`;
  await assert.rejects(openReplay({ url, key: setUp.key, onProgress: () => {} }), {
    code: "replay-gone",
  });
});

Deno.test("a broken recording is told by its line", async () => {
  await using setUp = await SetUp.of(`${CAST}[1,"o"]\n`);
  const url = `${setUp.url.origin}${setUp.url.pathname}/recording`;
  await assert.rejects(openReplay({ url, key: setUp.key, onProgress: () => {} }), {
    code: "recording-bad-event",
    message: /^Cannot read recording "a\.cast": line 4 /,
  });
});

Deno.test("whatever a recording is packed in, a page gets its own bytes", async () => {
  const text = new TextEncoder().encode(CAST);
  for (const packed of [text, new Uint8Array(gzipSync(text))]) {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    const stream = new Blob([packed]).stream();
    await openRecording({ kind: "bytes", stream }, { onBytes: (bytes) => chunks.push(bytes) });
    assert.equal(await new Blob(chunks).text(), CAST);
  }
});
