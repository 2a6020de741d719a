import assert from "node:assert/strict";
import fc from "fast-check";
import { binaryFrame, closeFrame, FrameReader, type Incoming, pongFrame } from "./frames.ts";

const MAX = 1_000;

/** A frame as a server sends it. `head`: first byte, and the length's bytes where they are not the right ones. */
function framed(first: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const size = length < 126 ? [length] : length <= 0xffff ? [126, length >> 8, length & 0xff] : [];
  return Uint8Array.from([first, ...size, ...payload]);
}

function readAll(bytes: Uint8Array, cuts: readonly number[] = [], maxBytes = MAX): Incoming[] {
  const reader = new FrameReader(maxBytes);
  const found: Incoming[] = [];
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let at = 0;
  for (const end of [...ends, bytes.length]) {
    const chunk = bytes.slice(at, end);
    reader.read(chunk, (incoming) => found.push(incoming));
    // Whoever reads uses the same memory for what comes next.
    chunk.fill(0xee);
    at = end;
  }
  return found;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const bytes = fc.uint8Array({ maxLength: 300 });
const control = fc.constantFrom(9, 10).chain((opcode) =>
  fc.record({ opcode: fc.constant(opcode), payload: fc.uint8Array({ maxLength: 125 }) })
);

Deno.test("messages in any number of fragments, with pings between, come whole however they are cut", () => {
  const message = fc.array(
    fc.record({ part: bytes, before: fc.array(control, { maxLength: 2 }) }),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(fc.property(
    fc.array(message, { maxLength: 4 }),
    fc.array(fc.nat(), { maxLength: 8 }),
    (messages, cuts) => {
      const wanted: Incoming[] = [];
      const frames: Uint8Array[] = [];
      for (const parts of messages) {
        parts.forEach(({ part, before }, i) => {
          for (const { opcode, payload } of before) {
            frames.push(framed(0x80 | opcode, payload));
            if (opcode === 9) wanted.push({ kind: "ping", payload });
          }
          const last = i === parts.length - 1;
          frames.push(framed((last ? 0x80 : 0) | (i === 0 ? 2 : 0), part));
        });
        wanted.push({ kind: "binary", bytes: concat(parts.map(({ part }) => part)) });
      }
      assert.deepEqual(readAll(concat(frames), cuts), wanted);
    },
  ));
});

Deno.test("what is too long is refused at its head, before a byte of it is kept", () => {
  const claims: readonly (readonly [string, number[]])[] = [
    ["a frame", [0x82, 126, 0x03, 0xe9]],
    ["a frame of terabytes", [0x82, 127, 0, 0, 0xff, 0, 0, 0, 0, 0]],
    ["a frame with the highest bit", [0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0]],
    ["a text", [0x81, 126, 0x03, 0xe9]],
    ["a second fragment", [0x02, 1, 7, 0x00, 126, 0x03, 0xe8]],
  ];
  for (const [what, head] of claims) {
    assert.throws(() => readAll(Uint8Array.from(head)), { code: "message-too-large" }, what);
  }
  const longest = new Uint8Array(MAX).fill(7);
  assert.deepEqual(readAll(framed(0x82, longest)), [{ kind: "binary", bytes: longest }]);
});

Deno.test("a message that never ends is refused when it is longer than any, in however small pieces it comes", () => {
  const reader = new FrameReader(MAX);
  let pieces = 0;
  assert.throws(
    () => {
      for (reader.read(framed(0x02, new Uint8Array(1)), () => {}); pieces < 10 * MAX; pieces++) {
        reader.read(framed(0x00, new Uint8Array(1)), () => assert.fail("it is not whole"));
      }
    },
    { code: "message-too-large" },
  );
  assert.equal(pieces, MAX - 1);
});

Deno.test("what a server must not send is refused", () => {
  const wrong: readonly (readonly [string, number[]])[] = [
    ["a mask", [0x82, 0x81, 1, 2, 3, 4, 5]],
    ["an extension's bit", [0xc2, 1, 7]],
    ["an unknown opcode", [0x83, 0]],
    ["an unknown control opcode", [0x8b, 0]],
    ["a control frame in fragments", [0x09, 0]],
    ["a long control frame", [0x89, 126, 0, 126]],
    ["a continuation of nothing", [0x80, 1, 7]],
    ["a message inside another", [0x02, 1, 7, 0x82, 1, 7]],
    ["a short length in two bytes", [0x82, 126, 0, 125]],
    ["a short length in eight bytes", [0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1]],
    ["half a code", [0x88, 1, 3]],
  ];
  for (const [what, sent] of wrong) {
    assert.throws(() => readAll(Uint8Array.from(sent)), { code: "message-malformed" }, what);
  }
});

Deno.test("any bytes are read or refused by name, and never more is kept than the longest message", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat()), (sent, cuts) => {
      try {
        for (const incoming of readAll(sent, cuts, 100)) {
          if (incoming.kind === "binary") assert.ok(incoming.bytes.length <= 100);
        }
      } catch (error) {
        assert.match((error as { code: string }).code, /^message-(?:too-large|malformed)$/);
      }
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("texts and closes are told", () => {
  assert.deepEqual(readAll(framed(0x81, new TextEncoder().encode("naïve"))), [
    { kind: "text", text: "naïve" },
  ]);
  const closed = framed(0x88, Uint8Array.from([0x0f, 0xa0, ...new TextEncoder().encode("ended")]));
  assert.deepEqual(readAll(closed), [{ kind: "close", code: 4000, reason: "ended" }]);
  assert.deepEqual(readAll(framed(0x88, new Uint8Array())), [
    { kind: "close", code: 1005, reason: "" },
  ]);
});

Deno.test("what is sent is masked, as long as it says, and nothing but the message", () => {
  fc.assert(fc.property(
    fc.oneof(
      bytes,
      fc.constantFrom(125, 126, 0xffff, 0x10000).map((n) => new Uint8Array(n).fill(9)),
    ),
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    (message, mask) => {
      const sent = binaryFrame(message, mask);
      const { first, payload } = unmasked(sent);
      assert.equal(first, 0x82);
      assert.deepEqual(payload, message);
    },
  ));
  const mask = Uint8Array.from([1, 2, 3, 4]);
  assert.deepEqual(unmasked(pongFrame(Uint8Array.from([5]), mask)), {
    first: 0x8a,
    payload: Uint8Array.from([5]),
  });
  assert.deepEqual(unmasked(closeFrame(4000, "x", mask)).payload, Uint8Array.from([15, 160, 120]));
  assert.deepEqual(unmasked(closeFrame(1005, "", mask)), {
    first: 0x88,
    payload: new Uint8Array(),
  });
});

/** A client's frame, as a server reads it. */
function unmasked(frame: Uint8Array): { first: number; payload: Uint8Array } {
  const view = new DataView(frame.buffer);
  assert.ok((frame[1]! & 0x80) !== 0, "it is masked");
  const short = frame[1]! & 0x7f;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  const length = short === 127
    ? Number(view.getBigUint64(2))
    : short === 126
    ? view.getUint16(2)
    : short;
  assert.equal(frame.length, start + 4 + length);
  const mask = frame.subarray(start, start + 4);
  return {
    first: frame[0]!,
    payload: frame.slice(start + 4).map((byte, i) => byte ^ mask[i & 3]!),
  };
}
