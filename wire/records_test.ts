import assert from "node:assert/strict";
import fc from "fast-check";
import { EventEncoder } from "../format/events.ts";
import { PeerError } from "./closing.ts";
import { LINES_MAX, LINES_MAX_LENGTH } from "./limits.ts";
import { ByteReader, ByteWriter, decodeRecords, encodeRecords } from "./records.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(
    fc.constantFrom(
      "\x1b",
      "\u0000",
      "\\",
      '"',
      "\\u001b",
      "\r\n",
      "\x7f",
      "\u2028",
      "\ud800",
      "é",
      "日",
    ),
  )
    .map((parts) => parts.join("")),
);
const eventLines = fc.array(fc.tuple(anyText, fc.nat(100_000), fc.constantFrom("o", "m", "k", "z")))
  .map((events) => {
    const encoder = new EventEncoder();
    let atMs = 0;
    return events.map(([data, intervalMs, code]) =>
      encoder.encode({ kind: "other", code, data }, atMs += intervalMs)
    ).join("");
  });
const otherLines = fc.array(anyText.map((text) => text.replaceAll("\n", "") + "\n"))
  .map((lines) => lines.join("").toWellFormed());

Deno.test("event lines come back character for character", () => {
  fc.assert(
    fc.property(eventLines, (lines) => {
      assert.equal(decodeRecords(encodeRecords(lines)), lines);
    }),
    { numRuns: 500 },
  );
});

Deno.test("so does any other text of whole lines", () => {
  fc.assert(fc.property(otherLines, (lines) => {
    assert.equal(decodeRecords(encodeRecords(lines)), lines);
  }));
  for (
    const line of [
      '[0.5, "o", "spaced"]',
      '[0.50,"o","x"]',
      '[1e3,"o","x"]',
      '[0.0005,"o","x"]',
      '[123456789,"o","x"]',
      '[1,"oo","x"]',
      '[1,"o",{"x":1}]',
      '[1,"o","\\u001B"]',
      '[1,"o","\\ud800"]',
      '[1,"\\"","x"]',
      '[-0,"o","x"]',
      '[1,"o","\t"]',
      "",
      "\ufeff",
    ]
  ) assert.equal(decodeRecords(encodeRecords(line + "\n")), line + "\n");
});

Deno.test("an echoed key takes four bytes", () => {
  assert.deepEqual([...encodeRecords('[0.102,"o","l"]\n')], [102, 0x80 | 0x6f, 0x6c]);
  assert.deepEqual(
    [...encodeRecords('[0.3,"o","\\u001b[H"]\n[0,"m",""]\n')],
    [172, 2, 0x6f, 3, 0x1b, 0x5b, 0x48, 0, 0x80 | 0x6d],
  );
});

Deno.test("bytes are records, or refused by name", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      let lines: string;
      try {
        lines = decodeRecords(bytes);
      } catch (error) {
        assert.ok(error instanceof PeerError && error.code === "message-malformed", String(error));
        return;
      }
      assert.ok(lines === "" || lines.endsWith("\n"));
      assert.equal(decodeRecords(encodeRecords(lines)), lines);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("numbers come back, in their shortest form only", () => {
  fc.assert(fc.property(fc.nat({ max: 2 ** 35 - 1 }), (value) => {
    const writer = new ByteWriter(0);
    writer.varint(value);
    const reader = new ByteReader(writer.bytes());
    assert.equal(reader.varint(), value);
    assert.ok(reader.atEnd);
  }));
  for (const bytes of [[0x80, 0], [0x80], [0xff, 0xff, 0xff, 0xff, 0xff, 1], []]) {
    assert.throws(() => new ByteReader(new Uint8Array(bytes)).varint(), PeerError);
  }
});

Deno.test("a line as long as a keyframe of the largest screen comes back", () => {
  const line = `[0.1,"o",${JSON.stringify("\x1b[1m\u00e9".repeat(6_000_000))}]\n`;
  const records = encodeRecords(line);
  assert.ok(records.length < 40_000_000, "it is not kept as it is");
  assert.ok(decodeRecords(records) === line);
});

Deno.test("more lines, or longer ones, than a message may have are refused, and as many are read", () => {
  const many = (count: number): Uint8Array =>
    Uint8Array.from({ length: 3 * count }, (_, i) => {
      const last = i >= 3 * (count - 1);
      return i % 3 === 1 ? 0x6f | (last ? 0x80 : 0) : 0;
    }).subarray(0, 3 * count - 1);
  assert.equal(decodeRecords(many(LINES_MAX)), '[0,"o",""]\n'.repeat(LINES_MAX));
  assert.throws(() => decodeRecords(many(LINES_MAX + 1)), { code: "message-too-large" });
  const one = (length: number, character: number): Uint8Array => {
    const bytes = new Uint8Array(2 + length).fill(character);
    bytes.set([0, 0x80 | 0x6f]);
    return bytes;
  };
  const escaped = Math.floor(LINES_MAX_LENGTH / 6);
  assert.ok(decodeRecords(one(escaped - 100, 0x1b)).length <= LINES_MAX_LENGTH);
  assert.throws(() => decodeRecords(one(escaped + 100, 0x1b)), { code: "message-too-large" });
  assert.throws(() => decodeRecords(one(LINES_MAX_LENGTH + 1, 0x78)), {
    code: "message-too-large",
  });
});

Deno.test("lines without a newline at the end are a mistake of ours", () => {
  assert.throws(() => encodeRecords("[0,"), Error);
});
