import assert from "node:assert/strict";
import fc from "fast-check";
import { EventLog } from "../record/event_log.ts";
import {
  hasEnded,
  newPlayer,
  type PlayerInput,
  type PlayerOptions,
  type PlayerState,
  startMs,
  step,
} from "./player.ts";

/** A log with an output at each time; `m` makes it a marker. */
function logOf(...times: (number | `m${number}`)[]): EventLog {
  const log = new EventLog({ version: 3, cols: 80, rows: 24, extra: {} });
  for (const time of times) {
    if (typeof time === "number") log.append({ kind: "output", data: "x" }, time);
    else log.append({ kind: "marker", label: time }, Number(time.slice(1)));
  }
  return log;
}

/** A player with a clock. */
class Bench {
  state: PlayerState;
  nowMs = 1_000_000;
  wakeMs: number | undefined;
  shown: number[] = [];
  readonly log: EventLog;

  constructor(log: EventLog, options: PlayerOptions = {}) {
    this.log = log;
    this.state = newPlayer(this.nowMs, options);
    this.do({ kind: "tick" });
  }

  do(input: PlayerInput): this {
    const { state, effects } = step(this.state, input, { log: this.log, nowMs: this.nowMs });
    this.state = state;
    this.wakeMs = undefined;
    for (const effect of effects) {
      if (effect.kind === "show") this.shown.push(effect.index);
      else this.wakeMs = effect.atMs;
    }
    return this;
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this.do({ kind: "tick" });
  }

  get at(): [number, number, PlayerState["mode"]] {
    return [Math.round(this.state.positionMs), this.state.index, this.state.mode];
  }
}

Deno.test("events are shown when they are due, and the next is waited for", () => {
  const bench = new Bench(logOf(100, 250, 250, 1_000));
  assert.deepEqual(bench.at, [0, 0, "playing"]);
  assert.equal(bench.wakeMs, bench.nowMs + 100);
  assert.deepEqual(bench.after(99).at, [99, 0, "playing"]);
  assert.deepEqual(bench.after(1).at, [100, 1, "playing"]);
  assert.equal(bench.wakeMs, bench.nowMs + 150);
  assert.deepEqual(bench.after(300).at, [400, 3, "playing"]);
  assert.deepEqual(bench.after(9_000).at, [1_000, 4, "paused"]);
  assert.equal(bench.wakeMs, undefined);
  assert.ok(hasEnded(bench.state, bench.log));
  assert.deepEqual(bench.shown, [1, 3, 4]);
});

Deno.test("from the end, playing starts again", () => {
  const bench = new Bench(logOf(100, 200)).after(500);
  assert.deepEqual(bench.do({ kind: "toggle" }).at, [0, 0, "playing"]);
});

Deno.test("speed changes how fast time passes from now on", () => {
  const bench = new Bench(logOf(1_000, 2_000), { speed: 2 }).after(100);
  assert.deepEqual(bench.at, [200, 0, "playing"]);
  assert.equal(bench.wakeMs, bench.nowMs + 400);
  bench.do({ kind: "speed", by: -1 });
  assert.equal(bench.state.speed, 1.5);
  assert.deepEqual(bench.after(100).at, [350, 0, "playing"]);
  for (let i = 0; i < 30; i++) bench.do({ kind: "speed", by: 1 });
  assert.equal(bench.state.speed, 100);
  for (let i = 0; i < 30; i++) bench.do({ kind: "speed", by: -1 });
  assert.equal(bench.state.speed, 0.1);
});

Deno.test("waits are shortened to the idle limit, counted from the last event or a jump", () => {
  const bench = new Bench(logOf(100, 60_000, 60_100), { idleLimitMs: 2_000 });
  assert.deepEqual(bench.after(100).at, [100, 1, "playing"]);
  assert.equal(bench.wakeMs, bench.nowMs + 2_000);
  assert.deepEqual(bench.after(1_999).at, [2_099, 1, "playing"]);
  assert.deepEqual(bench.after(1).at, [60_000, 2, "playing"]);
  bench.do({ kind: "seek", toMs: 30_000 });
  assert.deepEqual(bench.after(1_500).at, [31_500, 1, "playing"]);
  assert.deepEqual(bench.after(600).at, [60_100, 3, "paused"]);
});

Deno.test("seeking stays within the log and keeps playing or pausing", () => {
  const bench = new Bench(logOf(100, 200, 10_000));
  assert.deepEqual(bench.do({ kind: "seek-by", ms: 5_000 }).at, [5_000, 2, "playing"]);
  assert.deepEqual(bench.do({ kind: "pause" }).do({ kind: "seek-by", ms: -9_000 }).at, [
    0,
    0,
    "paused",
  ]);
  assert.deepEqual(bench.after(5_000).at, [0, 0, "paused"]);
  assert.deepEqual(bench.do({ kind: "seek-by", ms: 60_000 }).at, [10_000, 3, "paused"]);
  assert.deepEqual(bench.do({ kind: "edge", edge: "start" }).at, [0, 0, "paused"]);
  assert.deepEqual(bench.do({ kind: "edge", edge: "end" }).at, [10_000, 3, "paused"]);
});

