import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { CollabError } from "../format/errors.ts";
import { type CastEvent, eventCode, EventEncoder } from "../format/events.ts";
import { encodeHeader } from "../format/header.ts";
import type { EventLog } from "./event_log.ts";
import { followRecording, openRecording, type ReadOptions } from "./reader.ts";

const TESTDATA = new URL("./testdata/", import.meta.url);
const HEADER = '{"version":3,"term":{"cols":80,"rows":24}}\n';
const encoder = new TextEncoder();

/** A stream of the bytes, in pieces of a size. */
function streamOf(content: string | Uint8Array, size = 64 * 1024): ReadableStream<Uint8Array> {
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  let at = 0;
  return new ReadableStream({
    pull(controller): void {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at += size));
    },
  });
}

function read(
  content: string | Uint8Array,
  options?: ReadOptions & { size?: number },
): Promise<EventLog> {
  const stream = streamOf(content, options?.size);
  return openRecording({ kind: "bytes", stream, name: "a test" }, options);
}

function events(log: EventLog): [number, CastEvent][] {
  return Array.from({ length: log.length }, (_, i) => [log.timeAt(i), log.eventAt(i)]);
}

function testdata(name: string): Promise<EventLog> {
  return openRecording({ kind: "file", path: new URL(name, TESTDATA).pathname });
}

function repeat(bytes: string, times: number): Uint8Array {
  return encoder.encode(bytes.repeat(times));
}

Deno.test("a version 1 recording is read, spread over lines or not", async () => {
  const log = await testdata("v1.json");
  assert.deepEqual(log.header, {
    version: 1,
    cols: 80,
    rows: 24,
    title: "",
    command: "/bin/zsh",
    env: { TERM: "xterm-256color", SHELL: "/bin/zsh" },
    term: { type: "xterm-256color" },
    extra: { duration: 1.515658 },
  });
  const expected = [
    [248.848, { kind: "output", data: "\x1b[1;31mHello \x1b[32mWorld!\x1b[0m\n" }],
    [1250.224, { kind: "output", data: "I am \rThis is on the next line: 日本語 🙂." }],
  ];
  assert.deepEqual(events(log), expected);
  const text = await Deno.readTextFile(new URL("v1.json", TESTDATA));
  const line = JSON.stringify(JSON.parse(text));
  assert.deepEqual(events(await read(line)), expected);
  assert.deepEqual(events(await read(line + "\n\n")), expected);
  assert.deepEqual(events(await read(text.trim(), { size: 7 })), expected);
});

Deno.test("a version 1 recording whose only line is megabytes long is read", async () => {
  const stdout = new Array(20_000).fill([0.5, "x".repeat(100)]);
  const log = await read(JSON.stringify({ version: 1, width: 80, height: 24, stdout }));
  assert.equal(log.length, 20_000);
  assert.equal(log.durationMs, 10_000_000);
});

Deno.test("what asciinema 2 wrote is read, with absolute times", async () => {
  const log = await testdata("v2-asciinema.cast");
  assert.equal(log.header.version, 2);
  assert.equal(log.header.title, "A demo");
  assert.deepEqual([0, 1, 2, 3].map((i) => log.timeAt(i)), [3.245, 104.645, 206.077, 307.366]);
  const event = log.eventAt(1);
  assert.ok(event.kind === "output");
  assert.equal(event.data, "\x1b[1;32mline 2\x1b[0m — 日本語 🙂\r\n");

  const typed = await testdata("v2-input.cast");
  assert.equal(typed.header.idleTimeLimitMs, 2000);
  assert.deepEqual(typed.eventAt(0), { kind: "input", data: "hi there\n" });
});

