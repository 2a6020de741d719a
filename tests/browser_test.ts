/**
 * The page of a session, in a browser.
 */
import assert from "node:assert/strict";
import { rowText } from "../format/row.ts";
import { Browser, type Page } from "./browser.ts";
import { startHeadless, startHost } from "./harness.ts";
import { testWith } from "./needs.ts";
import { Proxy } from "./proxy.ts";

const CHROMIUM = ["chromium"];
/** Who has said a name sees the screen within this time. */
const JOIN_MS = 1_000;
/** Of so many joins one shows how long it takes, where others take the machine's time now and then. */
const MAX_JOINS = 3;

/** Opens a link, says a name when asked for one, and waits for the text that is there. */
async function join(
  browser: Browser,
  link: string,
): Promise<{ readonly page: Page; readonly tookMs: number }> {
  const page = await browser.open(link);
  const name = page.page.getByLabel("What should the others call you?");
  await name.fill("Ada");
  const startMs = performance.now();
  await name.press("Enter");
  await page.waitForText("all 42 there");
  return { page, tookMs: performance.now() - startMs };
}

testWith(
  CHROMIUM,
  "a page asks for a name once, joins, and shows what the presenter sees",
  async () => {
    await using host = startHost({ rows: 25, args: ["--title", "Deploy"] });
    const link = await host.link();
    await host.type("printf '\\e[1;31mred\\e[m 日本 🎉 %s\\n' é; echo all $((40 + 2)) there\r");
    await host.waitForText("all 42 there");
    await using browser = await Browser.start();
    const joins = [await join(browser, link)];
    while (joins.length < MAX_JOINS && joins.at(-1)!.tookMs >= JOIN_MS) {
      joins.push(await join(browser, link));
    }
    const { page: ada, tookMs } = joins.at(-1)!;
    assert.ok(tookMs < JOIN_MS, `they took ${joins.map(({ tookMs }) => tookMs)} ms`);
    await ada.waitForState("Live");
    // Without the presenter's own status line.
    const rows = host.frame.lines.slice(0, -1).map(rowText).join("\n").trimEnd();
    assert.equal(await ada.text(), rows);
    assert.equal(await ada.page.title(), "Deploy (Live)");
    assert.ok(!ada.page.url().includes("#"), "the secret is in the address bar");
    await ada.page.reload();
    await ada.waitForText("all 42 there");
  },
);

testWith(
  CHROMIUM,
  "a page that is cut off says so, comes back by itself, and has missed nothing",
  async () => {
    await using host = startHost({ rows: 25 });
    const link = await host.link();
    await using proxy = new Proxy(new URL(link).host);
    await using browser = await Browser.start();
    const ada = await browser.open(proxy.link(link), { name: "Ada" });
    await ada.waitForText("$");
    proxy.refuse();
    await ada.waitForState("Reconnecting");
    await ada.page.locator(".detail", { hasText: /next try in \d+ s|trying now/ }).waitFor();
    await host.type("echo while $((40 + 2)) away\r");
    await host.waitForText("while 42 away");
    proxy.flow();
    await ada.waitForText("while 42 away");
    await ada.waitForState("Live");
    await host.type("echo and $((40 + 3)) on\r");
    await ada.waitForText("and 43 on");
  },
);

testWith(CHROMIUM, "a page that wakes up tries at once", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  await using proxy = new Proxy(new URL(link).host);
  await using browser = await Browser.start();
  const ada = await browser.open(proxy.link(link), { name: "Ada" });
  await ada.waitForState("Live");
  proxy.refuse();
  // The waits get longer and longer.
  await ada.page.locator(".detail", { hasText: /in [3-9] s/ }).waitFor();
  proxy.flow();
  const woken = performance.now();
  await ada.page.evaluate("dispatchEvent(new Event('online'))");
  await ada.waitForState("Live");
  assert.ok(performance.now() - woken < 2_000, "it waited for the next attempt");
});

testWith(CHROMIUM, "a link that is wrong is told in one line", async () => {
  await using host = startHeadless();
  const link = await host.link();
  await using browser = await Browser.start();
  const secret = link.replace(/#./, (start) => start === "#A" ? "#B" : "#A");
  const wrong = await browser.open(secret, { name: "Ada" });
  await wrong.page.getByText("The link's secret is wrong: copy the whole link.").waitFor();
  await wrong.waitForState("Ended");
  const cut = await browser.open(link.slice(0, -150), { name: "Ada" });
  await cut.page.getByText("This link is not whole").waitFor();
});

testWith(CHROMIUM, "a session that ends says why, and its last screen stays", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  await using browser = await Browser.start();
  const ada = await browser.open(link, { name: "Ada" });
  await ada.waitForText("$");
  await host.type("echo last $((40 + 2)) words; exit 3\r");
  await ada.waitForState("Ended");
  await ada.page.getByText("Its command ended with status 3.").waitFor();
  assert.match(await ada.text(), /last 42 words/);
});
