import assert from "node:assert/strict";
import fc from "fast-check";
import { PRESENTER_ID } from "../format/session_data.ts";
import {
  type ControlEffect,
  type ControlInput,
  type ControlOptions,
  type ControlState,
  firstControl,
  nextTickMs,
  step,
} from "./control.ts";
import { ControlAudit } from "./testing/control_audit.ts";

const IDS = ["p1", "p2", "p3", "v1", "a1", "a2", "av"] as const;
const cannotType = new Set(["v1", "av"]);
/** How somebody comes. */
const joining = (id: string): Extract<ControlInput, { kind: "join" }> => ({
  kind: "join",
  id,
  mayType: !cannotType.has(id),
  agent: id.startsWith("a"),
});

/** Something that happens; what is typed gets its turn and its bytes when it does. */
type Happening =
  | Exclude<ControlInput, { kind: "type" }>
  | {
    readonly kind: "type";
    readonly id: string;
    /** How many turns ago it was sent off. */
    readonly late: number;
    readonly words: number;
    readonly times: number;
    readonly lines?: number | undefined;
  };

interface Moment {
  readonly gapMs: number;
  /** Whether ticks come when they are due, or only this one. */
  readonly punctual: boolean;
  readonly happening: Happening;
}

const ids = fc.constantFrom(...IDS);
const everybody = fc.constantFrom(...IDS, PRESENTER_ID, "stranger");
const by = fc.constantFrom(PRESENTER_ID, "p3");
const lengths = fc.constantFrom(undefined, 1, 10_000, 60_000, 300_000);
const notes = fc.constantFrom(undefined, "please", "\x1b[31m\u202e");

const typing = fc.record({
  kind: fc.constant("type" as const),
  id: everybody,
  late: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.integer({ min: -1, max: 3 })),
  words: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) },
    // A whole burst, and what has to wait after it.
    { weight: 2, arbitrary: fc.constantFrom(44_000, 44_000, 10_000) },
    fc.integer({ min: 1, max: 50_000 }),
  ),
  times: fc.constantFrom(1, 1, 1, 2, 5, 500),
  lines: fc.constantFrom(undefined, undefined, 1, 2, 40),
});

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: typing },
  fc.record({ kind: fc.constantFrom("away", "back", "leave"), id: ids }),
  fc.record({ kind: fc.constant("leave"), id: ids, removed: fc.constant(true) }),
  { weight: 2, arbitrary: ids.map(joining) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("request"), id: ids, forMs: lengths, note: notes }),
  },
  fc.record({ kind: fc.constant("withdraw"), id: ids }),
  fc.record({ kind: fc.constant("yield"), id: ids, note: notes }),
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("grant"),
      by,
      id: everybody,
      forMs: fc.oneof(lengths, fc.constant(null)),
      note: notes,
    }),
  },
  fc.record({ kind: fc.constant("deny"), by, id: ids }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("take"), by, note: notes }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("hand-back"), by, note: notes }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("mode"),
      by,
      mode: fc.constantFrom(
        "presenter",
        "collaborative",
        "collaborative",
        "paused",
        "agent",
        "agent",
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("paste"), by, allow: fc.boolean() }) },
  fc.record({ kind: fc.constant("sharing"), paused: fc.constantFrom(true, false, false) }),
  fc.record({ kind: fc.constant("presenter"), present: fc.boolean() }),
  fc.constant({ kind: "tick" as const }),
) as fc.Arbitrary<Happening>;

const histories = fc.array(
  fc.record({
    gapMs: fc.oneof(
      fc.constantFrom(0, 0, 0, 1, 20, 200, 1_000, 5_000, 30_000, 60_000),
      fc.double({ min: 0, max: 7_000, noNaN: true }),
    ),
    punctual: fc.boolean(),
    happening: happenings,
  }),
  { maxLength: 60, size: "max" },
);
const options: fc.Arbitrary<ControlOptions> = fc.record({
  readOnly: fc.constantFrom(false, false, false, true),
  confirmPaste: fc.boolean(),
  takeOnKey: fc.boolean(),
  whenGone: fc.constantFrom("pause", "continue"),
  mode: fc.constantFrom("presenter", "collaborative", "paused", "agent"),
});

/** One step that was made. */
type Made = readonly [
  state: ControlState,
  input: ControlInput,
  nowMs: number,
  effects: readonly ControlEffect[],
];

/** Runs a history from a session in which everybody is there, with an audit of each step. */
class History {
  readonly audit: ControlAudit;
  readonly made: Made[] = [];
  state: ControlState;
  nowMs = 0;
  #word = 0;

  constructor(first: ControlOptions) {
    this.state = firstControl(first);
    this.audit = new ControlAudit(first, this.state);
    for (const id of IDS) this.step(joining(id));
  }

