import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BACKLOG_MAX_BYTES,
  BACKLOG_MAX_MESSAGES,
  BURST_BYTES,
  BURST_MESSAGES,
  BYTES_PER_SECOND,
  drain,
  DRAIN_MS,
  type Drained,
  forget,
  MESSAGES_PER_SECOND,
  offer,
  passAll,
  type RateLimit,
  RESTED,
} from "./rate_limit.ts";

function sum(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((total, { length }) => total + length, 0);
}

function accepted(drained: Drained | undefined): Drained {
  assert.ok(drained !== undefined);
  return drained;
}

/** Drains until nothing waits, and gives the pieces by the time of their passing. */
function drainAll(limit: RateLimit, fromMs: number): [atMs: number, piece: Uint8Array][] {
  const pieces: [number, Uint8Array][] = [];
  for (let atMs = fromMs; limit.backlog.length > 0; atMs += DRAIN_MS) {
    assert.ok(atMs < fromMs + 60_000, "the backlog never ends");
    const drained = drain(limit, atMs);
    for (const piece of drained.pass) pieces.push([atMs, piece]);
    limit = drained.limit;
  }
  return pieces;
}

Deno.test("a paste of 100 KB passes at once", () => {
  const { limit, pass } = accepted(offer(RESTED, new Uint8Array(100 * 1_024), 0));
  assert.deepEqual(pass.map(({ length }) => length), [100 * 1_024]);
  assert.equal(limit.backlog.length, 0);
});

Deno.test("a message takes what it needs at once, and the next waits until that is made up for", () => {
  const first = accepted(offer(RESTED, new Uint8Array(BURST_BYTES + 32_768), 0));
  assert.equal(sum(first.pass), BURST_BYTES + 32_768);
  const second = accepted(offer(first.limit, new Uint8Array(10), 0));
  assert.deepEqual(second.pass, []);
  const atMs = drainAll(second.limit, DRAIN_MS)[0]![0];
  assert.ok(atMs >= 1_000 && atMs < 1_000 + 2 * DRAIN_MS, `it passed at ${atMs}`);
});

Deno.test("a message without room is refused as a whole, and the one that fits still comes", () => {
  const burst = accepted(offer(RESTED, new Uint8Array(BURST_BYTES), 0)).limit;
  const half = accepted(offer(burst, new Uint8Array(BACKLOG_MAX_BYTES - 10), 0)).limit;
  assert.equal(offer(half, new Uint8Array(11), 0), undefined);
  assert.equal(accepted(offer(half, new Uint8Array(10), 0)).limit.backlogBytes, BACKLOG_MAX_BYTES);
  const most = BURST_BYTES + BACKLOG_MAX_BYTES;
  assert.equal(offer(RESTED, new Uint8Array(most + 1), 0), undefined);
  assert.ok(offer(RESTED, new Uint8Array(most), 0));
});

Deno.test("keys without end wait by their number, and are refused in the end", () => {
  let limit = RESTED, passed = 0, taken = 0;
  for (let next = offer(limit, new Uint8Array(1), 0); next !== undefined;) {
    taken++;
    passed += next.pass.length;
    limit = next.limit;
    next = offer(limit, new Uint8Array(1), 0);
    assert.ok(taken < 10_000, "nothing is refused");
  }
  assert.equal(passed, BURST_MESSAGES);
  assert.equal(taken, BURST_MESSAGES + BACKLOG_MAX_MESSAGES);
  const pieces = drainAll(limit, DRAIN_MS);
  assert.equal(pieces.length, BACKLOG_MAX_MESSAGES);
  assert.ok(Math.abs(pieces.at(-1)![0] - 1_000 * BACKLOG_MAX_MESSAGES / MESSAGES_PER_SECOND) < 60);
});

Deno.test("who rests gets the whole burst back", () => {
  const { limit } = accepted(offer(RESTED, new Uint8Array(BURST_BYTES), 0));
  const restedMs = 1_000 * BURST_BYTES / BYTES_PER_SECOND;
  const most = BURST_BYTES + BACKLOG_MAX_BYTES;
  assert.ok(offer(limit, new Uint8Array(most), restedMs));
  assert.equal(offer(limit, new Uint8Array(most), restedMs - 1), undefined);
  assert.equal(offer(limit, new Uint8Array(most + 1), 10 * restedMs), undefined);
});

