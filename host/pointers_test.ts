import assert from "node:assert/strict";
import type { CastEvent } from "../format/events.ts";
import { Pointers } from "./pointers.ts";
import { FakeClock } from "./testing/clock.ts";

class SetUp {
  readonly clock = new FakeClock();
  readonly told: CastEvent[][] = [];
  readonly pointers = new Pointers({
    clock: this.clock,
    note: (events) => void this.told.push([...events]),
  });

  /** The places that were told, message by message. */
  get places(): string[] {
    return this.told.map((events) =>
      events.map((event) =>
        event.kind === "pointer" ? `${event.data.id} ${event.data.x ?? "-"}` : "?"
      ).join(", ")
    );
  }
}

Deno.test("the first move is told at once, and a hundred after it as their last", () => {
  const { clock, pointers, ...setUp } = new SetUp();
  pointers.point("p1", { x: 1, y: 1 });
  for (let x = 2; x <= 100; x++) pointers.point("p1", { x, y: 1 });
  clock.advance(1_000);
  assert.deepEqual(setUp.told.map((events) => events[0]), [
    { kind: "pointer", data: { id: "p1", x: 1, y: 1 } },
    { kind: "pointer", data: { id: "p1", x: 100, y: 1 } },
  ]);
});

Deno.test("fifty that move all the time are told some ten times a second, together", () => {
  const setUp = new SetUp();
  for (let ms = 0; ms < 2_000; ms += 10) {
    for (let i = 0; i < 50; i++) setUp.pointers.point(`p${i}`, { x: ms % 80, y: i % 24 });
    setUp.clock.advance(10);
  }
  assert.ok(setUp.told.length >= 18 && setUp.told.length <= 24, String(setUp.told.length));
  assert.equal(setUp.told.at(-1)?.length, 50);
});

Deno.test("a pointer that stays or was never there is not told again, one that goes is", () => {
  const setUp = new SetUp();
  setUp.pointers.point("p1", { x: 1, y: 1 });
  setUp.clock.advance(1_000);
  setUp.pointers.point("p1", { x: 1, y: 1 });
  setUp.pointers.point("p2", undefined);
  setUp.clock.advance(1_000);
  setUp.pointers.point("p1", undefined);
  setUp.clock.advance(1_000);
  assert.deepEqual(setUp.places, ["p1 1", "p1 -"]);
});

Deno.test("who is gone points no more", () => {
  const setUp = new SetUp();
  setUp.pointers.point("p1", { x: 1, y: 1 });
  setUp.pointers.point("p1", { x: 2, y: 1 });
  setUp.pointers.forget("p1");
  setUp.clock.advance(1_000);
  assert.deepEqual(setUp.places, ["p1 1"]);
  setUp.pointers.point("p1", { x: 3, y: 1 });
  setUp.pointers.point("p1", { x: 4, y: 1 });
  setUp.pointers.end();
  setUp.clock.advance(1_000);
  assert.equal(setUp.told.length, 2);
});