  run(moments: readonly Moment[]): this {
    for (const { gapMs, punctual, happening } of moments) {
      const atMs = this.nowMs + gapMs;
      if (punctual) this.tickUntil(atMs);
      this.nowMs = atMs;
      if (happening.kind !== "type") {
        this.step(happening);
        continue;
      }
      for (let i = 0; i < Math.min(happening.times, 50_000 / happening.words); i++) {
        this.step(this.#typed(happening));
      }
    }
    return this;
  }

  tickUntil(untilMs: number): void {
    for (let due; (due = nextTickMs(this.state) ?? Infinity) <= untilMs;) {
      this.nowMs = Math.max(this.nowMs, due);
      this.step({ kind: "tick" });
    }
    this.nowMs = untilMs;
  }

  step(input: ControlInput): void {
    const { state, effects } = step(this.state, input, this.nowMs);
    this.made.push([this.state, input, this.nowMs, effects]);
    this.audit.check(input, this.nowMs, effects, state);
    this.state = state;
  }

  #typed({ id, late, words, lines }: Extract<Happening, { kind: "type" }>): ControlInput {
    const turn = id === PRESENTER_ID ? undefined : this.state.turn.turn - late;
    // No two words are the same, so that a piece says which it is.
    const bytes = new Uint8Array(4 * words);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < words; i++) view.setUint32(4 * i, this.#word++);
    return { kind: "type", id, turn, bytes, paste: lines && { lines } || undefined };
  }
}

Deno.test("law: every byte that passes is explained by who may type, as everyone was told", () => {
  let passed = 0;
  fc.assert(
    fc.property(options, histories, (first, moments) => {
      passed += new History(first).run(moments).audit.passed;
    }),
    { numRuns: 400 },
  );
  assert.ok(passed > 0, "the law has seen no byte");
});

Deno.test("law: each request ends in exactly one way", () => {
  const seen = { grant: 0, deny: 0, lapse: 0, withdraw: 0 };
  fc.assert(
    fc.property(options, histories, (first, moments) => {
      const history = new History(first).run(moments);
      // The audit has seen that none ends twice or without having begun; in the end none is left.
      history.tickUntil(history.nowMs + 120_000);
      assert.deepEqual(history.audit.facts.requests, []);
      for (const how of Object.keys(seen) as (keyof typeof seen)[]) {
        seen[how] += history.audit.ended[how];
      }
    }),
    { numRuns: 300 },
  );
  for (const [how, times] of Object.entries(seen)) assert.ok(times > 0, `none ended by ${how}`);
});

Deno.test("law: control that is an agent's goes to agents, and what was taken to whom it was taken from", () => {
  const seen = { toAgent: 0, back: 0 };
  fc.assert(
    fc.property(options, histories, (first, moments) => {
      // The audit has seen of each change whether it may be.
      const { given } = new History(first).run(moments).audit;
      seen.toAgent += given.toAgent;
      seen.back += given.back;
    }),
    { numRuns: 300 },
  );
  assert.ok(seen.toAgent > 50 && seen.back > 3, JSON.stringify(seen));
});

Deno.test("law: in a read-only session no byte of a participant passes and nobody holds control", () => {
  fc.assert(
    fc.property(options, histories, (first, moments) => {
      const history = new History({ ...first, readOnly: true }).run(moments);
      assert.equal(history.audit.passed, 0);
      assert.ok(["presenter", "paused"].includes(history.audit.facts.turn.mode));
      assert.deepEqual(history.audit.facts.requests, []);
    }),
    { numRuns: 200 },
  );
});

Deno.test("law: when nothing happens, control comes to rest", () => {
  fc.assert(
    fc.property(options, histories, (first, moments) => {
      const history = new History(first).run(moments);
      const before = history.made.length;
      history.tickUntil(history.nowMs + 400_000);
      const { holder, untilMs } = history.state.turn;
      assert.equal(nextTickMs(history.state), undefined);
      if (holder !== undefined) assert.equal(untilMs, undefined);
      // A backlog takes a hundred ticks or more; it takes no thousand.
      assert.ok(history.made.length - before < 1_000, `${history.made.length - before} ticks`);
    }),
    { numRuns: 200 },
  );
});

Deno.test("law: a step changes nothing of the state before it", () => {
  fc.assert(
    fc.property(options, histories, (first, moments) => {
      for (const [state, input, nowMs, effects] of new History(first).run(moments).made) {
        const again = step(state, input, nowMs).effects;
        assert.deepEqual(again.map(outline), effects.map(outline));
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("law: what is refused is told at most once a second for each person and reason", () => {
  const told = new Set(["out-of-turn", "not-in-control", "input-paused", "input-refused"]);
  fc.assert(
    fc.property(options, histories, (first, moments) => {
      const last = new Map<string, number>();
      for (const [, input, nowMs, effects] of new History(first).run(moments).made) {
        if (input.kind === "leave") {
          for (const code of told) last.delete(`${input.id} ${code}`);
        }
        if (input.kind !== "type") continue;
        for (const effect of effects) {
          if (effect.kind !== "notice" || !told.has(effect.code)) continue;
          const key = `${effect.id} ${effect.code}`;
          assert.ok(nowMs - (last.get(key) ?? -Infinity) >= 1_000, key);
          last.set(key, nowMs);
        }
      }
    }),
    { numRuns: 200 },
  );
});

function outline(effect: ControlEffect): unknown {
  return effect.kind === "write" ? [effect.id, effect.bytes.length, effect.bytes[0]] : effect;
}
