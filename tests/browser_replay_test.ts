/**
 * `collab replay --web`: recordings on a page, in a browser.
 */
import assert from "node:assert/strict";
import axe from "axe-core";
import { gzipSync } from "node:zlib";
import { Browser, type Page, type PageOptions } from "./browser.ts";
import { eventually, fromSource, run, Terminal, TestDir } from "./harness.ts";
import { testWith } from "./needs.ts";

const CHROMIUM = ["chromium"];

/** Lines of a recording. */
function cast(...lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

const HEADER = { version: 3, term: { cols: 60, rows: 12 }, title: "Disk full" };

/** What programs draw: colours, wide characters, wraps, scrolling, the alternate screen, another size. */
const DRAWN = cast(
  HEADER,
  [0.5, "o", "$ \x1b[1;31mred\x1b[m 日本 🎉 e\u0301\r\n"],
  [1, "o", `${"0123456789".repeat(8)}\r\n`],
  [1, "o", Array.from({ length: 20 }, (_, i) => `line ${i}\r\n`).join("")],
  [1, "o", "\x1b[3;8r\x1b[8;1Hscrolled\r\n\r\nregion\x1b[r"],
  [1, "o", "\x1b[?1049h\x1b[2J\x1b[4;10H\x1b[7m over all \x1b[m"],
  [1, "r", "80x16"],
  [1, "o", "\x1b[16;70Hat the end"],
  [1, "o", "\x1b[?1049l after it"],
  [1, "r", "40x8"],
  [1, "o", "\r\n\x1b[2Klast"],
);

/** People come, ask, drive, point and leave; ten seconds. */
const PEOPLE = cast(
  HEADER,
  [
    0,
    "p",
    JSON.stringify({ kind: "join", id: "host", name: "Grace", role: "presenter", color: 0 }),
  ],
  [0, "c", JSON.stringify({ kind: "state", mode: "presenter", turn: 1, requests: [] })],
  [1, "o", "one fish\r\n"],
  [0, "p", JSON.stringify({ kind: "join", id: "p1", name: "Ada", role: "control", color: 3 })],
  [1, "m", "it begins"],
  [
    0,
    "c",
    JSON.stringify({
      kind: "grant",
      id: "p1",
      by: "host",
      mode: "participant",
      holder: "p1",
      turn: 2,
    }),
  ],
  [2, "o", "two fish\r\n"],
  [0, "u", JSON.stringify({ id: "p1", x: 5, y: 1 })],
  [
    2,
    "c",
    JSON.stringify({
      kind: "revoke",
      id: "p1",
      by: "p1",
      why: "yielded",
      mode: "presenter",
      turn: 3,
    }),
  ],
  [2, "m", "it ends"],
  [1, "o", "red fish\r\n"],
  [1, "x", "3"],
);

/** A recording that is shown in a browser. */
class Shown implements AsyncDisposable {
  static async of(
    recording: string | Uint8Array,
    options: { readonly args?: readonly string[]; readonly page?: PageOptions } = {},
  ): Promise<Shown> {
    const dir = new TestDir(), file = dir.file("a.cast");
    const bytes = typeof recording === "string" ? new TextEncoder().encode(recording) : recording;
    await Deno.writeFile(file, bytes);
    const args = ["--web", ...options.args ?? [], file];
    const terminal = new Terminal(fromSource("replay", ...args), { rows: 10, cols: 160 });
    await terminal.waitForText(/Ctrl-C ends/);
    const url = /http:\S+/.exec(terminal.text)![0];
    const browser = await Browser.start();
    const page = await browser.open(url, options.page);
    await page.page.getByRole("slider", { name: "Time" }).waitFor();
    return new Shown({ dir, file, terminal, browser, page, url });
  }

  readonly file: string;
  readonly terminal: Terminal;
  readonly page: Page;
  readonly browser: Browser;
  readonly url: string;
  readonly #dir: TestDir;

  private constructor(parts: {
    readonly dir: TestDir;
    readonly file: string;
    readonly terminal: Terminal;
    readonly browser: Browser;
    readonly page: Page;
    readonly url: string;
  }) {
    this.#dir = parts.dir;
    this.file = parts.file;
    this.terminal = parts.terminal;
    this.browser = parts.browser;
    this.page = parts.page;
    this.url = parts.url;
  }

  /** Presses keys, one after the other, and waits until all of it is drawn. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.page.keyboard.press(key);
    await this.drawn();
  }

  async drawn(): Promise<void> {
    await this.page.page.evaluate(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
    );
  }

  /** The screen at a time, as `collab replay` prints it. */
  async screenAt(ms: number): Promise<string> {
    const { stdout } = await run("replay", [this.file, "--screen-at", `${ms / 1_000}s`]);
    return stdout.trimEnd();
  }

  /** An attribute of the timeline. */
  async slider(attribute: string): Promise<string | null> {
    return await this.page.page.getByRole("slider", { name: "Time" }).getAttribute(attribute);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser[Symbol.asyncDispose]();
    await this.terminal[Symbol.asyncDispose]();
    await this.#dir[Symbol.asyncDispose]();
  }
}

testWith(CHROMIUM, "at every place the page shows what replay prints", async () => {
  await using shown = await Shown.of(DRAWN);
  await shown.press(" ");
  await shown.page.waitForState("Paused");
  const durationMs = 9_500;
  for (const tenth of [1, 5, 3, 9, 7, 2, 8, 4, 6, 0]) {
    await shown.press(String(tenth));
    const expected = await shown.screenAt(durationMs * tenth / 10);
    assert.equal(await shown.page.text(), expected, `at ${tenth} tenths`);
  }
  await shown.press("End");
  assert.equal(await shown.page.text(), await shown.screenAt(durationMs));
});

testWith(
  CHROMIUM,
  "what is packed and cut off is played as far as it goes, and the page says so",
  async () => {
    const cut = gzipSync(DRAWN + '[1, "o", "never');
    await using shown = await Shown.of(new Uint8Array(cut), {
      args: ["--at", "3s", "--speed", "100"],
    });
    await shown.page.waitForToast("line 12 was cut off and is left out");
    await shown.page.waitForState("End");
    assert.match(await shown.page.text(), /last/);
    assert.match(shown.terminal.text, /line 12 was cut off/);
  },
);

testWith(
  CHROMIUM,
  "the address works with its key alone, in this tab also after a reload",
  async () => {
    await using shown = await Shown.of(PEOPLE);
    const { page, browser, url } = shown;
    await page.waitForText("one fish");
    assert.ok(!page.page.url().includes("#"), "the key is in the address bar");
    await page.page.reload();
    await page.waitForText("one fish");
    const without = await browser.open(url.replace(/#.*/, ""));
    await without.page.getByRole("alert").getByText("open the whole address").waitFor();
    // The browser tells of the answer that it got.
    assert.match(without.errors.splice(0).join(), /403/);
  },
);

testWith(CHROMIUM, "Ctrl-C ends it, and a page that is open keeps what it has", async () => {
  await using shown = await Shown.of(PEOPLE);
  await shown.page.waitForText("one fish");
  await shown.terminal.type("\x03");
  assert.equal((await shown.terminal.exited).code, 0);
  // What was read stays.
  await shown.press("End");
  assert.match(await shown.page.text(), /red fish/);
});

testWith(CHROMIUM, "buttons, keys and the timeline play and seek", async () => {
  await using shown = await Shown.of(PEOPLE);
  const { page } = shown;
  await page.button("Pause").click();
  await page.waitForState("Paused");
  await shown.press("Home");
  assert.equal(await shown.slider("aria-valuenow"), "0");
  await page.button("Next marker").click();
  await shown.drawn();
  assert.match((await shown.slider("aria-valuetext"))!, /^2 seconds of 10 seconds, it begins/);
  await page.page.locator(".marker-label", { hasText: "it begins" }).waitFor();
  await shown.press("c");
  assert.match((await shown.slider("aria-valuetext"))!, /Ada drove/);
  const timeline = page.page.getByRole("slider", { name: "Time" });
  const { x, y, width, height } = (await timeline.boundingBox())!;
  const { mouse } = page.page;
  await mouse.move(x + width * 0.805, y + height / 2);
  await page.page.locator(".tip", { hasText: "0:08it ends" }).waitFor();
  await mouse.down();
  await mouse.move(x + width * 0.5, y + height / 2, { steps: 4 });
  await mouse.up();
  await shown.drawn();
  assert.equal(await shown.slider("aria-valuenow"), "5");
  assert.equal(await page.text(), await shown.screenAt(5_000));
  await timeline.focus();
  await shown.press("ArrowRight");
  assert.equal(await shown.slider("aria-valuenow"), "10");
  await page.waitForState("End");
  await page.page.locator(".detail", { hasText: "exit status 3" }).waitFor();
  await page.button("Play again").click();
  await page.waitForState("Playing");
});

testWith(CHROMIUM, "speed is chosen, and the recording plays to its end by itself", async () => {
  await using shown = await Shown.of(PEOPLE);
  const { page } = shown;
  await page.button(/^Speed/).click();
  await page.page.getByRole("menuitemcheckbox", { name: "20×" }).click();
  await page.button("Speed: 20 times").waitFor();
  await page.waitForState("End");
  assert.equal(await page.text(), await shown.screenAt(10_000));
});

testWith(CHROMIUM, "who was there, who drove and where they pointed is shown", async () => {
  await using shown = await Shown.of(PEOPLE, { args: ["--at", "4.5s"] });
  const { page } = shown.page;
  await shown.press(" ");
  await page.locator(".drive", { hasText: "Ada drives" }).waitFor();
  await page.locator(".pointer", { hasText: "Ada" }).waitFor();
  await shown.press("w");
  const people = page.getByRole("complementary");
  await people.getByText("Grace").waitFor();
  await people.getByText(/^drives/).waitFor();
  await shown.press("w", "Home");
  await page.locator(".drive", { hasText: "Grace drives" }).waitFor();
  assert.equal(await page.locator(".timeline .stretch").count(), 1);
  assert.equal(await page.locator(".timeline .tick").count(), 2);
});

testWith(CHROMIUM, "a text is found wherever it comes up", async () => {
  await using shown = await Shown.of(PEOPLE);
  const { page } = shown;
  await shown.press(" ", "Home", "Control+f");
  await page.page.keyboard.type("fish");
  const count = page.page.getByRole("search", { name: "Find in the recording" }).getByRole(
    "status",
  );
  await count.getByText(/^3$/).waitFor();
  for (
    const [key, of, text] of [
      ["Enter", "1 of 3", /one fish$/],
      ["Enter", "2 of 3", /two fish$/],
      ["Enter", "3 of 3", /red fish$/],
      ["Shift+Enter", "2 of 3", /two fish$/],
    ] as const
  ) {
    await shown.press(key);
    await count.getByText(of).waitFor();
    assert.match(await page.text(), text);
  }
  assert.equal(await page.page.locator(".find-marks .current").count(), 2);
  await shown.press("Escape");
  assert.equal(await page.page.locator(".find-marks .current").count(), 0);
  await shown.press("?");
  await page.page.getByRole("dialog", { name: "Keys" }).getByText("find in the recording")
    .waitFor();
});

for (
  const [what, options] of Object.entries<PageOptions>({
    "light": { theme: "light" },
    "dark": { theme: "dark" },
    "a phone": { width: 390, height: 780, touch: true },
  })
) {
  testWith(CHROMIUM, `the page has no barrier that axe knows of: ${what}`, async () => {
    await using shown = await Shown.of(PEOPLE, { args: ["--at", "4.5s"], page: options });
    await shown.press(" ", "w");
    await shown.page.waitForState("Paused");
    await shown.page.page.evaluate(axe.source);
    const found = await shown.page.page.evaluate("axe.run()") as axe.AxeResults;
    const told = found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    assert.deepEqual(told, []);
    // Nothing is wider than the window.
    const over = "document.documentElement.scrollWidth - innerWidth";
    assert.equal(await shown.page.page.evaluate(over), 0);
  });
}

/** What a recording could do to a page that lets it. */
const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const ATTACKS: readonly string[] = [
  "\x1b]52;c;aGFja2Vk\x07\x1b]52;c;?\x07", // writes and reads the clipboard
  "\x1b[c\x1b[>c\x1b[5n\x1b[6n\x1b[21t\x1b]10;?\x07\x1bP$qm\x1b\\\x1b[?2026$p\x1b[>q", // asks
  "\x1b[2147483647S\x1b[2147483647T\x1b[2147483647L\x1b[2147483647M\x1b[2147483647@a\x1b[2147483647b",
  `\x1b]0;${MARKUP}\x07${MARKUP}\r\n`,
  "\x1b]8;;javascript:window.hacked=1\x07script\x1b]8;;\x07 \x1b]8;;data:text/html,x\x07data\x1b]8;;\x07",
  "\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1004h",
  "\x1b]0;never ended",
];

testWith(CHROMIUM, "a hostile recording draws text, and nothing else comes of it", async () => {
  const hostile = cast(
    { ...HEADER, title: MARKUP, command: MARKUP },
    ...ATTACKS.flatMap((
      attack,
    ) => [[0.1, "o", attack], [0, "m", attack], [0, "k", `\x1bc${attack}`]]),
    [
      0,
      "p",
      JSON.stringify({ kind: "join", id: "__proto__", name: MARKUP, role: MARKUP, color: -1 }),
    ],
    ...Array.from({ length: 1_200 }, (_, i) => [
      0,
      "u",
      JSON.stringify({ id: `p${i}`, x: i * 1e9, y: 2 }),
    ]),
    [0.1, "r", "4096x256"],
    [0.1, "o", "wide"],
    [0.1, "r", "1x1"],
    [0.1, "r", "60x12"],
    [0.1, "o", `\x1b\\\x1bc${"y".repeat(10 << 20)}`],
    [0.1, "o", "\x1b\\\x1bc\x1b]8;;javascript:window.hacked=1\x07a link\x1b]8;;\x07 and the end"],
  );
  await using shown = await Shown.of(hostile, {
    page: { permissions: ["clipboard-read", "clipboard-write"] },
  });
  const { page } = shown.page;
  const asked: string[] = [];
  page.on("request", (request) => void asked.push(request.url()));
  await page.evaluate("navigator.clipboard.writeText('mine')");
  await shown.page.waitForText("a link and the end");
  await shown.press(" ", "Home", ..."0123456789".split(""), "w", "w", "m", "m", "M", ",", "End");
  await shown.page.waitForText("a link and the end");
  const box = (await page.locator(".stage-layers").boundingBox())!;
  await page.mouse.click(box.x + box.width / 60 * 3.5, box.y + box.height / 24);
  await shown.drawn();
  assert.equal(await page.evaluate("window.hacked"), undefined);
  assert.equal(await page.evaluate("navigator.clipboard.readText()"), "mine");
  assert.equal(await page.locator("dialog, img, iframe").count(), 0);
  assert.equal(page.context().pages().length, 1);
  const { origin } = new URL(shown.url);
  assert.deepEqual(asked.filter((url) => !url.startsWith(`${origin}/`)), []);
});

testWith(CHROMIUM, "a recording that is broken is refused before there is a page", async () => {
  await using dir = new TestDir();
  const file = dir.file("broken.cast");
  await Deno.writeTextFile(file, cast(HEADER, [1, "o"], [1, "o", "x"]));
  const { code, stdout, stderr } = await run("replay", ["--web", file]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^collab: Cannot read recording .*line 2 .*\[recording-bad-event\]\n$/);
});

testWith(
  CHROMIUM,
  "a recording of an hour opens at once, and a text in it is found",
  async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => [
      0.06,
      "o",
      `\x1b[3${i % 8}m[${i}]\x1b[m ${"=".repeat(i % 60)} ${i === 59_000 ? "needle" : "hay"}\r\n`,
    ]);
    await using shown = await Shown.of(cast(HEADER, ...lines));
    const { page } = shown;
    const begun = performance.now();
    await page.page.reload();
    await page.waitForText("hay");
    // About half a second where nothing else is to be done.
    assert.ok(performance.now() - begun < 5_000, "it took too long");
    await shown.press(" ", "5");
    assert.equal(await page.text(), await shown.screenAt(60_000 * 60 / 2));
    await shown.press("Control+f");
    await page.page.keyboard.type("needle");
    await shown.press("Enter");
    await eventually(
      async () => (await page.text()).includes("needle") || undefined,
      "the needle to be found",
    );
  },
);
