/**
 * What holds for every recording that is redacted.
 *
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { framesEqual } from "../format/delta.ts";
import type { CastEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import { type CastEvents, CastReplay } from "../redact/cast_replay.ts";
import { DEFAULT_RULES } from "../redact/rules.ts";
import { recording, redactCast } from "../redact/testing/casts.ts";
import { ansi } from "./ansi_arbitrary.ts";
import { anyEvent } from "./any_event.ts";

const TOKEN = "ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5";

const size = fc.record({
  cols: fc.integer({ min: 2, max: 60 }),
  rows: fc.integer({ min: 1, max: 20 }),
});
const drawn: fc.Arbitrary<CastEvent> = fc.oneof(
  { weight: 6, arbitrary: ansi.map((data): CastEvent => ({ kind: "output", data })) },
  { weight: 1, arbitrary: size.map((size): CastEvent => ({ kind: "resize", ...size })) },
);
const secret: fc.Arbitrary<CastEvent> = fc
  .tuple(fc.nat(TOKEN.length - 1), fc.nat(TOKEN.length), fc.constantFrom("", "\r\n", "\x1b[2C"))
  .map(([from, length, after]): CastEvent => ({
    kind: "output",
    data: TOKEN.slice(from, from + length) + after,
  }));

/** What is shown at each time. */
function shownAt(cast: CastEvents): Map<number, Frame> {
  const shown = new Map<number, Frame>();
  using replay = new CastReplay(cast);
  for (const step of replay.steps()) if (step.kind === "frame") shown.set(step.atMs, step.frame);
  return shown;
}

Deno.test("without rules a recording shows the same at every time", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 12 }), size, (events, size) => {
      const cast = recording(events, size);
      const { written } = redactCast(cast, []);
      const before = shownAt(cast), after = shownAt(written);
      let last: Frame | undefined;
      for (const [atMs, frame] of before) {
        const now: Frame | undefined = after.get(atMs) ?? last;
        assert.ok(now === undefined || framesEqual(frame, now), `${atMs}`);
        last = now;
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("whatever is in a recording, it is redacted, and nothing is found in it after", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(drawn, secret, anyEvent), { maxLength: 12 }),
      size,
      (events, size) => {
        const { written, leftovers } = redactCast(recording(events, size), DEFAULT_RULES);
        assert.deepEqual(leftovers, []);
        assert.ok(written.durationMs <= events.length * 100);
      },
    ),
    { numRuns: 150 },
  );
});
