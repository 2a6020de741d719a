import assert from "node:assert/strict";
import fc from "fast-check";
import { framesEqual } from "../format/delta.ts";
import { DEFAULT_MODES, type Frame } from "../format/frame.ts";
import { rowText } from "../format/row.ts";
import { Screen } from "../format/screen.ts";
import { ansi } from "../tests/ansi_arbitrary.ts";
import { Adapter } from "./adapt.ts";
import { FULL_CAPABILITIES } from "./capabilities.ts";
import { FakeTerminal, settled } from "./fakes.ts";
import { legible } from "./legible.ts";
import { Painter } from "./painter.ts";

const SIZE = { cols: 20, rows: 5 };

function frameOf(text: string, size = SIZE): Frame {
  using screen = new Screen(size);
  screen.write(text);
  return screen.frame();
}

/** What a terminal shows that was written to so. */
function shownBy(terminal: FakeTerminal): Frame {
  using screen = new Screen(terminal.size);
  screen.write(terminal.output);
  return screen.frame();
}

/** A frame as a spectator's terminal is to show it. */
function asPainted(frame: Frame): Frame {
  const { lines } = new Adapter(FULL_CAPABILITIES, "all").frame(frame);
  const title = legible(frame.title);
  return { ...frame, lines, under: undefined, modes: DEFAULT_MODES, title };
}

function assertShows(terminal: FakeTerminal, wanted: Frame): void {
  const shown = shownBy(terminal);
  if (framesEqual(shown, asPainted(wanted))) return;
  assert.deepEqual(shown.lines.map(rowText), wanted.lines.map(rowText));
  assert.deepEqual({ ...shown, lines: 0 }, { ...asPainted(wanted), lines: 0 });
  assert.fail("The frames differ in style");
}

Deno.test("a frame is written at once, and the same frame not again", async () => {
  const terminal = new FakeTerminal(SIZE);
  const painter = new Painter(terminal);
  painter.paint(frameOf("hello"));
  assert.equal(terminal.written.length, 1);
  await painter.idle();
  painter.paint(frameOf("hello"));
  await painter.idle();
  assert.equal(terminal.written.length, 1);
  assertShows(terminal, frameOf("hello"));
});

Deno.test("while a write is in flight only the newest frame is kept", async () => {
  const terminal = new FakeTerminal(SIZE);
  terminal.stalled = true;
  const painted: string[] = [];
  const painter = new Painter(terminal, {
    onPainted: (frame) => painted.push(rowText(frame.lines[0]!)),
  });
  for (const text of ["one", "two", "three", "four"]) painter.paint(frameOf(text));
  assert.equal(terminal.written.length, 1);
  assert.deepEqual(painted, []);
  await terminal.drain();
  assert.deepEqual([terminal.written.length, painted], [2, ["one"]]);
  assertShows(terminal, frameOf("four"));
  await terminal.drain();
  assert.deepEqual([terminal.written.length, painted], [2, ["one", "four"]]);
});

Deno.test("a write of someone else is waited for", async () => {
  const terminal = new FakeTerminal(SIZE);
  terminal.stalled = true;
  void terminal.write("\x1b[c");
  const painter = new Painter(terminal);
  painter.paint(frameOf("x"));
  assert.equal(terminal.written.length, 1);
  await terminal.drain();
  assert.equal(terminal.written.length, 2);
});

Deno.test("another size and a repaint start from a cleared terminal", async () => {
  const terminal = new FakeTerminal(SIZE);
  const painter = new Painter(terminal);
  painter.paint(frameOf("hello"));
  await painter.idle();
  terminal.written.push("\x1b[?1000h\x1b[31mgarbage\x1b[2;3r\x1b[?6h");
  painter.repaint();
  await painter.idle();
  assertShows(terminal, frameOf("hello"));

  terminal.size = { cols: 12, rows: 3 };
  painter.paint(frameOf("bye", terminal.size));
  await painter.idle();
  terminal.written.splice(0, terminal.written.length - 1);
  assertShows(terminal, frameOf("bye", terminal.size));
});

