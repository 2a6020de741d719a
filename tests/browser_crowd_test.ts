/**
 * What people at pages of a real browser see of one another, and of who may type.
 */
import assert from "node:assert/strict";
import { Browser } from "./browser.ts";
import { Room, type, waitForDriver, waitToDrive } from "./browser_room.ts";
import { startWatch } from "./harness.ts";
import { testWith } from "./needs.ts";

testWith(["chromium"], "people at pages see one another", async (t) => {
  await using browser = await Browser.start();

  await t.step("everybody sees where somebody points, and whose pointer it is", async () => {
    await using room = await Room.open(browser);
    const [ada, grace] = [await room.join("Ada"), await room.join("Grace", { width: 900 })];
    const bo = await room.watch("Bo");
    const cell = (await ada.page.locator(".stage-layers").boundingBox())!;
    const [x, y] = [cell.width * (20.5 / 80), cell.height * (7.5 / 24)];
    await ada.page.mouse.click(cell.x + x, cell.y + y);
    const pointer = grace.page.locator(".pointer", { hasText: /^Ada$/ });
    await pointer.waitFor();
    const [at, screen] = [
      (await pointer.locator("svg").boundingBox())!,
      (await grace.page.locator(".stage-layers").boundingBox())!,
    ];
    assert.equal(Math.floor((at.x - screen.x) / screen.width * 80), 20);
    assert.equal(Math.floor((at.y - screen.y) / screen.height * 24), 7);
    await bo.waitForText(/^.{19,22}Ada/m);
    await bo.type("p");
    await bo.type("\x1b[C");
    await ada.page.locator(".pointer", { hasText: /^Bo$/ }).waitFor();
  });

  await t.step(
    "who is here is listed; an admin hands over, to the agent too, and removes",
    async () => {
      await using room = await Room.open(browser, { args: ["--name", "Lin"] });
      const [ada, grace] = [await room.join("Ada"), await room.admin("Grace")];
      await room.join("Eve", {}, await room.ctl("invite", "--role", "view"));
      await using agent = startWatch(await room.ctl("invite", "--role", "agent"), {
        args: ["--agent", "--name", "Tidy"],
      });
      await agent.waitForText(/Lin drives/);
      await ada.button(/^Who is here/).click();
      const people = ada.page.getByRole("complementary", { name: "Who is here" });
      await people.getByText("Who is here (5)").waitFor();
      const rows = await people.getByRole("listitem").allInnerTexts();
      assert.deepEqual(rows.map((row) => row.replaceAll(/\s+/g, " ")).toSorted(), [
        "A Ada (you) can ask for control",
        "E Eve can watch",
        "G Grace can do everything",
        "L Lin drives",
        "Tidy agent",
      ]);
      await grace.button("Let the agent drive").click();
      await waitForDriver(ada, /^Tidy \(agent\) drives/);
      await grace.button(/^Who is here/).click();
      await grace.button("What to do with Ada").click();
      await grace.page.getByRole("menuitem", { name: "Until taken back" }).click();
      await waitForDriver(ada, /^You drive$/);
      await grace.button("What to do with Eve").click();
      assert.equal(
        await grace.page.getByRole("menuitem").count(),
        1,
        "who only watches is given it",
      );
      await grace.page.keyboard.press("Escape");
      await grace.button("Take control").click();
      await waitForDriver(ada, /^Grace drives$/);
      await grace.button("What to do with Ada").click();
      await grace.page.getByRole("menuitem", { name: "Remove from the session" }).click();
      await grace.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await ada.page.getByRole("heading", { name: "You were removed" }).waitFor();
      await ada.page.reload();
      await ada.page.getByRole("heading", { name: "This link does not work" }).waitFor();
    },
  );

  await t.step("while input is paused nobody types, and the page says so", async () => {
    await using room = await Room.open(browser, { args: ["--mode", "collaborative"] });
    const [ada, grace] = [await room.join("Ada"), await room.admin("Grace")];
    await waitToDrive(ada);
    await type(ada, "echo a");
    await ada.waitForText("echo a");
    await grace.button("Pause input").click();
    await waitForDriver(ada, /^Input is paused$/);
    await type(ada, "y");
    await grace.button("Collaborative").click();
    await waitToDrive(ada);
    await type(ada, "b\n");
    await ada.waitForText(/^ab$/m);
  });

  await t.step(
    "while sharing is paused nothing of the screen is there, and the page says so",
    async () => {
      await using room = await Room.open(browser, { args: ["--mode", "collaborative"] });
      const ada = await room.join("Ada");
      await type(ada, "echo sec''ret\n");
      await ada.waitForText("secret");
      await room.ctl("pause");
      await ada.waitForState("Paused");
      await ada.waitForToast("The presenter has paused sharing");
      await ada.waitForText(/paused/i);
      assert.doesNotMatch(await ada.page.locator("body").innerText(), /sec/);
      await room.ctl("resume");
      await ada.waitForState("Live");
      await ada.waitForText("secret");
    },
  );
});
