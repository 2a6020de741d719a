import assert from "node:assert/strict";
import fc from "fast-check";
import type { ControlData } from "../format/session_data.ts";
import type { JsonObject } from "../format/json.ts";
import { learn, NO_FACTS, type SessionFacts } from "../viewer/session_facts.ts";
import {
  type ControlEffect,
  type ControlInput,
  type ControlOptions,
  controlSnapshot,
  type ControlState,
  firstControl,
  nextTickMs,
  step,
} from "./control.ts";
import { PANES_MAX } from "./control_panes.ts";

const OPTIONS: ControlOptions = {
  readOnly: false,
  confirmPaste: false,
  takeOnKey: false,
  whenGone: "pause",
  panes: true,
};
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** A history in which panes open as soon as they are to. */
class Run {
  state: ControlState;
  facts: SessionFacts = NO_FACTS;
  nowMs = 0;
  #panes = 0;

  constructor(options: Partial<ControlOptions> = {}) {
    this.state = firstControl({ ...OPTIONS, ...options });
    for (const id of ["p1", "p2"]) this.do({ kind: "join", id, mayType: true });
    this.do({ kind: "join", id: "eve", mayType: false });
  }

  /** What came of it, in words. */
  do(input: ControlInput): string[] {
    const { state, effects } = step(this.state, input, this.nowMs);
    this.state = state;
    return effects.flatMap((effect) => {
      const said = this.#say(effect);
      if (effect.kind !== "open-pane") return [said];
      const pane = `%${++this.#panes}`;
      return [said, ...this.do({ kind: "pane-opened", id: effect.id, pane })];
    });
  }

  grant(id: string): string[] {
    return this.do({ kind: "grant", by: "host", id, pane: true });
  }

  type(id: string, text: string, turn = this.facts.panes.get(id)?.turn): string[] {
    return this.do({ kind: "type", id, turn, bytes: encoder.encode(text), pane: true });
  }

  #say(effect: ControlEffect): string {
    switch (effect.kind) {
      case "write":
        return `${effect.id}${effect.pane ? " in pane" : ""}: ${decoder.decode(effect.bytes)}`;
      case "notice":
        return `${effect.code} to ${effect.id}`;
      case "event":
        this.facts = learn(this.facts, event(effect.data), this.nowMs);
        return effect.data.kind === "pane"
          ? `pane ${effect.data.pane} ${effect.data.open ? "opened" : "ended"} by ${effect.data.by}`
          : effect.data.kind;
      case "release-pane":
        return `${effect.end} pane of ${effect.id}`;
      case "open-pane":
      case "drop-pane":
        return `${effect.kind} ${effect.id}`;
      case "drop":
        return "drop";
      default:
        return effect satisfies never;
    }
  }
}

function event(data: ControlData): { readonly kind: "control"; readonly data: JsonObject } {
  return { kind: "control", data: data as unknown as JsonObject };
}

Deno.test("who asks for a pane gets one when it is granted, and types into it whoever drives", () => {
  const run = new Run();
  assert.deepEqual(run.do({ kind: "request", id: "p1", pane: true, note: "tests" }), ["request"]);
  assert.deepEqual(run.facts.requests, [{ id: "p1", note: "tests", pane: true }]);
  assert.deepEqual(run.do({ kind: "grant", by: "host", id: "p1" }), [
    "open-pane p1",
    "pane %1 opened by host",
  ]);
  assert.deepEqual([run.facts.requests, run.state.requests], [[], []]);
  assert.deepEqual(run.type("p1", "a"), ["p1 in pane: a"]);
  run.do({ kind: "grant", by: "host", id: "p2" });
  assert.deepEqual(run.type("p1", "b"), ["p1 in pane: b"]);
  assert.deepEqual(run.type("p2", "c"), ["no-pane to p2"]);
  const facts = learn(NO_FACTS, event(controlSnapshot(run.state)), 0);
  assert.deepEqual(facts.panes, run.facts.panes);
  assert.equal(facts.panes.get("p1")?.pane, "%1");
});

Deno.test("what is typed without saying that it is for a pane does not go there, and the other way round", () => {
  const run = new Run();
  run.grant("p1");
  const { turn } = run.state.turn;
  const plain: ControlInput = { kind: "type", id: "p1", turn, bytes: encoder.encode("x") };
  assert.deepEqual(run.do(plain), ["not-in-control to p1"]);
  run.do({ kind: "mode", by: "host", mode: "collaborative" });
  assert.deepEqual(run.do({ ...plain, turn: run.state.turn.turn }), ["p1: x"]);
});

Deno.test("taking back ends the right to type, and what was typed for it is not typed later", () => {
  const run = new Run();
  run.grant("p1");
  const { turn } = run.facts.panes.get("p1")!;
  assert.deepEqual(run.do({ kind: "take", by: "host" }), [
    "keep pane of p1",
    "pane %1 ended by host",
  ]);
  assert.deepEqual(run.type("p1", "late", turn), ["no-pane to p1"]);
  run.grant("p1");
  run.nowMs += 2_000;
  assert.deepEqual(run.type("p1", "late", turn), ["out-of-turn to p1"]);
  assert.deepEqual(run.type("p1", "new"), ["p1 in pane: new"]);
});

