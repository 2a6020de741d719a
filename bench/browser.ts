/**
 * The page in a real browser: a key until its echo is drawn, the time to the first screen, the size of the page.
 *
 * @module
 */
import { Browser, type Page } from "../tests/browser.ts";
import { startHeadless } from "../tests/harness.ts";
import { which } from "../tests/needs.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";
import { SHELL } from "./peers.ts";
import { delay, Terminal } from "./terminal.ts";

/**
 * Runs in a page before its own scripts. Notes when a key went down, when the next message came over a WebSocket, and
 * when after it the terminal was drawn: a draw call of WebGL, or a change of the rows that xterm.js draws as text. Both
 * are what puts pixels into the page; that the screen shows them at its next refresh is the same for everyone.
 */
const PROBE = `
(() => {
  const probe = window.probe = { times: [], parts: [], firstDraw: undefined, down: undefined, heard: undefined };
  addEventListener("keydown", (event) => {
    probe.down = event.timeStamp;
    probe.heard = undefined;
  }, { capture: true });
  const drawn = () => {
    const now = performance.now();
    probe.firstDraw ??= now;
    if (probe.heard === undefined || probe.down === undefined) return;
    probe.times.push(now - probe.down);
    probe.parts.push(probe.heard - probe.down);
    probe.down = undefined;
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args);
      super.addEventListener("message", () => {
        if (probe.down !== undefined) probe.heard ??= performance.now();
      });
    }
  };
  for (const name of ["drawElementsInstanced", "drawArraysInstanced", "drawElements", "drawArrays"]) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...args) {
      const result = draw.apply(this, args);
      drawn();
      return result;
    };
  }
  new MutationObserver((records) => {
    if (records.some(({ target }) => target.closest?.(".xterm-rows"))) drawn();
  }).observe(document, { subtree: true, childList: true });
})();
`;

interface Probe {
  readonly times: readonly number[];
  /** Of each: until the echo's message was there. */
  readonly parts: readonly number[];
  readonly firstDraw: number | undefined;
}

const readProbe = (page: Page): Promise<Probe> => page.page.evaluate("window.probe");

/** See the module's text. */
export const browser: Measurement = {
  name: "browser",
  title: "The page, in headless Chromium",
  run: async (options: RunOptions): Promise<Row[]> => {
    if (which("chromium") === undefined) throw new Error("needs chromium");
    await using chromium = await Browser.start();
    const rows = await ofCollab(chromium, options);
    if (which("ttyd") !== undefined) rows.push(...await ofTtyd(chromium, options));
    else options.log("ttyd is not installed: there is nothing beside the page's echo");
    return [...rows, ...size()];
  },
};

async function ofCollab(chromium: Browser, { collab, quick }: RunOptions): Promise<Row[]> {
  await using host = startHeadless({ collab, args: ["--mode", "collaborative"] });
  const link = await host.link();
  const first: number[] = [];
  for (let i = 0; i < (quick ? 3 : 10); i++) {
    const page = await chromium.open(link, { name: "Ada", renderer: "webgl", before: PROBE });
    for (let at; first.length <= i;) {
      if ((at = (await readProbe(page)).firstDraw) !== undefined) first.push(at);
      else await delay(20);
    }
    await page.page.close();
  }
  const rows: Row[] = [{
    what: "navigation to the first screen, p50",
    who: "collab",
    value: quantile(first, 0.5),
    unit: "ms",
    bar: { atMost: 700 },
  }];
  for (const renderer of ["webgl", "dom"] as const) {
    const page = await chromium.open(link, { name: "Ada", renderer, before: PROBE });
    await page.waitForState("Live");
    const { times, parts } = await type(page, quick ? 50 : 300);
    rows.push(
      {
        what: "key to echo drawn, p50",
        who: `collab, ${renderer}`,
        value: quantile(times, 0.5),
        unit: "ms",
        ...(renderer === "webgl" && { bar: { atMost: 8 } }),
        note: `${quantile(parts, 0.5).toFixed(1)} ms of it until the message is there`,
      },
      {
        what: "the same, p99",
        who: `collab, ${renderer}`,
        value: quantile(times, 0.99),
        unit: "ms",
      },
    );
    await page.page.close();
  }
  return rows;
}

async function ofTtyd(chromium: Browser, { quick }: RunOptions): Promise<Row[]> {
  const port = 20_000 + Deno.pid % 10_000;
  const args = ["ttyd", "-W", "-i", "127.0.0.1", "-p", String(port), ...SHELL];
  await using server = new Terminal(args, { env: { PS1: "$ " } });
  await server.waitFor(/Listening/);
  const page = await chromium.open(`http://127.0.0.1:${port}/`, { before: PROBE });
  await page.page.locator(".xterm-helper-textarea").waitFor({ state: "attached" });
  await delay(1_000);
  await page.page.locator(".xterm-helper-textarea").focus();
  const { times } = await type(page, quick ? 50 : 300);
  return [
    { what: "key to echo drawn, p50", who: "ttyd", value: quantile(times, 0.5), unit: "ms" },
    { what: "the same, p99", who: "ttyd", value: quantile(times, 0.99), unit: "ms" },
  ];
}

/** Types keys one by one, each once the one before was drawn. */
async function type(page: Page, count: number): Promise<Probe> {
  await delay(500); // the join's own work is over
  for (let i = 0; i < count; i++) {
    const { times } = await readProbe(page);
    // At any place between two refreshes of the screen.
    await delay(Math.random() * 17);
    await page.page.keyboard.press("x");
    while ((await readProbe(page)).times.length === times.length) await delay(2);
    if (i % 60 === 59) await page.page.keyboard.press("Control+u");
  }
  return await readProbe(page);
}

function size(): Row[] {
  const manifest = JSON.parse(
    Deno.readTextFileSync(new URL("../dist/web/manifest.json", import.meta.url)),
  ) as { readonly files: readonly { readonly gzipBytes: number }[] };
  const bytes = manifest.files.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
  return [{
    what: "size, gzipped, all of it",
    who: "collab",
    value: bytes / 1_024,
    unit: "KB",
    bar: { atMost: 250 },
  }];
}
