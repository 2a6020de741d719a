import assert from "node:assert/strict";
import fc from "fast-check";
import { Screen } from "../format/screen.ts";
import { OutputLog } from "./output_log.ts";

/** A screen, and what of it is output. */
class Bench implements Disposable {
  readonly screen: Screen;
  readonly log: OutputLog;

  constructor({ cols = 20, rows = 5, keepLines = 1_000 } = {}) {
    this.screen = new Screen({ cols, rows, scrollback: 2_000 });
    this.log = new OutputLog(keepLines);
    this.settle();
  }

  write(text: string, skipped = 0): this {
    this.screen.write(text.replaceAll("\n", "\r\n"));
    return this.settle(skipped);
  }

  resize(cols: number, rows: number): this {
    this.screen.resize(cols, rows);
    return this.settle();
  }

  settle(skipped = 0): this {
    this.log.settle(this.screen.frame(), this.screen.history, { skipped });
    return this;
  }

  /** Draws the screen from nothing. */
  anew(text: string): this {
    this.screen.write(`\x1bc${text.replaceAll("\n", "\r\n")}`);
    this.log.settle(this.screen.frame(), this.screen.history, { isAnew: true });
    return this;
  }

  get lines(): readonly string[] {
    return this.log.read(0).lines;
  }

  [Symbol.dispose](): void {
    this.screen[Symbol.dispose]();
  }
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

Deno.test("output is what has scrolled off and what is on the screen down to the cursor", () => {
  using bench = new Bench();
  bench.write(`${numbers(1, 8).join("\n")}\n`).write(`${numbers(9, 20).join("\n")}\n$ `);
  assert.deepEqual(bench.lines, [...numbers(1, 20), "$"]);
  assert.equal(bench.log.end, 20);
});

Deno.test("whatever is written, in whatever pieces and widths, is read as it was written", () => {
  const line = fc.stringMatching(/^[a-z日本😀.]{0,60}$/u);
  fc.assert(fc.property(
    fc.array(fc.array(line, { minLength: 1, maxLength: 30 }), { maxLength: 8 }),
    fc.integer({ min: 2, max: 30 }),
    fc.integer({ min: 1, max: 6 }),
    (pieces, cols, rows) => {
      using bench = new Bench({ cols, rows });
      for (const piece of pieces) bench.write(`${piece.join("\n")}\n`);
      const { lines, missing } = bench.log.read(0);
      assert.deepEqual(lines, pieces.flat());
      assert.equal(missing, 0);
      assert.equal(bench.log.end, pieces.flat().length);
    },
  ));
});

Deno.test("who reads on from where they were has every line, and an incomplete one again", () => {
  using bench = new Bench();
  bench.write("one\ntw");
  const first = bench.log.read(0);
  assert.deepEqual([first.lines, first.next], [["one", "tw"], 1]);
  bench.write("o\nthree\n");
  const second = bench.log.read(first.next);
  assert.deepEqual([second.lines, second.text, second.from, second.next], [
    ["two", "three"],
    "two\nthree",
    1,
    3,
  ]);
  assert.deepEqual(bench.log.read(second.next).lines, []);
});

Deno.test("what is asked for beyond the lines that are kept counts as missing", () => {
  using bench = new Bench({ keepLines: 10 });
  bench.write(`${numbers(1, 30).join("\n")}\n`);
  const { lines, missing, from } = bench.log.read(5);
  assert.deepEqual([lines.at(-1), from + lines.length], ["30", 30]);
  assert.equal(missing + lines.length, 25);
  const last = bench.log.read(5, 3);
  assert.deepEqual([last.lines, last.missing], [["28", "29", "30"], 22]);
});

Deno.test("a clear leaves the lines before it, with their numbers", () => {
  using bench = new Bench();
  bench.write("$ ls\na\nb\n$ ").write("clear\n");
  bench.write("\x1b[H\x1b[2J$ ");
  assert.deepEqual(bench.lines, ["$ ls", "a", "b", "$ clear", "$"]);
  const { end } = bench.log;
  bench.write("\n1\n2\n3\n4\n5\n6\n7");
  assert.deepEqual(bench.log.read(end).lines, ["$", ...numbers(1, 7)]);
});

Deno.test("a clear leaves a line whole whose beginning scrolled off in the same frame", () => {
  using bench = new Bench({ cols: 10, rows: 4 });
  bench.write("$ echo one two three\n$ clear");
  bench.write("\n\n\x1b[H\x1b[J$ ");
  assert.deepEqual(bench.lines, ["$ echo one two three", "$ clear", "$"]);
});

Deno.test("a clear with a flood behind it in one frame leaves the lines before it too", () => {
  using bench = new Bench();
  bench.write("$ ls\na\nb\n$ x\n");
  const { end } = bench.log;
  bench.write(`\x1b[H\x1b[2J${numbers(1, 30).join("\n")}\n$ `);
  assert.deepEqual(bench.lines.slice(0, 4), ["$ ls", "a", "b", "$ x"]);
  assert.deepEqual(bench.log.read(end).lines, [...numbers(1, 30), "$"]);
});

Deno.test("a program that rewrites some of its lines changes them in place", () => {
  using bench = new Bench();
  bench.write("building\n10%\n");
  for (const percent of [40, 80, 100]) bench.write(`\x1b[A\r${percent}%\n`);
  assert.deepEqual(bench.lines, ["building", "100%"]);
});

Deno.test("a program on the whole screen adds nothing, and leaves the output as it was", () => {
  using bench = new Bench();
  bench.write("one\n$ vim\n").write("\x1b[?1049h\x1b[Htext\n~\n~");
  assert.deepEqual(bench.lines, ["one", "$ vim"]);
  bench.write("\x1b[Hmore").write("\x1b[?1049l$ ");
  assert.deepEqual(bench.lines, ["one", "$ vim", "$"]);
});

Deno.test("a change of size keeps the lines and their numbers", () => {
  const text = numbers(1, 12).map((number) => `line ${number} ${"abcdef".repeat(2)}`);
  const size = fc.tuple(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 1, max: 9 }));
  fc.assert(fc.property(fc.array(size, { minLength: 1, maxLength: 5 }), (sizes) => {
    using bench = new Bench({ cols: 20, rows: 5 });
    bench.write(`${text.join("\n")}\n$ `);
    for (const [cols, rows] of sizes) bench.resize(cols, rows);
    assert.deepEqual(bench.lines, [...text, "$"]);
    bench.write("\nmore");
    assert.deepEqual(bench.log.read(12).lines, ["$", "more"]);
  }));
});

