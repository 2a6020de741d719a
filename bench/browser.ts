/**
 * What a session feels like in a browser: Debian's Chromium, without a window.
 *
 * @module
 */
import { join } from "node:path";
import { Browser, type Page } from "../tests/browser.ts";
import { type HeadlessHost, startHeadless } from "../tests/harness.ts";
import { which } from "../tests/needs.ts";
import { gzipTotal, type Manifest, OUTPUT } from "../scripts/web.ts";
import { BarePage } from "./bare_page.ts";
import { SHELL } from "./peers.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";
import { delay, Terminal } from "./terminal.ts";

/** Keys on a line before it is cleared, so that none wraps. */
const LINE = 50;

/**
 * Runs in a page before anything of it, and takes times by the page's own clock: when a key went down, when the next
 * message came over a WebSocket, and when after it the terminal was drawn: a draw call of WebGL, or a change of the
 * elements that xterm.js draws as text. That the screen shows both at its next refresh is the same for everyone.
 */
const PROBE = `(() => {
  const probe = globalThis.probe = { firstMs: undefined };
  let pressedMs, heardMs, done = () => {};
  addEventListener("keydown", ({ timeStamp }) => pressedMs = timeStamp, { capture: true });
  probe.expect = () => {
    heardMs = pressedMs = undefined;
    probe.drawn = new Promise((resolve) => done = resolve);
  };
  const heard = () => { if (pressedMs !== undefined) heardMs ??= performance.now(); };
  const drawn = () => {
    if (heardMs !== undefined) done([performance.now() - pressedMs, heardMs - pressedMs]);
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", heard);
    }
  };
  for (const name of ["drawElementsInstanced", "drawArraysInstanced", "drawElements", "drawArrays"]) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...args) {
      draw.apply(this, args);
      drawn();
    };
  }
  new MutationObserver((records) => {
    const rows = records.find(({ target }) => target.closest?.(".xterm-rows"));
    if (rows === undefined) return;
    if (rows.target.textContent.trim() !== "") probe.firstMs ??= performance.now();
    drawn();
  }).observe(document, { subtree: true, childList: true });
})()`;

/** A shell on a page. */
interface Shown extends AsyncDisposable {
  readonly address: string;
}

/** A way to have one. */
interface Way {
  readonly name: string;
  readonly tools: readonly string[];
  readonly bar?: true;
  /** What draws; where it can be told. */
  readonly renderer?: "dom" | "webgl";
  show(): Promise<Shown>;
}

/** Keys and the first picture, beside the least that a page needs, and beside ttyd's. */
export const browser: Measurement = {
  name: "browser",
  title: "In a browser: a key until its echo is drawn, and a page until its first picture",
  run: async (options: RunOptions): Promise<Row[]> => {
    if (which("chromium") === undefined) {
      options.log("browser: left out: there is no chromium");
      return [];
    }
    await using chromium = await Browser.start();
    return [
      ...await keys(chromium, options),
      ...await opening(chromium, options),
      ...await size(chromium, options),
    ];
  },
};

/** A key's time until its echo was drawn, and that part of it until the page had heard of it. */
type KeyTimes = readonly [drawnMs: number, heardMs: number];

async function keys(chromium: Browser, options: RunOptions): Promise<Row[]> {
  const { collab, log, quick } = options;
  const ways = [collabPage(collab, "webgl"), collabPage(collab, "dom"), bare, ttyd];
  const found = ways.filter(({ name, tools }) => {
    const missing = tools.filter((tool) => which(tool) === undefined);
    if (missing.length > 0) log(`browser: ${name} left out: there is no ${missing}`);
    return missing.length === 0;
  });
  const times = new Map<Way, KeyTimes[]>(found.map((way) => [way, []]));
  const [rounds, each] = quick ? [1, 30] : [4, 150];
  for (let round = 0; round < rounds; round++) {
    for (const way of found) {
      log(`browser: ${way.name}, round ${round + 1} of ${rounds}`);
      await using shown = await way.show();
      const page = await open(chromium, shown.address, way.renderer);
      await typeKeys(page, 20); // the first keys pay for what starts lazily
      times.get(way)!.push(...await typeKeys(page, each));
      await page.page.context().close();
    }
  }
  return ([[0.5, "p50"], [0.99, "p99"]] as const).flatMap(([q, label]) =>
    found.map((way): Row => keyRow(way, times.get(way)!, { q, label }))
  );
}

