import assert from "node:assert/strict";
import fc from "fast-check";
import type { CastEvent } from "../format/events.ts";
import type { JsonObject } from "../format/json.ts";
import { driver, learn, NO_FACTS, type SessionFacts } from "./session_facts.ts";

function learnAll(...data: JsonObject[]): SessionFacts {
  return data.reduce<SessionFacts>(
    (facts, one) => learn(facts, { kind: "participant", data: one }, 0),
    NO_FACTS,
  );
}

const ROSTER: JsonObject = {
  kind: "roster",
  count: 1,
  participants: [
    { id: "host", name: "Grace", role: "presenter" },
    { id: "p1", name: "Ada", role: "view" },
  ],
};

Deno.test("people come and go, and the presenter is not one who watches", () => {
  const facts = learnAll(
    ROSTER,
    { kind: "join", id: "p2", name: "Bob", role: "view" },
    { kind: "join", id: "p1", name: "Ada", role: "view" }, // known from the roster
    { kind: "leave", id: "p1", name: "Ada" },
  );
  assert.deepEqual([...facts.people.keys()], ["host", "p2"]);
  assert.equal(facts.watching, 1);
  assert.equal(driver(facts)?.name, "Grace");
});

Deno.test("a roster that names some counts all", () => {
  assert.equal(learnAll({ ...ROSTER, count: 1_500 }).watching, 1_500);
  assert.equal(learnAll({ ...ROSTER, count: -3 }).watching, 1);
});

Deno.test("names are only names", () => {
  const facts = learnAll({ kind: "join", id: "x", name: "\x1b[31mEve\u202e", role: "view" });
  assert.equal(facts.people.get("x")?.name, "[31mEve");
});

Deno.test("pause, resume, the exit and lines left out are remembered", () => {
  const events: CastEvent[] = [
    { kind: "control", data: { kind: "pause" } },
    { kind: "skipped", lines: 5 },
    { kind: "skipped", lines: 6 },
    { kind: "exit", status: 3 },
  ];
  const facts = events.reduce((facts, event) => learn(facts, event, 0), NO_FACTS);
  assert.deepEqual([facts.sharingPaused, facts.skippedLines, facts.status], [true, 11, 3]);
  assert.equal(learn(facts, { kind: "control", data: { kind: "resume" } }, 0).sharingPaused, false);
});

Deno.test("whatever a host says about people, nothing breaks", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.dictionary(
          fc.constantFrom("kind", "id", "name", "role", "count", "participants"),
          fc.oneof(fc.constantFrom("roster", "join", "leave", "x"), fc.jsonValue()),
        ),
      ),
      (data) => {
        const facts = learnAll(...data as JsonObject[]);
        assert.ok(facts.watching === undefined || facts.watching >= 0);
      },
    ),
  );
});
