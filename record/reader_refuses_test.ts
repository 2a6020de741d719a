import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { CollabError } from "../format/errors.ts";
import type { EventLog } from "./event_log.ts";
import { openRecording } from "./reader.ts";
import { HEADER, read } from "./testing/streams.ts";

const encoder = new TextEncoder();

function repeat(text: string, times: number): Uint8Array {
  return encoder.encode(text.repeat(times));
}

const BAD: readonly (readonly [string, string | Uint8Array, string, string])[] = [
  ["empty", "", "recording-empty", "it is empty"],
  ["blank", " \n", "recording-bad-header", "line 1 is not a header: expected a JSON object"],
  [
    "text",
    "hello\nworld\n",
    "recording-bad-header",
    "line 1 is not a header: expected a JSON object",
  ],
  ["an array", "[1]\n", "recording-bad-header", "line 1 is not a header: expected a JSON object"],
  [
    "half a header",
    HEADER.slice(0, 30),
    "recording-bad-header",
    "line 1 is not a header: expected a JSON object",
  ],
  [
    "an open object",
    "{\n1\n",
    "recording-bad-header",
    "line 1 is not a header: expected a JSON object",
  ],
  [
    "a program",
    Uint8Array.of(0x7f, 69, 76, 70, 2, 1, 1, 0, 0xff),
    "recording-bad-header",
    "line 1 is not a header: expected a JSON object",
  ],
  [
    "a header that is not UTF-8",
    Uint8Array.of(123, 34, 0xff, 34, 125, 10),
    "recording-bad-utf8",
    "line 1 is not valid UTF-8",
  ],
  [
    "version 4",
    '{"version":4}\n',
    "recording-bad-version",
    'line 1 is not a header of a known version: expected 1, 2 or 3, not "4"',
  ],
  [
    "a size of 0",
    '{"version":3,"term":{"cols":0,"rows":24}}\n',
    "recording-bad-size",
    'line 1 is not a header: expected a size from 1x1 to 4096x4096 with at most 1048576 cells, not "0x24"',
  ],
  [
    "a size of 100000",
    '{"version":2,"width":100000,"height":24}\n',
    "recording-bad-size",
    'line 1 is not a header: expected a size from 1x1 to 4096x4096 with at most 1048576 cells, not "100000x24"',
  ],
  [
    "no array",
    HEADER + "{}\n",
    "recording-bad-event",
    "line 2 is not an event: expected an array of three",
  ],
  [
    "no JSON",
    HEADER + '[1,"o","a"]\nhm\n',
    "recording-bad-event",
    "line 3 is not an event: expected JSON",
  ],
  [
    "no JSON at the end",
    HEADER + "hm",
    "recording-bad-event",
    "line 2 is not an event: expected JSON",
  ],
  [
    "a comment in version 2",
    '{"version":2,"width":80,"height":24}\n# hm\n',
    "recording-bad-event",
    "line 2 is not an event: expected JSON",
  ],
  [
    "a control character",
    HEADER + '[1,"o","\t"]\n',
    "recording-bad-event",
    "line 2 is not an event: expected JSON",
  ],
  [
    "a negative interval",
    HEADER + '# hi\n\n[-1,"o","a"]\n',
    "recording-bad-interval",
    "line 4 is not an event: expected an interval from 0 to 31536000 seconds, not -1",
  ],
  [
    "an absurd interval",
    HEADER + '[1e99,"o","a"]\n',
    "recording-bad-interval",
    "line 2 is not an event: expected an interval from 0 to 31536000 seconds, not 1e+99",
  ],
  [
    "an absurd interval in digits",
    HEADER + '[99999999999,"o","a"]\n',
    "recording-bad-interval",
    "line 2 is not an event: expected an interval from 0 to 31536000 seconds, not 99999999999",
  ],
  [
    "a resize to 0",
    HEADER + '[1,"r","0x0"]\n',
    "recording-bad-size",
    'line 2 is not a resize: expected COLSxROWS from 1x1 to 4096x4096 with at most 1048576 cells, not "0x0"',
  ],
  [
    "a status that is none",
    HEADER + '[1,"x","bye"]\n',
    "recording-bad-event",
    "line 2 is not an exit: expected a status as its data",
  ],
  [
    "not UTF-8",
    new Uint8Array([...encoder.encode(HEADER + '[1,"o","'), 0xc3, 0x28, 34, 93, 10]),
    "recording-bad-utf8",
    "line 2 is not valid UTF-8",
  ],
  [
    "a long odd line",
    HEADER + `[1,"z",["${"x".repeat(1 << 20)}"]]\n`,
    "recording-bad-event",
    "line 2 is not an event: expected an array of an interval, a code and text",
  ],
  [
    "deep data",
    HEADER + `[1,"z",${"[".repeat(1e5)}${"]".repeat(1e5)}]\n`,
    "recording-bad-event",
    "line 2 is not an event: expected data nested less deeply",
  ],
  [
    "a deep header",
    `{"version":3,"term":{"cols":80,"rows":24},"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}\n`,
    "recording-bad-header",
    "line 1 is not a header: expected it nested less deeply",
  ],
  [
    "version 1 without output",
    '{"version":1,"width":80,"height":24}',
    "recording-bad-event",
    "its stdout is not an array",
  ],
  [
    "version 1 with bad output",
    '{"version":1,"width":80,"height":24,"stdout":[[1,"a"],[1]]}',
    "recording-bad-event",
    "element 2 of its stdout is not an event: expected an array of a delay and text",
  ],
  [
    "version 1 that goes back",
    '{"version":1,"width":80,"height":24,"stdout":[[-1,"a"]]}',
    "recording-bad-interval",
    "element 1 of its stdout is not an event: expected an interval from 0 to 31536000 seconds, not -1",
  ],
  [
    "version 1 and more",
    '{"version":1,"width":80,"height":24,"stdout":[]}\n[1,"o",1]\n',
    "recording-bad-event",
    "line 2 is after the recording's end",
  ],
  ["an empty gzip", gzipSync(""), "recording-empty", "it is empty"],
  [
    "gzip cut off at once",
    gzipSync(HEADER).subarray(0, 12),
    "recording-bad-gzip",
    "its compressed data was cut off before the end of line 1",
  ],
  [
    "gzip of text",
    gzipSync("hello"),
    "recording-bad-header",
    "line 1 is not a header: expected a JSON object",
  ],
  [
    "damaged gzip",
    Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    "recording-bad-gzip",
    "its compressed data is damaged",
  ],
];

