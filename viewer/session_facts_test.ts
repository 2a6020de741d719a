import assert from "node:assert/strict";
import fc from "fast-check";
import type { CastEvent } from "../format/events.ts";
import type { JsonObject } from "../format/json.ts";
import { PERSON_COLORS } from "../format/person_colors.ts";
import {
  driver,
  keysGo,
  learn,
  mayType,
  NO_FACTS,
  type SessionFacts,
  shownPointers,
} from "./session_facts.ts";

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

/** What a viewer knows after control events, in a session with Grace, Ada and Bo. */
function learnControl(...data: JsonObject[]): SessionFacts {
  return data.reduce<SessionFacts>(
    (facts, one) => learn(facts, { kind: "control", data: one }, 0),
    learnAll(ROSTER, { kind: "join", id: "p2", name: "Bo", role: "control", type: "agent" }),
  );
}

Deno.test("somebody is a person or an agent, and has a colour that there is", () => {
  const facts = learnAll(
    { kind: "join", id: "p1", name: "Bo", role: "agent", type: "agent", color: 3 },
    { kind: "join", id: "p2", name: "Cy", role: "view", type: "robot", color: 8_000_001 },
    { kind: "join", id: "p3", name: "Di", role: "view", color: -1 },
  );
  const kinds = [...facts.people.values()].map(({ type, color }) => [type, color]);
  assert.deepEqual(kinds, [["agent", 3], ["person", 1], ["person", 0]]);
});

Deno.test("who drives follows from the turn: the holder, the presenter, or nobody alone", () => {
  const turns: [JsonObject, string | undefined][] = [
    [{ kind: "grant", id: "p2", mode: "participant", holder: "p2", turn: 1 }, "Bo"],
    [{ kind: "revoke", id: "p2", why: "taken", mode: "presenter", turn: 2 }, "Grace"],
    [{ kind: "mode", mode: "collaborative", turn: 3 }, undefined],
    [{ kind: "mode", mode: "paused", turn: 4 }, undefined],
    [{ kind: "state", requests: [], mode: "participant", holder: "p1", turn: 5 }, "Ada"],
    [{ kind: "state", requests: [], mode: "participant", holder: "gone", turn: 6 }, undefined],
  ];
  for (const [data, name] of turns) {
    const facts = learnControl(data);
    assert.equal(driver(facts)?.name, name, JSON.stringify(data));
    assert.equal(facts.turn.turn, data.turn);
  }
});

Deno.test("a turn that makes no sense changes nothing", () => {
  const odd: JsonObject[] = [
    { kind: "mode", mode: "anarchy", turn: 7 },
    { kind: "mode", mode: "paused" },
    { kind: "mode", mode: "paused", turn: -1 },
    { kind: "grant", id: "p2", mode: "participant", turn: 7 },
    { kind: "mode", mode: "presenter", holder: "p2", turn: 7 },
  ];
  for (const data of odd) assert.deepEqual(learnControl(data).turn, NO_FACTS.turn);
});

Deno.test("keys go to the session from the holder alone, or from all whose role allows it", () => {
  const granted = learnControl({ kind: "grant", mode: "participant", holder: "p2", turn: 1 });
  const open = learnControl({ kind: "mode", mode: "collaborative", turn: 2 });
  const who = (id: string, role: string): { id: string; role: string } => ({ id, role });
  assert.deepEqual(
    [who("p2", "control"), who("p1", "control")].map((one) => mayType(granted, one)),
    [true, false],
  );
  assert.deepEqual(
    ["control", "agent", "admin", "view"].map((role) => mayType(open, who("p1", role))),
    [true, true, true, false],
  );
  for (const mode of ["presenter", "paused"]) {
    assert.ok(!mayType(learnControl({ kind: "mode", mode, turn: 3 }), who("p2", "admin")));
  }
  assert.ok(!mayType(open, undefined));
});

