import assert from "node:assert/strict";
import fc from "fast-check";
import { KeptLines } from "./kept_lines.ts";

Deno.test("the newest lines are there by their numbers, whatever was pushed and taken back", () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 3_000 }) }),
    fc.record({ back: fc.integer({ min: 0, max: 30 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.integer({ min: 0, max: 50 }), (steps, max) => {
      const kept = new KeptLines(max);
      const all: string[] = [];
      for (const step of steps) {
        if ("push" in step) {
          for (let i = 0; i < step.push; i++) {
            kept.push(`${all.length}`);
            all.push(`${all.length}`);
          }
        } else {
          const end = Math.max(kept.first, all.length - step.back);
          kept.truncate(end);
          all.length = end;
        }
        assert.equal(kept.end, all.length);
        assert.ok(kept.end - kept.first <= max);
        for (let line = kept.first; line < kept.end; line++) {
          assert.equal(kept.get(line), all[line]);
        }
        assert.equal(kept.get(kept.first - 1), undefined);
        const { first } = kept;
        assert.deepEqual(kept.gaps(0), first === 0 ? [] : [{ before: first, lines: first }]);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("lines that never came are missing for those who were before them", () => {
  const kept = new KeptLines(100);
  kept.push("a");
  kept.skip(7, 1);
  kept.push("b");
  kept.skip(5, 2);
  const first = { before: 1, lines: 7 }, second = { before: 2, lines: 5 };
  assert.deepEqual([0, 1, 2, 3].map((from) => kept.gaps(from)), [
    [first, second],
    [first, second],
    [second],
    [],
  ]);
  assert.deepEqual(kept.gaps(0, 1), [first], "what was right before the last line is of it");
});

Deno.test("lines that never came and lines that are gone since are missing in one place", () => {
  const kept = new KeptLines(1);
  kept.push("a");
  kept.skip(7, 1);
  for (const line of ["b", "c"]) kept.push(line);
  kept.skip(5, 3);
  kept.push("d");
  assert.deepEqual(kept.gaps(0), [{ before: 3, lines: 15 }]);
  kept.skip(2, 4);
  assert.deepEqual(kept.gaps(1), [{ before: 3, lines: 14 }, { before: 4, lines: 2 }]);
});

Deno.test("lines are dropped when they are long, however few they are", () => {
  const kept = new KeptLines(1_000);
  for (let i = 0; i < 20; i++) kept.push("x".repeat(1 << 20));
  assert.equal(kept.end, 20);
  assert.equal(kept.end - kept.first, 16);
});
