/**
 * A page of another site, in a real browser on the presenter's machine, tries to reach the session.
 */
import assert from "node:assert/strict";
import { Browser, type Page } from "./browser.ts";
import { run, startHeadless, TestDir } from "./harness.ts";
import { testWith } from "./needs.ts";

/** A page of somebody else: on another port, which is another origin. */
class Elsewhere implements AsyncDisposable {
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      new Response("<!doctype html><title>Elsewhere</title>", {
        headers: { "content-type": "text/html" },
      }),
  );

  /** Its address, by another of this machine's names if wanted. */
  url(host = "127.0.0.1"): string {
    return `http://${host}:${this.#server.addr.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** What becomes of a WebSocket that a page opens: `open`, or `refused`. */
async function webSocket(page: Page, url: string): Promise<string> {
  return await page.page.evaluate(
    `new Promise((resolve) => {
      const socket = new WebSocket(${JSON.stringify(url)});
      socket.onopen = () => { socket.close(); resolve("open"); };
      socket.onerror = () => resolve("refused");
    })`,
  );
}

/** What a page can read of an address: its text, or `nothing`. */
async function read(page: Page, url: string, init: object = {}): Promise<string> {
  return await page.page.evaluate(
    `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)})
      .then((response) => response.text(), () => "").then((text) => text || "nothing")`,
  );
}

testWith(
  ["chromium"],
  "a page of another site opens no socket of a session, reads nothing of it, and is told of",
  async () => {
    await using dir = new TestDir();
    const env = { XDG_RUNTIME_DIR: dir.path };
    await using host = startHeadless({ args: ["--admin-api", "0", "--metrics", "0"], env });
    const link = await host.link();
    const { origin, pathname } = new URL(link);
    const socket = `${origin.replace(/^http/, "ws")}${pathname}`;
    const status = async (): Promise<
      { metrics: { refusals: Record<string, number> }; apiUrl: string; metricsUrl: string }
    > => {
      const { stdout, stderr } = await run("ctl", ["status", "--json"], { env });
      assert.equal(stderr, "");
      return JSON.parse(stdout);
    };
    const { apiUrl, metricsUrl } = await status();
    await using elsewhere = new Elsewhere();
    await using browser = await Browser.start();
    // The session's own page may.
    const own = await browser.open(link, { name: "Ada" });
    await own.waitForState("Live");
    assert.equal(await webSocket(own, socket), "open");
    // The same machine by another name is another site, too.
    for (const address of [elsewhere.url(), elsewhere.url("localhost")]) {
      const other = await browser.open(address);
      assert.equal(await webSocket(other, socket), "refused");
      assert.equal(await webSocket(other, socket.replace("127.0.0.1", "localhost")), "refused");
      for (const url of [link, metricsUrl, `${apiUrl}/status`]) {
        assert.equal(await read(other, url), "nothing", url);
        assert.equal(await read(other, url, { mode: "no-cors" }), "nothing", url);
      }
      await other.page.evaluate(
        `new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.src = ${JSON.stringify(`${origin}${pathname}`)};
          frame.onload = frame.onerror = resolve;
          document.body.append(frame);
        })`,
      );
      // The browser says what it did not let the page have.
      for (const refusal of [/CORS policy/, /NotSameOrigin/, /frame-ancestors 'none'/]) {
        assert.ok(other.errors.some((error) => refusal.test(error)), String(refusal));
      }
      other.errors.length = 0;
    }
    const refused = await host.waitFor(({ event }) => event === "refused", "the refusal");
    assert.equal(refused.code as unknown, "origin-foreign");
    assert.equal((await status()).metrics.refusals["origin-foreign"], 4);
    assert.equal(host.all.filter(({ event }) => event === "join").length, 1);
  },
);
