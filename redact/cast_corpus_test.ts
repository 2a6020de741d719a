import assert from "node:assert/strict";
import type { CastEvent } from "../format/events.ts";
import type { CastEvents } from "./cast_replay.ts";
import { outputOf, recording, redactCast } from "./testing/casts.ts";
import { type Sample, SAMPLE_RULES, samples } from "./testing/samples.ts";
import { type Drawing, type Way, WAYS } from "./testing/ways.ts";

/** Characters in a row of a secret that nobody may see; where only parts of it are there, so many. */
const WINDOW = 6, PART_WINDOW = 8;

/**
 * What must not be seen, at any instant: any part of a secret but of its beginning, however it grew. A live session
 * cannot know as early as a recording that was seen to its end.
 */
function forbidden({ secrets }: Sample, way: Way): string[] {
  const window = way.only === "parts" ? PART_WINDOW : WINDOW;
  return secrets.flatMap(({ text, shown, before }) => {
    const parts: string[] = [];
    const beginning = (before.slice(-window) + text.slice(0, shown + 1)).trimStart();
    if (beginning.length >= window) parts.push(beginning);
    for (let i = shown; i + window <= text.length; i++) parts.push(text.slice(i, i + window));
    return parts;
  });
}

function castOf({ cols, rows, steps }: Drawing): CastEvents {
  const events = steps.map((step): CastEvent =>
    typeof step === "string" ? { kind: "output", data: step } : { kind: "resize", ...step }
  );
  return recording(events, { cols, rows });
}

for (const [number, way] of WAYS.entries()) {
  Deno.test(`nothing secret is left of a recording of a text that is drawn ${way.name}`, () => {
    for (const [i, sample] of samples(1).entries()) {
      // Half of them, by turns: the rules themselves are tried elsewhere.
      if ((i + number) % 2 === 1 || way.only !== undefined && !sample[way.only]) continue;
      const { written, leftovers } = redactCast(castOf(way.draw(sample.lines)), SAMPLE_RULES);
      assert.deepEqual(leftovers, [], `${i}: ${sample.rule}`);
      const seen = outputOf(written);
      const part = forbidden(sample, way).find((part) => seen.includes(part));
      assert.equal(part, undefined, `${sample.rule}: ${sample.lines.join("\n")}`);
    }
  });
}
