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

/** Characters that no prompt has and no shell acts upon before Enter. */
const KEYS = "@#%&=+~^";
/** Keys on a line before it is cleared, so that none wraps. */
const LINE = 50;

/**
 * Runs in the page before anything of it: takes the time of keys and of what is drawn, by the page's own clock. xterm
 * draws by changing elements; who watches these is told as soon as the task that changed them is over.
 */
const PROBE = `(() => {
  const probe = globalThis.probe = { firstMs: undefined, pressedMs: 0, rows: undefined };
  let wanted = "", seen = () => {};
  const count = () => probe.rows.textContent.split(wanted).length;
  addEventListener("keydown", () => probe.pressedMs = performance.now(), { capture: true });
  probe.expect = (key) => {
    wanted = key;
    const before = count();
    probe.drawn = new Promise((resolve) => seen = (nowMs) => {
      if (count() > before) resolve(nowMs - probe.pressedMs);
    });
  };
  const options = { childList: true, subtree: true, characterData: true };
  new MutationObserver((_, whole) => {
    probe.rows ??= document.querySelector(".xterm-rows") ?? undefined;
    if (probe.rows === undefined || probe.rows.textContent.trim() === "") return;
    probe.firstMs = performance.now();
    whole.disconnect();
    new MutationObserver(() => seen(performance.now())).observe(probe.rows, options);
  }).observe(document, options);
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

async function keys(chromium: Browser, options: RunOptions): Promise<Row[]> {
  const ways = [collabPage(options), bare, ttyd].filter(({ name, tools }) => {
    const missing = tools.filter((tool) => which(tool) === undefined);
    if (missing.length > 0) options.log(`browser: ${name} left out: there is no ${missing}`);
    return missing.length === 0;
  });
  const times = new Map<Way, number[]>(ways.map((way) => [way, []]));
  const [rounds, each] = options.quick ? [1, 30] : [4, 150];
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) {
      options.log(`browser: ${way.name}, round ${round + 1} of ${rounds}`);
      await using shown = await way.show();
      const page = await open(chromium, shown.address);
      await typeKeys(page, 20); // the first keys pay for what starts lazily
      times.get(way)!.push(...await typeKeys(page, each));
      await page.page.context().close();
    }
  }
  return ([[0.5, "p50"], [0.99, "p99"]] as const).flatMap(([q, label]) =>
    ways.map((way): Row => ({
      what: `key until its echo is drawn, ${label}`,
      who: way.name,
      value: quantile(times.get(way)!, q),
      unit: "ms",
      ...(way.bar && q === 0.5 && { bar: { atMost: 8 } }),
    }))
  );
}

async function open(chromium: Browser, address: string): Promise<Page> {
  const page = await chromium.open(address, {
    name: "bench",
    width: 900,
    height: 600,
    before: PROBE,
  });
  await page.waitForText("$");
  return page;
}

async function typeKeys({ page }: Page, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    if (i % LINE === 0) {
      await page.keyboard.press("Control+u");
      await delay(100);
    }
    const key = KEYS[i % KEYS.length]!;
    await page.evaluate(`probe.expect(${JSON.stringify(key)})`);
    await delay(15 + Math.random() * 70);
    await page.keyboard.press(key);
    times.push(await page.evaluate("probe.drawn"));
  }
  return times;
}

/** A session whose link lets type at once. */
function collabPage({ collab }: RunOptions): Way {
  return {
    name: "collab page",
    tools: [],
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

const bare: Way = { name: "xterm.js on a bare PTY", tools: [], show: () => BarePage.start(SHELL) };

const ttyd: Way = {
  name: "ttyd",
  tools: ["ttyd"],
  show: async () => {
    const help = await new Deno.Command("ttyd", { args: ["--help"] }).output();
    const texts = [help.stdout, help.stderr].map((text) => new TextDecoder().decode(text)).join("");
    // Since 1.7.4 it has to be told that keys may be typed.
    const writable = texts.includes("--writable") ? ["--writable"] : [];
    const port = freePort();
    const args = ["-p", String(port), "-i", "127.0.0.1", "-t", "rendererType=dom"];
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
    const page = await open(chromium, link);
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
