import assert from "node:assert/strict";
import fc from "fast-check";
import type { CastEvent } from "../format/events.ts";
import { EventLog } from "../record/event_log.ts";
import { learn, NO_FACTS, type SessionFacts } from "./session_facts.ts";
import { SessionHistory } from "./session_history.ts";

const HEADER = { version: 3, cols: 80, rows: 24, extra: {} } as const;

function join(id: string, name: string, role = "control"): CastEvent {
  return { kind: "participant", data: { kind: "join", id, name, role } };
}

function grant(id: string, turn: number): CastEvent {
  return { kind: "control", data: { kind: "grant", id, mode: "participant", holder: id, turn } };
}

function revoke(id: string, turn: number): CastEvent {
  return { kind: "control", data: { kind: "revoke", id, why: "taken", mode: "presenter", turn } };
}

function point(id: string, x: number): CastEvent {
  return { kind: "pointer", data: { id, x, y: 0 } };
}

/** A log of events, one a second, the first at 1 s. */
function logOf(events: readonly CastEvent[], maxBytes = Infinity): EventLog {
  const log = new EventLog(HEADER, { maxBytes });
  events.forEach((event, i) => log.append(event, (i + 1) * 1_000));
  return log;
}

const SESSION = [
  join("host", "Grace", "presenter"),
  join("p1", "Ada"),
  grant("p1", 1),
  grant("p1", 2), // for longer
  revoke("p1", 3),
  { kind: "output", data: "x" },
] as const satisfies readonly CastEvent[];

Deno.test("who drove is known at every place, and where control changed hands", () => {
  const history = new SessionHistory(logOf(SESSION));
  const holders = [0, 2, 3, 4, 5, 6].map((index) => history.at(index, 0).turn.holder);
  assert.deepEqual(holders, [undefined, undefined, "p1", "p1", undefined, undefined]);
  const handoffs = history.handoffs.map(({ index, atMs, driver }) => [index, atMs, driver?.name]);
  assert.deepEqual(handoffs, [[2, 3_000, "Ada"], [4, 5_000, "Grace"]]);
});

Deno.test("stretches cover all of the time", () => {
  const history = new SessionHistory(logOf(SESSION));
  const stretches = history.stretches(500).map(({ fromMs, toMs, driver }) =>
    `${fromMs} ${toMs} ${driver?.name}`
  );
  assert.deepEqual(stretches, ["500 3000 undefined", "3000 5000 Ada", "5000 6000 Grace"]);
});

Deno.test("a log that grows is read on", () => {
  const log = logOf(SESSION.slice(0, 3));
  const history = new SessionHistory(log);
  assert.equal(history.at(3, 0).turn.holder, "p1");
  assert.equal(history.handoffs.length, 1);
  log.append(SESSION[4], 5_000);
  assert.equal(history.at(4, 0).turn.holder, undefined);
  assert.equal(history.at(3, 0).turn.holder, "p1");
  assert.equal(history.handoffs.length, 2);
});

Deno.test("what led to what a log has dropped stays known", () => {
  const log = new EventLog(HEADER, { maxBytes: 4_000 });
  const history = new SessionHistory(log, { drops: true });
  for (const [i, event] of SESSION.slice(0, 3).entries()) log.append(event, i);
  assert.equal(history.handoffs.length, 1);
  for (let i = 0; i < 200; i++) log.append({ kind: "keyframe", data: "x".repeat(99) }, 100 + i);
  assert.ok(log.firstIndex > 3);
  assert.equal(history.at(log.firstIndex, 100).turn.holder, "p1");
  assert.equal(history.handoffs.length, 0);
  assert.equal(history.stretches(200)[0]?.driver?.name, "Ada");
  log.append(SESSION[4], 400);
  assert.equal(history.handoffs.length, 1);
  assert.equal(history.at(log.length, 400).turn.mode, "presenter");
});

Deno.test("pointers are those of the last seconds, on the way there and back", () => {
  const history = new SessionHistory(
    logOf([point("p1", 1), point("p2", 2), point("p1", 3), ...SESSION, point("p1", 4)]),
  );
  const at = (index: number, atMs: number): unknown[] =>
    [...history.at(index, atMs).pointers].map(([id, { x }]) => `${id} ${x}`).sort();
  assert.deepEqual(at(3, 3_000), ["p1 3", "p2 2"]);
  assert.deepEqual(at(1, 1_000), ["p1 1"]);
  assert.deepEqual(at(3, 6_999), ["p1 3", "p2 2"]);
  assert.deepEqual(at(10, 60_000), []);
  assert.deepEqual(at(10, 10_000), ["p1 4"]);
});

Deno.test("the facts at any place are those of learning all events up to it", () => {
  const ids = fc.constantFrom("p1", "p2", "p3");
  const event = fc.oneof(
    ids.map((id) => join(id, id)),
    ids.map((id): CastEvent => ({ kind: "participant", data: { kind: "leave", id } })),
    fc.tuple(ids, fc.nat(9)).map(([id, turn]) => grant(id, turn)),
    fc.tuple(ids, fc.nat(9)).map(([id, turn]) => revoke(id, turn)),
    ids.map((id): CastEvent => ({ kind: "control", data: { kind: "request", id } })),
    fc.constant<CastEvent>({ kind: "output", data: "x" }),
  );
  fc.assert(fc.property(
    fc.array(event, { maxLength: 300 }),
    fc.array(fc.nat(300), { maxLength: 5 }),
    (events, places) => {
      const history = new SessionHistory(logOf(events));
      for (const place of places) {
        const index = Math.min(place, events.length);
        const learned = events.slice(0, index)
          .reduce<SessionFacts>((facts, event) => learn(facts, event, 0), NO_FACTS);
        assert.deepEqual(history.at(index, 0), learned);
      }
    },
  ));
});

Deno.test("the cursor of a pane is where it was told to be last, however long ago", () => {
  const cursor = (x: number): CastEvent => ({
    kind: "pointer",
    data: { id: "p1", x, y: 0, cursor: true },
  });
  const pane: CastEvent = {
    kind: "control",
    data: { kind: "pane", id: "p1", open: true, by: "host", pane: "%1", turn: 1 },
  };
  const others = Array.from({ length: 60 }, () => point("p2", 1));
  const history = new SessionHistory(logOf([pane, cursor(7), ...others, cursor(8)]));
  const at = (index: number): unknown =>
    [...history.at(index, index * 1_000).cursors.values()].map(({ x }) => x);
  assert.deepEqual([62, 63, 30, 1].map(at), [[7], [8], [7], []]);
});
