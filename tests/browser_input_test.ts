/**
 * What is typed on the page of a session: the bytes that the session's program gets.
 */
import assert from "node:assert/strict";
import { Browser, type Page, type PageOptions } from "./browser.ts";
import { CLIPBOARD, clipboard, paste, Room, waitToDrive } from "./browser_room.ts";
import { testWith } from "./needs.ts";

const CHROMIUM = ["chromium"];

const COLS = 160, ROWS = 24;

/** A program that sets modes and shows what it gets, control characters as `^X`. */
function shows(modes: string): readonly string[] {
  return ["sh", "-c", `stty raw -echo; printf '${modes}READY\\r\\n'; exec cat -vT`];
}

/** Somebody at a page who types into a program that shows what it gets. */
async function driver(
  browser: Browser,
  modes: string,
  options: PageOptions = {},
): Promise<AsyncDisposable & { readonly room: Room; readonly page: Page }> {
  const room = await Room.open(browser, {
    command: shows(modes),
    args: ["--size", `${COLS}x${ROWS}`],
  });
  const page = await room.join("Ada", options);
  await page.waitForText("READY");
  await room.ctl("grant", "ada");
  await waitToDrive(page);
  return { room, page, [Symbol.asyncDispose]: () => room[Symbol.asyncDispose]() };
}

