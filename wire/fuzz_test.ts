/**
 * What the wire's parsers make of bytes that nobody sends: valid messages, changed in all kinds of ways. Whatever comes, a
 * parser gives something that is valid, or a `PeerError`, and soon. `FUZZ_SEED` repeats a run.
 */
import assert from "node:assert/strict";
import { toBase64Url, utf8 } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import { pack } from "./compress.ts";
import { unpack } from "./decompress.ts";
import { FrameReader, type Incoming } from "./frames.ts";
import { ENVELOPE_BYTES, readEnvelope, writeEnvelope } from "./envelope.ts";
import { decodeClientHello, decodeHostHello, encodeClientHello, encodeHostHello } from "./hello.ts";
import {
  decodeHostMessage,
  decodeViewerMessage,
  encodeHostMessage,
  encodeViewerMessage,
  type HostMessageJson,
} from "./messages.ts";
import { decodeRecords, encodeRecords } from "./records.ts";
import { HOST_MESSAGES, VIEWER_MESSAGES } from "./message_samples.ts";
import { Opener, Sealer, type SealUse } from "./seal.ts";

/** Cases for each parser. */
const CASES = 50_000;
/** Far more than any case takes, on a busy machine too. */
const SLOW_MS = 2_000;

/** Random numbers that come again with the same seed (mulberry32). */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

type Mutation = (bytes: Uint8Array, random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

const INTERESTING = [0, 1, 0x0a, 0x22, 0x2c, 0x5b, 0x5c, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xed, 0xff];
const TOKENS = [
  "1e999",
  "-1",
  "-0",
  "1e308",
  "9007199254740993",
  "4294967296",
  "null",
  "{}",
  '"__proto__":{},',
  '"constructor":1,',
  '"\\ud800"',
  '"\\u0000"',
  "[[[[[[[[",
].map(utf8);

function replace(bytes: Uint8Array, at: number, count: number, by: Uint8Array): Uint8Array {
  const after = bytes.subarray(Math.min(bytes.length, at + count));
  const all = new Uint8Array(at + by.length + after.length);
  all.set(bytes.subarray(0, at));
  all.set(by, at);
  all.set(after, at + by.length);
  return all;
}

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[random.below(changed.length)]! ^= 1 << random.below(8);
    return changed;
  },
  (bytes, random) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[random.below(changed.length)] = random.pick(INTERESTING);
    return changed;
  },
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.slice(random.below(bytes.length + 1)),
  (bytes, random) =>
    replace(bytes, random.below(bytes.length + 1), 0, random.bytes(1 + random.below(16))),
  (bytes, random) => replace(bytes, random.below(bytes.length + 1), random.below(16), utf8("")),
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return replace(bytes, at, 0, bytes.slice(at, at + random.below(64)));
  },
  (bytes, random, corpus) => {
    const other = random.pick(corpus);
    const at = random.below(bytes.length + 1);
    return replace(bytes.slice(0, at), at, 0, other.slice(random.below(other.length + 1)));
  },
  (bytes, random) => replace(bytes, random.below(bytes.length + 1), 0, random.pick(TOKENS)),
  (bytes, random) => replace(bytes, random.below(bytes.length + 1), 8, random.pick(TOKENS)),
  (bytes, random) => {
    const big = new Uint8Array(4);
    new DataView(big.buffer).setUint32(0, random.pick([0, 1, 0x7fffffff, 0x80000000, 0xffffffff]));
    return replace(bytes, random.below(bytes.length + 1), 4, big);
  },
  (bytes, random) => {
    const nest = utf8(
      random.pick(["[", '{"a":', "\\"])
        .repeat(random.below(20_000)),
    );
    return random.below(50) > 0 ? bytes : replace(bytes, random.below(bytes.length + 1), 0, nest);
  },
];

function mutated(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  if (random.below(100) === 0) return random.bytes(random.below(300));
  let bytes = random.pick(corpus);
  for (let times = 1 + random.below(4); times > 0; times--) {
    bytes = random.pick(MUTATIONS)(bytes, random, corpus);
  }
  return bytes;
}

/** A parser: what it is given, and what holds when it takes something. */
interface Target {
  readonly name: string;
  readonly corpus: readonly Uint8Array[];
  /** Throws a `PeerError`, or checks what it made of the bytes. */
  readonly parse: (bytes: Uint8Array) => void;
}

const TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzaWQiOiJ4In0.AAAA";
const LINES =
  '[0.016,"o","\\u001b[1mhi\\r\\n"]\n[0,"c","{\\"kind\\":\\"pause\\"}"]\n[ 1, "x", "y"]\n';

const CLIENT_HELLO = encodeClientHello({
  session: "A".repeat(22),
  share: new Uint8Array(32),
  encapsulationKey: new Uint8Array(1184),
  token: TOKEN,
});
const HOST_HELLO = new Uint8Array([
  ...encodeHostHello({
    share: new Uint8Array(32),
    cipherText: new Uint8Array(1088),
    publicKey: new Uint8Array(32),
  }),
  ...new Uint8Array(64),
]);

/** A message as the host would have to say it: keys are text. */
function asJson(message: object): HostMessageJson {
  const json: object = "key" in message && message.key instanceof Uint8Array
    ? { ...message, key: toBase64Url(message.key) }
    : message;
  return json as HostMessageJson;
}