Deno.test("large updates are shown at once, small ones cost nothing more", async () => {
  const terminal = new FakeTerminal(SIZE);
  const painter = new Painter(terminal);
  painter.paint(frameOf("\x1b[31mx\x1b[32my".repeat(40)));
  await painter.idle();
  assert.ok(terminal.output.startsWith("\x1b[?2026h"));
  assert.ok(terminal.output.endsWith("\x1b[?2026l"));
  painter.paint(frameOf("\x1b[31mx\x1b[32my".repeat(40) + "\r!"));
  assert.ok(!terminal.written[1]!.includes("2026"));
});

Deno.test("a spectator's terminal never takes on the session's modes, a controller's does", async () => {
  const modes = "\x1b[?1000h\x1b[?1006h\x1b[?2004h\x1b[?1h\x1b=\x1b[?1004h";
  for (const sharesModes of [false, true]) {
    const terminal = new FakeTerminal(SIZE);
    const painter = new Painter(terminal, { sharesModes });
    painter.paint(frameOf(modes + "x"));
    await painter.idle();
    const expected = sharesModes ? frameOf(modes).modes : DEFAULT_MODES;
    assert.deepEqual(shownBy(terminal).modes, expected);
  }
});

Deno.test("a sequence that is sent goes out before the next frame", async () => {
  const terminal = new FakeTerminal(SIZE);
  terminal.stalled = true;
  const painter = new Painter(terminal);
  painter.paint(frameOf("a"));
  painter.paint(frameOf("b"));
  painter.send("\x1b[c");
  await terminal.drain();
  assert.ok(terminal.written[1]!.startsWith("\x1b[c"));
  await terminal.drain();
  painter.send("\x1b[c");
  assert.equal(terminal.written[2], "\x1b[c");
});

Deno.test("links to anything but the web are not painted for a spectator", async () => {
  const link = (uri: string): string => `\x1b]8;;${uri}\x07x\x1b]8;;\x07`;
  const text = link("https://a.example") + link("javascript:alert(1)") + link("file:///etc/passwd");
  const terminal = new FakeTerminal(SIZE);
  const painter = new Painter(terminal);
  painter.paint(frameOf(text));
  await painter.idle();
  assert.ok(terminal.output.includes("https://a.example"));
  assert.ok(!/javascript|passwd/.test(terminal.output));
});

Deno.test("whatever is painted, in whatever pace, the terminal shows the last frame", async () => {
  const step = fc.record({ text: ansi, stalled: fc.boolean(), drain: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const terminal = new FakeTerminal(SIZE);
      const painter = new Painter(terminal, { links: "all" });
      using source = new Screen(SIZE);
      for (const { text, stalled, drain } of steps) {
        source.write(text);
        terminal.stalled = stalled;
        painter.paint(source.frame());
        if (drain) await terminal.drain();
      }
      terminal.stalled = false;
      await terminal.drain();
      await settled();
      assertShows(terminal, source.frame());
    }),
    { numRuns: 200 },
  );
});

Deno.test("on a terminal with 16 colours nothing else is written", async () => {
  const terminal = new FakeTerminal(SIZE, {
    ...FULL_CAPABILITIES,
    colors: "16",
    underlines: false,
    links: false,
    titles: false,
  });
  const painter = new Painter(terminal);
  painter.paint(
    frameOf("\x1b]2;t\x07\x1b[38;2;255;0;0;48;5;236;4:3;58:5:9mx\x1b]8;;https://a.example\x07y"),
  );
  await painter.idle();
  for (const part of ["38;", "48;", "4:", "58:", "\x1b]"]) {
    assert.ok(!terminal.output.includes(part), part);
  }
  assert.equal(rowText(shownBy(terminal).lines[0]!), "xy");
});

Deno.test("where erasing takes the default colour, coloured blanks are written", async () => {
  const terminal = new FakeTerminal(SIZE, { ...FULL_CAPABILITIES, erasesWithColor: false });
  const painter = new Painter(terminal);
  painter.paint(frameOf("\x1b[44m\x1b[2J"));
  await painter.idle();
  assert.ok(terminal.output.includes(" ".repeat(SIZE.cols)));
  painter.paint(frameOf("\x1b[2J"));
  await painter.idle();
  assertShows(terminal, frameOf(""));
});
