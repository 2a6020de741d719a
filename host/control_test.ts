import assert from "node:assert/strict";
import { PRESENTER_ID } from "../format/session_data.ts";
import {
  type ControlInput,
  controlSnapshot,
  GRACE_MS,
  GRANT_DEFAULT_MS,
  mayTypeNow,
  nextTickMs,
  REQUEST_LAPSES_MS,
  REQUESTS_MAX,
  step,
  WARN_MS,
} from "./control.ts";
import { ControlRun as Run } from "./testing/control_run.ts";

const request = (id: string, forMs?: number): ControlInput => ({ kind: "request", id, forMs });
const take: ControlInput = { kind: "take", by: PRESENTER_ID };
const mode = (mode: "presenter" | "collaborative" | "paused"): ControlInput => ({
  kind: "mode",
  by: PRESENTER_ID,
  mode,
});

Deno.test("at first only the presenter types, and typing makes no new state", () => {
  const run = new Run();
  const before = run.state;
  assert.deepEqual(run.type(PRESENTER_ID), ["host: x"]);
  assert.equal(run.state, before);
  assert.deepEqual(run.type("p1"), ["not-in-control to p1"]);
});

Deno.test("the holder types, and the presenter watches", () => {
  const run = new Run();
  assert.deepEqual(run.grant("p1"), ["drop", `grant p1 turn 1 until ${GRANT_DEFAULT_MS}`]);
  assert.deepEqual(run.type("p1"), ["p1: x"]);
  assert.deepEqual(run.type("p2"), ["not-in-control to p2"]);
  assert.deepEqual(run.type(PRESENTER_ID), ["not-in-control to host"]);
  assert.deepEqual(["p1", "p2", PRESENTER_ID].map((id) => mayTypeNow(run.state, id)), [
    true,
    false,
    false,
  ]);
});

Deno.test("in collaborative mode everyone with the role types, and nobody else", () => {
  const run = new Run();
  assert.deepEqual(run.do(mode("collaborative")), ["drop", "mode collaborative by host turn 1"]);
  assert.deepEqual(run.type("p1"), ["p1: x"]);
  assert.deepEqual(run.type("p2"), ["p2: x"]);
  assert.deepEqual(run.type(PRESENTER_ID), ["host: x"]);
  assert.deepEqual(run.type("v1"), ["role-forbids to v1"]);
  assert.deepEqual(run.type("nobody"), []);
  run.do({ kind: "away", id: "p2" });
  assert.deepEqual(run.type("p2"), []);
});

Deno.test("while input is paused nobody types, until it is taken", () => {
  const run = new Run();
  run.do(mode("paused"));
  assert.deepEqual(run.type("p1"), ["input-paused to p1"]);
  assert.deepEqual(run.type(PRESENTER_ID), ["input-paused to host"]);
  assert.deepEqual(run.do(take), ["drop", "mode presenter by host turn 2"]);
  assert.deepEqual(run.type(PRESENTER_ID), ["host: x"]);
});

Deno.test("an approved request gives control for what was asked, else for five minutes", () => {
  const run = new Run();
  assert.deepEqual(run.do(request("p1", 60_000)), ["request p1"]);
  assert.deepEqual(run.grant("p1"), ["drop", "grant p1 turn 1 until 60000"]);
  assert.deepEqual(run.state.requests, []);
  run.do(request("p2", 60_000));
  assert.deepEqual(run.grant("p2", null).at(-1), "grant p2 turn 3 until taken");
  assert.equal(nextTickMs(run.state), undefined);
});

Deno.test("control that somebody holds is taken before it is given to another", () => {
  const run = new Run();
  run.grant("p1");
  assert.deepEqual(run.grant("p2", 60_000), [
    "drop",
    "revoke p1 taken by host: presenter turn 2",
    "drop",
    "grant p2 turn 3 until 60000",
  ]);
});

Deno.test("the holder is warned once, half a minute before the end, and then loses control", () => {
  const run = new Run();
  run.grant("p1", 60_000);
  assert.deepEqual(run.until(100_000), [
    `30000 warn p1 ${WARN_MS}`,
    "60000 drop",
    "60000 revoke p1 expired by host: presenter turn 2",
  ]);
});

Deno.test("a short grant ends without a warning", () => {
  const run = new Run();
  run.grant("p1", WARN_MS);
  assert.deepEqual(run.until(100_000).length, 2);
});

Deno.test("more time for the holder is the same turn with a new end, and a new warning", () => {
  const run = new Run();
  run.grant("p1", 60_000);
  run.until(40_000);
  assert.deepEqual(run.do(request("p1", 120_000)), ["request p1"]);
  assert.deepEqual(run.grant("p1"), ["grant p1 turn 1 until 160000"]);
  assert.deepEqual(run.until(130_000), [`130000 warn p1 ${WARN_MS}`]);
  assert.deepEqual(run.grant("p1", null), ["grant p1 turn 1 until taken"]);
  assert.deepEqual(run.until(1_000_000), []);
});

