/**
 * Pages on a bad network: cuts, long ways, losses, floods.
 */
import assert from "node:assert/strict";
import { Browser, type Page } from "./browser.ts";
import { Room, waitForDriver, waitToDrive } from "./browser_room.ts";
import { eventually } from "./harness.ts";
import { testWith } from "./needs.ts";
import { Proxy } from "./proxy.ts";

/** So many characters, each another one: whatever is left out, doubled or swapped shows. */
function characters(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => String.fromCodePoint(0x4e00 + i));
}

/** Types one after the other, as a person does who types fast. */
async function typeEach(page: Page, chars: readonly string[], delayMs = 8): Promise<void> {
  for (const char of chars) {
    await page.page.keyboard.type(char, { delay: delayMs });
  }
}

testWith(["chromium"], "a page on a bad network goes on", async (t) => {
  await using browser = await Browser.start();

  await t.step(
    "cut off while typing it comes back by itself, drives on, and types nothing twice",
    async () => {
      await using room = await Room.open(browser, {
        command: ["sh", "-c", "stty -icanon -echo; cat"],
      });
      const link = await room.link();
      await using proxy = new Proxy(new URL(link).host);
      const ada = await room.join("Ada", {}, proxy.link(link));
      await room.ctl("grant", "ada");
      await waitToDrive(ada);
      // Few enough that they are typed before the grace of whoever is cut off is over.
      const chars = characters(60);
      const typing = typeEach(ada, chars);
      await ada.waitForText(chars[10]!);
      proxy.refuse();
      await ada.waitForState("Reconnecting");
      await typing;
      proxy.flow();
      await waitToDrive(ada);
      await ada.waitForState("Live");
      await typeEach(ada, ["終"]);
      await ada.waitForText("終");
      const typed = [...(await ada.text()).replaceAll("\n", "")];
      const places = typed.slice(0, -1).map((char) => chars.indexOf(char));
      assert.ok(places.length > 10 && places.length < chars.length, `${places.length} came`);
      // In order, each once, and nothing of what was typed while there was no connection.
      assert.deepEqual(places, places.map((_, i) => i));
    },
  );

  await t.step(
    "with 200 ms and 2 % loss it is handed control, types in order, and stays live",
    async () => {
      await using room = await Room.open(browser, {
        command: ["sh", "-c", "stty -icanon -echo; cat"],
      });
      const link = await room.link();
      await using proxy = new Proxy(new URL(link).host);
      proxy.delayMs = 100;
      proxy.loss = 0.02;
      const [ada, grace] = [
        await room.join("Ada", {}, proxy.link(link)),
        await room.admin("Grace"),
      ];
      await ada.button("Request control").click();
      await grace.button("Allow Ada").click();
      await waitToDrive(ada);
      const chars = characters(200);
      await typeEach(ada, chars);
      await ada.waitForText(chars.at(-1)!);
      assert.equal((await grace.text()).replaceAll("\n", ""), chars.join(""));
      assert.equal((await ada.text()).replaceAll("\n", ""), chars.join(""));
      await ada.waitForState("Live");
      await ada.button("Give back").click();
      await waitForDriver(ada, /drives$/);
    },
  );

  await t.step(
    "of a flood it skips what it cannot show, and is at the present when the flood is",
    async () => {
      await using room = await Room.open(browser);
      const link = await room.link();
      await using proxy = new Proxy(new URL(link).host);
      const [ada, grace] = [
        await room.join("Ada", {}, proxy.link(link)),
        await room.admin("Grace"),
      ];
      proxy.delayMs = 100;
      proxy.loss = 0.02;
      await grace.button("Take control").click();
      await waitToDrive(grace);
      await grace.page.keyboard.type("seq 1 200000; echo flood $((1 + 1)) over\n");
      const before = proxy.bytesDown;
      await grace.waitForText("flood 2 over");
      const overMs = performance.now();
      await ada.waitForText("flood 2 over");
      assert.ok(performance.now() - overMs < 3_000, `${performance.now() - overMs} ms late`);
      const bytes = proxy.bytesDown - before;
      assert.ok(bytes < 1_288_895 / 2, `${bytes} bytes of 1,288,895`);
      await ada.waitForState("Live");
      await grace.page.keyboard.type("clear\n");
      await eventually(async () => /^\$$/.test(await ada.text()) || undefined, "the prompt");
    },
  );
});
