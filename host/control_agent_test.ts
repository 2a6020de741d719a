import assert from "node:assert/strict";
import { PRESENTER_ID } from "../format/session_data.ts";
import { type ControlInput, controlSnapshot, GRACE_MS } from "./control.ts";
import { HAND_BACK_MIN_MS } from "./control_agent.ts";
import { ControlRun as Run } from "./testing/control_run.ts";

const by = PRESENTER_ID;
const agentMode: ControlInput = { kind: "mode", by, mode: "agent" };
const take: ControlInput = { kind: "take", by };
const handBack: ControlInput = { kind: "hand-back", by };

Deno.test("mode agent gives control to the agent who is there, until it is taken back", () => {
  const run = new Run();
  run.agent("a1");
  assert.deepEqual(run.do(agentMode), ["drop", "grant a1 turn 1 until taken, agent's"]);
  assert.deepEqual(run.type("a1"), ["a1: x"]);
  assert.deepEqual(run.type(PRESENTER_ID), ["not-in-control to host"]);
  assert.deepEqual(run.do(agentMode), []);
  assert.deepEqual(run.do(take), ["drop", "revoke a1 taken by host: presenter turn 2"]);
});

Deno.test("without an agent mode agent waits, and the first that comes has control", () => {
  const run = new Run();
  assert.deepEqual(run.do(agentMode), ["mode presenter by host turn 0, agent's"]);
  assert.deepEqual(run.do(agentMode), []);
  assert.deepEqual(run.type(PRESENTER_ID), ["host: x"]);
  run.do({ kind: "join", id: "p3", mayType: true });
  assert.equal(run.state.turn.mode, "presenter");
  assert.deepEqual(run.agent("a1"), ["drop", "grant a1 turn 1 until taken, agent's"]);
  assert.deepEqual(run.agent("a2"), []);
});

Deno.test("a session can begin in mode agent, unless it is read-only", () => {
  const run = new Run({ mode: "agent" });
  assert.deepEqual(run.agent("a1"), ["drop", "grant a1 turn 1 until taken, agent's"]);
  const readOnly = new Run({ mode: "agent", readOnly: true });
  assert.deepEqual(readOnly.agent("a1"), []);
  assert.deepEqual(readOnly.do(agentMode), ["read-only to host"]);
});

Deno.test("an agent who only watches is not waited for", () => {
  const run = new Run({ mode: "agent" });
  assert.deepEqual(run.agent("av", false), []);
  assert.deepEqual(run.do(agentMode), []);
  assert.deepEqual(run.grant("av"), ["cannot-hold-control to host"]);
  assert.equal(run.state.turn.agent, true);
});

Deno.test("of several agents the one who had control last gets it, else the first that can", () => {
  const run = new Run();
  for (const id of ["a1", "a2", "a3"]) run.agent(id);
  run.do({ kind: "away", id: "a1" });
  assert.equal(run.do(agentMode).at(-1), "grant a2 turn 1 until taken, agent's");
  run.do(take);
  run.grant("a3", 1_000);
  run.until(2_000);
  run.grant("p1");
  assert.deepEqual(run.do(agentMode), [
    "drop",
    "revoke p1 taken by host: presenter turn 6",
    "drop",
    "grant a3 turn 7 until taken, agent's",
  ]);
});

Deno.test("when the agent is gone mode agent waits for the next that comes, or comes back", () => {
  const run = new Run({ mode: "agent" });
  run.agent("a1");
  run.agent("a2");
  assert.deepEqual(run.do({ kind: "leave", id: "a1" }), [
    "drop",
    "revoke a1 left by a1: presenter turn 2, agent's",
  ]);
  assert.deepEqual(run.type("a2"), ["not-in-control to a2"]);
  assert.deepEqual(run.agent("a3").at(-1), "grant a3 turn 3 until taken, agent's");
  run.do({ kind: "away", id: "a3" });
  assert.deepEqual(run.until(GRACE_MS), [
    `${GRACE_MS} drop`,
    `${GRACE_MS} revoke a3 left by a3: presenter turn 4, agent's`,
  ]);
  assert.deepEqual(run.do({ kind: "back", id: "a3" }), [
    "drop",
    "grant a3 turn 5 until taken, agent's",
  ]);
});

Deno.test("an agent who was removed ends mode agent", () => {
  const run = new Run({ mode: "agent" });
  run.agent("a1");
  assert.deepEqual(run.do({ kind: "leave", id: "a1", removed: true }), [
    "drop",
    "revoke a1 left by a1: presenter turn 2",
  ]);
  assert.deepEqual(run.agent("a2"), []);
});

