import assert from "node:assert/strict";
import fc from "fast-check";
import type { CastEvent } from "../format/events.ts";
import { anyEvent } from "../tests/any_event.ts";
import { EventLog } from "./event_log.ts";

const HEADER = { version: 3, cols: 80, rows: 24, extra: {} } as const;
const output = (data: string): CastEvent => ({ kind: "output", data });

function plain(event: CastEvent): unknown {
  return JSON.parse(JSON.stringify(event));
}

Deno.test("every event comes back as it was, with its code and time", () => {
  const events = fc.array(fc.tuple(anyEvent, fc.nat(5000)), { maxLength: 200 });
  fc.assert(fc.property(events, (events) => {
    const log = new EventLog(HEADER);
    let atMs = 0;
    for (const [event, gap] of events) log.append(event, atMs += gap);
    assert.equal(log.length, events.length);
    assert.equal(log.durationMs, atMs);
    atMs = 0;
    for (const [i, [event, gap]] of events.entries()) {
      assert.deepEqual(plain(log.eventAt(i)), plain(event));
      assert.equal(log.timeAt(i), atMs += gap);
    }
  }));
});

Deno.test("the first event after a time is found, however many happen at once", () => {
  const gaps = fc.array(fc.nat(3), { maxLength: 100 });
  fc.assert(fc.property(gaps, fc.nat(200), (gaps, ms) => {
    const log = new EventLog(HEADER);
    let atMs = 0;
    const times = gaps.map((gap) => atMs += gap);
    for (const at of times) log.append(output(""), at);
    const expected = times.findIndex((at) => at > ms);
    assert.equal(log.indexAt(ms), expected < 0 ? times.length : expected);
  }));
});

Deno.test("time never goes back", () => {
  const log = new EventLog(HEADER);
  log.append(output("a"), 100);
  log.append(output("b"), 50);
  assert.equal(log.timeAt(1), 100);
});

Deno.test("who was there, who drove and where people pointed is known by index", () => {
  const log = new EventLog(HEADER);
  log.append({ kind: "participant", data: { kind: "join", id: "p1", name: "Ada" } }, 0);
  log.append(output("a"), 10);
  log.append({ kind: "pointer", data: { id: "p1", x: 1, y: 2 } }, 20);
  log.append({ kind: "control", data: { kind: "pause" } }, 30);
  assert.deepEqual(log.peopleIndexes, [0, 3]);
  assert.deepEqual(log.pointerIndexes, [2]);
});

Deno.test("markers, keyframes and sizes are known by index", () => {
  const log = new EventLog(HEADER);
  log.append({ kind: "marker", label: "begin" }, 0);
  log.append({ kind: "keyframe", data: "k1" }, 10);
  log.append({ kind: "resize", cols: 100, rows: 30 }, 20);
  log.append({ kind: "keyframe", data: "k2" }, 30);
  log.append({ kind: "marker", label: "end" }, 40);
  log.append({ kind: "shell", data: { kind: "output", line: 1, x: 0, top: 0 } }, 50);
  log.append({ kind: "shell", data: { kind: "done", line: 2, x: 0, top: 0 } }, 60);
  assert.deepEqual(log.commands(), [{ index: 5, atMs: 50 }]);
  assert.deepEqual(log.markers(), [
    { index: 0, atMs: 0, label: "begin" },
    { index: 4, atMs: 40, label: "end" },
  ]);
  assert.deepEqual([0, 1, 2, 3, 4].map((i) => log.keyframeBefore(i)), [undefined, 1, 1, 3, 3]);
  assert.deepEqual([0, 2, 3, 5].map((i) => log.sizeAt(i).cols), [80, 80, 100, 100]);
  assert.deepEqual([0, 1, 2].map((i) => log.codeAt(i)), ["m", "k", "r"]);
});

Deno.test("codes of more than one character are kept", () => {
  const log = new EventLog(HEADER);
  for (const code of ["subtitle", "é", "\x01", '"', "\\"]) {
    log.append({ kind: "other", code, data: { a: 1 } }, 0);
    assert.equal(log.codeAt(log.length - 1), code);
  }
});

Deno.test("an event that is not there is our bug", () => {
  const log = new EventLog(HEADER);
  assert.equal(log.durationMs, 0);
  assert.throws(() => log.eventAt(0), RangeError);
  assert.throws(() => log.timeAt(-1), RangeError);
});