testWith(CHROMIUM, "keys, dead ends of the browser among them, go to the program", async () => {
  await using browser = await Browser.start();
  await using ada = await driver(browser, "");
  const { page } = ada.page;
  // What would search, print, open the developer's tools, reload or go to another button.
  for (const key of ["Control+f", "Control+p", "F12", "F5", "Tab", "Shift+Tab", "Control+Space"]) {
    await page.keyboard.press(key);
  }
  await ada.page.waitForText("^F^P^[[24~^[[15~^I^[[Z^@");
  for (const key of ["Alt+x", "Control+ArrowLeft", "Control+Backslash", "Shift+F3", "Delete"]) {
    await page.keyboard.press(key);
  }
  await page.keyboard.type("ß日!");
  await ada.page.waitForText(/\^\[x\^\[\[1;5D\^\\\^\[\[1;2R\^\[\[3~M-CM-\^_M-f/);
});

testWith(CHROMIUM, "what an input method puts together is typed once, at its end", async () => {
  await using browser = await Browser.start();
  await using ada = await driver(browser, "");
  const { page } = ada.page;
  const ime = await page.context().newCDPSession(page);
  const compose = async (text: string): Promise<void> => {
    const at = { selectionStart: text.length, selectionEnd: text.length };
    await ime.send("Input.imeSetComposition", { text, ...at });
  };
  await compose("n");
  await compose("ni");
  await compose("nihao");
  await ime.send("Input.insertText", { text: "you" });
  await page.keyboard.type("!");
  await compose("x");
  await compose("");
  // An on-screen keyboard that tells of no keys.
  await ime.send("Input.insertText", { text: "ab" });
  await page.keyboard.press("Enter");
  await ada.page.waitForText(/^READY\nyou!ab\^M$/);
});

testWith(
  CHROMIUM,
  "the mouse goes to a program that wants it, and selects with Shift",
  async () => {
    await using browser = await Browser.start();
    await using ada = await driver(browser, "\\033[?1002h\\033[?1006h", CLIPBOARD);
    const { page } = ada.page;
    const box = (await page.locator(".stage-layers").boundingBox())!;
    const at = (col: number, row: number): [number, number] => [
      box.x + box.width / COLS * (col + 0.5),
      box.y + box.height / ROWS * (row + 0.5),
    ];
    await page.mouse.move(...at(10, 5));
    await page.mouse.down();
    await page.mouse.move(...at(12, 5), { steps: 3 });
    await page.mouse.up();
    await ada.page.waitForText("^[[<0;11;6M^[[<32;12;6M^[[<32;13;6M^[[<0;13;6m");
    await page.mouse.click(...at(1, 1), { button: "right" });
    await page.mouse.wheel(0, 100);
    await page.mouse.wheel(0, -100);
    await ada.page.waitForText(/\[<2;2;2M\^\[\[<2;2;2m\^\[\[<65;2;2M\^\[\[<64;2;2M$/);
    await page.keyboard.down("Shift");
    await page.mouse.move(...at(0, 0));
    await page.mouse.down();
    await page.mouse.move(...at(5, 0), { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await page.keyboard.press("Control+c");
    await ada.page.waitForToast("Copied");
    assert.equal(await clipboard(ada.page), "READY");
    // With nothing selected it is the program's.
    await page.keyboard.press("Control+c");
    await ada.page.waitForText(/\^C$/);
  },
);

testWith(
  CHROMIUM,
  "without a wish for the mouse, the wheel of a full screen is its arrow keys",
  async () => {
    await using browser = await Browser.start();
    await using ada = await driver(browser, "\\033[?1049h\\033[?1h");
    const { page } = ada.page;
    const box = (await page.locator(".stage-layers").boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + 20);
    await page.mouse.wheel(0, 100);
    await ada.page.waitForText("^[OB^[OB^[OB");
  },
);

testWith(
  CHROMIUM,
  "one line is pasted at once, several are asked about, and too much is refused",
  async () => {
    await using browser = await Browser.start();
    await using ada = await driver(browser, "", CLIPBOARD);
    const { page } = ada.page;
    await paste(ada.page, "plain");
    await ada.page.waitForText(/plain$/);
    await paste(ada.page, "one\ntwo");
    const dialog = page.getByRole("dialog", { name: "Paste 2 lines?" });
    await dialog.getByText("one").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await paste(ada.page, "three\nfour");
    await dialog.waitFor();
    await page.keyboard.press("Enter");
    await ada.page.waitForText(/plainthree\^Mfour$/);
    await paste(ada.page, "x".repeat(128 * 1_024 + 1));
    await ada.page.waitForToast("That is 129 KB: at most 128 KB can be pasted at a time");
    await page.keyboard.type("!");
    await ada.page.waitForText(/four!$/);
  },
);

testWith(
  CHROMIUM,
  "a paste that is asked about is not pasted by who lost control meanwhile",
  async () => {
    await using browser = await Browser.start();
    await using ada = await driver(browser, "", CLIPBOARD);
    const { page } = ada.page;
    await paste(ada.page, "one\ntwo");
    const dialog = page.getByRole("dialog", { name: "Paste 2 lines?" });
    await dialog.waitFor();
    await ada.room.ctl("mode", "presenter");
    await dialog.waitFor({ state: "detached" });
    await ada.room.ctl("grant", "ada");
    await waitToDrive(ada.page);
    await page.keyboard.type("mine");
    await ada.page.waitForText(/^READY\nmine$/);
  },
);

testWith(CHROMIUM, "Ctrl-] gives the keyboard to the page, and back", async () => {
  await using browser = await Browser.start();
  await using ada = await driver(browser, "");
  const { page } = ada.page;
  await page.keyboard.type("a");
  await page.keyboard.press("Control+BracketRight");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await page.keyboard.type("b");
  await ada.page.waitForText(/^READY\nab$/);
});

testWith(CHROMIUM, "a phone has the keys that its keyboard lacks, taps, and pinches", async () => {
  await using browser = await Browser.start();
  const phone: PageOptions = { width: 390, height: 780, touch: true };
  await using ada = await driver(browser, "\\033[?1000h\\033[?1006h", phone);
  const { page } = ada.page;
  const keys = page.getByRole("toolbar", { name: "Keys" });
  await keys.getByRole("button", { name: "Esc" }).tap();
  await keys.getByRole("button", { name: "Ctrl, for the next key" }).tap();
  await page.keyboard.type("c");
  await keys.getByRole("button", { name: "Up" }).tap();
  await keys.getByRole("button", { name: "Vertical bar" }).tap();
  await keys.getByRole("button", { name: "Alt, for the next key" }).tap();
  await keys.getByRole("button", { name: "Slash" }).tap();
  await page.keyboard.type("c");
  await ada.page.waitForText("^[^C^[[A|^[/c");
  const box = (await page.locator(".stage-layers").boundingBox())!;
  await page.touchscreen.tap(box.x + box.width / COLS * 2.5, box.y + box.height / ROWS * 1.5);
  await ada.page.waitForText(/\^\[\[<0;3;2M\^\[\[<0;3;2m$/);
  await pinch(page, { x: 195, y: box.y + box.height / 2 });
  const larger = (await page.locator(".stage-layers").boundingBox())!;
  assert.ok(larger.width > box.width * 1.5, `${larger.width} of ${box.width}`);
});

/** Two fingers, twice as far apart in the end. */
async function pinch(
  page: Page["page"],
  middle: { readonly x: number; readonly y: number },
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = async (
    type: "touchStart" | "touchMove" | "touchEnd",
    apart: number,
  ): Promise<void> => {
    const touchPoints = type === "touchEnd" ? [] : [
      { x: middle.x - apart, y: middle.y, id: 1 },
      { x: middle.x + apart, y: middle.y, id: 2 },
    ];
    await session.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
  await touch("touchStart", 50);
  for (let apart = 50; apart <= 100; apart += 10) await touch("touchMove", apart);
  await touch("touchEnd", 0);
}
