import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { eventCode, EventEncoder } from "../format/events.ts";
import { encodeHeader } from "../format/header.ts";
import type { EventLog } from "./event_log.ts";
import { openRecording } from "./reader.ts";
import { events, HEADER, read } from "./testing/streams.ts";

const TESTDATA = new URL("./testdata/", import.meta.url);
const encoder = new TextEncoder();

function testdata(name: string): Promise<EventLog> {
  return openRecording({ kind: "file", path: new URL(name, TESTDATA).pathname });
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
