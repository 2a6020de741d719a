import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeLine, eventCode, eventData, parseLine } from "../format/events.ts";
import { anyEvent } from "../tests/any_event.ts";
import { type Scan, scanLine } from "./scan.ts";

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a scan finds, with the line in the middle of other bytes, as it is in a file. */
function scan(line: Uint8Array): { seconds: number; code: string; data: unknown } | undefined {
  const bytes = new Uint8Array(line.length + 4).fill(34);
  bytes.set(line, 2);
  const found: Scan = { intervalUs: 0, code: 0, start: 0, end: 0 };
  if (!scanLine(bytes, 2, 2 + line.length, found)) return undefined;
  const data: unknown = JSON.parse(strict.decode(bytes.subarray(found.start, found.end)));
  return { seconds: found.intervalUs, code: String.fromCharCode(found.code), data };
}

Deno.test("a line as we write it is scanned", () => {
  fc.assert(fc.property(anyEvent, fc.nat(1e9), (event, intervalMs) => {
    const [code, data] = [eventCode(event), eventData(event)];
    const found = scan(encoder.encode(encodeLine(intervalMs, event).trimEnd()));
    if (/^[ -!#-[\]-~]$/.test(code) && typeof data === "string") {
      assert.deepEqual(found, { seconds: intervalMs * 1000, code, data });
    } else {
      assert.equal(found, undefined);
    }
  }));
});

/** Mostly the first, now and then one of the others. */
function mostly(good: fc.Arbitrary<string>, ...others: string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 9, arbitrary: good }, {
    weight: 1,
    arbitrary: fc.constantFrom(...others),
  });
}

/** Lines that are JSON or nearly. */
const nearlyLine = fc.tuple(
  mostly(fc.constantFrom("[", " [", "\t[ "), "", "[["),
  mostly(
    fc.oneof(
      fc.double({ min: 0, max: 1e8, noNaN: true }).map((n) => n.toFixed(6)),
      fc.integer({ min: 0, max: 9999 }).map((n) => String(n / 1000)),
    ),
    ...["00", "01", "1.", ".5", "1e3", "-0", "-1", "1.1234567", "1 ", "1234567890"],
  ),
  mostly(fc.constantFrom(",", " ,\t"), "", ",,"),
  mostly(fc.constantFrom('"o"', '"k"'), '""', '"oo"', '"\\u006f"', "7", '"\\"', '"é"'),
  mostly(fc.constantFrom(",", " , "), ""),
  mostly(
    fc.array(
      mostly(
        fc.constantFrom("a", "é", "日", "🙂", "\\n", "\\u001b", "\\ud83d", "\u007f"),
        ...["\\x", "\\u12", "\\", '"', "\t"],
      ),
      { maxLength: 6 },
    ).map((parts) => `"${parts.join("")}"`),
    ...["null", "{}", "7", '"'],
  ),
  mostly(fc.constantFrom("]", " ] "), "", "]]", "] x", ',""]'),
).map((parts) => encoder.encode(parts.join("")));

/** The same with a byte changed, so that UTF-8 breaks too. */
const damaged = fc.tuple(nearlyLine, fc.nat(), fc.nat(255)).map(([line, at, byte]) => {
  const copy = line.length > 0 ? line.slice() : new Uint8Array(1);
  copy[at % copy.length] = byte;
  return copy;
});

Deno.test("what is scanned is what a JSON parser finds", () => {
  let scanned = 0;
  fc.assert(
    fc.property(fc.oneof(nearlyLine, damaged), (line) => {
      const found = scan(line);
      // Whether the data of these two is what it should be is not looked at.
      if (found === undefined || found.code === "r" || found.code === "x") return;
      scanned++;
      const { intervalUs, event } = parseLine(strict.decode(line));
      assert.deepEqual(found, {
        seconds: intervalUs,
        code: eventCode(event),
        data: eventData(event),
      });
    }),
    { numRuns: 5000 },
  );
  assert.ok(scanned > 100, `only ${scanned} lines were good enough to be scanned`);
});

Deno.test("bytes that are not UTF-8 are never taken for text", () => {
  const sequences = fc.uint8Array({ minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(sequences, (bytes) => {
      const text = bytes.filter((byte) => byte >= 0x20 && byte !== 34 && byte !== 92);
      const line = new Uint8Array([
        ...encoder.encode('[0,"o","'),
        ...text,
        ...encoder.encode('"]'),
      ]);
      let valid = true;
      try {
        strict.decode(text);
      } catch {
        valid = false;
      }
      assert.equal(scan(line) !== undefined, valid);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("the edges of UTF-8 are where Unicode puts them", () => {
  for (
    const lead of [
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xec,
      0xed,
      0xee,
      0xef,
      0xf0,
      0xf1,
      0xf3,
      0xf4,
      0xf5,
    ]
  ) {
    for (const second of [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0]) {
      for (const rest of [[], [0x80], [0xbf, 0xbf], [0x80, 0x80], [0x80, 0x7f]]) {
        const text = Uint8Array.of(lead, second, ...rest);
        const line = new Uint8Array([
          ...encoder.encode('[0,"o","'),
          ...text,
          ...encoder.encode('"]'),
        ]);
        let valid = true;
        try {
          strict.decode(text);
        } catch {
          valid = false;
        }
        assert.equal(
          scan(line) !== undefined,
          valid,
          [...text].map((b) => b.toString(16)).join(" "),
        );
      }
    }
  }
});