Deno.test("a message stays behind those that wait, even when it might pass by now", () => {
  const spent = accepted(offer(RESTED, new Uint8Array(BURST_BYTES), 0)).limit;
  const { limit } = accepted(offer(spent, new Uint8Array([1]), 0));
  const late = accepted(offer(limit, new Uint8Array([2]), 10_000));
  assert.deepEqual(late.pass, []);
  assert.deepEqual(drain(late.limit, 10_000).pass.map((piece) => [...piece]), [[1], [2]]);
});

Deno.test("what waits is a copy: the caller may use its buffer again", () => {
  const spent = accepted(offer(RESTED, new Uint8Array(BURST_BYTES), 0)).limit;
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const { limit } = accepted(offer(spent, bytes, 0));
  bytes.fill(9);
  assert.deepEqual([...drainAll(limit, DRAIN_MS)[0]![1]], [1, 2, 3, 4]);
});

Deno.test("what was allowed by name passes after what waits, at once, and counts", () => {
  const spent = accepted(offer(RESTED, new Uint8Array(BURST_BYTES), 0)).limit;
  const { limit } = accepted(offer(spent, new Uint8Array([1]), 0));
  const all = passAll(limit, new Uint8Array([2, 3]), 0);
  assert.deepEqual(all.pass.map((piece) => [...piece]), [[1], [2, 3]]);
  assert.equal(all.limit.backlog.length, 0);
  assert.equal(all.limit.bytes, 0);
  assert.equal(passAll(RESTED, new Uint8Array(1_000), 0).limit.bytes, BURST_BYTES - 1_000);
});

Deno.test("forgetting leaves nothing to pass", () => {
  const { limit } = accepted(offer(RESTED, new Uint8Array(BURST_BYTES + 5_000), 0));
  const empty = forget(limit);
  assert.deepEqual(drain(empty, 1_000).pass, []);
  assert.equal(empty.backlogBytes, 0);
  assert.equal(forget(empty), empty);
});

Deno.test("law: bytes pass in order, each message whole or not at all, and never faster than the limit", () => {
  const steps = fc.array(
    fc.record({
      gapMs: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3_000 })),
      length: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 90_000 })),
      times: fc.integer({ min: 1, max: 150 }),
    }),
    { maxLength: 15 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      let limit = RESTED, nowMs = 0;
      const taken: [number, number][] = [], passed: [number, number][] = [];
      let bytes = 0, messages = 0, takenBytes = 0;
      const out = ({ limit: next, pass }: Drained): void => {
        limit = next;
        for (const piece of pass) {
          bytes += piece.length;
          passed.push([piece[0]!, piece.length]);
          messages++;
        }
        const most = BURST_BYTES + BACKLOG_MAX_BYTES;
        assert.ok(bytes <= most + nowMs / 1_000 * BYTES_PER_SECOND + 1e-6);
        assert.ok(messages <= BURST_MESSAGES + nowMs / 1_000 * MESSAGES_PER_SECOND + 1e-6);
        assert.ok(limit.backlogBytes <= BACKLOG_MAX_BYTES);
        assert.ok(limit.backlog.length <= BACKLOG_MAX_MESSAGES);
        assert.equal(limit.backlogBytes, sum(limit.backlog));
        assert.equal(bytes + limit.backlogBytes, takenBytes);
      };
      for (const { gapMs, length, times } of list) {
        nowMs += gapMs;
        out(drain(limit, nowMs));
        for (let i = 0; i < times; i++) {
          const name = taken.length % 251;
          const next = offer(limit, new Uint8Array(length).fill(name), nowMs);
          if (next === undefined) continue;
          taken.push([name, length]);
          takenBytes += length;
          out(next);
        }
      }
      const lastMs = nowMs + 60_000;
      while (limit.backlog.length > 0 && nowMs < lastMs) out(drain(limit, nowMs += DRAIN_MS));
      assert.deepEqual(passed, taken);
    }),
    { numRuns: 60 },
  );
});