function keyRow(
  { name, bar }: Way,
  times: readonly KeyTimes[],
  { q, label }: { readonly q: number; readonly label: string },
): Row {
  const heardMs = quantile(times.map(([, ms]) => ms), q);
  return {
    what: `key until its echo is drawn, ${label}`,
    who: name,
    value: quantile(times.map(([ms]) => ms), q),
    unit: "ms",
    ...(bar && q === 0.5 && { bar: { atMost: 8 } }),
    note: `${heardMs.toFixed(1)} ms until the page hears of it`,
  };
}

async function open(
  chromium: Browser,
  address: string,
  renderer: "dom" | "webgl" = "dom",
): Promise<Page> {
  const size = { width: 900, height: 600 };
  const page = await chromium.open(address, { name: "bench", ...size, renderer, before: PROBE });
  await page.page.locator(".xterm-screen").waitFor();
  await delay(1_000); // what a page has still to do is no part of any measurement
  await page.page.locator(".xterm-helper-textarea").focus();
  return page;
}

async function typeKeys({ page }: Page, count: number): Promise<KeyTimes[]> {
  const times: KeyTimes[] = [];
  for (let i = 0; i < count; i++) {
    if (i % LINE === 0) {
      await page.keyboard.press("Control+u");
      await delay(200);
    }
    await delay(15 + Math.random() * 70);
    await page.evaluate("probe.expect()");
    await page.keyboard.press("x");
    times.push(await page.evaluate("probe.drawn"));
  }
  return times;
}

/** A session whose link lets type at once. */
function collabPage(collab: RunOptions["collab"], renderer: "dom" | "webgl"): Way {
  return {
    name: `collab page, ${renderer}`,
    tools: [],
    renderer,
    bar: true,
    show: async () => {
      const host = typing(collab);
      return Object.assign(host, { address: await host.link() });
    },
  };
}

function typing(collab: RunOptions["collab"]): HeadlessHost {
  return startHeadless({ collab, args: ["--mode", "collaborative"], command: SHELL });
}

const bare: Way = {
  name: "xterm.js on a bare PTY, dom",
  tools: [],
  show: () => BarePage.start(SHELL),
};

const ttyd: Way = {
  name: "ttyd",
  tools: ["ttyd"],
  show: async () => {
    const help = await new Deno.Command("ttyd", { args: ["--help"] }).output();
    const texts = [help.stdout, help.stderr].map((text) => new TextDecoder().decode(text)).join("");
    // Since 1.7.4 it has to be told that keys may be typed.
    const writable = texts.includes("--writable") ? ["--writable"] : [];
    const port = freePort();
    const args = ["-p", String(port), "-i", "127.0.0.1"];
    const server = new Terminal(["ttyd", ...writable, ...args, ...SHELL], { env: { PS1: "$ " } });
    await server.waitFor(/Listening on port|listening/i);
    const address = `http://127.0.0.1:${port}/`;
    return { address, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  },
};

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** From the beginning of the navigation, in a browser that has never been there but knows the name. */
async function opening(chromium: Browser, { collab, quick }: RunOptions): Promise<Row[]> {
  const times: number[] = [];
  await using host = typing(collab);
  const link = await host.link();
  for (let i = 0; i <= (quick ? 4 : 20); i++) {
    const page = await open(chromium, link, "dom");
    const ms: number = await page.page.evaluate("probe.firstMs");
    await page.page.context().close();
    if (i > 0) times.push(ms);
  }
  const note = `median of ${times.length}; max ${Math.max(...times).toFixed(0)} ms`;
  const value = quantile(times, 0.5);
  const what = "navigation to the first picture";
  return [{ what, who: "collab page", value, unit: "ms", bar: { atMost: 700 }, note }];
}

/** What the page weighs. */
async function size(chromium: Browser, { collab }: RunOptions): Promise<Row[]> {
  const manifest: Manifest = JSON.parse(await Deno.readTextFile(join(OUTPUT, "manifest.json")));
  await using host = typing(collab);
  const page = await open(chromium, await host.link());
  const loaded: number = await page.page.evaluate(
    "performance.getEntries().reduce((sum, { encodedBodySize = 0 }) => sum + encodedBodySize, 0)",
  );
  await page.page.context().close();
  const note = `a session loads ${(loaded / 1_000).toFixed(0)} KB of it`;
  const bar = { atMost: 250 };
  const value = gzipTotal(manifest) / 1_000;
  return [{ what: "whole page, gzipped", who: "collab page", value, unit: "KB", bar, note }];
}
