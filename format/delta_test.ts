import assert from "node:assert/strict";
import { diff, keyframe } from "./delta.ts";
import { rowText } from "./row.ts";
import { Screen } from "./screen.ts";

/** The delta between a screen after `before` and the same screen after `then`. */
function delta(before: string, then: string, options: { maxLines?: number } = {}): string {
  using screen = new Screen({ cols: 40, rows: 10 });
  screen.write(before);
  const from = screen.frame();
  screen.write(then);
  return diff(from, screen.frame(), { history: screen.history, ...options }).ansi;
}

const LINES = Array.from({ length: 10 }, (_, i) => `line ${i}`).join("\r\n");

Deno.test("an echoed key costs itself", () => {
  assert.equal(delta("$ l", "s"), "s");
});

Deno.test("a deleted key costs a blank", () => {
  assert.equal(delta("$ ls", "\b \b"), "\b \b");
});

Deno.test("scrolling costs the new lines", () => {
  assert.equal(delta(LINES, "\r\nnew\r\nmore"), "\r\nnew\r\nmore");
});

Deno.test("output that fills the screen and goes on is what the program wrote", () => {
  assert.equal(delta("$ ", "seq 3\r\n1\r\n2\r\n3\r\n$ "), "seq 3\r\n1\r\n2\r\n3\r\n$ ");
});

Deno.test("erases use erases", () => {
  assert.equal(delta(LINES, "\x1b[H\x1b[2J"), "\x1b[H\x1b[J");
  assert.equal(delta("some words\r", "\x1b[K"), "\x1b[K");
  assert.equal(delta(LINES, "\x1b[3H\x1b[44m\x1b[K\x1b[m"), "\x1b[3H\x1b[44m\x1b[K\x1b[m");
});

Deno.test("style changes only what changed", () => {
  assert.equal(delta("", "\x1b[1;31mab\x1b[32mc\x1b[22md"), "\x1b[1;31mab\x1b[32mc\x1b[22md\x1b[m");
  assert.equal(delta("", "\x1b[1;3;4;31ma\x1b[0mb"), "\x1b[1;3;4;31ma\x1b[mb");
});

Deno.test("a region that scrolls is moved, not drawn", () => {
  const moved = delta(LINES + "\x1b[?1049h\x1b[H" + LINES, "\x1b[2;9r\x1b[9H\r\nnew\x1b[r\x1b[H");
  assert.equal(moved, "\x1b[2H\x1b[M\x1b[9H\x1b[Lnew\x1b[H");
});

Deno.test("rows inserted above others push them down", () => {
  assert.equal(delta(LINES, "\x1b[3H\x1b[2L"), "\x1b[3H\x1b[2L");
});

Deno.test("a soft-wrapped line is written through the edge", () => {
  using screen = new Screen({ cols: 10, rows: 4 });
  const from = screen.frame();
  screen.write("0123456789abc");
  assert.equal(diff(from, screen.frame()).ansi, "0123456789abc");
});

Deno.test("what goes on past the edge stays one line, typed key by key or with a space at the edge", () => {
  const edge = "x".repeat(39);
  assert.equal(delta(`${edge}y`, "z"), "yz");
  assert.equal(delta(edge, " z"), " z");
  assert.equal(delta(`${"\r\n".repeat(9)}${edge}y`, "z"), "yz");
  assert.equal(delta(`${"\r\n".repeat(9)}${edge}`, "  z"), "  z");
});

Deno.test("scrolled lines beyond the budget are left out and counted", () => {
  using screen = new Screen({ cols: 40, rows: 10 });
  const from = screen.frame();
  screen.write(Array.from({ length: 100 }, (_, i) => `${i}\r\n`).join(""));
  const { ansi, omittedLines } = diff(from, screen.frame(), {
    history: screen.history,
    maxLines: 5,
  });
  using viewer = new Screen({ cols: 40, rows: 10 });
  viewer.write(ansi);
  // 91 lines scrolled; ten rows of them were on the screen before, and five are told.
  assert.equal(omittedLines, 91 - 10 - 5);
  assert.deepEqual([0, 1, 2, 3, 4].map((i) => rowText(viewer.history(viewer.top - 5 + i)!)), [
    "86",
    "87",
    "88",
    "89",
    "90",
  ]);
});

Deno.test("leaving the alternate screen costs nothing when nothing changed under it", () => {
  assert.equal(delta(LINES + "\x1b[?1049hvim", "\x1b[?1049l"), "\x1b[?1049l\x1b[10;7H");
});

Deno.test("what a character's width is unsure of, the cursor is placed after", () => {
  assert.equal(delta("", "👩\u200d👧x"), "👩\u200d\x1b[3G👧\x1b[5Gx");
});

Deno.test("a keyframe holds the whole of a screen, the one beneath too", () => {
  using screen = new Screen({ cols: 20, rows: 3 });
  screen.write("under\x1b[?1049h\x1b[H\x1b[7mover\x1b[m\x1b[?2004h\x1b]2;t\x07");
  assert.equal(
    keyframe(screen.frame()),
    "under\x1b[?1049h\x1b[H\x1b[7mover\x1b[?2004h\x1b]2;t\x07\x1b[m",
  );
});