for (const [what, content, code, reason] of BAD) {
  Deno.test(`${what}: refused with ${code}`, async () => {
    await assert.rejects(read(content), (error) => {
      assert.ok(error instanceof CollabError);
      assert.equal(error.code, code);
      assert.equal(error.message, `Cannot read recording from a test: ${reason}`);
      return true;
    });
  });
}

Deno.test("what is not a file is refused by name", async () => {
  const dir = await Deno.makeTempDir();
  const open = (path: string): Promise<EventLog> => openRecording({ kind: "file", path });
  try {
    await assert.rejects(open(`${dir}/none.cast`), {
      code: "recording-not-found",
      message: `Cannot read recording "${dir}/none.cast": there is no such file`,
    });
    await assert.rejects(open(dir), { code: "recording-is-directory" });
    await assert.rejects(open("/dev/null"), { code: "recording-empty" });
    // An endless first line.
    await assert.rejects(open("/dev/zero"), {
      code: "recording-line-too-long",
      message: 'Cannot read recording "/dev/zero": line 1 is longer than 1 MiB',
    });
    await Deno.writeTextFile(`${dir}/a.cast`, HEADER + "[]\n");
    await assert.rejects(open(`${dir}/a.cast`), {
      code: "recording-bad-event",
      message:
        `Cannot read recording "${dir}/a.cast": line 2 is not an event: expected an array of three`,
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

/** Content that is never there as a whole. */
function endless(start: string, piece: Uint8Array, pieces: number): ReadableStream<Uint8Array> {
  let left = pieces;
  return new ReadableStream({
    start(controller): void {
      controller.enqueue(encoder.encode(start));
    },
    pull(controller): void {
      if (left-- > 0) controller.enqueue(piece.slice());
      else controller.close();
    },
  });
}

Deno.test("a line of 100 MB is refused before it is in memory", async () => {
  const stream = endless(HEADER + '[1,"o","a"]\n[1,"o","', repeat("x", 1 << 20), 100);
  await assert.rejects(openRecording({ kind: "bytes", stream }), {
    code: "recording-line-too-long",
    message: "Cannot read recording from standard input: line 3 is longer than 64 MiB",
  });
});

Deno.test("more than the limit is refused, compressed or not", async () => {
  const line = `[1,"o","${"x".repeat(1000)}"]\n`;
  const maxBytes = 1 << 20;
  const stream = endless(HEADER, repeat(line, 100), 20);
  await assert.rejects(openRecording({ kind: "bytes", stream }, { maxBytes }), {
    code: "recording-too-large",
    message: "Cannot read recording from standard input: it has more than 1 MiB",
  });
  await assert.rejects(read(gzipSync(HEADER + line.repeat(2000)), { maxBytes }), {
    code: "recording-too-large",
  });
  // Many small events take more memory than they are long.
  await assert.rejects(read(HEADER + '[0,"o",""]\n'.repeat(90_000), { maxBytes }), {
    code: "recording-too-large",
  });
});

Deno.test("a gzip bomb is refused in bounded memory", async () => {
  // 200 MB of one line in 200 KB.
  const bomb = gzipSync(repeat(" ", 200 << 20));
  assert.ok(bomb.length < 300_000);
  await assert.rejects(read(bomb), { code: "recording-line-too-long" });
});

Deno.test("a stream that fails says so", async () => {
  const stream = new ReadableStream<Uint8Array>({
    start(controller): void {
      controller.error(new Error("The cable was cut"));
    },
  });
  await assert.rejects(openRecording({ kind: "bytes", stream }), /The cable was cut/);
});

Deno.test("a stream is let go when its recording is bad", async () => {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode("hello\n")),
    cancel: () => void (cancelled = true),
  });
  await assert.rejects(openRecording({ kind: "bytes", stream }), { code: "recording-bad-header" });
  assert.ok(cancelled);
});