Deno.test("markers are gone to, forward and back", () => {
  const bench = new Bench(logOf(100, "m500", 600, "m900", 2_000), { mode: "paused" });
  const next: PlayerInput = { kind: "marker", by: 1 },
    before: PlayerInput = { kind: "marker", by: -1 };
  assert.deepEqual(bench.do(next).at, [500, 2, "paused"]);
  assert.deepEqual(bench.do(next).at, [900, 4, "paused"]);
  assert.deepEqual(bench.do(next).at, [900, 4, "paused"]);
  assert.deepEqual(bench.do(before).at, [500, 2, "paused"]);
  assert.deepEqual(bench.do(before).at, [0, 0, "paused"]);
});

Deno.test("commands are gone to where they began, in a log of a shell that marks them", () => {
  const log = logOf(100);
  const marks = ["prompt", "input", "output", "done"];
  for (const atMs of [500, 900]) {
    for (const [i, kind] of marks.entries()) {
      log.append({ kind: "shell", data: { kind } }, atMs + i);
    }
  }
  log.append({ kind: "shell", data: {} }, 2_000);
  const bench = new Bench(log, { mode: "paused" });
  const by = (by: 1 | -1): PlayerInput => ({ kind: "command", by });
  assert.deepEqual(bench.do(by(1)).at, [502, 4, "paused"]);
  assert.deepEqual(bench.do(by(1)).at, [902, 8, "paused"]);
  assert.deepEqual(bench.do(by(1)).at, [902, 8, "paused"]);
  assert.deepEqual(bench.do(by(-1)).at, [502, 4, "paused"]);
});

Deno.test("any places are gone to as markers are", () => {
  const log = logOf(100, 500, 600, 900, 2_000);
  const places = [{ index: 1, atMs: 500 }, { index: 3, atMs: 900 }];
  const bench = new Bench(log, { mode: "paused" });
  const by = (by: 1 | -1): PlayerInput => ({ kind: "place", by, places });
  assert.deepEqual(bench.do(by(1)).at, [500, 2, "paused"]);
  assert.deepEqual(bench.do(by(1)).at, [900, 4, "paused"]);
  assert.deepEqual(bench.do(by(1)).at, [900, 4, "paused"]);
  assert.deepEqual(bench.do(by(-1)).at, [500, 2, "paused"]);
  assert.deepEqual(bench.do(by(-1)).at, [0, 0, "paused"]);
});

Deno.test("while it plays, the marker before is not the one just passed", () => {
  const bench = new Bench(logOf("m500", "m5000", 20_000)).after(5_400);
  bench.do({ kind: "marker", by: -1 });
  assert.equal(bench.at[0], 500);
  bench.after(8_000).do({ kind: "marker", by: -1 });
  assert.equal(bench.at[0], 5_000);
});

Deno.test("frames are stepped through one by one, over what draws nothing", () => {
  const log = logOf(100, "m150", 200, 200);
  log.append({ kind: "output", data: "" }, 250);
  log.append({ kind: "resize", cols: 10, rows: 5 }, 300);
  const bench = new Bench(log);
  const next: PlayerInput = { kind: "frame", by: 1 },
    before: PlayerInput = { kind: "frame", by: -1 };
  const steps = [next, next, next, next, next, before, before, before, before];
  assert.deepEqual(steps.map((input) => bench.do(input).at), [
    [100, 1, "paused"],
    [200, 3, "paused"],
    [200, 4, "paused"],
    [300, 6, "paused"],
    [300, 6, "paused"],
    [200, 4, "paused"],
    [200, 3, "paused"],
    [100, 1, "paused"],
    [0, 0, "paused"],
  ]);
});

Deno.test("a log that grows is followed, can be rewound, and is caught up with", () => {
  const log = logOf(5_000, 5_100);
  const bench = new Bench(log, { growing: true, mode: "following", startMs: 5_000 });
  assert.deepEqual(bench.at, [5_100, 2, "following"]);
  log.append({ kind: "output", data: "x" }, 9_000);
  assert.deepEqual(bench.do({ kind: "grown" }).at, [9_000, 3, "following"]);
  assert.deepEqual(bench.do({ kind: "seek-by", ms: -2_000 }).at, [7_000, 2, "playing"]);
  assert.deepEqual(bench.do({ kind: "seek-by", ms: -9_000 }).at, [5_000, 1, "playing"]);
  log.append({ kind: "output", data: "x" }, 12_000);
  assert.deepEqual(bench.do({ kind: "grown" }).at, [5_000, 1, "playing"]);
  assert.deepEqual(bench.after(20_000).at, [12_000, 4, "following"]);
  assert.deepEqual(bench.do({ kind: "pause" }).at, [12_000, 4, "paused"]);
  log.append({ kind: "output", data: "x" }, 13_000);
  assert.deepEqual(bench.do({ kind: "grown" }).at, [12_000, 4, "paused"]);
  assert.deepEqual(bench.do({ kind: "edge", edge: "end" }).at, [13_000, 5, "following"]);
  assert.deepEqual(bench.do({ kind: "complete" }).at, [13_000, 5, "paused"]);
  assert.ok(hasEnded(bench.state, log));
});

