import assert from "node:assert/strict";
import fc from "fast-check";
import { AckPolicy } from "./ack.ts";

Deno.test("nothing is acknowledged before it is painted", () => {
  const acks = new AckPolicy();
  assert.equal(acks.dueMs, undefined);
  acks.received(1, 100);
  assert.equal(acks.dueMs, undefined);
  acks.painted(1);
  assert.equal(acks.dueMs, -Infinity, "the first one at once");
  assert.deepEqual(acks.take(0), { seq: 1, bytes: 100 });
  assert.equal(acks.dueMs, undefined);
});

Deno.test("little is acknowledged once a second, much ten times", () => {
  const acks = new AckPolicy();
  acks.received(1, 100);
  acks.painted(1);
  acks.take(0);
  acks.received(2, 200);
  acks.painted(2);
  assert.equal(acks.dueMs, 1_000);
  acks.received(3, 100_000);
  acks.painted(3);
  assert.equal(acks.dueMs, 100);
  assert.deepEqual(acks.take(100), { seq: 3, bytes: 100_000 });
  acks.received(4, 100_010);
  acks.painted(4);
  assert.equal(acks.dueMs, 200, "the rest of it is not kept waiting");
  acks.take(200);
  acks.received(5, 100_020);
  acks.painted(5);
  assert.equal(acks.dueMs, 1_200);
});

Deno.test("several messages are acknowledged as one", () => {
  const acks = new AckPolicy();
  for (let seq = 1; seq <= 5; seq++) acks.received(seq, seq * 10);
  acks.painted(3);
  assert.deepEqual(acks.take(0), { seq: 3, bytes: 30 });
  acks.painted(2);
  assert.equal(acks.dueMs, undefined);
  acks.painted(9);
  assert.deepEqual(acks.take(0), { seq: 5, bytes: 50 });
});

Deno.test("acknowledgements go up, never beyond what came, and all is acknowledged in the end", () => {
  const doings = fc.array(fc.record({ count: fc.nat(3), painted: fc.nat(3), waitMs: fc.nat(500) }));
  fc.assert(fc.property(doings, (doings) => {
    const acks = new AckPolicy();
    let seq = 0, painted = 0, nowMs = 0, lastMs = -Infinity, acked = 0;
    const take = (): void => {
      const ack = acks.take(nowMs);
      assert.ok(ack.seq > acked && ack.seq <= painted && ack.bytes === ack.seq * 40_000);
      assert.ok(nowMs - lastMs >= 100);
      acked = ack.seq;
      lastMs = nowMs;
    };
    for (const doing of doings) {
      for (let i = 0; i < doing.count; i++) acks.received(++seq, seq * 40_000);
      painted = Math.min(seq, painted + doing.painted);
      acks.painted(painted);
      nowMs += doing.waitMs;
      if (acks.dueMs !== undefined && acks.dueMs <= nowMs) take();
    }
    nowMs += 1_000;
    if (acks.dueMs !== undefined) take();
    assert.equal(acked, painted);
  }));
});