Deno.test("version 3 with comments, blank lines and another program's events is read", async () => {
  const log = await testdata("v3-comments.cast");
  assert.deepEqual(events(log).map(([atMs, event]) => [atMs, eventCode(event)]), [
    [248, "o"],
    [1249, "o"],
    [4749, "m"],
    [4892, "o"],
    [6942, "r"],
    [6942, "subtitle"],
    [8483, "o"],
    [9370, "x"],
  ]);
  assert.deepEqual(log.sizeAt(7), { cols: 90, rows: 30 });
  assert.deepEqual(log.warnings, []);
});

Deno.test("what was read and written again is the same recording", async () => {
  for (const name of ["v3-collab.cast", "v3-comments.cast", "v2-vim.cast", "v1.json"]) {
    const log = await testdata(name);
    const encode = new EventEncoder();
    const lines = events(log).map(([atMs, event]) => encode.encode(event, atMs));
    const again = await read(encodeHeader(log.header) + lines.join(""));
    const { version: _, ...header } = log.header;
    assert.deepEqual({ ...again.header, ...header }, again.header);
    // Version 3 counts in milliseconds.
    assert.deepEqual(
      events(again).map(([atMs, event]) => [atMs, event]),
      events(log).map(([atMs, event]) => [Math.round(atMs), event]),
    );
  }
});

Deno.test("however the bytes are cut into pieces, the events are the same", async () => {
  const bytes = await Deno.readFile(new URL("v3-collab.cast", TESTDATA));
  const expected = events(await testdata("v3-collab.cast"));
  assert.ok(expected.length > 20);
  for (const size of [1, 2, 3, 100, 1023, 4096]) {
    assert.deepEqual(events(await read(bytes, { size })), expected);
    assert.deepEqual(events(await read(gzipSync(bytes), { size })), expected);
  }
});

Deno.test("line ends of Windows, a byte order mark and a missing last newline do no harm", async () => {
  const log = await read("\ufeff" + HEADER.replace("\n", "\r\n") + '[1,"o","a"]\r\n[1,"o","b"]');
  assert.deepEqual(events(log), [
    [1000, { kind: "output", data: "a" }],
    [2000, { kind: "output", data: "b" }],
  ]);
});

Deno.test("a recording without events is one", async () => {
  assert.equal((await read(HEADER)).length, 0);
  assert.equal((await read(HEADER.trim())).length, 0);
});

Deno.test("a last line that was cut off is left out with a warning", async () => {
  const whole = HEADER + '[1,"o","a"]\n';
  for (const rest of ["[", "[0.5", '[0.5,"o","日本', '[0.5,"o","\\u00', "\0\0\0\0"]) {
    const bytes = encoder.encode(whole + rest);
    // Also in the middle of a character.
    const log = await read(rest.endsWith("本") ? bytes.subarray(0, -1) : bytes);
    assert.equal(log.length, 1);
    assert.deepEqual(log.warnings, ["line 3 was cut off and is left out"]);
  }
});

Deno.test("a version 2 recording whose time goes back plays on, with one warning", async () => {
  const log = await read(
    '{"version":2,"width":80,"height":24}\n[2,"o","a"]\n[1,"o","b"]\n[1.5,"o","c"]\n[3,"o","d"]\n',
  );
  assert.deepEqual(events(log).map(([atMs]) => atMs), [2000, 2000, 2000, 3000]);
  assert.deepEqual(log.warnings, ["line 3 is earlier than the line before: played without a wait"]);
});

Deno.test("what could be read of a compressed recording that was cut off plays", async () => {
  const line = '[0.1,"o","some text that is not the same each time: ';
  const lines = Array.from({ length: 2000 }, (_, i) => `${line}${(i * 7919) % 1000} ${i}"]\n`);
  const bytes = gzipSync(HEADER + lines.join(""));
  const log = await read(bytes.subarray(0, bytes.length >> 1));
  assert.ok(log.length > 500 && log.length < 1500, `${log.length} events`);
  assert.equal(log.warnings.at(-1), "the compressed data was cut off: the rest is missing");
  assert.equal((await read(bytes.subarray(0, -4))).length, 2000);
});

