import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../format/errors.ts";
import { formatClock, formatSpan, parseDuration } from "./duration.ts";

Deno.test("durations and positions are read in every form people write them", () => {
  const cases: [string, number][] = [
    ["0", 0],
    ["90", 90_000],
    ["2.5", 2_500],
    ["2s", 2_000],
    ["500ms", 500],
    ["1h2m", 3_720_000],
    ["1h2m3.5s", 3_723_500],
    ["1m500ms", 60_500],
    ["2d", 172_800_000],
    ["1:23", 83_000],
    ["01:02:03", 3_723_000],
    ["90:00", 5_400_000],
    ["1:23.456", 83_456],
  ];
  for (const [text, ms] of cases) assert.equal(parseDuration(text), ms, text);
});

Deno.test("what is not a time is refused with a code and without echoing control characters", () => {
  for (
    const text of [
      "",
      "-1",
      "1:",
      ":1",
      "1:60",
      "1:60:00",
      "1m1h",
      "1s1s",
      "1e9",
      "s",
      "1 h",
      "1:2:3:4",
    ]
  ) {
    assert.throws(() => parseDuration(text), { code: "bad-duration" }, text);
  }
  assert.throws(() => parseDuration("\x1b]0;x\x07"), (error) => {
    assert.ok(error instanceof UsageError);
    return /^[\x20-\x7e]*$/.test(error.message);
  });
  assert.throws(() => parseDuration("999999999999"), { code: "bad-duration" });
});

Deno.test("a clock reads back to its own second", () => {
  fc.assert(fc.property(fc.nat(360_000_000), (ms) => {
    assert.equal(parseDuration(formatClock(ms)), Math.floor(ms / 1_000) * 1_000);
  }));
});

Deno.test("spans use the unit a person would", () => {
  const cases: [number, string][] = [
    [0, "0 ms"],
    [12.4, "12 ms"],
    [999.7, "1 s"],
    [4_900, "4 s"],
    [59_999, "59 s"],
    [61_000, "1 min"],
    [3_600_000, "1 h"],
    [3_900_000, "1 h 5 min"],
  ];
  for (const [ms, text] of cases) assert.equal(formatSpan(ms), text);
});
