import assert from "node:assert/strict";
import { type CastEvent, EventDecoder, EventEncoder } from "../format/events.ts";
import { encodeHeader, parseHeader } from "../format/header.ts";
import type { ConnectionEvent } from "../wire/connection.ts";
import { type CastEnd, castStream } from "./cast_stream.ts";
import { settled } from "./fakes.ts";

/** A stream printed by a viewer, and the host it comes from. */
class Bench {
  output = "";
  readonly painted: number[] = [];
  closed = false;
  end: CastEnd | undefined;
  /** What a write waits for. */
  gate: Promise<void> = Promise.resolve();
  emit!: (event: ConnectionEvent) => void;
  readonly #encoder = new EventEncoder(60_000);
  #seq = 0;

  constructor() {
    const ended = castStream({
      out: {
        write: async (text) => {
          await this.gate;
          this.output += text;
        },
      },
      connect: ({ onEvent }) => {
        this.emit = onEvent;
        return { painted: (seq) => this.painted.push(seq), close: () => this.closed = true };
      },
    });
    void ended.then((end) => this.end = end);
  }

  welcome(ticket = "t"): void {
    this.emit({
      kind: "welcome",
      you: { id: "p1", name: "Ada", role: "view" },
      ticket,
      expiresAtMs: 0,
      epoch: 1,
      seq: 0,
      atMs: 60_000,
      header: encodeHeader({ version: 3, cols: 60, rows: 6, title: "incident", extra: { x: 1 } }),
    });
  }

