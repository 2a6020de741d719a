import assert from "node:assert/strict";
import fc from "fast-check";
import type { Person, Turn } from "../../../format/session_data.ts";
import type { Stretch } from "../../session_history.ts";
import {
  describe,
  placeOf,
  segments,
  spokenTime,
  ticks,
  timeAt,
  type TimelineFacts,
} from "./timeline_model.ts";

const ADA: Person = { id: "p1", name: "Ada", role: "control", type: "agent", color: 3 };
const HOST: Person = { id: "host", name: "Eve", role: "presenter", type: "person", color: 0 };

function stretch(fromMs: number, toMs: number, mode: Turn["mode"], driver?: Person): Stretch {
  const holder = mode === "participant" ? { holder: driver?.id ?? "p9" } : {};
  return { fromMs, toMs, turn: { mode, turn: 1, ...holder }, driver };
}

const FACTS: TimelineFacts = {
  startMs: 1_000,
  durationMs: 11_000,
  stretches: [
    stretch(1_000, 3_000, "presenter", HOST),
    stretch(3_000, 5_000, "participant", ADA),
    stretch(5_000, 6_000, "collaborative"),
    stretch(6_000, 7_000, "paused"),
    stretch(7_000, 8_000, "participant"),
    stretch(8_000, 8_000, "participant", ADA),
    stretch(8_000, 11_000, "presenter", HOST),
  ],
  markers: [
    { index: 1, atMs: 2_000, label: "begin" },
    { index: 2, atMs: 11_000, label: "" },
  ],
};

Deno.test("those who drove in the place of the presenter are shown, each for their time", () => {
  assert.deepEqual(segments(FACTS).map(({ from, to, who, text }) => [from, to, who, text]), [
    [0.2, 0.4, ADA, "Ada (agent) drove"],
    [0.4, 0.5, "everyone", "everyone typed"],
    [0.5, 0.6, "nobody", "input was paused"],
    [0.6, 0.7, "somebody", "somebody drove"],
  ]);
});

Deno.test("a place tells its time, a marker near to it, and who drove", () => {
  const shown = { ticks: ticks(FACTS), segments: segments(FACTS) };
  assert.deepEqual(describe(FACTS, 0.105, shown), { time: "0:02", label: "begin", drove: "" });
  assert.deepEqual(describe(FACTS, 0.25, shown), {
    time: "0:03",
    label: "",
    drove: "Ada (agent) drove",
  });
  assert.deepEqual(describe(FACTS, 1, shown), { time: "0:11", label: "Marker", drove: "" });
});

Deno.test("a time and its place are two ways to say the same", () => {
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.integer({ min: 1, max: 1e9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (startMs, lengthMs, place) => {
        const facts = { startMs, durationMs: startMs + lengthMs };
        assert.ok(Math.abs(placeOf(facts, timeAt(facts, place)) - place) < 1e-6);
      },
    ),
  );
  assert.equal(placeOf({ startMs: 5, durationMs: 5 }, 5), 0);
  assert.equal(placeOf(FACTS, -1), 0);
  assert.equal(placeOf(FACTS, 1e9), 1);
  assert.equal(timeAt(FACTS, 7), 11_000);
});

Deno.test("thousands of markers are drawn as some hundreds", () => {
  const markers = Array.from({ length: 5_000 }, (_, i) => ({ index: i, atMs: i, label: `${i}` }));
  const shown = ticks({ ...FACTS, markers });
  assert.ok(shown.length > 200 && shown.length <= 500);
});

Deno.test("a time is read aloud in words", () => {
  assert.equal(spokenTime(0), "0 seconds");
  assert.equal(spokenTime(61_900), "1 minute 1 second");
  assert.equal(spokenTime(7_322_000), "2 hours 2 minutes 2 seconds");
});
