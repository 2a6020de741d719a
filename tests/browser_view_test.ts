/**
 * What a page does with a session's screen: finding, copying, links, sizes, colours, and that everyone can use it.
 */
import assert from "node:assert/strict";
// @ts-types="npm:axe-core@4.14.1"
import axe from "axe-core";
import { Browser, type Page } from "./browser.ts";
import {
  eventually,
  type HeadlessHost,
  run,
  startHeadless,
  startHost,
  TestDir,
} from "./harness.ts";
import { testWith } from "./needs.ts";

const CHROMIUM = ["chromium"];

/** A session that shows what a command prints, then waits. */
function showing(script: string, ...args: readonly string[]): HeadlessHost {
  const command = ["bash", "--norc", "--noprofile", "-c", `${script}; exec cat`];
  return startHeadless({ args, command });
}

const fontSize = async (page: Page): Promise<number> =>
  parseFloat(
    await page.page.evaluate("getComputedStyle(document.querySelector('.xterm-rows')).fontSize"),
  );

/** What axe finds wrong. */
async function violations(page: Page): Promise<string[]> {
  await page.page.evaluate(axe.source);
  const found = await page.page.evaluate(
    "axe.run(document, { rules: { 'color-contrast': { enabled: true } } })" +
      ".then(({ violations }) => violations.flatMap(({ id, nodes }) =>" +
      " nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`)))",
  );
  return found as string[];
}

testWith(CHROMIUM, "text is found in the screen and in what has scrolled away", async () => {
  await using host = startHost({ rows: 25 });
  await using browser = await Browser.start();
  const ada = await browser.open(await host.link(), { name: "Ada" });
  await ada.waitForText("$");
  for (const i of [1, 2, 3]) {
    await host.type(`printf 'needle ${i}\\n%.0s' 1; seq 1${i}000 1${i}012\r`);
    await ada.waitForText(`1${i}012`);
  }
  await ada.page.keyboard.press("Control+F");
  await ada.page.keyboard.type("needle 1");
  // Once as it was typed, once as it was printed.
  await ada.page.locator(".find-count", { hasText: "2 of 2" }).waitFor();
  await ada.waitForText(/^needle 1$/m);
  await ada.button("Back to the present").waitFor();
  assert.equal(await ada.page.locator(".find-marks .current").count(), 1);
  await ada.page.keyboard.press("Shift+Enter");
  await ada.page.locator(".find-count", { hasText: "1 of 2" }).waitFor();
  await ada.page.keyboard.press("Escape");
  assert.equal(await ada.page.locator(".find-marks > *").count(), 0);
  await ada.page.keyboard.press("End");
  await ada.waitForText("13012");
});

testWith(CHROMIUM, "what is selected is copied", async () => {
  await using host = showing("echo 'copy 日本 this'");
  await using browser = await Browser.start();
  const permissions = ["clipboard-read", "clipboard-write"];
  const ada = await browser.open(await host.link(), { name: "Ada", permissions });
  await ada.waitForText("copy");
  const row = ada.page.locator(".xterm-rows > div").first();
  const { x, y, height, width } = (await row.boundingBox())!;
  const at = (column: number): [number, number] => [x + width * column / 80, y + height / 2];
  await ada.page.mouse.move(...at(0.2));
  await ada.page.mouse.down();
  await ada.page.mouse.move(...at(14.2), { steps: 5 });
  await ada.page.mouse.up();
  await ada.page.keyboard.press("Control+C");
  const copied = await ada.page.evaluate("navigator.clipboard.readText()");
  assert.equal(copied, "copy 日本 this");
});

testWith(
  CHROMIUM,
  "links of the web are asked about before they open, and others are none",
  async () => {
    const osc = (uri: string, text: string): string => `\\e]8;;${uri}\\e\\\\${text}\\e]8;;\\e\\\\`;
    await using host = showing(
      `printf 'see http://127.0.0.1:1/plain.\\n${osc("http://127.0.0.1:1/hidden", "inside")}\\n${
        osc("javascript:document.title=1", "script")
      }\\n'`,
    );
    await using browser = await Browser.start();
    const ada = await browser.open(await host.link(), { name: "Ada" });
    await ada.waitForText("script");
    const click = async (line: number, column: number): Promise<void> => {
      const box = (await ada.page.locator(".xterm-rows > div").nth(line).boundingBox())!;
      const place = [box.x + box.width * column / 80, box.y + box.height / 2] as const;
      await ada.page.mouse.move(place[0] + 1, place[1]);
      await ada.page.mouse.move(...place, { steps: 3 });
      await ada.page.mouse.click(...place);
    };
    const asked = ada.page.locator("dialog .url");
    await click(0, 8);
    await asked.waitFor();
    assert.equal(await asked.textContent(), "http://127.0.0.1:1/plain");
    await ada.button("Cancel").click();
    await click(1, 2);
    await asked.waitFor();
    assert.equal(await asked.textContent(), "http://127.0.0.1:1/hidden");
    const popup = ada.page.context().waitForEvent("page");
    await ada.button("Open").click();
    assert.equal(await (await popup).evaluate("String(opener)"), "null");
    await ada.page.bringToFront();
    await click(2, 2);
    await ada.page.keyboard.press("?");
    await ada.page.getByRole("dialog", { name: "Keys" }).waitFor();
    assert.equal(await asked.count(), 0);
  },
);

