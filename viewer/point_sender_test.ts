import assert from "node:assert/strict";
import { FakeClock } from "./fakes.ts";
import { type Cell, PointSender } from "./point_sender.ts";

function bench(): { clock: FakeClock; sent: (Cell | undefined)[]; sender: PointSender } {
  const clock = new FakeClock();
  const sent: (Cell | undefined)[] = [];
  return { clock, sent, sender: new PointSender(clock, (at) => sent.push(at)) };
}

Deno.test("the first place is told at once, the last of those after it within a twentieth of a second", () => {
  const { clock, sent, sender } = bench();
  for (let x = 0; x < 5; x++) sender.point({ x, y: 0 });
  assert.deepEqual(sent, [{ x: 0, y: 0 }]);
  clock.advance(50);
  assert.deepEqual(sent, [{ x: 0, y: 0 }, { x: 4, y: 0 }]);
  clock.advance(1_000);
  assert.equal(sent.length, 2);
  assert.equal(clock.pending, 0);
});

Deno.test("a second of moving is at most twenty-one places", () => {
  const { clock, sent, sender } = bench();
  for (let x = 0; x < 1_000; x++) {
    sender.point({ x, y: 0 });
    clock.advance(1);
  }
  clock.advance(50);
  assert.ok(sent.length >= 20 && sent.length <= 21, `${sent.length}`);
  assert.deepEqual(sent.at(-1), { x: 999, y: 0 });
});

Deno.test("that one points no longer is told at once, and once", () => {
  const { clock, sent, sender } = bench();
  sender.point({ x: 1, y: 1 });
  sender.point({ x: 2, y: 2 });
  sender.point(undefined);
  sender.point(undefined);
  assert.deepEqual(sent, [{ x: 1, y: 1 }, undefined]);
  assert.equal(clock.pending, 0);
});

Deno.test("the same place is told once", () => {
  const { clock, sent, sender } = bench();
  sender.point({ x: 1, y: 1 });
  clock.advance(100);
  sender.point({ x: 1, y: 1 });
  assert.equal(sent.length, 1);
});
