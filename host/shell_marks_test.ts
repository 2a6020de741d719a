import assert from "node:assert/strict";
import fc from "fast-check";
import { rowText } from "../format/row.ts";
import type { ShellMark } from "../format/session_data.ts";
import { shellMarkOf } from "../format/shell_mark.ts";
import { MAX_A_SECOND, MAX_WAITING, NO_MARKS, type PlacedMark, step } from "./shell_marks.ts";
import { BroadcastSession } from "./testing/broadcast_session.ts";
import type { FakePeer } from "./testing/peer.ts";
import { FakeSink } from "./testing/sink.ts";

const PROMPT = "\x1b]133;A\x07$ \x1b]133;B\x07", RUN = "\x1b]133;C\x07";
const done = (status: number): string => `\x1b]133;D;${status}\x07`;

/** A session of a fake shell, with a recording and viewers. */
class SetUp extends BroadcastSession {
  readonly sink = new FakeSink({ everyLine: true });

  constructor() {
    super({ everyLine: true });
    this.session.add(this.sink);
  }
}

/** The marks among the events of a sink or a viewer. */
function marks({ events }: { readonly events: readonly string[] }): ShellMark[] {
  return events.filter((event) => event.startsWith("h ")).map((event) => {
    const mark = shellMarkOf(JSON.parse(event.slice(2)));
    assert.ok(mark !== undefined, event);
    return mark;
  });
}

/** What is on a viewer's own screen where a mark says, which came after what the screen shows now. */
function rowAt({ screen }: FakePeer, { line, top }: ShellMark): string {
  const frame = screen.frame(), own = frame.top + line - top;
  const row = own < frame.top ? screen.history(own) : frame.lines[own - frame.top];
  assert.ok(row !== undefined, `line ${own} of ${frame.top}`);
  return rowText(row).trimEnd();
}

Deno.test("a command's marks say where its prompt, its line and its output begin and end", async () => {
  await using setUp = new SetUp();
  const peer = setUp.join();
  await setUp.print(PROMPT);
  await setUp.print(`false\r\n${RUN}no\r\n${done(1)}${PROMPT}`);
  for (const who of [setUp.sink, peer]) {
    assert.deepEqual(marks(who), [
      { kind: "prompt", line: 0, x: 0, top: 0 },
      { kind: "input", line: 0, x: 2, top: 0 },
      { kind: "output", line: 1, x: 0, top: 0 },
      { kind: "done", status: 1, line: 2, x: 0, top: 0 },
      { kind: "prompt", line: 2, x: 0, top: 0 },
      { kind: "input", line: 2, x: 2, top: 0 },
    ]);
  }
});

Deno.test("a mark leaves after all that was written before it, in one message with those beside it", async () => {
  await using setUp = new SetUp();
  const peer = setUp.join();
  const { sink } = setUp;
  const seen: string[] = [];
  sink.event = ({ kind }) => seen.push(`${kind} after ${sink.text}`);
  await setUp.print("one");
  // Too early for another frame: the mark waits for it.
  await setUp.pty.print(` two${done(0)}`);
  assert.deepEqual(seen, []);
  const sent = peer.messages.length;
  await setUp.pass(100);
  assert.deepEqual(seen, ["shell after one two"]);
  assert.deepEqual([peer.text, marks(peer).length], ["one two", 1]);
  await setUp.print(PROMPT);
  assert.equal(peer.messages.length, sent + 4, "a frame and a mark; a frame and two marks");
});

Deno.test("a mark leaves before a change of size, after which its line has another number", async () => {
  await using setUp = new SetUp();
  const peer = setUp.join();
  await setUp.print("line\r\n".repeat(100));
  await setUp.print("one");
  // Too early for another frame.
  await setUp.pty.print(` two${done(0)}`);
  const seen: string[] = [], { events } = peer;
  events.push = (event) => seen.push(`${event.slice(0, 1)} on ${peer.screen.rows} rows`);
  setUp.session.resize(80, 30);
  await setUp.pass(100);
  assert.deepEqual(seen, ["h on 24 rows"]);
});

Deno.test("a mark that changes nothing on the screen leaves all the same", async () => {
  await using setUp = new SetUp();
  const peer = setUp.join();
  await setUp.print(done(0));
  assert.deepEqual(marks(peer).map(({ kind }) => kind), ["done"]);
});

Deno.test("a mark is on the line that it says, for who joined late and for who lagged", async () => {
  await using setUp = new SetUp();
  const first = setUp.join(), lags = setUp.join();
  setUp.broadcast.leave(lags);
  await setUp.print("line\r\n".repeat(500));
  const late = setUp.join();
  await setUp.print(`${PROMPT}seq 3\r\n${RUN}1\r\n2\r\n3\r\n${done(0)}${PROMPT}`);
  const check = (peer: FakePeer): void => {
    const [prompt, , output, end, again] = marks(peer);
    assert.deepEqual(
      [prompt!, output!, end!, again!].map((mark) => rowAt(peer, mark)),
      ["$ seq 3", "1", "$", "$"],
    );
    assert.equal(prompt!.line, 500);
  };
  check(first);
  check(late);
  await setUp.print("\n\n\n");
  check(setUp.join({ resumedSeq: lags.position!, screen: lags.screen }));
});

