import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type CastEvent,
  encodeLine,
  eventCode,
  eventData,
  EventDecoder,
  EventEncoder,
  isExtension,
  makeEvent,
  parseLine,
} from "./events.ts";
import { LineError } from "./line_error.ts";
import { anyEvent } from "../tests/any_event.ts";

/** JSON objects as `JSON.parse` makes them: fast-check's have no prototype. */
function plain(event: CastEvent): unknown {
  return JSON.parse(JSON.stringify(event));
}

Deno.test("an event is what its line parses to", () => {
  fc.assert(fc.property(anyEvent, fc.nat(), (event, intervalMs) => {
    const line = encodeLine(intervalMs, event);
    assert.equal(line.indexOf("\n"), line.length - 1);
    const parsed = parseLine(line);
    assert.deepEqual(plain(parsed.event), plain(event));
    assert.equal(parsed.event.kind, event.kind);
    assert.equal(parsed.intervalUs, intervalMs * 1000);
  }));
});

Deno.test("a line's code and data make the event they came from", () => {
  fc.assert(fc.property(anyEvent, (event) => {
    assert.deepEqual(plain(makeEvent(eventCode(event), eventData(event))), plain(event));
  }));
});

Deno.test("times do not drift however many events there are", () => {
  const gaps = fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), {
    minLength: 1000,
    maxLength: 3000,
  });
  fc.assert(
    fc.property(gaps, fc.double({ min: 0, max: 1e9, noNaN: true }), (gaps, startMs) => {
      const encoder = new EventEncoder(startMs);
      const decoder = new EventDecoder(Math.round(startMs));
      let atMs = startMs;
      for (const [i, gap] of gaps.entries()) {
        atMs += gap;
        const event: CastEvent = i % 7 === 0
          ? { kind: "keyframe", data: "" }
          : { kind: "output", data: "x" };
        const read = decoder.decodeAll(encoder.encode(event, atMs)).at(-1);
        assert.ok(
          read !== undefined && Math.abs(read.atMs - atMs) <= 0.5001,
          `${read?.atMs} ${atMs}`,
        );
        assert.deepEqual(read.event, event);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("an interval has at most three decimals and is as short as can be", () => {
  const encoder = new EventEncoder();
  const at = (atMs: number): string => encoder.encode({ kind: "output", data: "" }, atMs);
  assert.equal(at(0), '[0,"o",""]\n');
  assert.equal(at(248.4), '[0.248,"o",""]\n');
  assert.equal(at(250), '[0.002,"o",""]\n');
  assert.equal(at(1250), '[1,"o",""]\n');
  assert.equal(at(1000), '[0,"o",""]\n');
  assert.equal(at(1251), '[0.001,"o",""]\n');
  assert.equal(encoder.atMs, 1251);
});

Deno.test("an extension event has the interval 0, after an empty output that lets time pass", () => {
  fc.assert(fc.property(fc.array(fc.tuple(anyEvent, fc.nat(2000)), { maxLength: 50 }), (events) => {
    const encoder = new EventEncoder();
    let atMs = 0;
    for (const [event, gap] of events) {
      const lines = encoder.encode(event, atMs += gap).split("\n");
      assert.equal(lines.pop(), "");
      const line = lines.pop() ?? "";
      if (isExtension(eventCode(event))) assert.ok(line.startsWith("[0,"));
      assert.deepEqual(
        lines,
        isExtension(eventCode(event)) && gap > 0 ? [`[${gap / 1000},"o",""]`] : [],
      );
    }
  }));
});

Deno.test("a time that is no number is our bug, not a line", () => {
  assert.throws(() => new EventEncoder().encode({ kind: "output", data: "" }, NaN), RangeError);
});

Deno.test("blank lines and comments of a stream are left out", () => {
  const decoder = new EventDecoder(1000);
  const events = decoder.decodeAll('# hello\n\n[0.1,"o","a"]\r\n  \n[0.2,"o","b"]');
  assert.deepEqual(events.map((event) => event.atMs), [1100, 1300]);
});

Deno.test("a bad line leaves the decoder's time as it was", () => {
  const decoder = new EventDecoder();
  assert.throws(() => decoder.decode('[5,"o",1]'), LineError);
  assert.equal(decoder.decode('[1,"o",""]').atMs, 1000);
});

Deno.test("extension codes of other programs are kept as they are", () => {
  for (
    const line of [
      '[0,"p","no JSON"]',
      '[0,"c",7]',
      '[0,"u","[1]"]',
      '[0,"k",null]',
      '[0,"s","many"]',
      '[0,"subtitle",{"a":[1,null]}]',
    ]
  ) {
    const { event } = parseLine(line);
    assert.equal(event.kind, "other");
    assert.equal(encodeLine(0, event), line + "\n");
  }
});

Deno.test("a status may be a number, and a resize must be a size", () => {
  assert.deepEqual(parseLine('[0,"x",3]').event, { kind: "exit", status: 3 });
  assert.deepEqual(parseLine('[0,"x","-1"]').event, { kind: "exit", status: -1 });
  assert.deepEqual(parseLine('[0,"r","80x24"]').event, { kind: "resize", cols: 80, rows: 24 });
});

const BAD: readonly (readonly [string, string, string])[] = [
  ["hello", "recording-bad-event", "is not an event: expected JSON"],
  ["{}", "recording-bad-event", "is not an event: expected an array of three"],
  ['[1,"o"]', "recording-bad-event", "is not an event: expected an array of three"],
  ['[1,"o","",""]', "recording-bad-event", "is not an event: expected an array of three"],
  ['["1","o",""]', "recording-bad-event", "is not an event: expected a number as its interval"],
  ['[1,2,""]', "recording-bad-event", "is not an event: expected text as its code"],
  ['[1,"",""]', "recording-bad-event", "is not an event: expected text as its code"],
  ['[1,"o",5]', "recording-bad-event", "is not output: expected text as its data"],
  ['[1,"i",{}]', "recording-bad-event", "is not input: expected text as its data"],
  ['[1,"m",null]', "recording-bad-event", "is not a marker: expected text as its data"],
  ['[1,"x","hm"]', "recording-bad-event", "is not an exit: expected a status as its data"],
  ['[1,"x",1.5]', "recording-bad-event", "is not an exit: expected a status as its data"],
  [
    '[-1,"o",""]',
    "recording-bad-interval",
    "is not an event: expected an interval from 0 to 31536000 seconds, not -1",
  ],
  [
    '[1e300,"o",""]',
    "recording-bad-interval",
    "is not an event: expected an interval from 0 to 31536000 seconds, not 1e+300",
  ],
  [
    '[1,"r","0x24"]',
    "recording-bad-size",
    'is not a resize: expected COLSxROWS from 1x1 to 4096x4096 with at most 1048576 cells, not "0x24"',
  ],
  [
    '[1,"r","100000x100000"]',
    "recording-bad-size",
    'is not a resize: expected COLSxROWS from 1x1 to 4096x4096 with at most 1048576 cells, not "100000x100000"',
  ],
  [
    '[1,"r","\\u001b]52;c;aGk=\\u0007"]',
    "recording-bad-size",
    'is not a resize: expected COLSxROWS from 1x1 to 4096x4096 with at most 1048576 cells, not "\\u001b]52;c;aGk=\\u0007"',
  ],
];

for (const [line, code, predicate] of BAD) {
  Deno.test(`the line ${line} is refused by name`, () => {
    assert.throws(() => parseLine(line), { name: "LineError", code, predicate });
  });
}
