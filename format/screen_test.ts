import assert from "node:assert/strict";
import { createEmulator, forgetLink } from "./emulator.ts";
import type { Frame } from "./frame.ts";
import { COLOR_16, rowText } from "./row.ts";
import { Screen } from "./screen.ts";

function text(frame: Frame): string[] {
  return frame.lines.map(rowText);
}

function screenOf(ansi: string, cols = 20, rows = 4): Frame {
  using screen = new Screen({ cols, rows });
  screen.write(ansi);
  return screen.frame();
}

Deno.test("the inside of the emulator that Screen uses is there", () => {
  const { terminal, core } = createEmulator(10, 3, 5);
  core._writeBuffer.writeSync(
    "\x1b]8;id=i;http://x\x07\x1b[4:3me\u0301\x1b[m\x1b]8;;\x07\x1b[?1006;1002h\x1b[3 q",
  );
  const { active, normal, alt } = core._bufferService.buffers;
  const line = active.lines.get(active.ybase)!;
  assert.equal(active, normal);
  assert.notEqual(active, alt);
  assert.equal(line._data.length, 30);
  assert.equal(line._combined[0], "e\u0301");
  assert.equal((line._extendedAttrs[0]!._ext >>> 26) & 7, 3);
  assert.equal(line._extendedAttrs[0]!._urlId, 1);
  assert.equal(core._oscLinkService.registerLink({ uri: "http://y" }), 2);
  assert.equal(core.coreMouseService.activeProtocol, "DRAG");
  assert.equal(core.coreMouseService.activeEncoding, "SGR");
  assert.equal(core.coreService.decPrivateModes.cursorStyle, "underline");
  assert.equal(core.coreService.isCursorHidden, false);
  let trimmed = 0;
  const watch = normal.lines.onTrim((amount) => trimmed += amount);
  core._writeBuffer.writeSync("\n".repeat(20));
  assert.equal(trimmed, 20 - 2 - 5);
  watch.dispose();
  terminal.dispose();
});

Deno.test("what was written is seen at once", () => {
  const frame = screenOf("one\r\n二");
  assert.deepEqual(text(frame), ["one", "二", "", ""]);
  assert.deepEqual([frame.cursor.x, frame.cursor.y], [2, 1]);
});

Deno.test("a character may be split between two writes", () => {
  using screen = new Screen({ cols: 5, rows: 1 });
  const bytes = new TextEncoder().encode("語");
  screen.write(bytes.subarray(0, 2));
  screen.write(bytes.subarray(2));
  assert.deepEqual(text(screen.frame()), ["語"]);
});

Deno.test("rows that did not change are the ones of the last frame, also after they scrolled", () => {
  using screen = new Screen({ cols: 10, rows: 3 });
  screen.write("a\r\nb\r\nc");
  const before = screen.frame();
  assert.equal(screen.frame(), before);
  screen.write("\r\nd");
  const after = screen.frame();
  assert.equal(after.lines[0], before.lines[1]);
  assert.equal(after.lines[1], before.lines[2]);
});

Deno.test("a cluster that grows in place makes a new row", () => {
  using screen = new Screen({ cols: 10, rows: 1 });
  screen.write("e\u0301");
  const before = screen.frame().lines[0]!;
  screen.write("\u0302");
  assert.notEqual(screen.frame().lines[0], before);
  assert.deepEqual(text(screen.frame()), ["e\u0301\u0302"]);
});

Deno.test("an underline that gets another kind and colour in place makes a new row", () => {
  using screen = new Screen({ cols: 4, rows: 1 });
  screen.write("\x1b[4ma");
  assert.equal(screen.frame().lines[0]!.extras, undefined);
  screen.write("\r\x1b[4:3;58:5:9ma");
  const extra = { underline: 3, underlineColor: COLOR_16 | 9, link: undefined };
  assert.deepEqual(screen.frame().lines[0]!.extras?.get(0), extra);
});

Deno.test("lines that scrolled away are numbered on, also when the oldest are gone and after a reset", () => {
  using screen = new Screen({ cols: 10, rows: 2, scrollback: 3 });
  screen.write(Array.from({ length: 9 }, (_, i) => `line ${i}\r\n`).join(""));
  assert.equal(screen.frame().top, 8);
  assert.equal(screen.history(4), undefined);
  assert.deepEqual([5, 6, 7].map((i) => rowText(screen.history(i)!)), [
    "line 5",
    "line 6",
    "line 7",
  ]);
  assert.equal(screen.history(8), undefined);
  screen.write("\x1bc");
  assert.equal(screen.frame().top, 8);
  screen.write("a\r\nb\r\n");
  assert.equal(rowText(screen.history(8)!), "a");
  screen.resize(5, 4);
  assert.equal(screen.frame().top, 9);
});

