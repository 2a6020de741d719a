/**
 * How a page draws: at once, also while nobody looks, and with whatever the machine has for it.
 */
import assert from "node:assert/strict";
import { Browser, type Page } from "./browser.ts";
import { eventually, startHost } from "./harness.ts";
import { testWith } from "./needs.ts";

const CHROMIUM = ["chromium"];

/** Notes what the screen shows as soon as a message was taken in, before the browser does anything else. */
const NOTE_AT_ONCE = `
globalThis.noted = [];
const { set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
Object.defineProperty(WebSocket.prototype, "onmessage", {
  set(listener) {
    set.call(this, (event) => {
      listener.call(this, event);
      noted.push(document.querySelector(".xterm-rows")?.textContent ?? "");
    });
  },
});`;

/** Lets the page believe that it is not seen, and gives it no animation frames. */
const HIDEABLE = `
globalThis.isHidden = false;
const frame = requestAnimationFrame;
Object.defineProperty(Document.prototype, "hidden", { get: () => isHidden });
globalThis.requestAnimationFrame = (callback) => isHidden ? 0 : frame(callback);`;

/** The screen's text as it is copied, whatever draws it. */
async function copied(page: Page): Promise<string> {
  await page.button("Menu").click();
  await page.page.getByRole("menuitem", { name: "Copy the screen's text" }).click();
  await page.waitForToast("The screen's text is copied");
  return await page.page.evaluate("navigator.clipboard.readText()") as string;
}

testWith(CHROMIUM, "what comes is on the page as soon as it was taken in", async () => {
  await using host = startHost({ rows: 25 });
  await using browser = await Browser.start();
  const ada = await browser.open(await host.link(), { name: "Ada", before: NOTE_AT_ONCE });
  await ada.waitForText("$");
  await ada.page.evaluate("noted.length = 0");
  await host.type("q");
  await ada.waitForText("$ q");
  const noted = await ada.page.evaluate("noted") as string[];
  const first = noted.findIndex((text) => text.replaceAll("\u00a0", " ").startsWith("$ q"));
  assert.notEqual(first, -1, "it was drawn later");
  // Which message has it is the host's business; that none after it was needed is the page's.
  assert.ok(noted.slice(0, first).every((text) => !text.includes("q")));
});

testWith(CHROMIUM, "a page that nobody looks at keeps up", async () => {
  await using host = startHost({ rows: 25 });
  await using browser = await Browser.start();
  const ada = await browser.open(await host.link(), { name: "Ada", before: HIDEABLE });
  await ada.waitForText("$");
  await ada.page.evaluate("isHidden = true");
  await host.type("for i in {1..60}; do seq $i 4000; done; echo flood $((1 + 1)) over\r");
  await host.waitForText("flood 2 over");
  await ada.page.evaluate("isHidden = false");
  await host.type("echo seen $((1 + 1)) again\r");
  await ada.waitForText("seen 2 again");
});

testWith(CHROMIUM, "WebGL draws where it is, and the page itself once it is lost", async () => {
  await using host = startHost({ rows: 25 });
  await using browser = await Browser.start();
  const ada = await browser.open(await host.link(), {
    name: "Ada",
    renderer: "webgl",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await ada.waitForState("Live");
  await host.type("echo drawn $((1 + 1)) times\r");
  await host.waitForText("drawn 2 times");
  assert.ok(await ada.page.locator(".xterm-screen canvas").count() > 0, "there is no WebGL");
  await eventually(async () => (await copied(ada)).includes("drawn 2 times") || undefined, "it");
  const { length: painted } = await ada.page.locator(".xterm-screen").screenshot();
  assert.ok(painted > 2_000, "nothing seems to be drawn");
  await ada.page.evaluate(
    "for (const canvas of document.querySelectorAll('.xterm-screen canvas'))" +
      " canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()",
  );
  await ada.waitForText("drawn 2 times");
});

testWith(
  CHROMIUM,
  "nothing of the session changes the page, its clipboard or what it sends",
  async () => {
    await using host = startHost({ rows: 25, args: ["--title", "Mine"] });
    await using browser = await Browser.start();
    const permissions = ["clipboard-read", "clipboard-write"];
    const ada = await browser.open(await host.link(), { name: "Ada", permissions });
    await ada.waitForText("$");
    await ada.page.evaluate("navigator.clipboard.writeText('untouched')");
    const osc52 = "\\e]52;c;ZXZpbA==\\a", query = "\\e[c\\e[6n\\e]11;?\\a";
    await host.type(
      `printf '${osc52}${query}\\e]2;<img src=x onerror=alert(1)>\\a<b>bold</b> &amp; %s\\n' end\r`,
    );
    await ada.waitForText("<b>bold</b> &amp; end");
    assert.equal(await ada.page.evaluate("navigator.clipboard.readText()"), "untouched");
    assert.equal(await ada.page.title(), "Mine (Live)");
    assert.equal(await ada.page.locator("img").count(), 0);
  },
);
