import assert from "node:assert/strict";
import { settled } from "./fakes.ts";
import { WatchBench as Bench } from "./watch_bench.ts";

Deno.test("a viewer sees the screen, who drives, how many watch and the latency", async () => {
  using bench = new Bench();
  bench.join().emit({ kind: "latency", latencyMs: 12.3 });
  const lines = await bench.shows();
  assert.equal(lines[0], "hello");
  assert.match(lines[6]!, /^ ● LIVE {2}incident · Grace drives +2 watching · 12 ms$/);
  bench.out("\r\nworld");
  assert.deepEqual((await bench.shows()).slice(0, 2), ["hello", "world"]);
});

Deno.test("while it connects nothing is shown at first, then that it does", async () => {
  using bench = new Bench();
  bench.status({ kind: "connecting", attempt: 1, welcomed: false, deadlineMs: 0 });
  await bench.wait(299);
  assert.equal(bench.terminal.output, "");
  await bench.wait(1);
  assert.match(await bench.statusLine(), /CONNECTING/);
});

Deno.test("what is painted is acknowledged, what waits for the terminal is not", async () => {
  using bench = new Bench();
  bench.join();
  await settled();
  bench.terminal.stalled = true;
  bench.out("a").out("b").out("c");
  await settled();
  assert.equal(bench.painted.at(-1), 0);
  await bench.terminal.drain();
  assert.equal(bench.painted.at(-1), 1);
  await bench.terminal.drain();
  assert.equal(bench.painted.at(-1), 3);
});

Deno.test("a cut is shown with its attempts, and gone when the connection is back", async () => {
  using bench = new Bench();
  bench.join();
  const untilMs = bench.clock.now() + 4_000;
  bench.status({ kind: "waiting", attempt: 1, welcomed: true, untilMs, why: "cut" });
  assert.match(await bench.statusLine(), /RECONNECTING {2}attempt 2 in 4 s/);
  await bench.wait(2_500);
  assert.match(await bench.statusLine(), /in 2 s/);
  bench.status({ kind: "connecting", attempt: 2, welcomed: true, deadlineMs: 0 });
  assert.match(await bench.statusLine(), /RECONNECTING {2}attempt 2 now/);
  bench.welcome().state({ kind: "output", data: "\r\nmore" });
  assert.deepEqual((await bench.shows()).slice(0, 2), ["hello", "more"]);
  assert.match(await bench.statusLine(), /LIVE/);
});

Deno.test("a host that forgot the viewer gives it a whole screen, and nothing of the old one is left", async () => {
  using bench = new Bench();
  bench.join().out("\r\nold");
  bench.welcome("another ticket").state({ kind: "output", data: "new" });
  assert.deepEqual((await bench.shows()).slice(0, 2), ["new", ""]);
});

Deno.test("the end is told with its status, and a key leaves", async () => {
  using bench = new Bench();
  bench.join().out("\r\nbye");
  bench.status({ kind: "ended", end: { code: "ended", status: 3 } });
  const lines = await bench.shows();
  assert.equal(lines[1], "bye");
  assert.match(lines[6]!, /^ ENDED {2}The session has ended with status 3/);
  assert.equal(bench.end, undefined);
  bench.terminal.type("x");
  assert.match(await bench.statusLine(), /ENDED/);
  bench.terminal.type("q");
  await settled();
  assert.deepEqual(bench.end, { kind: "session", end: { code: "ended", status: 3 } });
});

Deno.test("a link that leads nowhere ends it at once, without a screen", async () => {
  using bench = new Bench();
  bench.status({ kind: "ended", end: { code: "token-expired" } });
  await settled();
  assert.deepEqual(bench.end, { kind: "session", end: { code: "token-expired" } });
  assert.equal(bench.terminal.output, "");
});

