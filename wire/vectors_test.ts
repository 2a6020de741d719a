/**
 * Test vectors: fixed keys and texts give these very bytes, here and in another implementation. They are in
 * `vectors.json` and, but for the long ones, printed in `docs/PROTOCOL.md`. To write them anew after a change of the
 * protocol: `UPDATE_VECTORS=1 deno test --allow-all wire/vectors_test.ts`.
 *
 * @module
 */
import assert from "node:assert/strict";
import { x25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { ClientHandshake } from "./client_handshake.ts";
import { unpack } from "./decompress.ts";
import { decodeClientHello, decodeHostHello } from "./hello.ts";
import { answerHello, type HostEphemeral } from "./host_handshake.ts";
import { transcriptHash } from "./key_schedule.ts";
import { formatLink, type Link, parseLink } from "./link.ts";
import { decodeViewerMessage, encodeHostMessage, encodeViewerMessage } from "./messages.ts";
import { decodeRecords, encodeRecords } from "./records.ts";
import { Opener, Sealer } from "./seal.ts";
import { StreamSealer } from "./stream.ts";
import { createSessionKeys, mintToken, verifyToken } from "./token.ts";

const FILE = new URL("vectors.json", import.meta.url);

/** Bytes that count up from a number. */
function count(from: number, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => from + i);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const LINES = '[0.102,"o","\\u001b[1mhi"]\n';
/** A deflated plaintext, made once: deflate may make it in other ways, inflate reads all of them. */
const DEFLATED = "01b3014bcb67938e36cccdc84c1bfc8cf7101a00";

async function compute(): Promise<Vectors> {
  const keys = await createSessionKeys(count(0x00, 32));
  const token = await mintToken(keys, {
    role: "view",
    expiresAtMs: 2_000_000_000_000,
    single: true,
    id: "vector",
  });
  const link: Link = {
    origin: "https://host.example",
    session: keys.session,
    secret: count(0x20, 32),
    token,
  };
  const client = new ClientHandshake(link, { x25519: count(0x40, 32), mlKem: count(0x60, 64) });
  const hostKey = count(0xa0, 32), coins = count(0xc0, 32);
  const shared: Record<string, Uint8Array> = {};
  const ephemeral: HostEphemeral = {
    agree: (share) => {
      shared.x25519 = x25519.getSharedSecret(hostKey, share);
      return Promise.resolve({ share: x25519.getPublicKey(hostKey), secret: shared.x25519 });
    },
    encapsulate: (key) => {
      const made = ml_kem768.encapsulate(key, coins);
      shared.mlKem = made.sharedSecret;
      return made;
    },
  };
  const hello = decodeClientHello(client.hello);
  const answer = await answerHello(client.hello, hello, { keys, secret: link.secret }, ephemeral);
  const { signed, signature } = decodeHostHello(answer.message);
  const join = encodeViewerMessage({ kind: "join", name: "Ada" });
  const pong = encodeHostMessage({ kind: "pong", t: 1 });
  const stream = new StreamSealer(() => count(0xe0, 32));
  const streamed = stream.seal(LINES, { joinable: true });
  stream.nextEpoch();
  const nextEpoch = stream.seal(LINES);
  return {
    session: {
      "Ed25519 seed": hex(count(0x00, 32)),
      "Ed25519 public key": hex(keys.publicKey),
      "session id": keys.session,
      "link secret": hex(link.secret),
      "token": token,
      "link": formatLink(link),
    },
    handshake: {
      "viewer's X25519 private key": hex(count(0x40, 32)),
      "viewer's ML-KEM-768 seed (d, z)": hex(count(0x60, 64)),
      "client hello": hex(client.hello),
      "SHA-256 of the client hello": hex(sha256(client.hello)),
      "host's X25519 private key": hex(hostKey),
      "host's ML-KEM-768 message (m)": hex(coins),
      "host hello": hex(answer.message),
      "SHA-256 of the host hello": hex(sha256(answer.message)),
      "transcript hash": hex(transcriptHash(client.hello, signed)),
      "signature": hex(signature),
      "X25519 shared secret": hex(shared.x25519!),
      "ML-KEM-768 shared secret": hex(shared.mlKem!),
      "key to the host": hex(answer.keys.toHost),
      "key to the viewer": hex(answer.keys.toViewer),
    },
    channel: {
      "join, plaintext": new TextDecoder().decode(join),
      "join, message 1 to the host": hex(
        new Sealer(answer.keys.toHost, { kind: "to-host" }).seal(join),
      ),
      "pong, body": hex(pong),
      "pong, message 1 to the viewer": hex(
        new Sealer(answer.keys.toViewer, { kind: "to-viewer" }).seal(
          new Uint8Array([0, ...pong]),
        ),
      ),
    },
    stream: {
      "stream key": hex(count(0xe0, 32)),
      "event lines": LINES,
      "records": hex(encodeRecords(LINES)),
      "message 1, epoch 1, joinable": hex(streamed),
      "message 2, epoch 2 (the same key)": hex(nextEpoch),
      "deflated plaintext": DEFLATED,
    },
  };
}

/** By section and name. */
type Vectors = Record<string, Record<string, string>>;

async function read(): Promise<Vectors> {
  if (Deno.env.get("UPDATE_VECTORS") !== undefined) {
    await Deno.writeTextFile(FILE, JSON.stringify(await compute(), null, 2) + "\n");
  }
  return JSON.parse(await Deno.readTextFile(FILE)) as Vectors;
}

function bytes(text: string | undefined): Uint8Array {
  return Uint8Array.from(text?.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

Deno.test("fixed keys give the checked-in bytes", async () => {
  assert.deepEqual(await compute(), await read());
});

Deno.test("the checked-in bytes are read as what they say", async () => {
  const { session, handshake, channel, stream } = await read();
  const link = parseLink(session!.link!);
  assert.equal(hex(link.secret), session!["link secret"]);
  const keys = await createSessionKeys(bytes(session!["Ed25519 seed"]));
  assert.equal((await verifyToken(keys, link.token, 0)).id, "vector");
  const client = new ClientHandshake(link, {
    x25519: bytes(handshake!["viewer's X25519 private key"]),
    mlKem: bytes(handshake!["viewer's ML-KEM-768 seed (d, z)"]),
  });
  const { toHost } = client.finish(bytes(handshake!["host hello"]));
  assert.equal(hex(toHost), handshake!["key to the host"]);
  const join = new Opener(toHost, { kind: "to-host" })
    .open(bytes(channel!["join, message 1 to the host"]));
  assert.deepEqual(decodeViewerMessage(join), { kind: "join", name: "Ada" });
  const streamed = new Opener(bytes(stream!["stream key"]), { kind: "stream", epoch: 1 })
    .open(bytes(stream!["message 1, epoch 1, joinable"]));
  assert.equal(decodeRecords(unpack(streamed)), stream!["event lines"]);
  assert.equal(decodeRecords(unpack(bytes(stream!["deflated plaintext"]))), LINES.repeat(20));
});

Deno.test("the specification prints them", async () => {
  const text = await Deno.readTextFile(new URL("../docs/PROTOCOL.md", import.meta.url));
  for (const [section, vectors] of Object.entries(await read())) {
    for (const [name, value] of Object.entries(vectors)) {
      if (value.length > 600) continue;
      assert.ok(text.includes(value.trimEnd()), `${section}: ${name}`);
    }
  }
});
