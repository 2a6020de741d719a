import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { concat } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import { pack } from "./compress.ts";
import { unpack } from "./decompress.ts";
import { PLAINTEXT_MAX_BYTES } from "./limits.ts";
import { ByteWriter } from "./records.ts";

/** A deflated plaintext that claims a length. */
function deflated(length: number, bytes: Uint8Array): Uint8Array {
  const writer = new ByteWriter(8);
  writer.byte(1);
  writer.varint(length);
  return concat(writer.bytes(), bytes);
}

function refused(plaintext: Uint8Array, code = "message-malformed"): void {
  assert.throws(() => unpack(plaintext), (error) => {
    assert.ok(error instanceof PeerError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}

Deno.test("a body comes back, deflated or not", () => {
  const bodies = fc.tuple(
    fc.uint8Array({ maxLength: 40 }),
    fc.oneof(fc.nat(20), fc.nat(600), fc.constant(20_000)),
  );
  fc.assert(fc.property(bodies, ([piece, count]) => {
    const body = concat(...new Array<Uint8Array>(count).fill(piece));
    const plaintext = pack(body);
    assert.ok(plaintext.length <= body.length + 1);
    assert.deepEqual(unpack(plaintext), body);
  }));
});

Deno.test("bodies that do not compress come back", () => {
  for (const length of [0, 1, 127, 128, 5_000, 65_536]) {
    const body = crypto.getRandomValues(new Uint8Array(length));
    assert.equal(pack(body).length, length + 1);
    assert.deepEqual(unpack(pack(body)), body);
  }
});

Deno.test("a large body that deflates to several slices comes back", () => {
  const body = new Uint8Array(3_000_000).map((_, i) => (i * i) >> 7);
  const plaintext = pack(body);
  assert.ok(plaintext.length > 50_000 && plaintext.length < body.length);
  assert.deepEqual(unpack(plaintext), body);
});

Deno.test("what inflates to another length than it says is refused", () => {
  const body = new Uint8Array(1_000).fill(65);
  for (const length of [0, 1, 999, 1_001, 100_000]) {
    refused(deflated(length, deflateRawSync(body)));
  }
  assert.deepEqual(unpack(deflated(1_000, deflateRawSync(body))), body);
});

Deno.test("a bomb is refused with a part of the work that it asks for", () => {
  const bomb = deflateRawSync(new Uint8Array(64 << 20));
  assert.ok(bomb.length > 4_096, String(bomb.length));
  const allMs = time(() => assert.equal(unpack(deflated(64 << 20, bomb)).length, 64 << 20));
  for (const length of [10, 1 << 20]) {
    const tookMs = time(() => refused(deflated(length, bomb)));
    assert.ok(tookMs < allMs / 2, `${tookMs} of ${allMs} ms`);
  }
  refused(deflated(10, bomb.subarray(0, 4_096)));
  refused(deflated(PLAINTEXT_MAX_BYTES + 1, bomb), "message-too-large");
});

function time(run: () => void): number {
  const startMs = performance.now();
  run();
  return performance.now() - startMs;
}

Deno.test("no bytes make it fail in another way", () => {
  const body = pack(new TextEncoder().encode("hello, ".repeat(40)));
  const mutated = fc.tuple(fc.nat(body.length), fc.uint8Array({ maxLength: 4 }))
    .map(([at, bytes]) => concat(body.subarray(0, at), bytes, body.subarray(at + bytes.length)));
  const random = fc.uint8Array({ maxLength: 60 }).map((bytes) =>
    concat(new Uint8Array([1]), bytes)
  );
  fc.assert(
    fc.property(fc.oneof(mutated, random), (plaintext) => {
      try {
        unpack(plaintext);
      } catch (error) {
        assert.ok(error instanceof PeerError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
  refused(new Uint8Array());
  refused(new Uint8Array([2, 0]));
});
