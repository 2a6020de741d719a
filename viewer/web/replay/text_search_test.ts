import assert from "node:assert/strict";
import fc from "fast-check";
import { Screen } from "../../../format/screen.ts";
import { EventLog } from "../../../record/event_log.ts";
import { matchesOn, TextSearch } from "./text_search.ts";

/** A recording of output, a second apart. */
function recording(...output: string[]): EventLog {
  const log = new EventLog({ version: 3, cols: 10, rows: 4, extra: {} });
  output.forEach((data, i) => log.append({ kind: "output", data }, i * 1_000));
  return log;
}

/** When a text comes up, in seconds. */
function times(log: EventLog, query: string): number[] {
  using search = new TextSearch(log, query);
  assert.equal(search.run(() => false), 1);
  return search.hits.map(({ atMs }) => atMs / 1_000);
}

Deno.test("a text is found each time that there is more of it", () => {
  const log = recording("Hello\r\n", "world\r\n", "hel", "lo", "!", "\x1b[2J", "\x1b[Hhello hello");
  assert.deepEqual(times(log, "hello"), [0, 3, 6]);
  assert.deepEqual(times(log, "hello!"), [4]);
  assert.deepEqual(times(log, "Hello"), [0]);
  assert.deepEqual(times(log, "HELLO"), []);
  assert.deepEqual(times(log, "nothing"), []);
});

Deno.test("a text that wraps is found", () => {
  assert.deepEqual(times(recording("12345678", "90ab", "\r\n"), "890a"), [1]);
  assert.deepEqual(times(recording("漢字漢字漢字漢字"), "字漢"), [0]);
});

Deno.test("the search goes on from where it stopped", () => {
  const log = recording(...Array.from({ length: 100 }, (_, i) => `\r\nline ${i}`));
  using search = new TextSearch(log, "line 99");
  const parts: number[] = [];
  while (!search.done) parts.push(search.run(() => true));
  assert.ok(parts.length > 3 && parts.every((part, i) => i === 0 || part > parts[i - 1]!));
  assert.equal(search.hits.length, 1);
  assert.equal(search.hits[0]!.index, 100);
});

Deno.test("a hit is shown at its index, and not before it", () => {
  const log = recording("one", " two", " three");
  using search = new TextSearch(log, "two");
  search.run(() => false);
  assert.deepEqual(search.hits, [{ index: 2, atMs: 1_000 }]);
});

Deno.test("where a text is on the screen is told in columns", () => {
  using screen = new Screen({ cols: 10, rows: 4 });
  screen.write("漢字 ab\r\n  Ab12345678ab\r\nİab");
  assert.deepEqual(matchesOn(screen.frame(), "ab"), [
    { x: 5, y: 0, cols: 2 },
    { x: 2, y: 1, cols: 2 },
    { x: 2, y: 2, cols: 2 },
    { x: 1, y: 3, cols: 2 },
  ]);
  assert.deepEqual(matchesOn(screen.frame(), "678ab"), [{ x: 9, y: 1, cols: 5 }]);
  assert.deepEqual(matchesOn(screen.frame(), "Ab"), [{ x: 2, y: 1, cols: 2 }]);
  assert.deepEqual(matchesOn(screen.frame(), ""), []);
});

Deno.test("whatever is on the screen, what is found is there", () => {
  const unit = fc.constantFrom("a", "B", " ", "漢", "e\u0301", "😀", "\r\n", "İ");
  fc.assert(
    fc.property(
      fc.string({ unit, maxLength: 40 }),
      fc.string({ unit: fc.constantFrom("a", "b", "漢", " "), minLength: 1, maxLength: 3 }),
      (text, query) => {
        using screen = new Screen({ cols: 10, rows: 4 });
        screen.write(text);
        const frame = screen.frame();
        for (const { x, y, cols } of matchesOn(frame, query)) {
          assert.ok(x >= 0 && x < 10 && y >= 0 && y < 4 && cols >= 1);
        }
      },
    ),
  );
});