Deno.test("what the log drops is not shown any more", () => {
  const log = new EventLog({ version: 3, cols: 80, rows: 24, extra: {} }, { maxBytes: 2_000 });
  const bench = new Bench(log, { growing: true, mode: "paused" });
  for (let i = 0; i < 200; i++) {
    log.append({ kind: i % 10 === 0 ? "keyframe" : "output", data: "x".repeat(20) }, i * 100);
  }
  bench.do({ kind: "grown" });
  assert.ok(log.firstIndex > 0);
  assert.equal(bench.state.positionMs, log.timeAt(log.firstIndex));
  assert.ok(bench.state.index >= log.firstIndex);
});

const input: fc.Arbitrary<PlayerInput | { readonly wait: number }> = fc.oneof(
  fc.nat(4_000).map((wait) => ({ wait })),
  fc.constantFrom<PlayerInput>(
    { kind: "toggle" },
    { kind: "play" },
    { kind: "pause" },
    { kind: "edge", edge: "start" },
    { kind: "edge", edge: "end" },
    { kind: "marker", by: 1 },
    { kind: "marker", by: -1 },
    { kind: "command", by: 1 },
    { kind: "frame", by: 1 },
    { kind: "frame", by: -1 },
    { kind: "speed", by: 1 },
    { kind: "speed", by: -1 },
    { kind: "grown" },
    { kind: "complete" },
  ),
  fc.integer({ min: -9_000, max: 9_000 }).map((ms): PlayerInput => ({ kind: "seek-by", ms })),
  fc.integer({ min: -100, max: 30_000 }).map((toMs): PlayerInput => ({ kind: "seek", toMs })),
);
const gaps = fc.array(fc.record({ gap: fc.nat(3_000), marker: fc.boolean() }), { maxLength: 20 });

Deno.test("whatever is done, what is shown is what had happened at the position", () => {
  fc.assert(fc.property(
    gaps,
    fc.array(input, { maxLength: 30 }),
    fc.boolean(),
    fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
    (events, inputs, growing, idleLimitMs) => {
      let at = 0;
      const log = logOf(...events.map(({ gap, marker }) => {
        at += gap;
        return marker ? `m${at}` as const : at;
      }));
      const bench = new Bench(log, { growing, idleLimitMs });
      for (const one of inputs) {
        const before = bench.state;
        if ("wait" in one) bench.after(one.wait);
        else bench.do(one);
        const { state } = bench;
        assert.ok(state.positionMs >= startMs(state, log) && state.positionMs <= log.durationMs);
        assert.ok(state.index <= log.indexAt(state.positionMs));
        assert.ok(state.index === 0 || log.timeAt(state.index - 1) <= state.positionMs);
        // Events that come together are only apart after a step by one of them.
        const next = state.index < log.length ? log.timeAt(state.index) : Infinity;
        assert.ok(next >= state.positionMs);
        if ("wait" in one) assert.ok(state.positionMs >= before.positionMs);
        if (state.mode === "following") assert.equal(state.index, log.length);
        assert.equal(bench.wakeMs !== undefined, state.mode === "playing");
        if (bench.wakeMs !== undefined) assert.ok(bench.wakeMs >= bench.nowMs);
      }
    },
  ));
});

Deno.test("played through, a log takes its waits, each shortened, at its speed", () => {
  fc.assert(fc.property(
    gaps.filter((events) => events.length > 0),
    fc.constantFrom(0.5, 1, 2, 10),
    fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
    (events, speed, idleLimitMs) => {
      let at = 0;
      const log = logOf(...events.map(({ gap }) => at += gap));
      const bench = new Bench(log, { speed, idleLimitMs });
      const began = bench.nowMs;
      for (let i = 0; bench.wakeMs !== undefined && i < 100; i++) {
        bench.after(bench.wakeMs - bench.nowMs);
      }
      const waits = events.map(({ gap }) => Math.min(gap, idleLimitMs ?? Infinity));
      const expected = waits.reduce((sum, wait) => sum + wait, 0) / speed;
      assert.ok(Math.abs(bench.nowMs - began - expected) < 0.01);
      assert.ok(hasEnded(bench.state, log));
    },
  ));
});