/** An opener for each use, with the messages it expects: nothing else opens. */
function opener(use: SealUse): Target {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const sealer = new Sealer(key, use);
  const good = [utf8('{"kind":"leave"}'), utf8(LINES), new Uint8Array()].map((plaintext) =>
    sealer.seal(plaintext)
  );
  const [first] = good;
  return {
    name: `what is sealed ${use.kind}`,
    corpus: good,
    parse: (bytes) => {
      const fresh = new Opener(key, use);
      const expected = toBase64Url(bytes) === toBase64Url(first!);
      try {
        fresh.open(bytes);
      } catch (error) {
        assert.ok(!expected);
        assert.equal(fresh.seq, 0);
        // What was no message has changed nothing.
        fresh.open(first!);
        throw error;
      }
      assert.ok(expected, "something opened that was never sealed");
    },
  };
}

const TARGETS: readonly Target[] = [
  {
    name: "a viewer's message",
    corpus: VIEWER_MESSAGES.map(encodeViewerMessage),
    parse: (bytes) => {
      const message = decodeViewerMessage(bytes);
      assert.deepEqual(decodeViewerMessage(encodeViewerMessage(message)), message);
    },
  },
  {
    name: "a host's message",
    corpus: HOST_MESSAGES.map((message) =>
      encodeHostMessage(message, ["state", "pane"].includes(message.kind) ? LINES : "")
    ),
    parse: (bytes) => {
      const { message, lines } = decodeHostMessage(bytes);
      assert.deepEqual(decodeHostMessage(encodeHostMessage(asJson(message), lines)), {
        message,
        lines,
      });
    },
  },
  {
    name: "records",
    corpus: [encodeRecords(LINES), encodeRecords(LINES.repeat(20)), encodeRecords('[0,"m",""]\n')],
    parse: (bytes) => {
      const lines = decodeRecords(bytes);
      assert.ok(lines === "" || lines.endsWith("\n"));
      assert.equal(decodeRecords(encodeRecords(lines)), lines);
    },
  },
  {
    name: "a packed body",
    corpus: [pack(encodeRecords(LINES)), pack(encodeRecords(LINES.repeat(20))), pack(utf8("{}"))],
    parse: (bytes) => void unpack(bytes),
  },
  {
    name: "an envelope",
    corpus: [
      CLIENT_HELLO.slice(0, 9),
      HOST_HELLO.slice(0, 9),
      new Uint8Array([0x84, 0, 0, 0, 1, 7]),
    ],
    parse: (bytes) => {
      const again = new Uint8Array(ENVELOPE_BYTES);
      writeEnvelope(again, readEnvelope(bytes));
      assert.deepEqual(again, bytes.slice(0, ENVELOPE_BYTES));
    },
  },
  {
    name: "a viewer's hello",
    corpus: [CLIENT_HELLO],
    parse: (bytes) => {
      assert.equal(toBase64Url(encodeClientHello(decodeClientHello(bytes))), toBase64Url(bytes));
    },
  },
  {
    name: "a host's hello",
    corpus: [HOST_HELLO],
    parse: (bytes) => {
      const { hello, signed, signature } = decodeHostHello(bytes);
      assert.equal(toBase64Url(encodeHostHello(hello)), toBase64Url(signed));
      assert.equal(signed.length + signature.length, bytes.length);
    },
  },
  {
    name: "what a WebSocket's server sends",
    corpus: [
      new Uint8Array([0x82, 3, 1, 2, 3, 0x89, 1, 7, 0x02, 1, 4, 0x8a, 0, 0x00, 0, 0x80, 1, 5]),
      new Uint8Array([
        0x82,
        126,
        0,
        200,
        ...new Uint8Array(200),
        0x81,
        1,
        65,
        0x88,
        3,
        15,
        160,
        66,
      ]),
    ],
    parse: (bytes) => {
      const whole: Incoming[] = [], cut: Incoming[] = [];
      new FrameReader(1_000).read(bytes, (incoming) => whole.push(incoming));
      const reader = new FrameReader(1_000);
      for (const byte of bytes) reader.read(Uint8Array.of(byte), (incoming) => cut.push(incoming));
      assert.deepEqual(cut, whole);
    },
  },
  opener({ kind: "to-host" }),
];

const seed = Number(Deno.env.get("FUZZ_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);

for (const { name, corpus, parse } of TARGETS) {
  Deno.test(`${CASES} changed messages: ${name} is taken for what it is or refused by name, and soon`, () => {
    const random = new Random(seed);
    let refused = 0;
    parse(corpus[0]!);
    for (let i = 0; i < CASES; i++) {
      const bytes = mutated(corpus, random);
      const startMs = performance.now();
      try {
        parse(bytes);
      } catch (error) {
        if (!(error instanceof PeerError)) {
          throw new Error(`FUZZ_SEED=${seed}, case ${i}: ${bytes.toHex().slice(0, 400)}`, {
            cause: error,
          });
        }
        refused++;
      }
      const tookMs = performance.now() - startMs;
      assert.ok(tookMs < SLOW_MS, `FUZZ_SEED=${seed}, case ${i}: ${tookMs} ms`);
    }
    // Most are refused; a fuzzer whose cases are all refused at the door tests nothing.
    assert.ok(refused > CASES / 4 && refused < CASES, `${refused} of ${CASES}, FUZZ_SEED=${seed}`);
  });
}
