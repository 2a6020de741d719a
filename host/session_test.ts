import assert from "node:assert/strict";
import { passThroughRedactor } from "../redact/redactor.ts";
import { DEFAULT_COLORS } from "./queries.ts";
import { Session, type SessionStatus } from "./session.ts";
import { FakeClock } from "./testing/clock.ts";
import { FakePty } from "./testing/pty.ts";
import { FakeSink, frameText } from "./testing/sink.ts";

/** A session of a fake program, under a fake clock. */
class SetUp {
  readonly pty = new FakePty();
  readonly clock = new FakeClock();
  readonly errors: string[] = [];
  readonly session: Session;
  readonly status: Promise<SessionStatus>;

  constructor() {
    this.session = new Session({
      pty: this.pty,
      cols: 80,
      rows: 24,
      redactor: passThroughRedactor(),
      clock: this.clock,
      everyLine: true,
      onSinkError: (sink, error) => this.errors.push(`${sink.name}: ${(error as Error).message}`),
    });
    this.status = this.session.run();
  }

  sink(options: ConstructorParameters<typeof FakeSink>[0] = {}): FakeSink {
    const sink = new FakeSink(options);
    this.session.add(sink);
    return sink;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pty.end();
    await this.status;
  }
}

Deno.test("a frame goes out in the same tick as the read", async () => {
  await using setUp = new SetUp();
  const sink = setUp.sink();
  setUp.clock.advance(100);
  await setUp.pty.print("hello");
  assert.equal(sink.text, "hello");
  assert.equal(setUp.clock.pending, 0);
});

Deno.test("frames under load are few, and the last one is complete", async () => {
  await using setUp = new SetUp();
  const sink = setUp.sink();
  setUp.clock.advance(100);
  for (let i = 0; i < 100; i++) {
    await setUp.pty.print(`${i}\r`);
    setUp.clock.advance(1);
  }
  setUp.clock.advance(100);
  assert.ok(sink.frames.length < 12, String(sink.frames.length));
  assert.equal(sink.text, "99");
});

Deno.test("what is typed reaches the program, and its echo does not wait", async () => {
  await using setUp = new SetUp();
  const sink = setUp.sink();
  await setUp.pty.print("$ ");
  void setUp.session.type(new TextEncoder().encode("l"));
  await setUp.pty.print("l");
  assert.equal(setUp.pty.input, "l");
  assert.equal(sink.text, "$ l");
});

Deno.test("a program's questions are answered, and no viewer ever sees them", async () => {
  await using setUp = new SetUp();
  setUp.session.answers.settle(DEFAULT_COLORS);
  const sink = setUp.sink();
  await setUp.pty.print("\x1b[c\x1b]11;?\x07\x1b[6nhi");
  assert.equal(setUp.pty.input, "\x1b[?1;2c\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[1;1R");
  assert.equal(sink.sent, "hi");
});

Deno.test("a failing sink is removed and reported, and the others go on", async () => {
  await using setUp = new SetUp();
  const bad = setUp.sink({ name: "bad" });
  const good = setUp.sink({ name: "good" });
  bad.frame = () => {
    throw new Error("Disk full");
  };
  await setUp.pty.print("one");
  setUp.clock.advance(100);
  await setUp.pty.print(" two");
  assert.deepEqual(setUp.errors, ["bad: Disk full"]);
  assert.equal(good.text, "one two");
  bad.close();
});

Deno.test("a resize reaches the program and everyone who watches", async () => {
  await using setUp = new SetUp();
  const sink = setUp.sink();
  await setUp.pty.print("hello");
  setUp.session.resize(40, 10);
  setUp.session.resize(40, 10);
  assert.deepEqual(setUp.pty.sizes, ["40x10"]);
  assert.deepEqual([sink.screen.cols, sink.screen.rows, sink.text], [40, 10, "hello"]);
});

Deno.test("while paused nothing of the screen leaves, before or after", async () => {
  await using setUp = new SetUp();
  const live = setUp.sink();
  const recording = setUp.sink({ everyLine: true });
  const seen: string[] = [];
  setUp.session.present({ frame: (frame) => seen.push(frameText(frame)) });
  await setUp.pty.print("before\r\n");
  setUp.clock.advance(100);
  setUp.session.pause();
  assert.match(live.text, /^\s*Sharing is paused$/);
  await setUp.pty.print("\x1b]2;secret title\x07secret-scrolled\r\n" + "secret\r\n".repeat(3000));
  setUp.clock.advance(100);
  const late = setUp.sink();
  setUp.session.resize(100, 30);
  await setUp.pty.print("\x1b[2J\x1b[Hafter\x1b]2;\x07");
  setUp.clock.advance(100);
  assert.equal(seen.at(-1), "after");
  for (const sink of [live, late, recording]) assert.match(sink.text, /^\s*Sharing is paused$/);
  setUp.session.resume();
  for (const sink of [live, late, recording]) {
    assert.equal(sink.text, "after");
    assert.ok(!sink.sent.includes("secret"), sink.sent);
  }
  assert.deepEqual(live.events, ['c {"kind":"pause"}', 'c {"kind":"resume"}']);
});

Deno.test("a sink that wants every line gets every line of a flood", async () => {
  await using setUp = new SetUp();
  const all = setUp.sink({ everyLine: true });
  const few = setUp.sink({ maxLines: 200 });
  let text = "";
  for (let i = 1; i <= 12_000; i++) text += `${i}\r\n`;
  await setUp.pty.print(text);
  setUp.clock.advance(100);
  assert.equal(all.omittedLines, 0);
  assert.equal(all.sent.match(/\d+/g)?.length ?? 0, 12_000);
  assert.ok(few.omittedLines > 10_000);
  assert.equal(few.text, all.text);
});

Deno.test("events come after the output before them, and the end comes last", async () => {
  const setUp = new SetUp();
  const sink = setUp.sink();
  const order: string[] = [];
  sink.event = (event) => order.push(`${event.kind} after ${sink.text}`);
  await setUp.pty.print("one");
  await setUp.pty.print(" two");
  setUp.session.note({ kind: "marker", label: "here" });
  await setUp.pty.print(" three");
  setUp.pty.end({ code: 130, signal: "SIGINT" });
  assert.deepEqual(await setUp.status, { code: 130, signal: "SIGINT" });
  assert.deepEqual(order, ["marker after one two", "exit after one two three"]);
  assert.ok(sink.closed);
  assert.equal(setUp.clock.pending, 0);
});

Deno.test("a sink that does not close holds the end up for seconds, not for ever", async () => {
  const setUp = new SetUp();
  const sink = setUp.sink();
  sink.close = () => new Promise(() => {});
  setUp.pty.end();
  for (let i = 0; i < 20; i++) await Promise.resolve();
  setUp.clock.advance(10_000);
  assert.equal((await setUp.status).code, 0);
  sink.screen[Symbol.dispose]();
});

Deno.test("the same difference is worked out once", async () => {
  await using setUp = new SetUp();
  const first = setUp.sink(), second = setUp.sink();
  await setUp.pty.print("x");
  setUp.clock.advance(100);
  const deltas: unknown[] = [];
  for (const sink of [first, second]) {
    sink.frame = (_, context) => deltas.push(context.diff(sink.frames.at(-1)!));
  }
  await setUp.pty.print("y");
  assert.equal(deltas.length, 2);
  assert.equal(deltas[0], deltas[1]);
});