Deno.test("who joins learns what the shell is at, and where on their own screen", async () => {
  await using setUp = new SetUp();
  await setUp.print(`${"line\r\n".repeat(100)}${PROMPT}`);
  const idle = setUp.join();
  assert.deepEqual(idle.events.at(-1)!.slice(0, 16), 'h {"kind":"input');
  assert.equal(rowAt(idle, marks(idle)[0]!), "$");
  await setUp.print(`make\r\n${RUN}cc\r\n`);
  await setUp.print("ld\r\n");
  const busy = setUp.join();
  assert.deepEqual(marks(busy).map(({ kind }) => kind), ["output"]);
  assert.equal(rowAt(busy, marks(busy)[0]!), "cc");
});

Deno.test("a mark behind the last column is as far right as it says", async () => {
  await using setUp = new SetUp();
  await setUp.print("x".repeat(80) + done(0));
  assert.deepEqual(marks(setUp.sink), [{ kind: "done", status: 0, line: 0, x: 80, top: 0 }]);
});

Deno.test("marks on the alternate screen are nobody's", async () => {
  await using setUp = new SetUp();
  await setUp.print(`\x1b[?1049h${PROMPT}\x1b[?1049l`);
  assert.deepEqual(marks(setUp.sink), []);
  await setUp.print("\x1b]633;D;2\x1b\\");
  assert.deepEqual(marks(setUp.sink).map(({ status }) => status), [2], "VS Code's are read too");
});

Deno.test("while sharing is paused no mark leaves, and then the last one, without a status", async () => {
  await using setUp = new SetUp();
  const peer = setUp.join();
  await setUp.print(PROMPT);
  setUp.session.pause();
  const before = [marks(setUp.sink).length, marks(peer).length];
  await setUp.print(`secret\r\n${RUN}oops\r\n${done(3)}`);
  setUp.session.note({ kind: "marker", label: "here" });
  const joined = setUp.join();
  setUp.clock.advance(5_000);
  assert.deepEqual([marks(setUp.sink).length, marks(peer).length], before);
  assert.deepEqual(marks(joined), []);
  setUp.session.resume();
  await setUp.pass(0);
  for (const who of [setUp.sink, peer, joined]) {
    assert.deepEqual(marks(who).at(-1), { kind: "done", line: 2, x: 0, top: 0 });
  }
  assert.deepEqual([marks(setUp.sink).length, marks(peer).length], before.map((n) => n + 1));
});

Deno.test("a program that floods marks is heard a hundred times a second, and the last mark always", async () => {
  await using setUp = new SetUp();
  const peer = setUp.join();
  setUp.session.note({ kind: "marker", label: "before" });
  for (let i = 0; i < 200; i++) {
    let flood = "";
    for (let j = 0; j < 200; j++) flood += `.${done((i + j) % 256)}`;
    await setUp.pty.print(flood);
    setUp.clock.advance(5);
  }
  await setUp.pty.print(`\r\n${PROMPT}`);
  await setUp.pass(2_000);
  const all = marks(peer);
  assert.ok(all.length <= 3 * MAX_A_SECOND, String(all.length));
  assert.deepEqual(all.slice(-2).map(({ kind }) => kind), ["prompt", "input"]);
  assert.equal(setUp.clock.pending, 0);
});

Deno.test("a flood of marks takes no other event from a viewer that lags", async () => {
  await using setUp = new SetUp();
  const peer = setUp.join();
  setUp.broadcast.leave(peer);
  setUp.session.note({ kind: "marker", label: "missed" });
  for (let i = 0; i < 20; i++) await setUp.print(`${i}${RUN}.${done(i)}`);
  const back = setUp.join({ resumedSeq: peer.position!, screen: peer.screen });
  assert.equal(back.events[0], "m missed");
  assert.deepEqual(marks(back).map(({ status }) => status).slice(-3), [18, undefined, 19]);
  assert.equal(marks(back).length, MAX_WAITING);
});

const anyMark: fc.Arbitrary<PlacedMark> = fc.tuple(
  fc.constantFrom("prompt", "input", "output", "done"),
  fc.nat(5),
  fc.nat(3),
).map(([kind, line, x]) => ({ kind, line, x }));
const anyInput = fc.oneof(
  { weight: 30, arbitrary: anyMark.map((mark) => ({ kind: "mark", mark }) as const) },
  { weight: 3, arbitrary: fc.constant({ kind: "shown" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "resumed" } as const) },
);

Deno.test("whatever is marked when, marks leave in order, few a second, and the newest in the end", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(anyInput, fc.nat(300)), { maxLength: 400 }),
    (inputs) => {
      let state = NO_MARKS, nowMs = 0;
      const left: { readonly mark: PlacedMark; readonly atMs: number }[] = [];
      for (const [input, laterMs] of inputs) {
        nowMs += laterMs;
        const stepped = step(state, input, nowMs);
        for (const mark of stepped.marks) left.push({ mark, atMs: nowMs });
        state = stepped.state;
        assert.ok(state.waiting.length <= MAX_WAITING);
      }
      const end = step(state, { kind: "shown" }, nowMs + 1_000);
      for (const mark of end.marks) left.push({ mark, atMs: nowMs + 1_000 });
      assert.deepEqual(end.state.waiting, []);
      assert.deepEqual(left.at(-1)?.mark, state.last);
      // Two windows may touch: twice as many in any one second.
      for (const { atMs } of left) {
        const near = left.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1_000);
        assert.ok(near.length <= 2 * MAX_A_SECOND);
      }
    },
  ));
});
