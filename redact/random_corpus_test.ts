import assert from "node:assert/strict";
import fc from "fast-check";
import { FOUND_LEAKS } from "./testing/found_leaks.ts";
import { type RandomDrawing, randomDrawings, randomWay } from "./testing/random_drawing.ts";
import { SAMPLE_RULES, samples } from "./testing/samples.ts";
import { watchDrawing } from "./testing/watch.ts";

/** Random cases of one run, with a seed of their own each time. `REDACT_CASES=10000` for a long look. */
const CASES = Number(Deno.env.get("REDACT_CASES") ?? 400);

/** Draws one of the samples of a seed. Returns whether the drawing is one for it. */
function leaksNothing(drawing: RandomDrawing, seed: number, index: number): boolean {
  const sample = samples(seed)[index]!, way = randomWay(drawing);
  if (way.only !== undefined && !sample[way.only]) return false;
  const { leaks } = watchDrawing(SAMPLE_RULES, sample, way);
  const first = leaks[0];
  assert.equal(
    first && `${first.where} after step ${first.step}: ${JSON.stringify(first.part)}`,
    undefined,
    `${sample.rule}, samples(${seed})[${index}], drawn ${way.name}`,
  );
  return true;
}

Deno.test("drawings that once showed a secret do not", () => {
  for (const { seed, sample, drawing } of FOUND_LEAKS) {
    assert.ok(leaksNothing(drawing, seed, sample));
  }
});

Deno.test("nothing secret leaves of texts that are drawn at random", () => {
  let cases = 0;
  const texts = fc.tuple(randomDrawings, fc.nat(), fc.nat(samples(1).length - 1));
  fc.assert(
    fc.property(texts, ([drawing, seed, index]) => {
      if (leaksNothing(drawing, seed, index)) cases++;
    }),
    { numRuns: CASES },
  );
  assert.ok(cases > CASES / 2, `${cases} cases`);
});
