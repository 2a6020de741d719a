/**
 * Control among people at pages of a real browser and at a terminal, in one session.
 */
import assert from "node:assert/strict";
import { Browser } from "./browser.ts";
import {
  barriers,
  CLIPBOARD,
  paste,
  Room,
  type,
  waitForDriver,
  waitToDrive,
} from "./browser_room.ts";
import { eventually, startHost } from "./harness.ts";
import { testWith } from "./needs.ts";
import { Proxy } from "./proxy.ts";

/** A program that has modes set, as full-screen ones do, and shows what bytes it gets. */
const MODES = "stty raw -echo; printf '\\e[?1h\\e[?2004hREADY\\r\\n'; exec cat -v";

testWith(["chromium", "vim"], "people at pages and at a terminal hand control over", async (t) => {
  await using browser = await Browser.start();

  await t.step(
    "one asks, another allows, what is typed arrives, control is given back",
    async () => {
      await using room = await Room.open(browser);
      const [ada, grace] = [await room.join("Ada"), await room.admin("Grace")];
      const bo = await room.watch("Bo");
      await ada.button("Request control").click();
      await bo.waitForText("1 asking");
      await grace.page.getByText("Ada asks for control").first().waitFor();
      await grace.button("Allow Ada").click();
      await waitToDrive(ada);
      await waitForDriver(ada, /^You drive [45]:\d\d$/);
      await waitForDriver(grace, /^Ada drives [45]:\d\d$/);
      await bo.waitForText(/Ada drives [45]:\d\d/);
      await type(ada, "echo what $((6 * 7)) is ü日\n");
      for (const page of [ada, grace]) await page.waitForText("what 42 is ü日");
      await bo.waitForText("what 42 is ü日");
      await ada.button("Give back").click();
      await grace.waitForToast("Ada has given control back");
      await bo.waitForText("Ada has given control back");
      await ada.button("Request control").click();
      await grace.button("Deny Ada").click();
      await ada.waitForToast("Grace says no");
    },
  );

  await t.step("keys and pastes are what the modes of the program make of them", async () => {
    await using room = await Room.open(browser, { command: ["bash", "-c", MODES] });
    const ada = await room.join("Ada", CLIPBOARD);
    await ada.waitForText("READY");
    await room.ctl("grant", "ada");
    await waitToDrive(ada);
    for (const key of ["ArrowUp", "Home", "Control+ArrowUp"]) await ada.page.keyboard.press(key);
    await ada.waitForText("^[OA^[OH^[[1;5A");
    await paste(ada, "one\n\x1b[201~two");
    await ada.page.getByRole("dialog", { name: "Paste 2 lines?" }).waitFor();
    await ada.page.keyboard.press("Enter");
    await ada.waitForText(/A\^\[\[200~one\^M(?:(?!\^\[).)*two\^\[\[201~$/);
  });

  await t.step("a text is written in vim", async () => {
    await using room = await Room.open(browser, { command: ["vim", "-u", "NONE", "-N", "-n"] });
    const ada = await room.join("Ada");
    await ada.waitForText("~");
    await room.ctl("grant", "ada");
    await waitToDrive(ada);
    await type(ada, "ione\ntwo");
    for (const key of ["ArrowUp", "Home", "Delete", "End", "Escape"]) {
      await ada.page.keyboard.press(key);
    }
    await type(ada, "a!");
    await ada.waitForText(/ne!\n.*INSERT/s);
    // An interrupt throws away what vim has not read yet: the next keys wait for it.
    await ada.page.keyboard.press("Control+c");
    await eventually(async () => !(await ada.text()).includes("INSERT") || undefined, "its end");
    await type(ada, `:w ${room.file("text")}\n`);
    const written = await eventually(
      () => Deno.readTextFile(room.file("text")).catch(() => undefined),
      "the file",
    );
    assert.equal(written, "ne!\ntwo\n");
  });

  await t.step(
    "taking control back in mid-typing lets not one more character through",
    async () => {
      await using host = startHost({ args: ["--name", "Grace"], command: ["cat"], rows: 25 });
      await using proxy = new Proxy(new URL(await host.link()).host);
      // Much of what has been typed is still on its way.
      proxy.delayMs = 100;
      const ada = await browser.open(proxy.link(await host.link()), { name: "Ada" });
      await ada.button("Request control").click();
      await host.waitForText(/Ada asks for control/);
      // The question takes an answer only after a moment, lest a key meant for the program be one.
      const answering = setInterval(() => void host.type("\x1by"), 300);
      await waitToDrive(ada).finally(() => clearInterval(answering));
      // Long enough that the page has heard of the end before the last of it.
      const typing = ada.page.keyboard.type("xrpmf/ ".repeat(25), { delay: 5 });
      await host.waitForText("xrpmf/ xrpmf/ ");
      // F12, and then what nobody else can have typed.
      await host.type("\x1b[24~MINE");
      await typing;
      await ada.waitForToast("Grace has taken control back");
      await waitForDriver(ada, /^Grace drives$/);
      await host.type("\r");
      await ada.waitForText(/^(?:\^\[y)*[xrpmf/ ]+MINE\n.*MINE$/);
      // Nor does the rest become a shortcut of the page: r asks, m opens the menu.
      await ada.button("Request control").waitFor();
      assert.equal(await ada.page.getByRole("menu").count(), 0);
      assert.equal(await ada.page.getByRole("search").count(), 0);
      await ada.page.context().close();
    },
  );

  await t.step("a grant counts down, warns before its end, can be longer, and ends", async () => {
    await using room = await Room.open(browser);
    const ada = await room.join("Ada");
    await Promise.all([
      ada.waitForToast("30 s left"),
      waitForDriver(ada, /^You drive 0:3[01]$/),
      room.ctl("grant", "ada", "--for", "32s"),
    ]);
    await ada.page.locator(".drive.urgent").waitFor();
    await ada.button("More time: for how long").click();
    await ada.page.getByRole("menuitem", { name: "15 minutes" }).click();
    await ada.button("Withdraw request").waitFor();
    await room.ctl("grant", "ada");
    await waitForDriver(ada, /^You drive 1[45]:\d\d$/);
    await room.ctl("grant", "ada", "--for", "1s");
    await ada.waitForToast("Your time is over");
    await ada.button("Request control").waitFor();
  });

  for (const theme of ["light", "dark"] as const) {
    await t.step(`who drives meets no barrier that axe knows of, in the ${theme}`, async () => {
      await using room = await Room.open(browser);
      const ada = await room.join("Ada", { ...CLIPBOARD, theme });
      const bo = await room.join("Bo", { theme, touch: true, width: 390, height: 780 });
      await room.ctl("grant", "ada", "--for", "31s");
      await waitToDrive(ada);
      await ada.page.locator(".drive.urgent").waitFor();
      await ada.waitForToast("30 s left");
      assert.deepEqual(await barriers(ada), []);
      await ada.button(/^Who is here/).click();
      assert.deepEqual(await barriers(ada), []);
      await ada.page.keyboard.press("Escape");
      await paste(ada, "one\ntwo");
      await ada.page.getByRole("dialog", { name: "Paste 2 lines?" }).waitFor();
      assert.deepEqual(await barriers(ada), []);
      await room.ctl("grant", "bo");
      await bo.page.getByRole("toolbar", { name: "Keys" }).waitFor();
      assert.deepEqual(await barriers(bo), []);
    });
  }
});
