/**
 * A pane of one's own, at a page of a real browser and in a real tmux.
 */
import assert from "node:assert/strict";
import { Browser } from "./browser.ts";
import { Room, type, waitForDriver } from "./browser_room.ts";
import { eventually } from "./harness.ts";
import { testWith } from "./needs.ts";
import { TmuxServer } from "./tmux.ts";

testWith(
  ["chromium", "tmux"],
  "who asks for a pane at a page types into it, and nowhere else",
  async () => {
    await using browser = await Browser.start();
    await using tmux = new TmuxServer();
    await using room = await Room.open(browser, {
      args: ["-L", tmux.name, "--tmux", "work", "--panes"],
      env: tmux.env,
    });
    const [ada, grace] = [await room.join("Ada"), await room.admin("Grace")];
    await ada.button("Menu").click();
    await ada.page.getByRole("menuitem", { name: "Ask for a pane of your own" }).click();
    await grace.page.getByText("Ada asks for a pane").first().waitFor();
    await grace.button("Allow Ada").click();
    await waitForDriver(ada, /^You type in your pane$/);
    await ada.page.locator(".stage.typing").waitFor();
    await type(ada, "echo in $((6 * 7))\n");
    for (const page of [ada, grace]) await page.waitForText("in 42");
    await tmux.shows("%1", "in 42");
    assert.doesNotMatch(await tmux.screen("%0"), /echo/);
    await ada.button("Menu").click();
    await ada.page.getByRole("menuitem", { name: "Give up your pane" }).click();
    await waitForDriver(ada, /drives$/);
    await eventually(async () => (await tmux.panes()).length === 1 || undefined, "the pane's end");
  },
);