Deno.test("requests wait in their order, once each, until they are answered", () => {
  const asked = learnControl(
    { kind: "request", id: "p1", forMs: 60_000, note: " to\u202e show\x1b it " },
    { kind: "request", id: "p2", forMs: -1, note: "" },
    { kind: "request", id: "p1", forMs: 300_000 },
  );
  assert.deepEqual(asked.requests, [{ id: "p2" }, { id: "p1", forMs: 300_000 }]);
  const noted = learnControl({ kind: "request", id: "p1", note: " to\u202e show\x1b it " });
  assert.deepEqual(noted.requests, [{ id: "p1", note: "to show it" }]);
  for (const kind of ["withdraw", "lapse", "deny", "grant"]) {
    const facts = learn(asked, { kind: "control", data: { kind, id: "p2" } }, 0);
    assert.deepEqual(facts.requests.map(({ id }) => id), ["p1"], kind);
  }
  const state = { kind: "state", requests: [{ id: "p3" }, 7, { note: "x" }] };
  assert.deepEqual(learn(asked, { kind: "control", data: state }, 0).requests, [{ id: "p3" }]);
});

Deno.test("a pointer is where it was put last, until it is taken away or its owner leaves", () => {
  const point = (facts: SessionFacts, data: JsonObject, atMs: number): SessionFacts =>
    learn(facts, { kind: "pointer", data }, atMs);
  let facts = point(learnAll(ROSTER), { id: "p1", x: 3, y: 4 }, 100);
  facts = point(facts, { id: "p1", x: 5, y: 0 }, 200);
  facts = point(facts, { id: "host", x: 1, y: 1 }, 300);
  assert.deepEqual([...facts.pointers], [
    ["p1", { x: 5, y: 0, atMs: 200 }],
    ["host", { x: 1, y: 1, atMs: 300 }],
  ]);
  assert.equal(point(facts, { id: "host" }, 400).pointers.size, 1);
  assert.equal(point(facts, { id: "host", x: -1, y: 0.5 }, 400).pointers.size, 1);
  assert.deepEqual([...shownPointers(facts.pointers, 5_250).keys()], ["host"]);
  assert.equal(shownPointers(facts.pointers, 5_199), facts.pointers);
  const left = learn(facts, { kind: "participant", data: { kind: "leave", id: "p1" } }, 400);
  assert.deepEqual([...left.pointers.keys()], ["host"]);
});

Deno.test("whatever a host says about people, nothing breaks", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.dictionary(
          fc.constantFrom(
            ...["kind", "id", "name", "role", "count", "participants", "color", "type"],
            ...["mode", "holder", "untilMs", "turn", "requests", "forMs", "note", "x", "y"],
          ),
          fc.oneof(
            fc.constantFrom("roster", "join", "leave", "state", "grant", "request", "p1"),
            fc.constantFrom("participant", "collaborative"),
            fc.nat(5),
            fc.jsonValue(),
          ),
        ),
      ),
      fc.array(fc.constantFrom("participant", "control", "pointer")),
      (data, kinds) => {
        const facts = data.reduce<SessionFacts>(
          (facts, data, i) => learn(facts, { kind: kinds[i] ?? "control", data } as CastEvent, i),
          NO_FACTS,
        );
        assert.ok(facts.watching === undefined || facts.watching >= 0);
        assert.equal(facts.turn.mode === "participant", facts.turn.holder !== undefined);
        for (const { x, y } of facts.pointers.values()) assert.ok(x >= 0 && y >= 0);
        for (const { color } of facts.people.values()) assert.ok(PERSON_COLORS[color]);
        driver(facts);
      },
    ),
  );
});

