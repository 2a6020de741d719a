import assert from "node:assert/strict";
import fc from "fast-check";
import { PeerError } from "./closing.ts";
import { readEnvelope } from "./envelope.ts";
import { StreamSealer } from "./stream.ts";
import { StreamOpener } from "./stream_opener.ts";

const LINE = '[0.1,"o","x"]\n';

function refused(code: string, run: () => unknown): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof PeerError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}

/** A viewer that has the state as of the last message. */
function openerOf(stream: StreamSealer): StreamOpener {
  const opener = new StreamOpener(stream.key, stream.epoch);
  opener.catchUp(stream.seq);
  return opener;
}

Deno.test("all viewers open the same message", () => {
  const stream = new StreamSealer();
  const openers = [openerOf(stream), openerOf(stream)];
  for (const joinable of [false, true]) {
    const message = stream.seal(LINE, { joinable });
    assert.deepEqual(readEnvelope(message), { type: "stream", joinable, seq: stream.seq });
    for (const opener of openers) {
      assert.deepEqual(opener.open(message), { seq: stream.seq, lines: LINE });
    }
  }
});

Deno.test("messages are left out only after a catch-up that says so", () => {
  const stream = new StreamSealer();
  const opener = openerOf(stream);
  const messages = Array.from({ length: 5 }, () => stream.seal(LINE, { joinable: true }));
  opener.open(messages[0]!);
  refused("sequence-broken", () => opener.open(messages[3]!));
  opener.catchUp(3);
  assert.equal(opener.position, 3);
  refused("sequence-broken", () => opener.open(messages[2]!));
  refused("sequence-broken", () => opener.open(messages[4]!));
  assert.equal(opener.open(messages[3]!).seq, 4);
  refused("sequence-broken", () => opener.catchUp(3));
  opener.catchUp(4);
  assert.equal(opener.open(messages[4]!).seq, 5);
});

Deno.test("nothing of the stream is opened before the first state", () => {
  const stream = new StreamSealer();
  const opener = new StreamOpener(stream.key, stream.epoch);
  assert.equal(opener.position, undefined);
  refused("message-out-of-place", () => opener.open(stream.seal(LINE)));
});

Deno.test("who is not told an epoch's key cannot read on", () => {
  const stream = new StreamSealer();
  const stays = openerOf(stream), left = openerOf(stream);
  const before = stream.seal(LINE);
  stays.open(before);
  left.open(before);
  const { key } = stream;
  stream.nextEpoch();
  assert.notDeepEqual(stream.key, key);
  assert.equal(stream.epochStart, 1);
  stays.rekey(stream.epoch, stream.key);
  const after = stream.seal(LINE);
  assert.equal(stays.open(after).seq, 2, "the count goes on");
  refused("seal-broken", () => left.open(after));
});

Deno.test("an epoch neither comes again nor opens the one before", () => {
  const stream = new StreamSealer();
  const opener = openerOf(stream);
  const old = stream.seal(LINE);
  const { key, epoch } = stream;
  stream.nextEpoch();
  opener.rekey(stream.epoch, stream.key);
  refused("seal-broken", () => opener.open(old));
  refused("sequence-broken", () => opener.rekey(epoch, key));
  refused("sequence-broken", () => opener.rekey(stream.epoch, key));
});

Deno.test("another session's stream is refused", () => {
  const opener = openerOf(new StreamSealer());
  refused("seal-broken", () => opener.open(new StreamSealer().seal(LINE)));
});

Deno.test("whatever a network does with the stream, a viewer has a prefix of it", () => {
  const doings = fc.array(fc.record({
    which: fc.nat(9),
    bit: fc.option(fc.nat(400), { freq: 6 }),
  }));
  fc.assert(fc.property(doings, (doings) => {
    const stream = new StreamSealer();
    const opener = openerOf(stream);
    const lines = Array.from({ length: 10 }, (_, i) => `[0.1,"o","${i}"]\n`);
    const messages = lines.map((line) => stream.seal(line));
    let got = 0;
    for (const { which, bit } of doings) {
      const message = messages[which]!.slice();
      if (bit !== null) message[(bit >> 3) % message.length]! ^= 1 << (bit & 7);
      try {
        assert.deepEqual(opener.open(message), { seq: got + 1, lines: lines[got] });
        assert.equal(which, got);
        got++;
      } catch (error) {
        assert.ok(error instanceof PeerError, String(error));
        assert.ok(which !== got || bit !== null);
        return;
      }
    }
  }));
});