testWith(CHROMIUM, "the screen is scaled to the window, and never resized", async () => {
  await using host = showing("stty size", "--size", "120x40");
  await using browser = await Browser.start();
  const ada = await browser.open(await host.link(), { name: "Ada" });
  await ada.waitForText("40 120");
  const fits = async (): Promise<boolean> =>
    await ada.page.evaluate(
      "(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>" +
        " scrollWidth <= clientWidth && scrollHeight <= clientHeight)" +
        "(document.querySelector('.stage'))",
    ) as boolean;
  const large = await fontSize(ada);
  assert.ok(await fits());
  await ada.page.setViewportSize({ width: 640, height: 480 });
  const until = (holds: () => Promise<boolean>): Promise<unknown> =>
    eventually(async () => await holds() || undefined, "the size");
  await until(async () => await fontSize(ada) < large && await fits());
  await ada.page.keyboard.press("1");
  await until(async () => await fontSize(ada) === 14);
  assert.ok(!await fits());
  await ada.page.keyboard.press("0");
  await until(fits);
  assert.equal(await ada.page.locator(".xterm-rows > div").count(), 40);
});

testWith(CHROMIUM, "light and dark follow the system, until somebody chooses", async () => {
  await using host = showing("echo shown");
  await using browser = await Browser.start();
  const ada = await browser.open(await host.link(), { name: "Ada", theme: "dark" });
  await ada.waitForText("shown");
  const ground = async (): Promise<unknown> =>
    await ada.page.evaluate(
      "getComputedStyle(document.querySelector('.stage-screen')).backgroundColor",
    );
  const dark = await ground();
  await ada.page.emulateMedia({ colorScheme: "light" });
  await eventually(async () => await ground() !== dark || undefined, "the light");
  await ada.button("Menu").click();
  await ada.page.getByRole("menuitemcheckbox", { name: "Dark" }).click();
  assert.equal(await ground(), dark);
  await ada.page.reload();
  await ada.waitForText("shown");
  assert.equal(await ground(), dark);
});

testWith(
  CHROMIUM,
  "everything can be reached by keyboard, and the keyboard is never caught",
  async () => {
    await using dir = new TestDir();
    const env = { XDG_RUNTIME_DIR: dir.path };
    await using host = startHeadless({ env });
    await using browser = await Browser.start();
    const ada = await browser.open(await host.link(), { name: "Ada" });
    await ada.waitForText("$");
    assert.equal((await run("ctl", ["grant", "Ada"], { env })).code, 0);
    await ada.button("Give back").waitFor();
    await ada.page.keyboard.type("typed?");
    await ada.waitForText("typed?");
    await ada.page.keyboard.press("Control+]");
    await ada.page.getByRole("menu").waitFor();
    await ada.page.keyboard.press("g");
    assert.equal(await ada.page.evaluate("document.activeElement.textContent"), "Give back");
    await ada.page.keyboard.press("Escape");
    await ada.page.getByRole("menu").waitFor({ state: "detached" });
    await ada.page.keyboard.type("more");
    await ada.waitForText("typed?more");
    await ada.page.keyboard.press("Control+]");
    await ada.page.keyboard.press("g");
    await ada.page.keyboard.press("Enter");
    await ada.button("Request control").waitFor();
  },
);

for (const theme of ["light", "dark"] as const) {
  testWith(CHROMIUM, `axe finds nothing wrong, in the ${theme}`, async () => {
    await using dir = new TestDir();
    const env = { XDG_RUNTIME_DIR: dir.path };
    await using host = startHeadless({ env });
    const link = await host.link();
    const { stdout } = await run("ctl", ["invite", "--role", "admin", "--json"], { env });
    await using browser = await Browser.start();
    const asked = await browser.open(link, { theme });
    await asked.page.getByLabel("What should the others call you?").waitFor();
    assert.deepEqual(await violations(asked), []);
    const ada = await browser.open(link, { name: "Ada", theme });
    await ada.waitForText("$");
    await ada.button("Request control").click();
    await ada.button("Withdraw request").waitFor();
    assert.deepEqual(await violations(ada), []);
    const eve = await browser.open(JSON.parse(stdout).url, { name: "Eve", theme });
    await eve.button("Allow Ada").waitFor();
    await eve.page.keyboard.press("w");
    await eve.page.keyboard.press("Control+Shift+F");
    await eve.page.keyboard.type("$");
    await eve.page.locator(".find-marks > *").first().waitFor();
    assert.deepEqual(await violations(eve), []);
    await eve.page.keyboard.press("Escape");
    await eve.button("Menu").click();
    assert.deepEqual(await violations(eve), []);
    await eve.page.keyboard.press("Escape");
    const wrong = await browser.open(link.slice(0, -150), { theme });
    await wrong.page.getByText("This link is not whole").waitFor();
    assert.deepEqual(await violations(wrong), []);
    assert.equal((await run("ctl", ["stop"], { env })).code, 0);
    await ada.waitForState("Ended");
    assert.deepEqual(await violations(ada), []);
  });
}