Deno.test("mode agent is over when control is taken, given back or given to another", () => {
  const ends: readonly [ControlInput, string][] = [
    [take, "presenter"],
    [{ kind: "yield", id: "a1" }, "presenter"],
    [{ kind: "mode", by, mode: "presenter" }, "presenter"],
    [{ kind: "mode", by, mode: "collaborative" }, "collaborative"],
    [{ kind: "grant", by, id: "p1" }, "participant"],
    [{ kind: "grant", by, id: "a1", forMs: 1_000 }, "participant"],
    [{ kind: "presenter", present: false }, "paused"],
  ];
  for (const [input, mode] of ends) {
    const run = new Run({ mode: "agent" });
    run.agent("a1");
    run.do(input);
    assert.deepEqual([run.state.turn.mode, run.state.turn.agent], [mode, undefined], input.kind);
    if (mode === "presenter") assert.deepEqual(run.agent("a2"), [], input.kind);
  }
});

Deno.test("taking control ends the waiting for an agent, and drops nothing", () => {
  const run = new Run({ mode: "agent" });
  assert.deepEqual(run.do(take), ["mode presenter by host turn 0"]);
  assert.deepEqual(run.agent("a1"), []);
});

Deno.test("who comes later is told that control is an agent's", () => {
  const run = new Run({ mode: "agent" });
  assert.deepEqual(controlSnapshot(run.state), {
    kind: "state",
    mode: "presenter",
    agent: true,
    turn: 0,
    requests: [],
  });
});

Deno.test("control that the presenter took goes back to whom it was taken from, for what was left", () => {
  const run = new Run();
  assert.deepEqual(run.do(handBack), ["nothing-taken to host"]);
  run.grant("p1", 200_000);
  run.nowMs = 50_000;
  run.do(take);
  run.nowMs = 90_000;
  assert.deepEqual(run.do(handBack), ["drop", "grant p1 turn 3 until 240000"]);
  assert.deepEqual(run.do(handBack), ["nothing-taken to host"]);
  run.nowMs = 239_000;
  run.do(take);
  assert.equal(run.do(handBack).at(-1), `grant p1 turn 5 until ${239_000 + HAND_BACK_MIN_MS}`);
});

Deno.test("handing back to the agent of mode agent is mode agent again", () => {
  const run = new Run({ mode: "agent" });
  run.agent("a1");
  run.do(take);
  assert.deepEqual(run.do(handBack), ["drop", "grant a1 turn 3 until taken, agent's"]);
});

Deno.test("nothing is handed back once control has changed otherwise, or who had it has left", () => {
  const others: readonly ControlInput[] = [
    { kind: "leave", id: "p1" },
    { kind: "mode", by, mode: "presenter" },
    { kind: "mode", by, mode: "paused" },
    agentMode,
  ];
  for (const input of others) {
    const run = new Run();
    run.grant("p1");
    run.do(take);
    run.do(input);
    assert.deepEqual(run.do(handBack), ["nothing-taken to host"], input.kind);
  }
  const run = new Run();
  run.grant("p1");
  run.do({ kind: "take", by: "p2" });
  assert.deepEqual(run.do(handBack), ["nothing-taken to host"]);
  run.grant("p1");
  run.do(take);
  run.do({ kind: "away", id: "p1" });
  assert.deepEqual(run.do(handBack), ["no-such-participant to host"]);
  run.do({ kind: "back", id: "p1" });
  assert.equal(run.do(handBack).length, 2);
});

Deno.test("what any key of the presenter took can be handed back as well", () => {
  const run = new Run({ takeOnKey: true });
  run.grant("p1", null);
  run.type(PRESENTER_ID);
  assert.equal(run.do(handBack).at(-1), "grant p1 turn 3 until taken");
});

Deno.test("a word goes with taking control, and with handing it back", () => {
  const run = new Run();
  run.grant("p1", null);
  const noteOf = (kind: "take" | "hand-back", note: string): unknown => {
    for (const effect of run.effects({ kind, by, note })) {
      if (effect.kind === "event" && "note" in effect.data) return effect.data.note;
    }
    return undefined;
  };
  assert.equal(noteOf("take", " let me\n see "), "let me see");
  assert.equal(noteOf("hand-back", "try again"), "try again");
});
