import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { CollabError } from "../format/errors.ts";
import { EventEncoder } from "../format/events.ts";
import { encodeHeader } from "../format/header.ts";
import type { EventLog } from "./event_log.ts";
import { openRecording } from "./reader.ts";
import { streamOf } from "./testing/streams.ts";

const NAMES = [
  "v1.json",
  "v2-asciinema.cast",
  "v2-input.cast",
  "v2-vim.cast",
  "v3-collab.cast",
  "v3-comments.cast",
];
const RECORDINGS = await Promise.all(
  NAMES.map((name) => Deno.readFile(new URL(`./testdata/${name}`, import.meta.url))),
);
/** More for a longer run: `COLLAB_FUZZ_RUNS=100000 deno test record/reader_fuzz_test.ts`. */
const RUNS = Number(Deno.env.get("COLLAB_FUZZ_RUNS") ?? 400);

/** One damage: what of the bytes is replaced (from `at`, `gone` of them) by what. */
interface Damage {
  readonly at: number;
  readonly gone: number;
  readonly put: Uint8Array;
}

const encoder = new TextEncoder();
const scraps = [
  ...[
    "\n",
    '"',
    "\\",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\0",
    "#",
    "-",
    "e9",
    "1e400",
    "\ufeff",
    "\\u",
    "\r",
  ],
  ...["\n\n[0,", '"r","0x0"', '"x",', "null", "9".repeat(30), "[".repeat(200), '\n[0,"o","a"]\n'],
].map((scrap) => encoder.encode(scrap));

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(),
  gone: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(4000)),
  put: fc.oneof(fc.constantFrom(...scraps), fc.uint8Array({ maxLength: 4 })),
});

function apply(bytes: Uint8Array, { at, gone, put }: Damage): Uint8Array {
  const from = at % (bytes.length + 1);
  return new Uint8Array([...bytes.subarray(0, from), ...put, ...bytes.subarray(from + gone)]);
}

function read(bytes: Uint8Array, size: number): Promise<EventLog> {
  return openRecording({ kind: "bytes", stream: streamOf(bytes, size) });
}

/** Everything that can be asked of a log can be answered, and all of it can be written. */
function useAll(log: EventLog): void {
  const encode = new EventEncoder();
  encodeHeader(log.header);
  let atMs = 0;
  for (let i = log.firstIndex; i < log.length; i++) {
    assert.ok(log.timeAt(i) >= atMs);
    encode.encode(log.eventAt(i), atMs = log.timeAt(i));
    assert.ok(log.codeAt(i).length > 0);
    assert.ok(log.sizeAt(i).cols > 0);
  }
  for (const { index } of log.markers()) assert.equal(log.codeAt(index), "m");
}

/** Reads what may be damaged: a log that can be used, or one line of error. */
async function attempt(bytes: Uint8Array, size: number): Promise<string> {
  try {
    useAll(await read(bytes, size));
    return "read";
  } catch (error) {
    if (!(error instanceof CollabError)) throw error;
    assert.match(error.code, /^recording-/);
    assert.match(error.message, /^Cannot read recording from standard input: /);
    assert.doesNotMatch(error.message, /[\p{Cc}\u2028\u2029]/u);
    assert.ok(error.message.length < 250, error.message);
    return error.code;
  }
}

Deno.test("a damaged recording is read or refused in one line", async () => {
  const outcomes = new Map<string, number>();
  const property = fc.asyncProperty(
    fc.constantFrom(...RECORDINGS),
    fc.array(damage, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(7, 512, 65536),
    async (recording, damages, size) => {
      const outcome = await attempt(damages.reduce(apply, recording), size);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    },
  );
  await fc.assert(property, { numRuns: RUNS });
  assert.ok(outcomes.size >= 4, `too few kinds of outcome: ${[...outcomes.keys()]}`);
});

Deno.test("a damaged compressed recording is read or refused in one line", async () => {
  const compressed = RECORDINGS.map((recording) => new Uint8Array(gzipSync(recording)));
  const property = fc.asyncProperty(
    fc.constantFrom(...compressed),
    fc.array(damage, { minLength: 1, maxLength: 3 }),
    async (recording, damages) => void await attempt(damages.reduce(apply, recording), 512),
  );
  await fc.assert(property, { numRuns: RUNS / 4 });
});

Deno.test("bytes that were never a recording are refused in one line", async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
    assert.notEqual(await attempt(bytes, 100), "read");
  });
  await fc.assert(property, { numRuns: RUNS / 4 });
});

Deno.test("a recording cut off anywhere after its header plays to there", async () => {
  const recording = RECORDINGS[NAMES.indexOf("v3-collab.cast")] as Uint8Array;
  const whole = await read(recording, 65536);
  const header = recording.indexOf(10);
  for (let end = header; end < recording.length; end += 7) {
    const log = await read(recording.subarray(0, end), 65536);
    assert.deepEqual(
      log.length > 0 && log.eventAt(log.length - 1),
      log.length > 0 && whole.eventAt(log.length - 1),
    );
    const lines = recording.subarray(header + 1, end).filter((byte) => byte === 10).length;
    assert.ok(log.length === lines || log.length === lines + 1);
    assert.ok(log.warnings.length <= 1);
  }
});