Deno.test("who has a pane is known, and what is odd of it passed over", () => {
  const state = { mode: "presenter", turn: 0, requests: [] };
  const control = (facts: SessionFacts, data: JsonObject): SessionFacts =>
    learn(facts, { kind: "control", data }, 0);
  assert.equal(control(NO_FACTS, { kind: "state", ...state }).offersPanes, false);
  let facts = control(NO_FACTS, {
    kind: "state",
    ...state,
    panes: [{ id: "p1", pane: "%1", turn: 1 }, { id: "p2", pane: 7, turn: 1 }, "x", null],
  });
  assert.ok(facts.offersPanes);
  assert.deepEqual([...facts.panes], [["p1", { pane: "%1", turn: 1 }]]);
  facts = control(facts, { kind: "request", id: "p2", pane: true });
  facts = control(facts, { kind: "request", id: "p3" });
  for (const odd of [{ id: 3 }, { id: "p9", pane: "%9" }, { id: "p9", turn: 1 }, {}]) {
    assert.ok(!control(facts, { kind: "pane", open: true, ...odd }).panes.has("p9"));
  }
  facts = control(facts, { kind: "pane", open: true, id: "p2", pane: "%2\x1b[31m", turn: 2 });
  assert.deepEqual(facts.panes.get("p2"), { pane: "%2[31m", turn: 2 });
  assert.deepEqual(facts.requests.map(({ id }) => id), ["p3"]);
  facts = control(facts, { kind: "pane", open: false, id: "p1", pane: "%1" });
  assert.deepEqual([...facts.panes.keys()], ["p2"]);
  facts = learn(facts, { kind: "participant", data: { kind: "leave", id: "p2", name: "x" } }, 0);
  assert.equal(facts.panes.size, 0);
});

Deno.test("keys go to control that one holds, else to one's pane, else where everyone may type", () => {
  const who = { id: "p1", role: "control" };
  const panes = new Map([["p1", { pane: "%1", turn: 1 }]]), none = new Map();
  const held = { mode: "participant", holder: "p1", turn: 1 } as const;
  const everyone = { mode: "collaborative", turn: 1 } as const;
  const presenter = { mode: "presenter", turn: 1 } as const;
  assert.equal(keysGo({ turn: held, panes }, who), "session");
  assert.equal(keysGo({ turn: everyone, panes }, who), "pane");
  assert.equal(keysGo({ turn: presenter, panes }, who), "pane");
  assert.equal(keysGo({ turn: everyone, panes: none }, who), "session");
  assert.equal(keysGo({ turn: presenter, panes: none }, who), undefined);
  assert.equal(keysGo({ turn: everyone, panes }, undefined), undefined);
});

Deno.test("the cursor of a pane is no pointer, and stays until it is told elsewhere or its owner leaves", () => {
  const learned = (
    facts: SessionFacts,
    data: Record<string, string | number | boolean>,
  ): SessionFacts =>
    learn(facts, { kind: "pointer", data: { id: "p1", cursor: true, ...data } }, 100);
  const facts = learned(learned(NO_FACTS, { x: 1, y: 2 }), { x: 3, y: 4 });
  assert.deepEqual([facts.pointers.size, facts.cursors.get("p1")], [0, { x: 3, y: 4, atMs: 100 }]);
  assert.equal(learned(facts, {}).cursors.size, 0);
  const leave = { kind: "leave", id: "p1", name: "Ada" };
  assert.equal(learn(facts, { kind: "participant", data: leave }, 200).cursors.size, 0);
});

Deno.test("ids that nobody can have are passed over, so that they take no memory", () => {
  const id = "x".repeat(65);
  const person = { id, name: "Ada", role: "view", type: "person", color: 1 };
  const turn = { mode: "participant", holder: id, turn: 2 };
  const said: readonly CastEvent[] = [
    { kind: "participant", data: { kind: "join", ...person } },
    { kind: "participant", data: { kind: "leave", id } },
    { kind: "control", data: { kind: "grant", id, by: "host", ...turn } },
    { kind: "control", data: { kind: "request", id } },
    { kind: "control", data: { kind: "pane", id, open: true, pane: "%1", turn: 1 } },
    { kind: "pointer", data: { id, x: 1, y: 1 } },
  ];
  for (const event of said) {
    const { people, turn, requests, panes, pointers } = learn(NO_FACTS, event, 0);
    const sizes = [people, panes, pointers].map(({ size }) => size);
    assert.deepEqual([turn, requests, sizes], [NO_FACTS.turn, [], [0, 0, 0]], event.kind);
  }
  const roster = { kind: "roster", count: 1, participants: [person] };
  assert.equal(learn(NO_FACTS, { kind: "participant", data: roster }, 0).people.size, 0);
});
