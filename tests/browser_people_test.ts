/**
 * People in a session, some of them in browsers.
 */
import assert from "node:assert/strict";
import { Browser, type Page } from "./browser.ts";
import { type HeadlessHost, run, startHeadless, startWatch, TestDir } from "./harness.ts";
import { testWith } from "./needs.ts";

const CHROMIUM = ["chromium"];

/** A session without a terminal, and what its presenter does. */
class Desk implements AsyncDisposable {
  readonly #dir = new TestDir();
  readonly env = { XDG_RUNTIME_DIR: this.#dir.path };
  readonly host: HeadlessHost;

  constructor(...args: readonly string[]) {
    this.host = startHeadless({ env: this.env, args: ["--name", "Grace", ...args] });
  }

  async ctl(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await run("ctl", args, { env: this.env });
    assert.equal(code, 0, stderr);
    return stdout;
  }

  /** Another link. */
  async invite(role: string): Promise<string> {
    return JSON.parse(await this.ctl("invite", "--role", role, "--json")).url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    await this.#dir[Symbol.asyncDispose]();
  }
}

/** Presses keys as a person does: what is typed goes wherever the page puts it. */
async function type(page: Page, text: string): Promise<void> {
  await page.page.keyboard.type(text);
}

testWith(
  CHROMIUM,
  "a page asks, is given control, types into the shell, and gives it back",
  async () => {
    await using desk = new Desk();
    const link = await desk.host.link();
    await using browser = await Browser.start();
    const ada = await browser.open(link, { name: "Ada" });
    const eve = await browser.open(await desk.invite("admin"), { name: "Eve" });
    await using watch = startWatch(link, { rows: 25 });
    await ada.waitForText("$");
    await watch.waitForText("$");
    await type(ada, "r");
    await ada.button("Withdraw request").waitFor();
    await eve.page.locator(".request", { hasText: "Ada asks for control" }).waitFor();
    await eve.button("Allow Ada").click();
    await ada.waitForToast("You drive now for 5 min");
    await ada.page.locator(".drive", { hasText: /^You drive 4:5\d|You drive 5:00$/ }).waitFor();
    await eve.page.locator(".drive", { hasText: "Ada drives" }).waitFor();
    await type(ada, "echo typed $((40 + 2)) here");
    await ada.page.keyboard.press("Enter");
    for (const page of [ada, eve]) await page.waitForText("typed 42 here");
    await watch.waitForText("typed 42 here");
    await ada.button("Give back").click();
    await ada.button("Request control").waitFor();
    await type(ada, "rm -rf nothing");
    assert.doesNotMatch(await ada.text(), /rm -rf/);
  },
);

testWith(
  CHROMIUM,
  "control that is taken back in the middle of typing stops it at once",
  async () => {
    await using desk = new Desk();
    await using browser = await Browser.start();
    const ada = await browser.open(await desk.host.link(), { name: "Ada" });
    await ada.waitForText("$");
    await desk.ctl("grant", "Ada");
    await ada.button("Give back").waitFor();
    const typing = type(ada, "x".repeat(2_000));
    await ada.waitForText("xxx");
    await desk.ctl("revoke");
    await ada.button("Request control").waitFor();
    await typing;
    const typed = (text: string): number => text.split("x").length - 1;
    const then = typed(await ada.text());
    assert.ok(then < 2_000, "all of it was typed");
    await desk.ctl("grant", "Ada");
    await ada.button("Give back").waitFor();
    await type(ada, "END");
    // It may be at the end of a row.
    await ada.waitForText(/E\s*N\s*D/);
    assert.equal(typed(await ada.text()), then, "something was typed late");
  },
);

testWith(
  CHROMIUM,
  "everyone types in a collaborative session, but for who may only watch",
  async () => {
    await using desk = new Desk();
    await using browser = await Browser.start();
    const ada = await browser.open(await desk.host.link(), { name: "Ada" });
    const bo = await browser.open(await desk.invite("view"), { name: "Bo" });
    for (const page of [ada, bo]) await page.waitForText("$");
    await desk.ctl("mode", "collaborative");
    for (const page of [ada, bo]) {
      await page.page.locator(".drive", { hasText: "Everyone may type" }).waitFor();
    }
    await type(bo, "from bo;");
    await type(ada, "from ada;");
    await ada.waitForText("from ada;");
    assert.doesNotMatch(await ada.text(), /from bo/);
  },
);

testWith(
  CHROMIUM,
  "where somebody clicks is seen by the others, with a name, until it fades",
  async () => {
    await using desk = new Desk();
    await using browser = await Browser.start();
    const link = await desk.host.link();
    const [ada, bo] = [
      await browser.open(link, { name: "Ada" }),
      await browser.open(link, { name: "Bo", width: 700, height: 500 }),
    ];
    for (const page of [ada, bo]) await page.waitForText("$");
    const at = async (page: Page, selector: string): Promise<{ x: number; y: number }> => {
      const [pointer, screen] = await Promise.all([
        page.page.locator(selector).boundingBox(),
        page.page.locator(".stage-layers").boundingBox(),
      ]);
      const x = (pointer!.x - screen!.x) / screen!.width,
        y = (pointer!.y - screen!.y) / screen!.height;
      return { x: Math.round(x * 80), y: Math.round(y * 24) };
    };
    const screen = ada.page.locator(".stage-layers");
    const { width, height } = (await screen.boundingBox())!;
    await ada.page.locator(".xterm-screen").click({
      position: { x: width * 40.5 / 80, y: height * 12.5 / 24 },
    });
    const pointer = bo.page.locator(".pointer", { hasText: "Ada" });
    await pointer.waitFor();
    const seen = await at(bo, ".pointer");
    assert.ok(Math.abs(seen.x - 40) <= 1 && Math.abs(seen.y - 12) <= 1, JSON.stringify(seen));
    await pointer.waitFor({ state: "detached" });
  },
);

testWith(CHROMIUM, "pasting several lines asks first", async () => {
  await using desk = new Desk();
  await using browser = await Browser.start();
  const ada = await browser.open(await desk.host.link(), {
    name: "Ada",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await ada.waitForText("$");
  await desk.ctl("grant", "Ada");
  await ada.button("Give back").waitFor();
  const paste = async (text: string): Promise<void> => {
    await ada.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await ada.page.keyboard.press("Control+Shift+V");
  };
  await paste("echo one $((1 + 1))");
  await ada.waitForText("echo one $((1 + 1))");
  await ada.page.keyboard.press("Enter");
  await ada.waitForText(/^one 2$/m);
  await paste("echo three\necho four");
  await ada.page.getByText("Paste 2 lines?").waitFor();
  await ada.button("Cancel").click();
  await type(ada, "echo five $((2 + 3))\n");
  await ada.waitForText(/^five 5$/m);
  assert.doesNotMatch(await ada.text(), /three|four/);
});

testWith(
  CHROMIUM,
  "an admin sees who is here, invites, hands over, removes, and withdraws",
  async () => {
    await using desk = new Desk();
    await using browser = await Browser.start();
    const ada = await browser.open(await desk.host.link(), { name: "Ada" });
    const eve = await browser.open(await desk.invite("admin"), { name: "Eve" });
    for (const page of [ada, eve]) await page.waitForText("$");
    await type(eve, "w");
    const people = eve.page.locator(".people");
    await people.getByRole("heading", { name: "Who is here (3)" }).waitFor();
    await eve.button("Invite").click();
    await eve.page.getByRole("menuitem", { name: "Watches" }).click();
    const invited = await eve.page.getByLabel("The link").inputValue();
    await eve.button("Close").last().click();
    const bo = await browser.open(invited, { name: "Bo" });
    await bo.waitForText("$");
    assert.equal(await bo.button("Request control").count(), 0);
    await eve.button("What to do with Ada").click();
    await eve.page.getByRole("menuitem", { name: "For 15 minutes" }).click();
    await ada.waitForToast("You drive now for 15 min");
    await eve.button("What to do with Bo").click();
    await eve.page.getByRole("menuitem", { name: "Remove from the session" }).click();
    await eve.button("Remove").click();
    await bo.waitForState("Ended");
    await bo.page.getByText("The presenter has removed you from the session.").waitFor();
    await people.getByRole("heading", { name: "Who is here (3)" }).waitFor();
    // The link would let Bo in again.
    const again = await browser.open(invited, { name: "Bo" });
    await again.waitForText("$");
    await eve.button("Invite").click();
    await eve.page.getByRole("menuitem", { name: /^To watch/ }).click();
    assert.equal(await eve.page.getByLabel("The link").inputValue(), invited);
    await eve.button("Withdraw").click();
    await eve.button("Withdraw").click();
    await again.waitForState("Ended");
    await again.page.getByText("The presenter has withdrawn this link").waitFor();
    await people.getByRole("heading", { name: "Who is here (3)" }).waitFor();
    await eve.button("Invite").click();
    assert.equal(await eve.page.getByRole("menuitem", { name: /^To watch/ }).count(), 0);
  },
);
