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
        assert.equal(kept.missing(0), kept.first);
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
  assert.deepEqual([0, 1, 2, 3].map((from) => kept.missing(from)), [12, 12, 5, 0]);
});

Deno.test("lines are dropped when they are long, however few they are", () => {
  const kept = new KeptLines(1_000);
  for (let i = 0; i < 20; i++) kept.push("x".repeat(1 << 20));
  assert.equal(kept.end, 20);
  assert.equal(kept.end - kept.first, 16);
});
