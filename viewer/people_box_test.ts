import assert from "node:assert/strict";
import { PERSON_COLORS } from "../format/person_colors.ts";
import type { JsonObject } from "../format/json.ts";
import { peopleBox, type PeopleBoxOptions, scrolledBy } from "./people_box.ts";
import { learn, NO_FACTS, type SessionFacts } from "./session_facts.ts";

function facts(count: number): SessionFacts {
  const data: JsonObject = {
    kind: "roster",
    count,
    participants: [
      { id: "host", name: "Grace", role: "presenter", color: 0 },
      { id: "p1", name: "日本", role: "control", color: 1 },
      { id: "p2", name: "Cy", role: "control", type: "agent", color: 2 },
    ],
  };
  const joined = learn(NO_FACTS, { kind: "participant", data }, 0);
  const granted: JsonObject = { kind: "grant", mode: "participant", holder: "p2", turn: 1 };
  const request: JsonObject = { kind: "request", id: "p1", forMs: 60_000, note: "to fix it" };
  return [granted, request].reduce<SessionFacts>(
    (facts, data) => learn(facts, { kind: "control", data }, 0),
    joined,
  );
}

function lines(facts: SessionFacts, options?: PeopleBoxOptions): string[] {
  return peopleBox(facts, options).lines.map((line) =>
    typeof line === "string" ? line : line.spans.map(({ text }) => text).join("")
  );
}

Deno.test("everyone is named with what they are and do", () => {
  assert.deepEqual(lines(facts(2), { you: "p1" }), [
    "Grace  presenter",
    "日本   control, you, asks for control, 1 min: to fix it",
    "Cy     control, agent, drives",
  ]);
  const past = peopleBox(facts(2), { past: true });
  assert.equal(past.title, "Who was here");
  assert.deepEqual(lines(facts(2), { past: true }).slice(1), [
    "日本   control, asked for control, 1 min: to fix it",
    "Cy     control, agent, drove",
  ]);
});

Deno.test("names stand in their colours, and those without a name are counted", () => {
  const [, line] = peopleBox(facts(2)).lines;
  assert.ok(typeof line === "object");
  assert.deepEqual(line.spans[0]?.style, { fg: PERSON_COLORS[1], bold: true });
  assert.equal(lines(facts(1_500)).at(-1), "and 1498 more");
  assert.deepEqual(lines(NO_FACTS), ["The host has not said."]);
});

Deno.test("a long list is scrolled, and other keys close it", () => {
  assert.deepEqual(
    ["down", "page-down", "up", "page-up", "q"].map((key) => scrolledBy(3, key)),
    [4, 13, 2, 0, undefined],
  );
  assert.equal(peopleBox(facts(2), { scroll: 99 }).focus, 2);
});
