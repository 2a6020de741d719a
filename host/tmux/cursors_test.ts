import assert from "node:assert/strict";
import { CursorWatch, LIST_CURSORS, readCursors } from "./cursors.ts";

const SIZE = { cols: 80, rows: 24 };

function read(lines: readonly string[], size = SIZE): unknown[] {
  return [...readCursors(lines, size)].map(([pane, { x, y }]) => `${pane} ${x}:${y}`);
}

Deno.test("a cursor is where it is in its pane, and the pane in the window", () => {
  const lines = ["%0 on bottom 0 1 40 3 4 1 80 23", "%1 on bottom 41 1 39 0 22 1 80 23"];
  assert.deepEqual(read(lines), ["%0 3:5", "%1 41:23"]);
});

Deno.test("status lines at the top move it down", () => {
  assert.deepEqual(read(["%0 on top 0 0 80 3 4 1 80 23"]), ["%0 3:5"]);
  assert.deepEqual(read(["%0 2 top 0 0 80 3 4 1 80 22"]), ["%0 3:6"]);
  assert.deepEqual(read(["%0 off top 0 0 80 3 4 1 80 24"]), ["%0 3:4"]);
});

Deno.test("the cursor of a line that is about to wrap is in the last column", () => {
  assert.deepEqual(read(["%0 off bottom 0 0 40 40 4 1 80 24"]), ["%0 39:4"]);
});

Deno.test("a cursor that nobody sees is left out, and so is what tmux never says", () => {
  assert.deepEqual(
    read(["%0 off bottom 0 0 40 3 4 0 80 24", "%1", "", "%2 a b c d e f g h i"]),
    [],
  );
  // Of a window that is larger than the screen, nobody knows which part is shown.
  assert.deepEqual(read(["%0 on bottom 0 0 40 3 4 1 80 24"]), []);
  assert.deepEqual(read(["%0 off bottom 0 0 40 3 4 1 81 24"]), []);
});

Deno.test("it looks once at a time, and once more for whatever happened meanwhile", async () => {
  const asked: PromiseWithResolvers<readonly string[]>[] = [];
  const seen: unknown[] = [];
  const watch = new CursorWatch({
    run: (command) => {
      assert.equal(command, LIST_CURSORS);
      asked.push(Promise.withResolvers());
      return asked.at(-1)!.promise;
    },
    onCursors: (cursors) => void seen.push(...cursors.values()),
  });
  for (let i = 0; i < 5; i++) watch.look(SIZE);
  assert.equal(asked.length, 1);
  asked[0]!.reject(new Error("tmux is busy"));
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(asked.length, 2);
  asked[1]!.resolve(["%0 off bottom 0 0 80 3 4 1 80 24"]);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([asked.length, seen], [2, [{ x: 3, y: 4 }]]);
  watch.look(SIZE);
  watch.look(SIZE);
  watch.end();
  asked[2]!.resolve([]);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(asked.length, 3);
});
