import assert from "node:assert/strict";
import fc from "fast-check";
import {
  answered,
  arrived,
  begun,
  heard,
  lagChangesInMs,
  lagMs,
  NO_PULSE,
  painted,
  type Pulse,
  sessionNowMs,
} from "./pulse.ts";

/** A pulse after events of these session times came at these local times. */
function after(...events: [atMs: number, nowMs: number][]): Pulse {
  return events.reduce((pulse, [atMs, nowMs]) => arrived(pulse, atMs, nowMs), NO_PULSE);
}

Deno.test("the session's time goes on with the local clock, from what came soonest", () => {
  assert.equal(sessionNowMs(NO_PULSE, 5), undefined);
  const pulse = after([1_000, 50_040], [2_000, 51_010], [3_000, 52_700]);
  assert.equal(sessionNowMs(pulse, 53_000), 3_990);
  assert.equal(sessionNowMs(after([9_000, 100]), 1_100), 10_000);
});

Deno.test("another connection knows nothing of the last one's time", () => {
  const pulse = begun(after([9_000, 100]), 5_000);
  assert.equal(sessionNowMs(pulse, 5_000), undefined);
  assert.equal(sessionNowMs(arrived(pulse, 2_000, 5_100), 5_200), 2_100);
});

Deno.test("what comes late is told for a while", () => {
  const pulse = after([1_000, 10_000], [2_000, 11_400]);
  assert.equal(lagMs(pulse, 11_400), undefined);
  const late = arrived(pulse, 3_000, 12_900);
  assert.equal(lagMs(late, 13_000), 900);
  assert.equal(lagMs(late, 15_901), undefined);
  assert.equal(lagMs(arrived(late, 4_000, 13_100), 13_100), undefined);
});

Deno.test("a slow answer, a slow terminal and a silent host are told", () => {
  const live = answered(NO_PULSE, 40, 0);
  assert.equal(lagMs(live, 5_900), undefined);
  assert.equal(lagMs(answered(live, 800, 0), 0), 800);
  const slow = painted(painted(live, 1_200, 0), 10, 2_000);
  assert.equal(lagMs(slow, 2_000), 1_200);
  assert.equal(lagMs(slow, 3_000), undefined);
  assert.equal(lagMs(live, 8_000), 3_000);
  assert.equal(lagMs(heard(live, 7_990), 8_000), undefined);
  assert.equal(lagMs(NO_PULSE, 1e9), undefined);
});

Deno.test("when a silence will be told is known", () => {
  fc.assert(fc.property(fc.nat(20_000), (nowMs) => {
    const pulse = heard(NO_PULSE, 0);
    const inMs = lagChangesInMs(pulse, nowMs)!;
    assert.ok(inMs > 0);
    if (lagMs(pulse, nowMs) === undefined) {
      assert.equal(lagMs(pulse, nowMs + inMs - 1.5), undefined);
      assert.notEqual(lagMs(pulse, nowMs + inMs), undefined);
    }
  }));
  assert.equal(lagChangesInMs(NO_PULSE, 0), undefined);
});
