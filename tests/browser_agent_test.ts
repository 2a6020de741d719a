/**
 * People at pages of a real browser, and an agent among them.
 */
import assert from "node:assert/strict";
import { joinSession } from "../agent/client.ts";
import { Browser, type Page } from "./browser.ts";
import { Room, waitForDriver, waitToDrive } from "./browser_room.ts";
import { testWith } from "./needs.ts";

/** Chooses something from the page's menu. */
async function choose(page: Page, item: string): Promise<void> {
  await page.button("Menu").click();
  await page.page.getByRole("menuitem", { name: item })
    .or(page.page.getByRole("menuitemcheckbox", { name: item })).click();
}

testWith(
  ["chromium"],
  "an admin's page lets the next agent drive, and notes are read on every page",
  async () => {
    await using browser = await Browser.start();
    await using room = await Room.open(browser);
    const grace = await room.admin("Grace");
    const ada = await room.join("Ada");
    await choose(grace, "The agent drives, or the next that comes");
    await using agent = await joinSession(await room.link(), { name: "Claude" });
    await waitForDriver(grace, /^Claude \(agent\) drives$/);
    assert.ok(agent.holder.you);
    await room.ctl("take", "--note", "let me look at line 3");
    await ada.waitForToast(/has taken control back: let me look at line 3/);
    await room.ctl("hand-back");
    await agent.waitFor({ quiet: 1 });
    await choose(grace, "The agent drives, or the next that comes");
    await waitForDriver(ada, /^(?!Claude)/);
    await room.ctl("grant", "Ada", "--note", "you try");
    await ada.waitForToast(/^You drive now.*: you try$/);
    await waitToDrive(ada);
    await choose(ada, "Give back with a note");
    const { page } = ada;
    const dialog = page.getByRole("dialog", { name: "Give control back" });
    await dialog.getByRole("textbox", { name: "A note" }).waitFor();
    await page.keyboard.type("it was the comma");
    await page.keyboard.press("Enter");
    await grace.waitForToast("Ada has given control back: it was the comma");
    assert.equal(await dialog.count(), 0);
  },
);
