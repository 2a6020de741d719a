import assert from "node:assert/strict";
import { Histogram } from "./histogram.ts";

Deno.test("durations are counted by the shortest bucket that takes them, and in every longer one", () => {
  const histogram = new Histogram([1, 10, 100]);
  for (const ms of [0, 1, 1.5, 10, 99, 100.5, 5_000]) histogram.observe(ms);
  const { count, sumSeconds, buckets } = histogram.measure();
  assert.deepEqual(buckets, [
    { le: 0.001, count: 2 },
    { le: 0.01, count: 4 },
    { le: 0.1, count: 5 },
  ]);
  assert.equal(count, 7);
  assert.ok(Math.abs(sumSeconds - 5.212) < 1e-9);
});

Deno.test("a clock that seems to go back adds nothing to the sum", () => {
  const histogram = new Histogram([1]);
  histogram.observe(-5);
  assert.deepEqual(histogram.measure(), {
    count: 1,
    sumSeconds: 0,
    buckets: [{ le: 0.001, count: 1 }],
  });
});
