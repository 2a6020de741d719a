import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { EventLog } from "./event_log.ts";
import { followRecording } from "./reader.ts";
import { events, HEADER, streamOf } from "./testing/streams.ts";

const encoder = new TextEncoder();

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
