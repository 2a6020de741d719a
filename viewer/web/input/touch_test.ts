import assert from "node:assert/strict";
import { type Finger, type Gesture, NO_TOUCH, stepTouch, type TouchInput } from "./touch.ts";

/** What a hand does, a step each: what the fingers did, where they are, and when. */
type Step = readonly [kind: TouchInput["kind"], nowMs: number, ...fingers: Finger[]];

const at = (x: number, y = 100): Finger => ({ x, y });

function gestures(steps: readonly Step[]): { gestures: Gesture[]; taken: boolean } {
  let state = NO_TOUCH, any = false;
  const found: Gesture[] = [];
  for (const [kind, nowMs, ...fingers] of steps) {
    const step = stepTouch(state, { kind, fingers }, nowMs);
    state = step.state;
    any ||= step.taken;
    if (step.gesture !== undefined) found.push(step.gesture);
  }
  return { gestures: found, taken: any };
}

Deno.test("a finger that comes and goes at once taps where it came", () => {
  assert.deepEqual(gestures([["start", 0, at(50)], ["move", 50, at(53)], ["end", 90]]), {
    gestures: [{ kind: "tap", at: at(50) }],
    taken: false,
  });
});

Deno.test("a finger that moves or stays does not tap, and the browser scrolls with it", () => {
  const moved: Step[] = [["start", 0, at(50)], ["move", 50, at(80)], ["move", 60, at(50)], [
    "end",
    90,
  ]];
  assert.deepEqual(gestures(moved), { gestures: [], taken: false });
  assert.deepEqual(gestures([["start", 0, at(50)], ["end", 900]]).gestures, []);
  assert.deepEqual(gestures([["start", 0, at(50)], ["cancel", 50]]).gestures, []);
});

Deno.test("two fingers zoom by how far they are apart, around their middle", () => {
  const steps: Step[] = [
    ["start", 0, at(100)],
    ["start", 10, at(100), at(200)],
    ["move", 20, at(50), at(250)],
    ["move", 30, at(100), at(200)],
    ["end", 40, at(100)],
    ["end", 50],
  ];
  const { gestures: found, taken } = gestures(steps);
  assert.deepEqual(found, [
    { kind: "zoom", factor: 2, at: at(150) },
    { kind: "zoom", factor: 0.5, at: at(150) },
  ]);
  assert.equal(taken, true);
});

Deno.test("fingers on one spot are no reason to grow without end", () => {
  const steps: Step[] = [
    ["start", 0, at(100), at(100)],
    ["move", 10, at(100), at(100)],
    ["move", 20, at(100), at(120)],
  ];
  assert.deepEqual(gestures(steps).gestures, [{ kind: "zoom", factor: 2, at: at(110) }]);
});

Deno.test("after a pinch, or with more fingers, nothing counts until all are gone", () => {
  const pinched: Step[] = [["start", 0, at(100), at(200)], ["end", 10, at(100)], ["end", 20]];
  assert.deepEqual(gestures(pinched).gestures, []);
  const three: Step[] = [
    ["start", 0, at(1), at(2), at(3)],
    ["move", 10, at(1), at(300)],
    ["move", 20, at(1), at(600)],
    ["end", 30],
    ["start", 40, at(7)],
    ["end", 50],
  ];
  assert.deepEqual(gestures(three).gestures, [{ kind: "tap", at: at(7) }]);
});