Deno.test("the past can be looked at, and goes back to live", async () => {
  using bench = new Bench();
  bench.join();
  for (let i = 1; i <= 9; i++) (await bench.wait(1_000)).out(`\r\nline ${i}`);
  bench.terminal.type("\x1b[D"); // 5 s back
  let lines = await bench.shows();
  assert.equal(lines[4], "line 4");
  assert.match(lines[6]!, /REWOUND .*0:05 behind/);
  bench.terminal.type(" ");
  await bench.wait(3_000);
  bench.out("\r\nline 10");
  lines = await bench.shows();
  assert.equal(lines[4], "line 4");
  assert.match(lines[6]!, /PAUSED .*0:08 behind/);
  bench.terminal.type("\x1b[F");
  lines = await bench.shows();
  assert.equal(lines[5], "line 10");
  assert.match(lines[6]!, /LIVE/);
  bench.terminal.type("\x1b[H");
  assert.deepEqual((await bench.shows()).slice(0, 2), ["hello", ""]);
});

Deno.test("Ctrl-] opens a menu that pauses, tells who is here, and leaves", async () => {
  using bench = new Bench({ cols: 60, rows: 24 });
  bench.join();
  bench.terminal.type("\x1d");
  assert.match((await bench.shows()).join("\n"), /collab watch[^]*Pause[^]*Leave/);
  bench.terminal.type("w");
  assert.match(
    (await bench.shows()).join("\n"),
    /Grace +presenter, drives\s*│\s*[^]*Ada +control, you\s*│\s*[^]*Bob +agent/,
  );
  bench.terminal.type("x");
  assert.doesNotMatch((await bench.shows()).join("\n"), /Grace +presenter/);
  bench.terminal.type("\x1d", " ");
  assert.match(await bench.statusLine(), /PAUSED/);
  bench.terminal.type("\x1d", "q");
  await settled();
  assert.deepEqual(bench.end, { kind: "left" });
});

Deno.test("someone who types is told what does something, and Ctrl-C twice leaves", async () => {
  using bench = new Bench();
  bench.join();
  bench.terminal.type("z");
  assert.match(await bench.statusLine(), /Ctrl-\] opens the menu/);
  bench.terminal.type("\x03");
  assert.match(await bench.statusLine(), /Ctrl-C again leaves/);
  await bench.wait(3_000);
  bench.terminal.type("\x03");
  await settled();
  assert.equal(bench.end, undefined);
  bench.terminal.type("\x03");
  await settled();
  assert.deepEqual(bench.end, { kind: "left" });
});

Deno.test("a paste is no keys", async () => {
  using bench = new Bench();
  bench.join();
  bench.terminal.type("\x1b[200~\x1dq\x03\x03\x1b[201~");
  await settled();
  assert.equal(bench.end, undefined);
  assert.match(await bench.statusLine(), /LIVE/);
});

Deno.test("lines left out are told for a while", async () => {
  using bench = new Bench();
  bench.join().lines({ kind: "skipped", lines: 12_000 }).lines({ kind: "skipped", lines: 345 });
  assert.match(await bench.statusLine(), /12,345 lines left out/);
  await bench.wait(5_000);
  assert.doesNotMatch(await bench.statusLine(), /left out/);
});

Deno.test("that the presenter has paused is told until it goes on", async () => {
  using bench = new Bench({ cols: 80, rows: 7 });
  bench.join().lines({ kind: "control", data: { kind: "pause" } });
  assert.match(await bench.statusLine(), /paused sharing/);
  bench.lines({ kind: "control", data: { kind: "resume" } });
  assert.doesNotMatch(await bench.statusLine(), /paused sharing/);
});

Deno.test("a host that sends no events ends it with one line", async () => {
  using bench = new Bench();
  bench.join().emit({ kind: "lines", seq: 9, lines: "nonsense\n" });
  await settled();
  assert.ok(bench.end?.kind === "failed" && bench.end.error.code === "recording-bad-event");
});

Deno.test("a larger session is cut to the terminal and says so", async () => {
  using bench = new Bench({ cols: 50, rows: 5 });
  bench.join();
  assert.match(await bench.statusLine(), /LIVE/);
  bench.terminal.resize(100, 20);
  const lines = await bench.shows();
  assert.match(lines[6]!, /│hello +│/);
});

Deno.test("leaving hangs up and leaves no timer behind", async () => {
  const bench = new Bench();
  bench.join();
  bench.terminal.type("z", "\x1b");
  bench.terminal.hangUp();
  await settled();
  assert.deepEqual(bench.end, { kind: "gone" });
  bench[Symbol.dispose]();
  assert.ok(bench.closed);
  assert.equal(bench.clock.pending, 0);
});
