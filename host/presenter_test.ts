import assert from "node:assert/strict";
import { sessionSize } from "./presenter_options.ts";
import { Desk } from "./testing/desk.ts";
import { frameText } from "./testing/sink.ts";

Deno.test("the link is printed before the terminal is taken over, and shown until a key is typed", async () => {
  await using desk = await Desk.open();
  assert.ok(desk.printed[0]!.includes(`'${desk.links.primary!.url}'`));
  assert.match(desk.text, /Others can watch with this link/);
  await desk.print("$ ");
  assert.match(desk.text, /Others can watch with this link/);
  await desk.type("l");
  assert.doesNotMatch(desk.text, /Others can watch/);
  assert.equal(desk.pty.input, "l");
});

Deno.test("the link's rows are one line for who selects them", async () => {
  await using desk = await Desk.open();
  const { lines } = desk.frame;
  const link = desk.links.primary!.url;
  const first = lines.findIndex((row) => frameText({ lines: [row] }).startsWith("http"));
  const rows = lines.slice(first, first + Math.ceil(link.length / 80));
  assert.equal(rows.map((row) => frameText({ lines: [row] })).join(""), link);
  assert.deepEqual(rows.map(({ wrapped }) => wrapped), rows.map((_, i) => i > 0));
});

Deno.test("the session is painted as it is, above the status line", async () => {
  await using desk = await Desk.open({ title: "incident" });
  await desk.type("x");
  await desk.print("\x1b[1;31mhello\x1b[m 日本\x1b[?2004h\x1b[?1003h\x1b[?1006h");
  assert.match(desk.text, /^hello 日本$/m);
  assert.match(desk.lastRow, /^ ● LIVE {2}incident · you drive +0 watching · 0:00 · Ctrl-\\ menu$/);
  const { modes, cursor } = desk.frame;
  assert.deepEqual([modes.bracketedPaste, modes.mouse, modes.mouseEncoding], [true, "move", "sgr"]);
  assert.deepEqual([cursor.x, cursor.y], [10, 0]);
});

Deno.test("the mouse on the status line is not the program's", async () => {
  await using desk = await Desk.open();
  await desk.print("\x1b[?1003h\x1b[?1006h");
  await desk.type("\x1b[<0;5;24M\x1b[<0;5;23M");
  assert.equal(desk.pty.input, "\x1b[<0;5;23M");
});

Deno.test("an escape goes to the program at once", async () => {
  await using desk = await Desk.open();
  await desk.type("\x1b[?62c");
  await desk.type("\x1b");
  assert.equal(desk.pty.input, "\x1b");
});

Deno.test("100 KB pasted reach the program whole", async () => {
  await using desk = await Desk.open();
  const text = "\x1b[200~" + "0123456789\x1c\x1b".repeat(9_000) + "\x1b[201~";
  for (let at = 0; at < text.length; at += 4_096) await desk.type(text.slice(at, at + 4_096));
  assert.equal(desk.pty.input, text);
});

Deno.test("the program is told the terminal's colours, once they are known", async () => {
  await using desk = await Desk.open();
  await desk.print("\x1b]11;?\x07\x1b[c");
  assert.equal(desk.pty.input, "");
  await desk.type("\x1b]10;rgb:aaaa/bbbb/cccc\x1b\\\x1b]11;rgb:1111/2222/3333\x07\x1b[?62;c");
  assert.equal(desk.pty.input, "\x1b]11;rgb:1111/2222/3333\x1b\\\x1b[?1;2c");
});

Deno.test("a terminal that does not tell its colours holds nothing up for long", async () => {
  await using desk = await Desk.open();
  await desk.print("\x1b]11;?\x07");
  await desk.advance(300);
  assert.equal(desk.pty.input, "\x1b]11;rgb:0000/0000/0000\x1b\\");
});

Deno.test("a resize in the middle changes the session and the status line", async () => {
  await using desk = await Desk.open();
  await desk.type("x");
  await desk.resize(60, 10);
  assert.deepEqual(desk.pty.sizes, ["60x9"]);
  assert.match(desk.lastRow, /LIVE/);
});

