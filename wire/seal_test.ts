import assert from "node:assert/strict";
import fc from "fast-check";
import { type ClosingCode, PeerError } from "./closing.ts";
import { SEQ_MAX } from "./limits.ts";
import { Opener, OVERHEAD_BYTES, Sealer, type SealUse } from "./seal.ts";

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const uses: fc.Arbitrary<SealUse> = fc.constantFrom<SealUse>(
  { kind: "to-host" },
  { kind: "to-viewer" },
  { kind: "stream", epoch: 1 },
  { kind: "stream", epoch: 0x1_0001 },
);
const KEY = new Uint8Array(32).fill(7);
const TO_HOST: SealUse = { kind: "to-host" };

/** Five messages, each its number. */
function five(key = KEY, use: SealUse = TO_HOST): Uint8Array[] {
  const sealer = new Sealer(key, use);
  return [1, 2, 3, 4, 5].map((n) => sealer.seal(new Uint8Array([n])));
}

function refused(code: ClosingCode, run: () => unknown): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof PeerError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}

Deno.test("what was sealed opens to what it was", () => {
  fc.assert(
    fc.property(keys, uses, fc.array(fc.uint8Array({ maxLength: 300 })), (key, use, all) => {
      const sealer = new Sealer(key, use), opener = new Opener(key, use);
      for (const plaintext of all) {
        const message = sealer.seal(plaintext, use.kind === "stream");
        assert.equal(message.length, plaintext.length + OVERHEAD_BYTES);
        assert.deepEqual(opener.open(message), plaintext);
      }
      assert.equal(opener.seq, sealer.seq);
    }),
  );
});

Deno.test("no bit of a message can be flipped", () => {
  const [message] = five() as [Uint8Array];
  for (let bit = 0; bit < message.length * 8; bit++) {
    const changed = message.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(() => new Opener(KEY, TO_HOST).open(changed), PeerError, `bit ${bit}`);
  }
  assert.deepEqual(new Opener(KEY, TO_HOST).open(message), new Uint8Array([1]));
});

Deno.test("no message can be cut or lengthened", () => {
  const [message] = five() as [Uint8Array];
  for (let length = 0; length < message.length; length++) {
    assert.throws(() => new Opener(KEY, TO_HOST).open(message.subarray(0, length)), PeerError);
  }
  const longer = new Uint8Array(message.length + 1);
  longer.set(message);
  refused("seal-broken", () => new Opener(KEY, TO_HOST).open(longer));
});

Deno.test("any order of messages but the sealed one is refused at the first wrong one", () => {
  const messages = five();
  const orders = fc.array(fc.nat(4), { minLength: 1, maxLength: 7 });
  fc.assert(fc.property(orders, (order) => {
    const opener = new Opener(KEY, TO_HOST);
    for (const [at, which] of order.entries()) {
      const open = (): Uint8Array => opener.open(messages[which]!);
      if (which !== at) return refused("sequence-broken", open);
      assert.deepEqual(open(), new Uint8Array([which + 1]));
    }
  }));
});

Deno.test("a message that was refused does not count", () => {
  const [first] = five() as [Uint8Array];
  const opener = new Opener(KEY, TO_HOST);
  const changed = first.slice();
  changed[9]! ^= 1;
  refused("seal-broken", () => opener.open(changed));
  assert.deepEqual(opener.open(first), new Uint8Array([1]));
});

Deno.test("a message is good for its key, direction and epoch only", () => {
  const uses: SealUse[] = [
    { kind: "to-host" },
    { kind: "to-viewer" },
    { kind: "stream", epoch: 1 },
    { kind: "stream", epoch: 2 },
  ];
  for (const use of uses) {
    const [message] = five(KEY, use) as [Uint8Array];
    for (const other of uses) {
      const open = (): Uint8Array => new Opener(KEY, other).open(message);
      if (other === use) assert.deepEqual(open(), new Uint8Array([1]));
      else assert.throws(open, PeerError, `${use.kind} as ${other.kind}`);
    }
    refused("seal-broken", () => new Opener(new Uint8Array(32), use).open(message));
  }
});

Deno.test("a counter that is used up ends it", () => {
  const sealer = new Sealer(KEY, TO_HOST, SEQ_MAX - 1);
  const opener = new Opener(KEY, TO_HOST, SEQ_MAX - 1);
  const last = sealer.seal(new Uint8Array());
  opener.open(last);
  refused("sequence-exhausted", () => sealer.seal(new Uint8Array()));
  refused("sequence-exhausted", () => opener.open(last));
});