Deno.test("compressed data in several members is one recording", async () => {
  const both = new Uint8Array([...gzipSync(HEADER), ...gzipSync('[1,"o","a"]\n')]);
  assert.equal((await read(both)).length, 1);
});

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
    'line 1 is not a header: expected a size from 1x1 to 4096x4096, not "0x24"',
  ],
  [
    "a size of 100000",
    '{"version":2,"width":100000,"height":24}\n',
    "recording-bad-size",
    'line 1 is not a header: expected a size from 1x1 to 4096x4096, not "100000x24"',
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
    'line 2 is not a resize: expected COLSxROWS from 1x1 to 4096x4096, not "0x0"',
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

Deno.test("a file is followed as it grows, a line at a time", async () => {
  const path = await Deno.makeTempFile();
  const stop = new AbortController();
  const append = (text: string): Promise<void> => Deno.writeTextFile(path, text, { append: true });
  try {
    await append(HEADER + '[1,"o","a"]\n[1,"o","b');
    const logs = followRecording({ kind: "file", path }, { signal: stop.signal, pollMs: 1 });
    const log = (await logs.next()).value as EventLog;
    assert.equal(log.length, 1);
    const next = logs.next();
    await append("c");
    assert.equal(await Promise.race([next, turn()]), undefined);
    await append('"]\n[1,"o"');
    await next;
    assert.deepEqual(events(log).at(-1), [2000, { kind: "output", data: "bc" }]);
    stop.abort();
    assert.deepEqual(await logs.next(), { done: true, value: undefined });
    assert.deepEqual(log.warnings, []);
  } finally {
    await Deno.remove(path);
  }
});

/** A few turns of the poll. */
async function turn(): Promise<undefined> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 1));
  return undefined;
}

Deno.test("a file is followed from before its header", async () => {
  const path = await Deno.makeTempFile();
  const stop = new AbortController();
  try {
    const logs = followRecording({ kind: "file", path }, { signal: stop.signal, pollMs: 1 });
    const first = logs.next();
    await Deno.writeTextFile(path, HEADER.slice(0, 10), { append: true });
    await turn();
    await Deno.writeTextFile(path, HEADER.slice(10), { append: true });
    const { value } = await first;
    assert.equal(value?.length, 0);
    stop.abort();
    await logs.return(undefined);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("following tells when the file is cut or has a bad line", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, HEADER + '[1,"o","a"]\n');
    const logs = followRecording({ kind: "file", path }, { pollMs: 1 });
    await logs.next();
    await Deno.truncate(path, 5);
    await assert.rejects(logs.next(), { code: "recording-shrank" });
    await Deno.writeTextFile(path, HEADER);
    const again = followRecording({ kind: "file", path }, { pollMs: 1 });
    await again.next();
    await Deno.writeTextFile(path, "hm\n", { append: true });
    await assert.rejects(again.next(), {
      message: `Cannot read recording "${path}": line 2 is not an event: expected JSON`,
    });
    await Deno.writeFile(path, gzipSync(HEADER));
    await assert.rejects(followRecording({ kind: "file", path }).next(), {
      code: "recording-not-followable",
    });
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a stream is followed to its end, and left when told to", async () => {
  const content = HEADER + '[1,"o","a"]\n[1,"o","b"]\n[1,"o';
  const seen: number[] = [];
  let last: EventLog | undefined;
  for await (const log of followRecording({ kind: "bytes", stream: streamOf(content, 1) })) {
    seen.push((last = log).length);
  }
  assert.deepEqual(seen, [0, 1, 2]);
  assert.deepEqual(last?.warnings, ["line 4 was cut off and is left out"]);

  const stop = new AbortController();
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(HEADER)),
    cancel: () => void (cancelled = true),
  });
  const logs = followRecording({ kind: "bytes", stream }, { signal: stop.signal });
  await logs.next();
  const next = logs.next();
  stop.abort();
  assert.equal((await next).done, true);
  assert.ok(cancelled);
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
