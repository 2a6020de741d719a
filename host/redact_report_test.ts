import assert from "node:assert/strict";
import type { CastMasking } from "../redact/cast_redaction.ts";
import { reportJson, reportText } from "./redact_report.ts";
import type { RedactResult } from "./redact_recording.ts";

function result(maskings: readonly CastMasking[], rest: Partial<RedactResult> = {}): RedactResult {
  return {
    maskings,
    unseenKeys: 0,
    droppedEvents: new Map(),
    droppedKeys: [],
    warnings: [],
    durationMs: 60_000,
    ...rest,
  };
}

const KEY = Array.from({ length: 14 }, () => ({ atMs: 62_400, rule: "private-key", cells: 64 }));
const FOUND = [
  { atMs: 310, rule: "aws", cells: 16 },
  { atMs: 340, rule: "aws", cells: 16 },
  ...KEY,
];

Deno.test("the table has a row for each rule and time", () => {
  assert.equal(
    reportText(result([...FOUND, { atMs: 3_723_000, rule: "card", cells: 1 }]), {
      input: "a.cast",
      output: "b.cast",
    }),
    [
      "     0:00.3  aws          32 cells in 2 pieces",
      "     1:02.4  private-key  896 cells in 14 pieces",
      "  1:02:03.0  card         1 cell",
      "4 secrets masked. b.cast was read again: none of them is in it",
    ].join("\n"),
  );
});

Deno.test("a long table is cut, and scripts get all of it", () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ atMs: i * 1000, rule: "aws", cells: 16 }));
  const files = { input: "a.cast", output: "b.cast" };
  const lines = reportText(result(many), files).split("\n");
  assert.equal(lines.length, 42);
  assert.equal(lines.at(-2), "  10 more; --json has all of them");
  const { total, counts, maskings, verified } = JSON.parse(reportJson(result(many), files));
  assert.deepEqual([total, counts, maskings.length, verified], [50, { aws: 50 }, 50, true]);
});

Deno.test("it is said what nobody could look at, without what could disturb a terminal", () => {
  const text = reportText(
    result([], {
      unseenKeys: 1200,
      droppedEvents: new Map([["z\x1b[31m", 2]]),
      droppedKeys: ["custom\x1b]0;"],
    }),
    { input: "a.cast", output: "-" },
  );
  assert.equal(
    text,
    [
      "  besides, 1,200 keys that the terminal did not show",
      '  left out, for nobody here knows what they say: events "z[31m" 2',
      '  left out of the header: "custom]0;"',
      "Nothing else to mask. What was written shows all that was there",
    ].join("\n"),
  );
});

Deno.test("of a recording that is only looked at it is said what there is to mask", () => {
  assert.match(reportText(result(FOUND), { input: "a.cast" }), /\n3 secrets to mask in a\.cast$/);
  assert.equal(reportText(result([]), { input: "-" }), "Nothing to mask in standard input");
});
