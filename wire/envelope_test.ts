import assert from "node:assert/strict";
import fc from "fast-check";
import { PeerError } from "./closing.ts";
import { type Envelope, nextSeq, readEnvelope, writeEnvelope } from "./envelope.ts";
import { SEQ_MAX } from "./limits.ts";

/** `fc.record` makes objects without a prototype otherwise. */
function record<T>(arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(arbitraries, { noNullPrototype: true });
}

const seqs = fc.integer({ min: 1, max: SEQ_MAX });
const envelopes: fc.Arbitrary<Envelope> = fc.oneof(
  record<Envelope>({
    type: fc.constantFrom("client-hello", "host-hello"),
    joinable: fc.constant(false),
    seq: fc.constant(0),
  }),
  record<Envelope>({ type: fc.constant("channel"), joinable: fc.constant(false), seq: seqs }),
  record<Envelope>({ type: fc.constant("stream"), joinable: fc.boolean(), seq: seqs }),
);

Deno.test("an envelope comes back as it was", () => {
  fc.assert(fc.property(envelopes, (envelope) => {
    const message = new Uint8Array(5);
    writeEnvelope(message, envelope);
    assert.deepEqual(readEnvelope(message), envelope);
  }));
});

Deno.test("bytes are an envelope in one way only, or none", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 7 }), (message) => {
      let envelope: Envelope;
      try {
        envelope = readEnvelope(message);
      } catch (error) {
        assert.ok(error instanceof PeerError && error.code === "message-malformed");
        return;
      }
      const written = new Uint8Array(5);
      writeEnvelope(written, envelope);
      assert.deepEqual(written, message.slice(0, 5));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("a sequence number never wraps", () => {
  assert.equal(nextSeq(SEQ_MAX - 1), SEQ_MAX);
  assert.throws(() => nextSeq(SEQ_MAX), { code: "sequence-exhausted" });
});