Deno.test("a terminal with no room for a status line is the session's alone", async () => {
  await using desk = await Desk.open({ size: "20x1" });
  await desk.type("x");
  await desk.print("tiny");
  assert.equal(desk.text, "tiny");
  assert.deepEqual(sessionSize({ cols: 1, rows: 2 }), { cols: 2, rows: 1 });
});

Deno.test("pausing is shown, and what happens goes by in the status line", async () => {
  await using desk = await Desk.open();
  await desk.type("\x1cp");
  assert.match(desk.lastRow, /^ ‖ PAUSED {2}Viewers see a notice/);
  await desk.print("secret");
  assert.match(desk.text, /secret/);
  assert.doesNotMatch(frameText(desk.live.session.frame), /secret/);
  await desk.advance(5_000);
  assert.doesNotMatch(desk.lastRow, /Viewers see/);
  desk.stage.report({
    event: "join",
    id: "p1",
    name: "bob",
    role: "view",
    type: "person",
    color: 1,
    watching: 1,
  });
  assert.match(desk.lastRow, /bob joined/);
});

Deno.test("the link is copied by the terminal, when asked for", async () => {
  await using desk = await Desk.open();
  await desk.type("\x1cc");
  assert.ok(desk.device.output.includes(`\x1b]52;c;${btoa(desk.links.primary!.url)}\x07`));
});

Deno.test("an escape closes the menu after a moment, without reaching the program", async () => {
  await using desk = await Desk.open();
  await desk.type("\x1c");
  assert.match(desk.text, /Pause sharing/);
  await desk.type("\x1b");
  await desk.advance(100);
  assert.doesNotMatch(desk.text, /Pause sharing/);
  assert.equal(desk.pty.input, "");
});

Deno.test("a recording that fails is told, and stays told", async () => {
  await using desk = await Desk.open({ record: "a.cast" });
  assert.match(desk.lastRow, /● rec/);
  desk.stage.report({
    event: "recording-error",
    code: "recording-disk-full",
    message: 'Cannot record to "a.cast": the disk is full',
  });
  assert.match(desk.lastRow, /the disk is full/);
  await desk.advance(5_000);
  assert.match(desk.lastRow, /not recording/);
});

Deno.test("nothing is written while nothing changes, but the clock once a second", async () => {
  await using desk = await Desk.open();
  await desk.type("\x1b[?62c");
  await desk.advance(10_000);
  const before = desk.device.output.length;
  for (let i = 0; i < 100; i++) await desk.advance(100);
  const each = (desk.device.output.length - before) / 10;
  assert.ok(each > 0 && each < 40, String(each));
});

Deno.test("the end gives the terminal back and says how long it was", async () => {
  const desk = await Desk.open({ record: "my file.cast" });
  await desk.advance(125_000);
  desk.stage.report({ event: "exit", code: 0 });
  await desk[Symbol.asyncDispose]();
  assert.equal(desk.printed.at(-1), "Shared for 2 min. Recorded: collab replay 'my file.cast'");
  assert.ok(!desk.device.raw && desk.device.closed);
  assert.equal(desk.device.held, 0);
  assert.equal(desk.clock.pending, 0);
});

Deno.test("signals and the menu hang up", async () => {
  await using desk = await Desk.open();
  await desk.device.signal("SIGTERM");
  await desk.device.signal("SIGINT");
  await desk.type("\x1cs\r");
  assert.equal(desk.hungUp, 3);
});

Deno.test("a terminal that goes away ends the session nobody watches", async () => {
  for (const go of ["SIGHUP", "end"] as const) {
    await using desk = await Desk.open();
    if (go === "end") await desk.device.type(null);
    else await desk.device.signal(go);
    assert.equal(desk.hungUp, 1);
  }
});

Deno.test("a terminal that goes away leaves the session to those who watch, and is not written to", async () => {
  const desk = await Desk.open();
  await desk.guest("Bo");
  await desk.device.signal("SIGHUP");
  assert.equal(desk.hungUp, 0);
  assert.equal(desk.live.control.presenterPresent, false);
  const before = desk.device.output.length;
  await desk.print("nobody sees this");
  await desk.advance(10_000);
  assert.equal(desk.device.output.length, before);
  await desk.device.type(null);
  desk.stage.report({ event: "exit", code: 0 });
  await desk[Symbol.asyncDispose]();
  assert.equal(desk.printed.length, 1);
});