Deno.test("a late tick lets no byte pass after the end", () => {
  const run = new Run();
  run.grant("p1", 1_000);
  run.nowMs = 1_000;
  assert.deepEqual(run.type("p1"), [
    "drop",
    "revoke p1 expired by host: presenter turn 2",
    "out-of-turn to p1",
  ]);
  assert.deepEqual(run.type("p1"), ["not-in-control to p1"]);
});

Deno.test("control is given only to those who are here and may hold it", () => {
  const run = new Run();
  assert.deepEqual(run.grant("v1"), ["cannot-hold-control to host"]);
  assert.deepEqual(run.grant("p9"), ["no-such-participant to host"]);
  assert.deepEqual(run.grant(PRESENTER_ID), ["no-such-participant to host"]);
  run.do({ kind: "away", id: "p1" });
  assert.deepEqual(run.grant("p1"), ["no-such-participant to host"]);
});

Deno.test("requests wait in their order, one for each, and lapse", () => {
  const run = new Run();
  run.do(request("p2"));
  run.nowMs = 10_000;
  run.do(request("p1"));
  assert.deepEqual(run.do(request("p2")), ["already-asked to p2"]);
  assert.deepEqual(run.do(request("v1")), ["role-forbids to v1"]);
  assert.deepEqual(run.state.requests.map(({ id }) => id), ["p2", "p1"]);
  assert.deepEqual(run.until(200_000), [
    `${REQUEST_LAPSES_MS} lapse p2`,
    `${REQUEST_LAPSES_MS + 10_000} lapse p1`,
  ]);
});

Deno.test("a request is withdrawn, denied, or leaves with the one who asked; and only once", () => {
  const run = new Run();
  const deny: ControlInput = { kind: "deny", by: PRESENTER_ID, id: "p1" };
  run.do(request("p1"));
  assert.deepEqual(run.do({ kind: "withdraw", id: "p1" }), ["withdraw p1"]);
  assert.deepEqual(run.do({ kind: "withdraw", id: "p1" }), ["no-request to p1"]);
  run.do(request("p1"));
  assert.deepEqual(run.do(deny), ["deny p1"]);
  assert.deepEqual(run.do(deny), ["no-request to host"]);
  run.do(request("p1"));
  assert.deepEqual(run.do({ kind: "leave", id: "p1" }), ["withdraw p1"]);
});

Deno.test("only so many requests wait", () => {
  const run = new Run();
  for (let i = 0; i < REQUESTS_MAX; i++) {
    run.do({ kind: "join", id: `q${i}`, mayType: true });
    assert.deepEqual(run.do(request(`q${i}`)), [`request q${i}`]);
  }
  assert.deepEqual(run.do(request("p1")), ["queue-full to p1"]);
});

Deno.test("a change of the mode leaves requests waiting", () => {
  const run = new Run();
  run.do(request("p1"));
  run.do(mode("collaborative"));
  run.do(mode("paused"));
  assert.deepEqual(run.state.requests.map(({ id }) => id), ["p1"]);
});

Deno.test("the holder gives control back, and asks for no more of it", () => {
  const run = new Run();
  run.grant("p1");
  run.do(request("p1"));
  assert.deepEqual(run.do({ kind: "yield", id: "p2" }), ["not-in-control to p2"]);
  assert.deepEqual(run.do({ kind: "yield", id: "p1" }), [
    "withdraw p1",
    "drop",
    "revoke p1 yielded by p1: presenter turn 2",
  ]);
});

Deno.test("control is taken back at once from any state, and bytes on their way are not typed", () => {
  const run = new Run();
  assert.deepEqual(run.do(take), []);
  run.grant("p1");
  assert.deepEqual(run.do(take), ["drop", "revoke p1 taken by host: presenter turn 2"]);
  assert.deepEqual(run.type("p1", "rm", { turn: 1 }), ["out-of-turn to p1"]);
  run.do(mode("collaborative"));
  assert.deepEqual(run.do(take), ["drop", "mode presenter by host turn 4"]);
});

Deno.test("bytes of a former turn are not typed, not even by who holds control again", () => {
  const run = new Run();
  run.grant("p1");
  run.do(take);
  run.grant("p1");
  assert.deepEqual(run.type("p1", "x", { turn: 1 }), ["out-of-turn to p1"]);
  assert.deepEqual(run.type("p1", "x", { turn: 3 }), ["p1: x"]);
});

Deno.test("by choice any key of the presenter takes control back, and is typed", () => {
  const run = new Run({ takeOnKey: true });
  run.grant("p1");
  assert.deepEqual(run.type(PRESENTER_ID), [
    "drop",
    "revoke p1 taken by host: presenter turn 2",
    "host: x",
  ]);
});