Deno.test("lines that scrolled by unseen are counted, and the empty rows that they stood in are no lines", () => {
  using bench = new Bench({ rows: 6 });
  bench.write("$ seq 50");
  // As a host draws a flood: the screen as it was scrolls off, then come the last lines.
  bench.screen.write("\x1b[6H" + numbers(41, 50).map((line) => `\r\n${line}`).join(""));
  bench.settle(35);
  const { lines, missing, gaps } = bench.log.read(0);
  assert.deepEqual(lines, ["$ seq 50", ...numbers(41, 50)]);
  assert.deepEqual([missing, gaps], [40, [{ before: 1, lines: 40 }]]);
  assert.equal(bench.log.read(bench.log.end).missing, 0);
});

Deno.test("a line that was begun when lines scrolled by unseen is there as far as it came, or missing", () => {
  for (const begun of ["", "2"]) {
    using bench = new Bench({ rows: 6 });
    bench.write(`$ seq 50\n1\n${begun}`);
    const { end } = bench.log;
    bench.screen.write("\x1b[6H" + numbers(41, 50).map((line) => `\r\n${line}`).join(""));
    const unseen = 40 - 6 + 1;
    bench.settle(unseen);
    const { lines, missing, gaps, from } = bench.log.read(0);
    const seen = ["$ seq 50", "1", ...(begun === "" ? [] : [begun])];
    assert.deepEqual(lines, [...seen, ...numbers(41, 50)]);
    assert.equal(missing + lines.length, 51);
    assert.deepEqual(gaps, [{ before: from + seen.length, lines: missing }]);
    assert.deepEqual(bench.log.read(end).gaps, gaps, "who has read up to that line is told");
    assert.deepEqual(bench.log.read(bench.log.end).gaps, []);
    const between = bench.log.between({ line: 1, offset: 0 }, { line: gaps[0]!.before, offset: 2 });
    assert.deepEqual([between.lines.at(-1), between.gaps], ["41", gaps]);
  }
});

Deno.test("a reader of the last lines alone is told where some are missing among those", () => {
  using bench = new Bench();
  bench.write("a\n").anew("b\nc");
  assert.deepEqual(bench.log.read(0, 2), {
    lines: ["b", "c"],
    text: "b\nc",
    from: 1,
    next: 2,
    missing: 2,
    gaps: [],
  });
});

Deno.test("what a screen that is drawn from nothing shows again is not there twice", () => {
  using bench = new Bench();
  bench.write("1\n2\n3\n4\n$ ").anew("1\n2\n3\n4\n$ ");
  assert.deepEqual(bench.lines, ["1", "2", "3", "4", "$"]);
  bench.anew("3\n4\n$ x\n5\n6");
  assert.deepEqual(bench.lines, ["1", "2", "3", "4", "$ x", "5", "6"]);
  assert.equal(bench.log.read(0).missing, 0);
});

Deno.test("when nothing of it was there before, lines are missing, and nobody knows how many", () => {
  using bench = new Bench();
  bench.write("1\n2\n3\n4\n$ ");
  const { end } = bench.log;
  bench.anew("70\n71\n72\n73\n$ ");
  assert.deepEqual(bench.lines, ["1", "2", "3", "4", "$", "70", "71", "72", "73", "$"]);
  const { lines, missing } = bench.log.read(end);
  assert.deepEqual([lines.slice(0, 2), missing], [["$", "70"], 1]);
  assert.equal(bench.log.read(bench.log.end).missing, 0);
  using fresh = new Bench();
  fresh.write("$ ").anew("$ ls\na");
  assert.deepEqual([fresh.lines, fresh.log.read(0).missing], [["$ ls", "a"], 0]);
  fresh.anew("x").anew("y");
  assert.deepEqual([fresh.lines, fresh.log.read(0).missing], [["$ ls", "a", "x", "y"], 2]);
});

Deno.test("a cell's place in the output is known while it is on the screen, wrapped or not", () => {
  using bench = new Bench({ cols: 10 });
  bench.write("0123456789abcde\nxyz");
  assert.deepEqual(bench.log.position(0, 3), { line: 0, offset: 3 });
  assert.deepEqual(bench.log.position(1, 2), { line: 0, offset: 12 });
  assert.deepEqual(bench.log.position(2, 3), { line: 1, offset: 3 });
  assert.equal(bench.log.position(9, 0), undefined);
  const chunk = bench.log.between({ line: 0, offset: 12 }, { line: 1, offset: 2 });
  assert.deepEqual(chunk.lines, ["cde", "xy"]);
});

Deno.test("a line without an end takes no more memory than it may", () => {
  using bench = new Bench({ cols: 200 });
  for (let i = 0; i < 50; i++) bench.write("x".repeat(10_000));
  assert.ok(bench.lines.length > 1);
  assert.equal(bench.lines.join("").length, 500_000);
});