Deno.test("the screen under the alternate one is part of the frame", () => {
  using screen = new Screen({ cols: 10, rows: 2 });
  screen.write("shell\x1b[?1049hvim");
  const frame = screen.frame();
  assert.equal(frame.lines.map(rowText).join(), "     vim,");
  assert.equal(frame.under?.map(rowText).join(), "shell,");
  screen.write("\x1b[?1049l");
  assert.equal(screen.frame().under, undefined);
});

Deno.test("modes, cursor, title and bells are those that the program set", () => {
  const frame = screenOf(
    "\x1b[?1;1003;1006;1004;2004h\x1b=\x1b[5 q\x1b[?25l\x1b]2;a\x01title\x07\x07\x07",
  );
  assert.deepEqual(frame.modes, {
    applicationCursor: true,
    applicationKeypad: true,
    bracketedPaste: true,
    mouse: "move",
    mouseEncoding: "sgr",
    focusEvents: true,
  });
  assert.deepEqual(frame.cursor, { x: 0, y: 0, visible: false, shape: "bar", blink: true });
  assert.equal(frame.title, "atitle");
  assert.equal(frame.bells, 2);
});

Deno.test("queries are answered to the program, once", () => {
  const replies: string[] = [];
  using screen = new Screen({ cols: 10, rows: 2, onReply: (data) => replies.push(data) });
  screen.write("\x1b[6n\x1b[c\x1b[?2004$p");
  assert.deepEqual(replies, ["\x1b[1;1R", "\x1b[?1;2c", "\x1b[?2004;2$y"]);
});

Deno.test("a huge count does no more work than the screen is large", () => {
  using screen = new Screen({ cols: 80, rows: 24 });
  const started = performance.now();
  for (const final of "@ILMPSTXZb") screen.write(`x\x1b[2147483647${final}`);
  screen.write("x\x1b[2147483647'}\x1b[2147483647'~\x1b[2147483647 @\x1b[2147483647 A");
  assert.ok(performance.now() - started < 1000);
});

Deno.test("halves of wide characters, lone marks and lone surrogates are blanks", () => {
  assert.deepEqual(text(screenOf("日本\x1b[2Gx\x1b[3Gy")), [" xy", "", "", ""]);
  assert.deepEqual(text(screenOf("\u0301a\x1b[5G\ud800b")), [
    " a   b".slice(0, 5) + "b",
    "",
    "",
    "",
  ]);
});

Deno.test("a cell takes so many combining characters, however many it is given, and the next cell its own", () => {
  const { core } = createEmulator(10, 2, 0);
  const write = (text: string): void => core._writeBuffer.writeSync(text);
  write("a" + "\u0301".repeat(1_000));
  for (let i = 0; i < 1_000; i++) write("\u0302");
  write("b\u0301");
  const line = core._bufferService.buffers.active.lines.get(0)!;
  assert.equal(line._combined[0], "a" + "\u0301".repeat(63));
  assert.equal(line._combined[1], "b\u0301");
});

Deno.test("a link that is forgotten is forgotten by the emulator too, on every line that it is on", () => {
  const { core } = createEmulator(10, 3, 0);
  const write = (text: string): void => core._writeBuffer.writeSync(text);
  const known = core._oscLinkService._dataByLinkId;
  write("\x1b]8;id=x;http://a\x07a\r\nb\x1b]8;;\x07 \x1b]8;;http://b\x07c");
  const [one, two] = [...known.keys()] as [number, number];
  assert.deepEqual([known.get(one)!.lines.length, known.get(two)!.lines.length], [2, 1]);
  forgetLink(core, one);
  forgetLink(core, one);
  assert.deepEqual([...known.keys()], [two]);
  write("d\x1b]8;id=x;http://a\x07e");
  assert.equal(known.size, 2);
});

Deno.test("a link without a printable target is none", () => {
  const linked = (uri: string): unknown =>
    screenOf(`\x1b]8;;${uri}\x1b\\x`).lines[0]!.extras?.get(0)?.link;
  assert.deepEqual(linked("http://a/b"), { id: "", uri: "http://a/b" });
  assert.equal(linked("http://a/\u0085"), undefined);
  assert.equal(linked("http://" + "a".repeat(3000)), undefined);
});

Deno.test("erasing above from the very last cell is survived", () => {
  using screen = new Screen({ cols: 3, rows: 2 });
  screen.write("abcdef\x1b[1J\x1b[Hx");
  assert.deepEqual(text(screen.frame()), ["x", ""]);
  assert.equal(screen.faults, 0);
});

Deno.test("an emulator that throws goes on with what comes next", () => {
  using screen = new Screen({ cols: 10, rows: 1 });
  screen.onOsc(4242, () => {
    throw new Error("as an emulator's bug would");
  });
  screen.write("a\x1b]4242;\x07lost");
  screen.write("b");
  assert.deepEqual(text(screen.frame()), ["ab"]);
  assert.equal(screen.faults, 1);
});
