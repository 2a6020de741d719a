import assert from "node:assert/strict";
import { Screen } from "../format/screen.ts";
import { endsUnfinished, lineAfterEcho } from "./command_echo.ts";

const after = (lines: readonly string[], command: string, prompt = "$ "): number =>
  lineAfterEcho((line) => lines[line], 0, prompt, command);

Deno.test("the output begins after the lines that a command was typed on, however the shell wrapped it", () => {
  assert.equal(after(["$ ls", "a"], "ls"), 1);
  assert.equal(after(["$ echo abc", " def", "abc def"], "echo abc def"), 2);
  assert.equal(after(["$ echo abc d", "ef", "abc def"], "echo abc def"), 2);
  assert.equal(after(["$ cat", "cat"], "cat"), 1, "output like the command is no more of it");
  assert.equal(
    after(["$ for i in 1", "> do echo a", "> done", "a"], "for i in 1\ndo echo a\ndone"),
    3,
  );
  assert.equal(after(["$ echo one", "one", "$ echo two", "two"], "echo one\necho two"), 2);
  assert.equal(after(["$ l", "s", "x"], "ls"), 2);
  assert.equal(after(["$", "x"], ""), 1);
});

Deno.test("what was cleared away is not looked for", () => {
  assert.equal(after(["done", "$"], "clear; echo done"), 0);
});

Deno.test("the shell's own mark after a line without an end is known by how it looks", () => {
  const ends = (written: string, line: string): boolean => {
    using screen = new Screen({ cols: 20, rows: 3 });
    screen.write(written);
    return endsUnfinished(line, screen.frame().lines);
  };
  assert.ok(ends("x\x1b[7m%\x1b[m\r\n$ ", "x%"));
  assert.ok(ends("日本\x1b[7m#\x1b[m\r\n$ ", "日本#"));
  assert.ok(ends("x⏎\r\n$ ", "x⏎"));
  assert.ok(!ends("100%\r\n$ ", "100%"));
  assert.ok(!ends("x\x1b[7m%\x1b[m%\r\n$ ", "x%%"));
  assert.ok(!ends("$ ", "100%"), "it has scrolled off");
});
