import assert from "node:assert/strict";
import type { OutputChunk } from "../types.ts";
import { Reading } from "./reading.ts";

/** An output that a test writes: its last line is the one that the cursor is in. */
class Output {
  lines: string[] = [""];
  /** Lines that are gone. */
  gone = 0;

  read(from: number): OutputChunk {
    const end = this.lines.length - 1;
    const first = Math.max(from, this.gone);
    const stop = this.lines[end] === "" ? end : end + 1;
    const lines = this.lines.slice(first, stop);
    const missing = first - from;
    const gaps = missing === 0 ? [] : [{ before: first, lines: missing }];
    return { lines, text: lines.join("\n"), from: first, next: end, missing, gaps };
  }
}

Deno.test("a reader gets each line once, and one that has grown again", () => {
  const output = new Output();
  const reading = new Reading(output);
  output.lines = ["one", "two", "$ "];
  assert.deepEqual(reading.take(), { lines: ["one", "two", "$ "], from: 0, gaps: [] });
  assert.deepEqual(reading.take(), { lines: [], from: 3, gaps: [] });
  output.lines = ["one", "two", "$ ls", "a  b", "$ "];
  assert.deepEqual(reading.take(), { lines: ["$ ls", "a  b", "$ "], from: 2, gaps: [] });
});

Deno.test("what was only looked at is still new", () => {
  const output = new Output();
  const reading = new Reading(output);
  output.lines = ["one", ""];
  const new1 = { lines: ["one"], from: 0, gaps: [] };
  assert.deepEqual(reading.peek(), new1);
  assert.deepEqual(reading.take(), new1);
  assert.deepEqual(reading.peek().lines, []);
});

Deno.test("a reader is told of lines that were gone before it read them, and not of those before it came", () => {
  const output = new Output();
  output.lines = ["one", "two", "three", ""];
  output.gone = 2;
  const reading = new Reading(output);
  assert.deepEqual(reading.take(), { lines: ["three"], from: 2, gaps: [] });
  output.lines = ["", "", "three", "four", "five", ""];
  output.gone = 4;
  const gaps = [{ before: 4, lines: 1 }];
  assert.deepEqual(reading.take(), { lines: ["five"], from: 4, gaps });
});
