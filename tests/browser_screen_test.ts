/**
 * What a page shows of a session's screen, beside what `collab watch` shows of it; and what a hostile session does to a
 * page.
 */
import assert from "node:assert/strict";
import { Browser, type Page } from "./browser.ts";
import { CLIPBOARD, clipboard, Room } from "./browser_room.ts";
import { rowText } from "../format/row.ts";
import { eventually, type Terminal, TestDir } from "./harness.ts";
import { testWith } from "./needs.ts";

const COLS = 200, ROWS = 60;

/** Prints everything that is hard to draw at its place. */
const HARD = [
  "printf '\\e[2J\\e[H'",
  "printf '日本語のテキスト|中文字符|한국어|ｆｕｌｌ\\n'",
  "printf '🎉|👩‍👩‍👧|🇩🇪|👍🏽|❤️|☃|e\\u0301|ﷺ|\\u200bx\\n'",
  "for i in {0..15}; do printf '\\e[38;5;%dm%02d\\e[48;5;%dm  \\e[m' $i $i $i; done; echo",
  "printf '\\e[1mbold\\e[m \\e[2mdim\\e[m \\e[3mitalic\\e[m \\e[4munder\\e[m \\e[7mback\\e[m \\e[9mgone\\e[m\\n'",
  "printf '\\e[38;2;250;120;10mtrue\\e[m \\e[31;1mred\\e[m\\tafter a tab\\n'",
  "printf '%0199d日\\n' 0", // a wide character that has no room at the end of its line
  "printf '┌──┬──┐│▁▂▃▄▅▆▇█│░▒▓│⠋⠙⠹│└──┴──┘\\n'",
  "printf '\\e[60;190Hcorner\\e[30;100HHERE'",
].join("; ");

/** Waits until both show the same, with a text in it; returns it. */
async function sameText(page: Page, terminal: Terminal, text: string): Promise<string> {
  await terminal.waitForText(text);
  // Joiners are for browsers: on a terminal they would make one picture of two, at another width.
  const theirs = (): string => terminal.frame.lines.slice(0, -1).map(rowText).join("\n").trimEnd();
  let shown = "";
  await eventually(
    async () => (shown = (await page.text()).replaceAll("\u200d", "")) === theirs() || undefined,
    "the same text",
  ).catch(() => assert.equal(shown, theirs()));
  return shown;
}

/** What a session could try on those who watch. */
const ATTACKS = [
  "\\e]52;c;aGFja2Vk\\a\\e]52;c;?\\a", // writes and reads the clipboard
  "\\e[c\\e[>c\\e[5n\\e[6n\\e[21t\\e]10;?\\a\\eP$qm\\e\\\\", // asks
  "\\e]0;</title><script>hacked=1</script>\\a",
  "\\e[2147483647S\\e[9999999b",
  "\\e]8;;javascript:window.hacked=1\\aSCRIPT\\e]8;;\\a ",
  "\\e]8;;file:///etc/passwd\\aFILE\\e]8;;\\a ",
  "\\e]8;;https://a.example\\aWEB\\e]8;;\\a",
];

/** Does all of that once Enter is pressed, and then repeats what is typed. */
const HOSTILE = `stty -echo; read; printf '${ATTACKS.join("")}\\r\\nthe end\\r\\n'; exec cat`;

testWith(["chromium", "vim"], "a page shows what the session's program draws", async (t) => {
  await using browser = await Browser.start();

  await t.step(
    "wide characters, pictures, colours and vim are where the terminal viewer has them",
    async () => {
      await using dir = new TestDir();
      const text = Array.from(
        { length: 90 },
        (_, i) => `const 行${i} = "🎉 ${i}"; // ${"日本".repeat(i)}`,
      );
      await Deno.writeTextFile(dir.file("wide.ts"), text.join("\n"));
      const options = "-u NONE -N -n -c 'syntax on' -c 'set number filetype=typescript' +45";
      await using room = await Room.open(browser, {
        args: ["--size", `${COLS}x${ROWS}`, "--mode", "collaborative"],
        command: ["bash", "-c", `${HARD}; read; exec vim ${options} ${dir.file("wide.ts")}`],
      });
      const ada = await room.join("Ada", { theme: "dark", width: 1600, height: 1000 });
      const bo = await room.watch("Bo", { cols: COLS, rows: ROWS + 1 });
      const hard = await sameText(ada, bo, "HERE");
      assert.match(hard, /日本語のテキスト\|中文字符/);
      const classes = async (shown: string): Promise<string> => {
        const span = ada.page.locator(".xterm-rows span", { hasText: new RegExp(`^${shown}`) });
        return `${await span.getAttribute("class")} ${await span.getAttribute("style")}`;
      };
      assert.match(await classes("red"), /xterm-bold.*xterm-fg-(?:1|9)\b/);
      assert.match(await classes("true"), /(?:rgb\(250, 120, 10\)|#fa780a)/);
      assert.match(await classes("under"), /xterm-underline/);
      await ada.page.keyboard.press("Enter");
      await sameText(ada, bo, "const 行45 =");
    },
  );

  await t.step(
    "what a hostile session prints is drawn, and does nothing else to the page",
    async () => {
      await using room = await Room.open(browser, {
        args: ["--title", "Deploy", "--mode", "collaborative"],
        command: ["bash", "-c", HOSTILE],
      });
      const ada = await room.join("Ada", CLIPBOARD);
      await ada.page.evaluate("navigator.clipboard.writeText('mine')");
      await ada.page.evaluate("window.opened = []; window.open = (url) => void opened.push(url)");
      await ada.page.keyboard.press("Enter");
      await ada.waitForText("the end");
      await ada.page.keyboard.type("\nstill here\n");
      await ada.waitForText(/^still here$/m);
      assert.equal(await clipboard(ada), "mine");
      assert.equal(await ada.page.title(), "You type: Deploy");
      const rows = (await ada.text()).split("\n");
      const row = rows.findIndex((line) => line.startsWith("SCRIPT"));
      const screen = (await ada.page.locator(".stage-layers").boundingBox())!;
      const click = async (text: string): Promise<void> => {
        const x = screen.x + (rows[row]!.indexOf(text) + 1.5) * screen.width / 80;
        const y = screen.y + (row + 0.5) * screen.height / 24;
        await ada.page.mouse.move(x, y);
        await ada.page.mouse.click(x, y);
      };
      await click("SCRIPT");
      await click("FILE");
      assert.equal(await ada.page.getByRole("dialog").count(), 0);
      // As it would have been.
      await click("WEB");
      await ada.page.getByRole("dialog", { name: "Open this link?" }).waitFor();
      const done = "[String(window.hacked), opened.length, location.hash]";
      assert.deepEqual(await ada.page.evaluate(done), ["undefined", 0, ""]);
    },
  );
});
