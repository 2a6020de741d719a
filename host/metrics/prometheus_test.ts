import assert from "node:assert/strict";
import { someMeasures } from "../testing/measures.ts";
import { METRICS } from "./catalog.ts";
import { Measures } from "./measures.ts";
import { exposition } from "./prometheus.ts";
import { parseExposition } from "./testing.ts";

Deno.test("everything that is measured is a metric, with its own number", async () => {
  const measures = someMeasures();
  const { text, contentType } = await exposition(() => measures)();
  assert.match(contentType, /^text\/plain; version=0\.0\.4/);
  const values = [...parseExposition(text).samples.values()];
  const missing: string[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value === "number") {
      if (!values.includes(value)) missing.push(path);
    } else if (value !== null && typeof value === "object") {
      // A bucket's bound is a label.
      for (const [name, part] of Object.entries(value)) {
        if (name !== "le") look(part, `${path}.${name}`);
      }
    }
  };
  look(measures, "");
  assert.deepEqual(missing, []);
  assert.deepEqual(Object.keys(measures).sort(), Object.keys(Measures.entries).sort());
});

Deno.test("a page is of the moment it is asked for", async () => {
  const measures = someMeasures();
  const page = exposition(() => measures);
  await page();
  measures.frames = 7;
  measures.refusals = { "join-timeout": 1 };
  const { samples } = parseExposition((await page()).text);
  assert.equal(samples.get("collab_frames_total"), 7);
  assert.equal(samples.get('collab_refusals_total{reason="join-timeout"}'), 1);
  assert.equal(samples.has('collab_refusals_total{reason="token-invalid"}'), false);
});

Deno.test("labels cannot break out of their line", async () => {
  const { text } = await exposition(someMeasures)();
  assert.match(text, /collab_redactions_total\{rule="my \\"own\\"\\\\rule\\n"\} \d+\n/);
});

Deno.test("histograms count up to everything", async () => {
  const { samples } = parseExposition((await exposition(someMeasures)()).text);
  const of = (rest: string): number | undefined =>
    samples.get(`collab_echo_latency_seconds${rest}`);
  assert.deepEqual(
    ['_bucket{le="0.001"}', '_bucket{le="0.25"}', '_bucket{le="+Inf"}', "_count"].map(of),
    [1, 2, 3, 3],
  );
});

Deno.test("names and units are as Prometheus has them", () => {
  for (const { name, type, help } of METRICS) {
    assert.match(name, /^(?:collab|process)_[a-z]+(?:_[a-z]+)*$/);
    assert.equal(name.endsWith("_total"), type === "counter", name);
    if (type === "histogram") assert.match(name, /_seconds$/);
    // Base units alone.
    assert.doesNotMatch(name, /_(?:ms|milliseconds|kb|mb|percent)(?:_|$)/, name);
    assert.ok(help.length > 0 && !help.endsWith("."), name);
  }
  assert.equal(new Set(METRICS.map(({ name }) => name)).size, METRICS.length);
});
