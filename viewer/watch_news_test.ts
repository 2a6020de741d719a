import assert from "node:assert/strict";
import type { JsonObject } from "../format/json.ts";
import { learn, NO_FACTS, type SessionFacts } from "./session_facts.ts";
import { type News, newsOf } from "./watch_news.ts";

const YOU = { id: "p1", role: "control" };

function learned(before: SessionFacts, data: JsonObject): SessionFacts {
  return learn(before, { kind: "control", data }, 0);
}

/** A session with Grace, Ada (who reads) and Bo, after control events. */
function session(...events: JsonObject[]): SessionFacts {
  const people: JsonObject[] = [
    { id: "host", name: "Grace", role: "presenter" },
    { id: "p1", name: "Ada", role: "control" },
    { id: "p2", name: "Bo", role: "control" },
  ];
  const joined = people.reduce<SessionFacts>(
    (facts, data) => learn(facts, { kind: "participant", data: { kind: "join", ...data } }, 0),
    NO_FACTS,
  );
  return events.reduce(learned, joined);
}

function news(before: SessionFacts, data: JsonObject, you = YOU): News | undefined {
  return newsOf(data, { before, after: learned(before, data), nowMs: 0 }, you);
}

function grant(id: string, turn: number, more: JsonObject = {}): JsonObject {
  return { kind: "grant", id, by: "host", mode: "participant", holder: id, turn, ...more };
}

function revoke(id: string, why: string, more: JsonObject = {}): JsonObject {
  return { kind: "revoke", id, by: "host", why, mode: "presenter", turn: 8, ...more };
}

const loud = (text: string): News => ({ text, rings: true });
const quiet = (text: string): News => ({ text, rings: false });

Deno.test("control that is given is told to all, and rings for who gets it", () => {
  const before = session();
  assert.deepEqual(news(before, grant("p1", 1)), loud("You drive now"));
  assert.deepEqual(
    news(before, grant("p1", 1, { untilMs: 300_000, note: "be quick" })),
    loud("You drive now for 5 min: be quick"),
  );
  assert.deepEqual(news(before, grant("p2", 1)), quiet("Bo drives now"));
  const yours = session(grant("p1", 1)), theirs = session(grant("p2", 1));
  assert.deepEqual(
    news(yours, grant("p1", 2, { untilMs: 60_000 })),
    loud("You drive on for 1 min"),
  );
  assert.equal(news(theirs, grant("p2", 2)), undefined);
  assert.deepEqual(news(yours, grant("p2", 2)), loud("Bo drives now"));
});

Deno.test("why control is over is told to who had it, and that it is to the others", () => {
  const yours = session(grant("p1", 1)), theirs = session(grant("p2", 1));
  const cases: [string, string, string][] = [
    ["taken", "Grace has taken control back", "Grace has taken control back"],
    ["yielded", "You have given control back", "Bo has given control back"],
    ["expired", "Your time is over", "Bo's time is over"],
    ["left", "You were away: control has gone back", "Bo is away: control has gone back"],
    ["mode", "You drive no longer: Grace drives", "Grace drives"],
    ["paused", "Input is paused", "Input is paused"],
    ["other", "Grace has taken control back", "Grace has taken control back"],
  ];
  for (const [why, own, others] of cases) {
    assert.deepEqual(news(yours, revoke("p1", why)), loud(own));
    assert.deepEqual(news(theirs, revoke("p2", why)), quiet(others));
  }
  assert.deepEqual(
    news(theirs, revoke("p2", "yielded", { note: "all\x1b done" })),
    quiet("Bo has given control back: all done"),
  );
});

Deno.test("an answer to a request, and the end of one's time, are told to one alone", () => {
  const before = session();
  assert.deepEqual(news(before, { kind: "deny", id: "p1", by: "host" }), loud("Grace says no"));
  assert.deepEqual(
    news(before, { kind: "lapse", id: "p1" }),
    loud("Nobody has answered: ask again"),
  );
  assert.deepEqual(
    news(before, { kind: "warn", id: "p1", leftMs: 30_000 }),
    loud("30 s left: ask for more in the menu"),
  );
  for (const kind of ["deny", "lapse", "warn", "request", "withdraw", "pause"]) {
    assert.equal(news(before, { kind, id: "p2", leftMs: 5 }), undefined, kind);
  }
  assert.equal(news(before, { kind: "request", id: "p1" }), undefined);
});

Deno.test("a new mode is told, and rings for whose keys it concerns", () => {
  const before = session(), shared = { kind: "mode", mode: "collaborative", turn: 1 };
  assert.deepEqual(news(before, shared), loud("Everyone may type: your keys go there now"));
  assert.deepEqual(news(before, shared, { id: "p1", role: "view" }), quiet("Everyone may type"));
  const open = session(shared);
  assert.deepEqual(
    news(open, { kind: "mode", mode: "paused", turn: 2 }),
    loud("You drive no longer: input is paused"),
  );
  assert.deepEqual(
    news(open, { kind: "mode", mode: "presenter", turn: 2 }, { id: "p1", role: "view" }),
    quiet("Grace drives"),
  );
});

Deno.test("how it is when one comes is told to those alone whom it concerns", () => {
  const before = session();
  const state = (more: JsonObject): JsonObject => ({ kind: "state", requests: [], ...more });
  assert.equal(news(before, state({ mode: "presenter", turn: 4 })), undefined);
  assert.equal(news(before, state({ mode: "participant", holder: "p2", turn: 4 })), undefined);
  assert.deepEqual(
    news(before, state({ mode: "participant", holder: "p1", turn: 4 })),
    loud("You drive now"),
  );
  const yours = session(grant("p1", 1)), theirs = session(grant("p2", 1));
  assert.deepEqual(news(theirs, state({ mode: "presenter", turn: 4 })), quiet("Grace drives"));
  assert.deepEqual(
    news(yours, state({ mode: "presenter", turn: 4 })),
    loud("You drive no longer: Grace drives"),
  );
});
