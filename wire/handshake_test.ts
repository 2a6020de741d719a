import assert from "node:assert/strict";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import fc from "fast-check";
import { ClientHandshake } from "./client_handshake.ts";
import { PeerError } from "./closing.ts";
import { decodeClientHello, decodeHostHello, encodeClientHello, encodeHostHello } from "./hello.ts";
import { type Answer, answerHello, type HostEphemeral } from "./host_handshake.ts";
import { signedBytes, transcriptHash } from "./key_schedule.ts";
import { UNAUTHENTICATED_MAX_BYTES } from "./limits.ts";
import { createSecret, type Link } from "./link.ts";
import { createSessionKeys, mintToken } from "./token.ts";

const keys = await createSessionKeys();
const secret = createSecret();
const token = await mintToken(keys, { role: "view", expiresAtMs: Date.now() + 60_000 });
const link: Link = { origin: "http://h:1", session: keys.session, secret, token };

/** The same as the host's own, without WebCrypto: a browser page that hosts would need it. */
const NOBLE: HostEphemeral = {
  agree: (share) => {
    const key = x25519.utils.randomSecretKey();
    return Promise.resolve({
      share: x25519.getPublicKey(key),
      secret: x25519.getSharedSecret(key, share),
    });
  },
  encapsulate: (key) => ml_kem768.encapsulate(key),
};

function answer(hello: Uint8Array, ephemeral?: HostEphemeral): Promise<Answer> {
  return answerHello(hello, decodeClientHello(hello), { keys, secret }, ephemeral);
}

function refused(code: string, run: () => unknown): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof PeerError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}

for (const [name, ephemeral] of [["WebCrypto", undefined], ["TypeScript", NOBLE]] as const) {
  Deno.test(`both sides have the same keys, the host's made with ${name}`, async () => {
    const client = new ClientHandshake(link);
    const { message, keys } = await answer(client.hello, ephemeral);
    assert.deepEqual(client.finish(message), keys);
    assert.notDeepEqual(keys.toHost, keys.toViewer);
  });
}

Deno.test("each handshake has its own keys", async () => {
  const a = await answer(new ClientHandshake(link).hello);
  const client = new ClientHandshake(link);
  const b = await answer(client.hello), c = await answer(client.hello);
  assert.notDeepEqual(a.keys, b.keys);
  assert.notDeepEqual(b.keys, c.keys);
  assert.deepEqual(client.finish(c.message), c.keys);
});

Deno.test("who does not know the secret has other keys", async () => {
  const client = new ClientHandshake({ ...link, secret: createSecret() });
  const { message, keys } = await answer(client.hello);
  assert.notDeepEqual(client.finish(message), keys);
});

Deno.test("a hello fits what a socket may send before it is trusted", () => {
  const { hello } = new ClientHandshake({ ...link, token: `${"a".repeat(1020)}.b.c` });
  assert.ok(hello.length + 1_000 < UNAUTHENTICATED_MAX_BYTES, String(hello.length));
});

Deno.test("no byte of the host's answer can be changed", async () => {
  const client = new ClientHandshake(link);
  const { message } = await answer(client.hello);
  for (let at = 0; at < message.length; at += at < 40 || at > 1110 ? 1 : 37) {
    const changed = message.slice();
    changed[at]! ^= 1;
    refused(at < 5 ? "hello-malformed" : "host-unproven", () => client.finish(changed));
  }
  refused("hello-malformed", () => client.finish(message.subarray(1)));
  refused("hello-malformed", () => client.finish(message.subarray(0, -1)));
});

Deno.test("a change to the viewer's hello is noticed by the viewer", async () => {
  const client = new ClientHandshake(link);
  const changed = client.hello.slice();
  changed[30]! ^= 1; // its X25519 share
  const { message } = await answer(changed);
  refused("host-unproven", () => client.finish(message));
});

Deno.test("an answer to another hello proves nothing", async () => {
  const { message } = await answer(new ClientHandshake(link).hello);
  refused("host-unproven", () => new ClientHandshake(link).finish(message));
});

Deno.test("who has the whole link cannot pose as the host", async () => {
  const client = new ClientHandshake(link);
  const mallory = await createSessionKeys();
  const own = await answerHello(
    client.hello,
    decodeClientHello(client.hello),
    { keys: mallory, secret },
  );
  refused("host-unproven", () => client.finish(own.message));
  const claimed = await answerHello(client.hello, decodeClientHello(client.hello), {
    keys: { ...mallory, publicKey: keys.publicKey },
    secret,
  });
  refused("host-unproven", () => client.finish(claimed.message));
});

Deno.test("keys that are none are refused by either side", async () => {
  const hello = decodeClientHello(new ClientHandshake(link).hello);
  const bad = [
    { ...hello, share: new Uint8Array(32) },
    { ...hello, encapsulationKey: new Uint8Array(1184).fill(0xff) },
  ];
  for (const changed of bad) {
    const message = encodeClientHello(changed);
    await assert.rejects(answer(message), { code: "hello-malformed" });
  }
});

Deno.test("a share of small order is refused by the viewer too", () => {
  const seed = new Uint8Array(32).fill(9);
  const publicKey = ed25519.getPublicKey(seed);
  return createSessionKeys(seed).then((keys) => {
    const client = new ClientHandshake({ ...link, session: keys.session });
    const unsigned = encodeHostHello({
      share: new Uint8Array(32),
      cipherText: new Uint8Array(1088),
      publicKey,
    });
    const signature = ed25519.sign(signedBytes(transcriptHash(client.hello, unsigned)), seed);
    refused("hello-malformed", () => client.finish(new Uint8Array([...unsigned, ...signature])));
  });
});

Deno.test("a hello of another version is refused as such", () => {
  const hello = new ClientHandshake(link).hello.slice();
  hello[5] = 2;
  refused("version-unsupported", () => decodeClientHello(hello));
});

Deno.test("hellos come back as they were", () => {
  const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
    fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(bytes(32), bytes(1184), bytes(1088), (share, encapsulationKey, cipherText) => {
      const client = { session: keys.session, share, encapsulationKey, token };
      assert.deepEqual(decodeClientHello(encodeClientHello(client)), client);
      const host = { share, cipherText, publicKey: share };
      const signature = cipherText.subarray(0, 64);
      const unsigned = encodeHostHello(host);
      assert.deepEqual(decodeHostHello(new Uint8Array([...unsigned, ...signature])), {
        hello: host,
        signed: unsigned,
        signature,
      });
    }),
    { numRuns: 20 },
  );
});

Deno.test("no bytes make a decoder of hellos fail in another way", () => {
  const { hello } = new ClientHandshake(link);
  const mutated = fc.tuple(fc.nat(hello.length), fc.uint8Array({ maxLength: 8 })).map((
    [at, bytes],
  ) => new Uint8Array([...hello.subarray(0, at), ...bytes]));
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array()), (message) => {
      for (const decode of [decodeClientHello, decodeHostHello]) {
        try {
          decode(message);
        } catch (error) {
          assert.ok(error instanceof PeerError, String(error));
          assert.match(error.code, /^(hello-malformed|version-unsupported)$/);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