Deno.test("a holder whose connection is cut has a moment to come back", () => {
  const run = new Run();
  run.grant("p1");
  run.nowMs = 1_000;
  run.do({ kind: "away", id: "p1" });
  assert.deepEqual(run.type("p1"), []);
  run.nowMs = 1_000 + GRACE_MS - 1;
  assert.deepEqual(run.do({ kind: "join", id: "p1", mayType: true }), []);
  assert.deepEqual(run.until(60_000), []);
  assert.deepEqual(run.type("p1"), ["p1: x"]);
  run.do({ kind: "away", id: "p1" });
  assert.deepEqual(run.until(120_000), [
    "65000 drop",
    "65000 revoke p1 left by p1: presenter turn 2",
  ]);
});

Deno.test("a holder who leaves loses control at once", () => {
  const run = new Run();
  run.grant("p1");
  run.do(request("p1"));
  assert.deepEqual(run.do({ kind: "leave", id: "p1" }), [
    "withdraw p1",
    "drop",
    "revoke p1 left by p1: presenter turn 2",
  ]);
});

Deno.test("when the presenter's terminal is gone, input is paused, and stays so until somebody changes it", () => {
  const run = new Run();
  run.grant("p1");
  assert.deepEqual(run.do({ kind: "presenter", present: false }), [
    "drop",
    "revoke p1 paused by host: paused turn 2",
  ]);
  assert.deepEqual(run.do({ kind: "presenter", present: true }), []);
  assert.equal(run.state.turn.mode, "paused");
});

Deno.test("by choice the holder goes on while the presenter's terminal is gone, until time is over", () => {
  const run = new Run({ whenGone: "continue" });
  run.grant("p1", 10_000);
  assert.deepEqual(run.do({ kind: "presenter", present: false }), []);
  assert.equal(run.state.presenterPresent, false);
  assert.deepEqual(run.type("p1"), ["p1: x"]);
  assert.deepEqual(run.until(20_000).at(-1), "10000 revoke p1 expired by host: presenter turn 2");
});

Deno.test("another mode takes control from the holder", () => {
  const run = new Run();
  run.grant("p1");
  assert.deepEqual(run.do(mode("collaborative")), [
    "drop",
    "revoke p1 mode by host: collaborative turn 2",
  ]);
  assert.deepEqual(run.do(mode("collaborative")), []);
});

Deno.test("while viewers see nothing, the presenter types and the holder does not; its time runs on", () => {
  const run = new Run();
  run.grant("p1", 60_000);
  assert.deepEqual(run.do({ kind: "sharing", paused: true }), ["drop"]);
  assert.deepEqual(run.type("p1"), ["input-paused to p1"]);
  assert.deepEqual(run.type(PRESENTER_ID), ["host: x"]);
  run.until(40_000);
  assert.deepEqual(run.do({ kind: "sharing", paused: false }), []);
  assert.deepEqual(run.type("p1"), ["p1: x"]);
  assert.deepEqual(run.type(PRESENTER_ID), ["not-in-control to host"]);
  assert.equal(run.state.turn.untilMs, 60_000);
});

Deno.test("in a read-only session nobody is given control, and nothing of a participant passes", () => {
  const run = new Run({ readOnly: true, mode: "collaborative" });
  assert.equal(run.state.turn.mode, "presenter");
  assert.deepEqual(run.do(request("p1")), ["read-only to p1"]);
  assert.deepEqual(run.grant("p1"), ["read-only to host"]);
  assert.deepEqual(run.do(mode("collaborative")), ["read-only to host"]);
  assert.deepEqual(run.type("p1"), ["read-only to p1"]);
  assert.deepEqual(run.type(PRESENTER_ID), ["host: x"]);
});

Deno.test("a refusal is told once in a while, not at every key", () => {
  const run = new Run();
  assert.deepEqual(run.type("p1"), ["not-in-control to p1"]);
  const before = run.state;
  assert.deepEqual(run.type("p1"), []);
  assert.equal(run.state, before);
  assert.deepEqual(run.type("p2"), ["not-in-control to p2"]);
  run.nowMs = 1_000;
  assert.deepEqual(run.type("p1"), ["not-in-control to p1"]);
});

Deno.test("what comes with a note is cleaned", () => {
  const run = new Run();
  const { effects } = step(
    run.state,
    { kind: "request", id: "p1", note: " let\n me\x1b[31m fix\u202e it " },
    0,
  );
  assert.deepEqual(effects[0], {
    kind: "event",
    data: { kind: "request", id: "p1", note: "let me[31m fix it" },
  });
});

Deno.test("who comes later is told how things are", () => {
  const run = new Run();
  run.grant("p1", 60_000);
  run.do({ kind: "request", id: "p2", forMs: 5_000, note: "me" });
  assert.deepEqual(controlSnapshot(run.state), {
    kind: "state",
    mode: "participant",
    holder: "p1",
    untilMs: 60_000,
    turn: 1,
    requests: [{ id: "p2", forMs: 5_000, note: "me" }],
  });
});
