import assert from "node:assert/strict";
import type { Clock } from "../clock.ts";
import { FakeClock } from "../testing/clock.ts";
import { LOOK_MS, ProcessMeter, thisProcess } from "./process_meter.ts";

/** A clock whose timers go off late. */
class LateClock extends FakeClock implements Clock {
  lateMs = 0;

  override after(delayMs: number, callback: () => void): () => void {
    return super.after(delayMs + this.lateMs, callback);
  }
}

const FACTS = { now: () => 5_000, memory: () => 1, cpuSeconds: () => 2 };

Deno.test("how late a timer comes is the delay of the event loop", () => {
  const clock = new LateClock();
  using meter = new ProcessMeter(clock, FACTS);
  clock.advance(LOOK_MS);
  clock.lateMs = 30;
  clock.advance(LOOK_MS * 10 + 300);
  const { eventLoopDelay: { count, sumSeconds, buckets }, startTimeSeconds } = meter.measure();
  // The second look was set before it became late.
  assert.equal(count, 11);
  assert.ok(Math.abs(sumSeconds - 9 * 0.03) < 1e-9, `${sumSeconds}`);
  assert.equal(buckets.find(({ le }) => le === 0.02)?.count, 2);
  assert.equal(buckets.find(({ le }) => le === 0.05)?.count, 11);
  assert.equal(startTimeSeconds, 5);
});

Deno.test("nothing is looked at any more once it is disposed of", () => {
  const clock = new FakeClock();
  new ProcessMeter(clock, FACTS)[Symbol.dispose]();
  assert.equal(clock.pending, 0);
});

Deno.test("this process has memory, and used the processor", () => {
  const facts = thisProcess(Date.now);
  assert.ok(facts.memory() > 10e6);
  assert.ok(facts.cpuSeconds() > 0);
});