Deno.test("listeners hear of each append until they stop", () => {
  const log = new EventLog(HEADER);
  let calls = 0;
  const stop = log.subscribe(() => calls++);
  log.append(output(""), 0);
  log.flushed();
  stop();
  log.append(output(""), 0);
  assert.equal(calls, 2);
});

Deno.test("a bounded log begins at a keyframe and keeps within its bound", () => {
  const log = new EventLog(HEADER, { maxBytes: 10_000 });
  for (let i = 0; i < 5000; i++) {
    if (i % 50 === 0) log.append({ kind: "resize", cols: 80 + i % 7, rows: 24 }, i);
    if (i % 50 === 0) log.append({ kind: "keyframe", data: `k${i}` }, i);
    if (i % 25 === 0) log.append({ kind: "marker", label: `m${i}` }, i);
    if (i % 25 === 0) log.append({ kind: "control", data: { kind: "pause" } }, i);
    if (i % 25 === 0) log.append({ kind: "pointer", data: { id: "p1" } }, i);
    log.append(output(`line ${i}`), i);
    assert.ok(log.byteLength <= 10_000, `${log.byteLength} at ${i}`);
  }
  const first = log.firstIndex;
  assert.ok(first > 4000);
  assert.equal(log.codeAt(first), "k");
  assert.equal(log.keyframeBefore(first), first);
  assert.throws(() => log.eventAt(first - 1), RangeError);
  assert.equal(log.markers()[0]?.atMs, log.timeAt(first));
  const [people, pointer] = [log.peopleIndexes[0]!, log.pointerIndexes[0]!];
  assert.deepEqual([log.codeAt(people), log.codeAt(pointer)], ["c", "u"]);
  assert.equal(log.timeAt(people), log.timeAt(first));
  const event = log.eventAt(first);
  assert.ok(event.kind === "keyframe");
  assert.equal(log.sizeAt(first).cols, 80 + Number(event.data.slice(1)) % 7);
  assert.deepEqual(log.eventAt(log.length - 1), output("line 4999"));
  assert.equal(log.indexAt(-1), first);
});

Deno.test("a bounded log without keyframes drops at twice its bound", () => {
  const log = new EventLog(HEADER, { maxBytes: 10_000 });
  for (let i = 0; i < 5000; i++) {
    log.append(output(`line ${i}`), i);
    assert.ok(log.byteLength <= 20_000);
  }
  assert.ok(log.firstIndex > 0);
  assert.ok(log.bytesSinceKeyframe > 100_000);
  assert.deepEqual(log.eventAt(log.firstIndex), output(`line ${log.firstIndex}`));
});

Deno.test("one event larger than the bound is kept alone", () => {
  const log = new EventLog(HEADER, { maxBytes: 1000 });
  log.append(output("a"), 0);
  log.append(output("b".repeat(1_000_000)), 1);
  assert.deepEqual([log.firstIndex, log.length], [1, 2]);
  log.append(output("c"), 2);
  assert.deepEqual([log.firstIndex, log.length], [2, 3]);
  assert.deepEqual(log.eventAt(2), output("c"));
});

Deno.test("what is dropped is given back", () => {
  const log = new EventLog(HEADER, { maxBytes: 1 << 20 });
  const data = "x".repeat(1000);
  for (let i = 0; i < 100_000; i++) {
    log.append(i % 100 === 0 ? { kind: "keyframe", data } : output(data), i);
  }
  assert.ok(log.byteLength <= 1 << 20);
  assert.ok(log.length - log.firstIndex < 2000);
});

Deno.test("events from a file and others take turns without wasting memory", () => {
  const log = new EventLog(HEADER);
  const bytes = new TextEncoder().encode('"from a file"');
  const before = Deno.memoryUsage().external;
  for (let i = 0; i < 5000; i++) {
    log.appendBytes("o".charCodeAt(0), i, bytes, 0, bytes.length);
    log.append(output(`other ${i}`), i);
  }
  assert.ok(Deno.memoryUsage().external - before < 20_000_000);
  for (let i = 0; i < 5000; i++) {
    assert.deepEqual(log.eventAt(i * 2), output("from a file"));
    assert.deepEqual(log.eventAt(i * 2 + 1), output(`other ${i}`));
  }
});
