import assert from "node:assert/strict";
import fc from "fast-check";
import {
  EARLY_FRAMES,
  EARLY_INTERVAL_MS,
  FLOOD_INTERVAL_MS,
  HOLD_MS,
  IDLE_PACE,
  isFlood,
  LOAD_INTERVAL_MS,
  type PaceInput,
  type PaceState,
  step,
} from "./pace.ts";

/** Runs a pace with timers that go off exactly when asked, and says when frames went out. */
class Run {
  readonly emittedMs: number[] = [];
  state: PaceState = IDLE_PACE;
  #timerMs = Infinity;

  until(nowMs: number): void {
    while (this.#timerMs <= nowMs) {
      const at = this.#timerMs;
      this.#timerMs = Infinity;
      this.input({ kind: "timer" }, at);
    }
  }

  input(input: PaceInput, nowMs: number): void {
    const { state, effect } = step(this.state, input, nowMs);
    this.state = state;
    if (effect.kind === "emit") this.emittedMs.push(nowMs);
    if (effect.kind === "wait") this.#timerMs = effect.untilMs;
  }

  output(nowMs: number, bytes = 10, held = false): void {
    this.until(nowMs);
    this.input({ kind: "output", bytes, held }, nowMs);
  }
}

Deno.test("a quiet line sends at once", () => {
  const run = new Run();
  for (const at of [0, 20, 100, 117]) run.output(at);
  assert.deepEqual(run.emittedMs, [0, 20, 100, 117]);
});

Deno.test("under load there is one frame an interval, and the last one goes out", () => {
  const run = new Run();
  for (let at = 0; at <= 40; at++) run.output(at);
  run.until(1000);
  assert.deepEqual(run.emittedMs, [0, 2, 4, 20, 36, 52]);
  assert.equal(run.state.pending, false);
});

Deno.test("the echo of a key does not wait, and one key is one frame", () => {
  const run = new Run();
  for (let at = 0; at < 5; at++) run.output(at);
  run.input({ kind: "key" }, 5);
  run.output(5);
  run.output(6);
  run.until(1000);
  assert.deepEqual(run.emittedMs, [0, 2, 4, 5, 21]);
});

Deno.test("what a command prints in a few pieces comes at once, after its line's echo", () => {
  const run = new Run();
  run.output(0);
  run.input({ kind: "key" }, 100);
  for (const at of [101, 104, 105]) run.output(at);
  run.until(1000);
  assert.deepEqual(run.emittedMs, [0, 101, 104, 106]);
  // And again, once it has been quiet for as long as that took.
  run.output(1000);
  run.output(1001);
  run.until(2000);
  assert.deepEqual(run.emittedMs.slice(4), [1000, 1002]);
});

Deno.test("a frame that goes out sooner is earned with an interval in which none did", () => {
  const run = new Run();
  for (let at = 0; at <= 20; at++) run.output(at);
  assert.deepEqual(run.emittedMs, [0, 2, 4, 20]);
  for (const at of [36, 37, 68, 69, 70, 71]) run.output(at);
  run.until(1000);
  assert.deepEqual(run.emittedMs.slice(4), [36, 52, 68, 84]);
});

Deno.test("a frame that the program holds back goes out when it is whole", () => {
  const run = new Run();
  run.output(0);
  run.output(100, 10, true);
  run.output(120, 10, true);
  run.output(130);
  run.output(131, 10, true);
  run.output(132);
  run.until(1000);
  assert.deepEqual(run.emittedMs, [0, 130, 132]);
});

Deno.test("a program that holds back for ever is shown all the same", () => {
  const run = new Run();
  for (let at = 0; at <= 1000; at += 10) run.output(at, 10, true);
  assert.deepEqual(run.emittedMs.slice(0, 2), [HOLD_MS, 2 * HOLD_MS]);
});

Deno.test("a sustained flood is shown 30 times a second, and a pause ends it", () => {
  const run = new Run();
  for (let at = 0; at < 1000; at++) run.output(at, 18_000);
  assert.ok(isFlood(run.state));
  const gaps = run.emittedMs.slice(1).map((at, i) => at - run.emittedMs[i]!);
  assert.deepEqual(gaps.slice(0, 3), [EARLY_INTERVAL_MS, EARLY_INTERVAL_MS, LOAD_INTERVAL_MS]);
  assert.equal(gaps.at(-1), FLOOD_INTERVAL_MS);
  run.output(2000);
  assert.equal(run.emittedMs.at(-1), 2000);
  assert.ok(!isFlood(run.state));
});

Deno.test("one big redraw is no flood", () => {
  const run = new Run();
  for (let at = 0; at < 8; at++) run.output(at, 50_000);
  assert.ok(!isFlood(run.state));
});

Deno.test("law: no output waits longer than an interval, and frames keep their distance", () => {
  const events = fc.array(
    fc.record({
      gapMs: fc.integer({ min: 0, max: 60 }),
      bytes: fc.integer({ min: 1, max: 60_000 }),
      key: fc.boolean(),
    }),
    { maxLength: 200 },
  );
  fc.assert(fc.property(events, (list) => {
    const run = new Run();
    const keys = new Set<number>();
    let nowMs = 0;
    for (const { gapMs, bytes, key } of list) {
      nowMs += gapMs;
      run.until(nowMs);
      const before = run.emittedMs.at(-1) ?? -Infinity;
      const waited = key || nowMs - before >= FLOOD_INTERVAL_MS;
      if (key) run.input({ kind: "key" }, nowMs);
      run.output(nowMs, bytes);
      if (waited) assert.equal(run.emittedMs.at(-1), nowMs);
      else if (run.emittedMs.at(-1) === nowMs && nowMs !== before) {
        assert.ok(nowMs - before >= EARLY_INTERVAL_MS);
      }
      if (key) keys.add(nowMs);
    }
    run.until(nowMs + FLOOD_INTERVAL_MS);
    if (list.length > 0) assert.ok(run.emittedMs.at(-1)! >= nowMs);
    assert.equal(run.state.pending, false);
    // Over any time there are no more frames than intervals, but for a few, and for the echoes of keys.
    const paced = run.emittedMs.filter((at) => !keys.has(at));
    for (const [i, from] of paced.entries()) {
      for (let j = i; j < paced.length; j++) {
        const most = (paced[j]! - from) / LOAD_INTERVAL_MS + EARLY_FRAMES + 1;
        assert.ok(j - i + 1 <= most, `${j - i + 1} frames from ${from} to ${paced[j]}`);
      }
    }
  }));
});