Deno.test("a right that ends while its pane is being opened leaves no pane", () => {
  const run = new Run({ paneEnd: "close" });
  const { state, effects } = step(
    run.state,
    { kind: "grant", by: "host", id: "p1", pane: true },
    0,
  );
  assert.deepEqual(effects, [{ kind: "open-pane", id: "p1" }]);
  run.state = state;
  assert.deepEqual(run.do({ kind: "leave", id: "p1" }), ["close pane of p1"]);
  assert.deepEqual(run.do({ kind: "pane-opened", id: "p1", pane: "%1" }), ["close pane of p1"]);
  assert.equal(run.state.panes.rights.size, 0);
});

Deno.test("a right that ends and comes back while its pane is being opened is told once", () => {
  const run = new Run();
  const take = (input: ControlInput): readonly ControlEffect[] => {
    const { state, effects } = step(run.state, input, 0);
    run.state = state;
    return effects;
  };
  take({ kind: "grant", by: "host", id: "p1", pane: true });
  take({ kind: "close-pane", by: "host", id: "p1" });
  take({ kind: "grant", by: "host", id: "p1", pane: true });
  const opened: ControlInput = { kind: "pane-opened", id: "p1", pane: "%1" };
  assert.deepEqual([take(opened).length, take(opened).length], [1, 0]);
});

Deno.test("an owner who gives it up or leaves has their pane closed, or kept where that was said", () => {
  for (const paneEnd of ["close", "keep"] as const) {
    const run = new Run({ paneEnd });
    run.grant("p1");
    run.grant("p2");
    assert.deepEqual(run.do({ kind: "yield", id: "p1", pane: true }), [
      `${paneEnd} pane of p1`,
      "pane %1 ended by p1",
    ]);
    assert.deepEqual(run.do({ kind: "leave", id: "p2" }), [
      `${paneEnd} pane of p2`,
      "pane %2 ended by p2",
    ]);
    assert.deepEqual(run.do({ kind: "yield", id: "p1", pane: true }), ["no-pane to p1"]);
  }
});

Deno.test("while sharing or input is paused nothing gets into a pane, then or later", () => {
  for (
    const [pause, resume] of [
      [{ kind: "sharing", paused: true }, { kind: "sharing", paused: false }],
      [{ kind: "mode", by: "host", mode: "paused" }, {
        kind: "mode",
        by: "host",
        mode: "presenter",
      }],
      [{ kind: "presenter", present: false }, { kind: "mode", by: "host", mode: "presenter" }],
    ] satisfies [ControlInput, ControlInput][]
  ) {
    const run = new Run();
    run.grant("p1");
    run.type("p1", "x".repeat(150_000));
    assert.deepEqual(run.type("p1", "waits"), ["input-slowed to p1"]);
    assert.ok(run.do(pause).includes("drop-pane p1"));
    assert.deepEqual(run.type("p1", "blind"), ["input-paused to p1"]);
    run.nowMs = 60_000;
    run.do(resume);
    assert.deepEqual(run.do({ kind: "tick" }), []);
    assert.deepEqual(run.type("p1", "seen"), ["p1 in pane: seen"]);
  }
});

Deno.test("nobody has a pane whose role forbids it, in a read-only session, without panes, or twice", () => {
  const run = new Run();
  assert.deepEqual(run.grant("eve"), ["cannot-hold-control to host"]);
  assert.deepEqual(run.do({ kind: "request", id: "eve", pane: true }), ["role-forbids to eve"]);
  assert.deepEqual(run.grant("nobody"), ["no-such-participant to host"]);
  run.grant("p1");
  assert.deepEqual(run.grant("p1"), ["pane-open to host"]);
  assert.deepEqual(run.do({ kind: "request", id: "p1", pane: true }), ["pane-open to p1"]);
  assert.deepEqual(new Run({ readOnly: true }).grant("p1"), ["read-only to host"]);
  assert.deepEqual(new Run({ panes: false }).grant("p1"), ["no-panes to host"]);
  for (let i = 0; i < PANES_MAX; i++) run.do({ kind: "join", id: `q${i}`, mayType: true });
  for (let i = 0; i < PANES_MAX - 1; i++) run.grant(`q${i}`);
  assert.deepEqual(run.grant("p2"), ["pane-failed to host"]);
});

Deno.test("when no pane can be opened, who asked is told and still asks", () => {
  const run = new Run();
  run.do({ kind: "request", id: "p1", pane: true });
  run.state = step(run.state, { kind: "grant", by: "host", id: "p1" }, 0).state;
  assert.deepEqual(run.do({ kind: "pane-failed", id: "p1" }), ["pane-failed to p1"]);
  assert.equal(run.state.requests.length, 1);
  assert.deepEqual(run.do({ kind: "grant", by: "host", id: "p1" }), [
    "open-pane p1",
    "pane %1 opened by host",
  ]);
});

