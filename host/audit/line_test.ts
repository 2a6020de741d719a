import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "../../format/json.ts";
import { encodeLine, hashOf, parseLine, signedBytes } from "./line.ts";

const PLACE = { seq: 7, at: "2026-11-21T14:03:00.250Z", prev: hashOf("the line before") };

Deno.test("a line has its members in one order, whatever order they came in", () => {
  const by = { id: "host", name: "Ada" }, who = { id: "p1", name: "Bob" };
  const line = encodeLine(PLACE, { note: "go on", forMs: null, by, who, event: "grant" }, "c2ln");
  assert.equal(
    line,
    '{"seq":7,"at":"2026-11-21T14:03:00.250Z","prev":"OQRfOdO3Ue1BKgge-rlVHiMpgx3d8rdETOVYbeE9WIY",' +
      '"event":"grant","who":{"id":"p1","name":"Bob"},"by":{"id":"host","name":"Ada"},' +
      '"forMs":null,"note":"go on","sig":"c2ln"}',
  );
});

Deno.test("law: what was written is read, and written again the same", () => {
  const anyMembers = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/).filter((name) =>
      !["seq", "at", "prev", "sig"].includes(name)
    ),
    fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.boolean(), fc.constant(null)),
  );
  fc.assert(
    fc.property(anyMembers, fc.option(fc.string(), { nil: undefined }), (some, sig) => {
      const members: JsonObject = { ...some, event: "marker" };
      const text = encodeLine(PLACE, members, sig);
      const line = parseLine(text);
      assert.ok(line !== undefined, text);
      assert.deepEqual({ ...line.members }, { ...members });
      assert.deepEqual([line.seq, line.at, line.prev, line.sig], [7, PLACE.at, PLACE.prev, sig]);
      assert.equal(encodeLine(line, line.members, line.sig), text);
    }),
  );
});

Deno.test("a line can be printed: nothing in it steers a terminal or turns the text", () => {
  const line = encodeLine(PLACE, { event: "marker", label: "a\x1b[31m\x9b2J\x7f\u202e\u2028b\n" });
  assert.match(line, /"label":"a\\u001b\[31m\\u009b2J\\u007f\\u202e\\u2028b\\n"/);
  // deno-lint-ignore no-control-regex -- there is to be none
  assert.doesNotMatch(line, /[\x00-\x1f\x7f-\x9f\u2028\u202e]/);
});

Deno.test("what would be written otherwise is no line", () => {
  const good = encodeLine(PLACE, { event: "marker", label: "x" });
  assert.ok(parseLine(good) !== undefined);
  const bad: readonly string[] = [
    "",
    "null",
    "[]",
    "{}",
    `${good} `,
    good.replace(":7", ": 7"),
    good.replace(":7", ":7.5"),
    good.replace(":7", ":0"),
    good.replace('"seq":7', '"seq":"7"'),
    good.replace('"seq":7,', '"seq":6,"seq":7,'),
    good.replace('"label":"x"}', '"label":"x","label":"x"}'),
    good.replace('"label":"x"}', '"label":"\\u0078"}'),
    good.replace('"label":"x"}', '"label":"x","about":1}'),
    good.replace('"label":"x"}', '"label":"x","sig":7}'),
    good.replace('"label":"x"}', '"label":[[[[[[]]]]]]}'),
    good.replace("14:03:00.250", "14:03:00"),
    good.replace(/"prev":"[^"]*"/, '"prev":7'),
    good.replace('"event":"marker",', ""),
  ];
  for (const text of bad) assert.equal(parseLine(text), undefined, text);
});

Deno.test("what is signed cannot be taken for a token or a handshake", () => {
  const text = new TextDecoder().decode(signedBytes("{}"));
  assert.equal(text, "collab/1 audit line\n{}");
});
