import assert from "node:assert/strict";
import type { HostEvent } from "./events.ts";
import { QUIET_MS, SlowViewers } from "./slow_viewers.ts";
import { FakeClock } from "./testing/clock.ts";

Deno.test("a viewer that lags again and again is told of once a minute, each by itself", () => {
  const clock = new FakeClock();
  const told: HostEvent[] = [];
  const slow = new SlowViewers(clock, { report: (event) => void told.push(event) });
  const lag = (id: string): void =>
    slow.slow({ id, name: id.toUpperCase(), waitingBytes: 300_000 });
  lag("p1");
  lag("p1");
  lag("p2");
  clock.advance(QUIET_MS - 1);
  lag("p1");
  assert.deepEqual(told, [
    { event: "slow", id: "p1", name: "P1", waitingBytes: 300_000 },
    { event: "slow", id: "p2", name: "P2", waitingBytes: 300_000 },
  ]);
  clock.advance(1);
  lag("p1");
  assert.equal(told.length, 3);
});

Deno.test("who left and comes back as another is told of anew", () => {
  const told: HostEvent[] = [];
  const slow = new SlowViewers(new FakeClock(), { report: (event) => void told.push(event) });
  const viewer = { id: "p1", name: "Ada", waitingBytes: 1 };
  slow.slow(viewer);
  slow.forget("p1");
  slow.slow(viewer);
  assert.equal(told.length, 2);
});