Deno.test("a paste of several lines waits for the presenter's answer, and ends with the pane", () => {
  const run = new Run({ confirmPaste: true });
  run.grant("p1");
  const paste = (): string[] =>
    run.do({
      kind: "type",
      id: "p1",
      turn: run.facts.panes.get("p1")!.turn,
      bytes: encoder.encode("a\rb"),
      paste: { lines: 2 },
      pane: true,
    });
  assert.deepEqual(paste(), ["paste-held to p1"]);
  assert.deepEqual(run.do({ kind: "paste", by: "host", allow: true }), ["p1 in pane: a\rb"]);
  assert.deepEqual(paste(), ["paste-held to p1"]);
  assert.deepEqual(run.do({ kind: "pane-gone", id: "p1" }), [
    "paste-dropped to p1",
    "pane %1 ended by p1",
  ]);
  assert.deepEqual(run.do({ kind: "paste", by: "host", allow: true }), ["no-paste to host"]);
});

Deno.test("what is too fast waits, in order, and passes with time", () => {
  const run = new Run();
  run.grant("p1");
  run.type("p1", "x".repeat(150_000));
  run.type("p1", "one");
  run.type("p1", "two");
  const due = nextTickMs(run.state);
  assert.ok(due !== undefined && due > 0);
  run.nowMs = 10_000;
  assert.deepEqual(run.do({ kind: "tick" }), ["p1 in pane: one", "p1 in pane: two"]);
  assert.equal(nextTickMs(run.state), undefined);
});

const WHO = fc.constantFrom("p1", "p2", "eve");
const INPUTS: fc.Arbitrary<ControlInput> = fc.oneof(
  fc.record({ kind: fc.constant("grant" as const), by: fc.constant("host"), id: WHO }).map((
    input,
  ) => ({ ...input, pane: true as const })),
  fc.record({ kind: fc.constant("grant" as const), by: fc.constant("host"), id: WHO }),
  fc.record({ kind: fc.constant("close-pane" as const), by: fc.constant("host"), id: WHO }),
  fc.record({ kind: fc.constantFrom("away" as const, "back" as const, "leave" as const), id: WHO }),
  fc.record({ kind: fc.constant("join" as const), id: WHO, mayType: fc.boolean() }),
  fc.record({ kind: fc.constant("pane-gone" as const), id: WHO }),
  fc.record({ kind: fc.constant("yield" as const), id: WHO, pane: fc.constant(true as const) }),
  fc.record({ kind: fc.constant("request" as const), id: WHO, pane: fc.constant(true as const) }),
  fc.constant({ kind: "take" as const, by: "host" }),
  fc.record({ kind: fc.constant("sharing" as const), paused: fc.boolean() }),
  fc.record({
    kind: fc.constant("mode" as const),
    by: fc.constant("host"),
    mode: fc.constantFrom("presenter" as const, "collaborative" as const, "paused" as const),
  }),
  fc.constant({ kind: "tick" as const }),
);

Deno.test("in any history a byte gets into a pane only from its owner, who was told that they have it, while nothing is paused", () => {
  let passed = 0;
  const typing = fc.record({ id: WHO, old: fc.boolean(), size: fc.constantFrom(1, 60_000) });
  const steps = fc.array(fc.oneof(INPUTS, { arbitrary: typing, weight: 3 }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (history) => {
      const run = new Run();
      for (const id of ["p1", "p2"]) run.grant(id);
      const gone = new Set<string>();
      const turns: (number | undefined)[] = [];
      let paused = false;
      for (const [i, one] of history.entries()) {
        run.nowMs += 15;
        const before = run.facts.panes;
        const turn = "kind" in one ? undefined : one.old ? 2 : before.get(one.id)?.turn;
        turns.push(turn);
        const said = "kind" in one ? run.do(one) : run.type(one.id, `${i},`.repeat(one.size), turn);
        if ("kind" in one) {
          if (one.kind === "leave") gone.add(one.id);
          if (one.kind === "join") gone.delete(one.id);
          if (one.kind === "sharing") paused = one.paused;
        }
        const now = run.facts.panes;
        for (const text of said) {
          const [, id, number] = /^(\w+) in pane: (\d+)/.exec(text) ?? [];
          if (id === undefined) continue;
          assert.equal(turns[Number(number)], now.get(id)?.turn, "typed for another pane");
          passed++;
          assert.ok(before.has(id) && now.has(id), `${id} has no pane`);
          assert.equal(before.get(id)!.turn, now.get(id)!.turn);
          assert.ok(!gone.has(id) && run.state.members.get(id)?.mayType);
          assert.ok(!paused && run.state.turn.mode !== "paused");
        }
        assert.deepEqual(
          [...now].map(([id, { turn }]) => [id, turn]),
          [...run.state.panes.rights].map(([id, { turn }]) => [id, turn]),
        );
        assert.deepEqual(
          run.state.requests.map(({ id }) => id),
          run.facts.requests.map(({ id }) => id),
        );
      }
    }),
    { numRuns: 400 },
  );
  assert.ok(passed > 100, `${passed}`);
});