  state(atMs: number, ...events: CastEvent[]): void {
    const encoder = new EventEncoder(atMs);
    const lines = events.map((event) => encoder.encode(event, atMs)).join("");
    this.emit({ kind: "state", seq: this.#seq, atMs, lines });
  }

  lines(atMs: number, ...events: CastEvent[]): void {
    const lines = events.map((event) => this.#encoder.encode(event, atMs)).join("");
    this.emit({ kind: "lines", seq: ++this.#seq, lines });
  }

  /** What was printed: the header, and the events with their times. */
  read(): { header: ReturnType<typeof parseHeader>; events: [number, string][] } {
    const [header, ...rest] = this.output.split("\n");
    const decoder = new EventDecoder();
    const events = decoder.decodeAll(rest.join("\n")).map(({ atMs, event }): [number, string] => [
      atMs,
      event.kind === "output" ? event.data : event.kind,
    ]);
    return { header: parseHeader(header!), events };
  }
}

Deno.test("a stream is a recording that begins when the viewer came", async () => {
  const bench = new Bench();
  bench.welcome();
  bench.state(60_000, { kind: "output", data: "screen" });
  bench.lines(61_500, { kind: "output", data: "more" }, { kind: "skipped", lines: 7 });
  bench.lines(62_000, { kind: "marker", label: "x" }, { kind: "exit", status: 3 });
  bench.emit({ kind: "status", status: { kind: "ended", end: { code: "ended", status: 3 } } });
  await settled();
  const { header, events } = bench.read();
  assert.deepEqual([header.version, header.cols, header.title, header.extra], [3, 60, "incident", {
    x: 1,
  }]);
  assert.deepEqual(events, [[0, "screen"], [1_500, "more"], [2_000, "marker"], [2_000, "exit"]]);
  assert.deepEqual(bench.end, { kind: "session", end: { code: "ended", status: 3 } });
  assert.ok(bench.closed);
});

Deno.test("who is there, who drives and where people point is in it", async () => {
  const bench = new Bench();
  const said: CastEvent[] = [
    { kind: "participant", data: { kind: "join", id: "p2", name: "Bo", role: "control" } },
    { kind: "control", data: { kind: "grant", id: "p2", mode: "participant", holder: "p2" } },
    { kind: "pointer", data: { id: "p2", x: 3, y: 4 } },
  ];
  bench.welcome();
  bench.state(60_000, { kind: "output", data: "screen" });
  bench.lines(61_000, ...said);
  await settled();
  const [, ...lines] = bench.output.trimEnd().split("\n");
  const codes = lines.map((line): [string, unknown] => {
    const [, code, data] = JSON.parse(line);
    return [code, data];
  });
  assert.deepEqual(codes.filter(([, data]) => data !== ""), [
    ["o", "screen"],
    ...said.map((event, i) => ["pcu"[i], JSON.stringify("data" in event ? event.data : "")]),
  ]);
});

Deno.test("after a cut it goes on, from an empty screen when the host has forgotten the viewer", async () => {
  const bench = new Bench();
  bench.welcome();
  bench.state(60_000, { kind: "output", data: "one" });
  bench.welcome();
  bench.state(70_000, { kind: "output", data: "two" });
  bench.welcome("another");
  bench.state(80_000, { kind: "output", data: "three" });
  await settled();
  assert.deepEqual(
    bench.read().events,
    [
      [0, "one"],
      [10_000, "two"],
      [20_000, "resize"],
      [20_000, "\x1bc"],
      [20_000, "three"],
    ].map((
      [at, what],
    ) => [at === 20_000 && what !== "three" ? bench.read().events[2]![0] : at, what]),
  );
});

Deno.test("a slow reader holds back what is acknowledged, in whole lines", async () => {
  const bench = new Bench();
  bench.welcome();
  bench.state(60_000, { kind: "output", data: "one" });
  await settled();
  const { promise, resolve } = Promise.withResolvers<void>();
  bench.gate = promise;
  bench.lines(61_000, { kind: "output", data: "two" });
  bench.lines(62_000, { kind: "output", data: "three" });
  await settled();
  assert.deepEqual(bench.painted, [0]);
  resolve();
  await settled();
  assert.deepEqual(bench.painted, [0, 1, 2]);
  assert.deepEqual(bench.read().events.map(([, what]) => what), ["one", "two", "three"]);
});

Deno.test("when nobody reads any more it ends without an error", async () => {
  const bench = new Bench();
  bench.gate = Promise.reject(new Deno.errors.BrokenPipe());
  bench.welcome();
  bench.state(60_000, { kind: "output", data: "one" });
  await settled();
  assert.deepEqual([bench.end, bench.closed], [{ kind: "unread" }, true]);
});

Deno.test("a refusal prints nothing", async () => {
  const bench = new Bench();
  bench.emit({ kind: "status", status: { kind: "ended", end: { code: "token-expired" } } });
  await settled();
  assert.equal(bench.output, "");
  assert.deepEqual(bench.end, { kind: "session", end: { code: "token-expired" } });
});

Deno.test("what comes when everything before has just been written is written too, also at the end", async () => {
  for (let turns = 0; turns < 12; turns++) {
    const bench = new Bench();
    bench.welcome();
    bench.state(60_000, { kind: "output", data: "screen" });
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    bench.lines(61_000, { kind: "output", data: "last words" });
    bench.emit({ kind: "status", status: { kind: "ended", end: { code: "ended", status: 0 } } });
    await settled();
    const { events } = bench.read();
    assert.deepEqual(events, [[0, "screen"], [1_000, "last words"]], `after ${turns} turns`);
  }
});

Deno.test("what is printed has no control character but newlines, and means the same", async () => {
  const bench = new Bench();
  const data = Array.from({ length: 0xa1 }, (_, code) => String.fromCharCode(code)).join("");
  bench.welcome();
  bench.state(60_000, { kind: "output", data });
  bench.lines(60_000, { kind: "other", code: "\x9bZ", data: { "\x9b6n": "\x9b" } });
  await settled();
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(bench.output, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  assert.deepEqual(bench.read().events[0], [0, data]);
});

Deno.test("a host that sends on while nobody reads is left, without waiting for the reader", async () => {
  const bench = new Bench();
  const never = Promise.withResolvers<void>();
  bench.gate = never.promise;
  bench.welcome();
  bench.state(60_000, { kind: "output", data: "screen" });
  const much = "x".repeat(8 << 20);
  for (let i = 0; i < 16 && bench.end === undefined; i++) {
    bench.lines(60_000, { kind: "output", data: much });
    await settled();
  }
  assert.ok(bench.closed);
  const end = bench.end as CastEnd | undefined;
  assert.equal(end?.kind === "failed" && end.error.code, "message-flood");
  never.resolve();
  await settled();
});
