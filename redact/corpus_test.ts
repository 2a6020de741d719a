import assert from "node:assert/strict";
import { type Sample, SAMPLE_RULES, samples } from "./testing/samples.ts";
import { type Leak, watchDrawing } from "./testing/watch.ts";
import { type Way, WAYS } from "./testing/ways.ts";

/** Every way that works for a sample. */
function waysFor(sample: Sample): readonly Way[] {
  return WAYS.filter(({ only }) => only === undefined || sample[only]);
}

function describe({ step, where, part, text }: Leak): string {
  return `step ${step}, ${where}: ${JSON.stringify(part)} in ${JSON.stringify(text.slice(0, 200))}`;
}

let cases = 0;
for (const way of WAYS) {
  Deno.test(`nothing secret leaves of a text that is drawn ${way.name}`, () => {
    for (const sample of samples(1)) {
      if (!waysFor(sample).includes(way)) continue;
      const { leaks, counts } = watchDrawing(SAMPLE_RULES, sample, way);
      assert.deepEqual(leaks.map(describe), [], `${sample.rule}: ${sample.lines.join("\n")}`);
      assert.ok((counts.get(sample.rule) ?? 0) > 0, `${sample.rule} found nothing`);
      cases++;
    }
  });
}

Deno.test("every rule was tried in every way, in more than a thousand cases", () => {
  const rules = new Set(samples(1).map(({ rule }) => rule));
  assert.deepEqual(new Set(SAMPLE_RULES.map(({ name }) => name)), rules);
  assert.ok(cases > 1000, `${cases} cases`);
});

Deno.test("what is watched is seen when nothing is masked", () => {
  for (const sample of samples(2)) {
    for (const way of waysFor(sample)) {
      const { leaks } = watchDrawing([], sample, way);
      assert.ok(leaks.length > 0, `${sample.rule} drawn ${way.name}`);
    }
  }
});
