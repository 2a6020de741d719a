import assert from "node:assert/strict";
import type { JsonObject } from "../format/json.ts";
import { driveText, droveText, leftMs } from "./drive_text.ts";
import { driver, learn, NO_FACTS, type SessionFacts } from "./session_facts.ts";

/** A session with Grace who presents, Bo and an agent, in a state of control. */
function facts(turn: JsonObject): SessionFacts {
  const people: JsonObject[] = [
    { id: "host", name: "Grace", role: "presenter" },
    { id: "p1", name: "Bo", role: "control" },
    { id: "p2", name: "Cy", role: "agent", type: "agent" },
  ];
  const joined = people.reduce<SessionFacts>(
    (facts, data) => learn(facts, { kind: "participant", data: { kind: "join", ...data } }, 0),
    NO_FACTS,
  );
  return learn(joined, { kind: "control", data: { kind: "mode", turn: 1, ...turn } }, 0);
}

Deno.test("who drives is said to everyone, to the one who does, and of the past", () => {
  const cases: [JsonObject, string, string][] = [
    [{ mode: "presenter" }, "Grace drives", "Grace drove"],
    [{ mode: "participant", holder: "p1" }, "Bo drives", "Bo drove"],
    [{ mode: "participant", holder: "p2" }, "Cy (agent) drives", "Cy (agent) drove"],
    [{ mode: "participant", holder: "p9" }, "somebody drives", ""],
    [{ mode: "collaborative" }, "everyone may type", "everyone typed"],
    [{ mode: "paused" }, "input is paused", "input was paused"],
  ];
  for (const [turn, present, past] of cases) {
    const known = facts(turn);
    assert.equal(driveText(known), present);
    assert.equal(droveText({ ...known, driver: driver(known) }), past);
  }
  assert.equal(driveText(facts({ mode: "participant", holder: "p1" }), { you: "p1" }), "you drive");
  assert.equal(driveText(NO_FACTS), "");
});

Deno.test("the time that is left counts down to nothing, and begun seconds count", () => {
  const known = facts({ mode: "participant", holder: "p1", untilMs: 300_000 });
  const at = (nowMs: number): string => driveText(known, { you: "p1", nowMs });
  assert.equal(at(0), "you drive 5:00");
  assert.equal(at(28_000), "you drive 4:32");
  assert.equal(at(299_001), "you drive 0:01");
  assert.equal(at(300_000), "you drive 0:00");
  assert.equal(at(310_000), "you drive 0:00");
  assert.equal(leftMs(known, 299_000), 1_000);
  assert.equal(leftMs(known, undefined), undefined);
  assert.equal(driveText(known, { you: "p2", nowMs: 0 }), "Bo drives 5:00");
});
