import assert from "node:assert/strict";
import { passThroughRedactor } from "../../redact/redactor.ts";
import { until } from "../../wire/test_support.ts";
import { Broadcast, type StreamPeer, WINDOW_BYTES } from "../broadcast.ts";
import { Session, type SessionStatus } from "../session.ts";
import { FakeClock } from "../testing/clock.ts";
import { Desk } from "../testing/desk.ts";
import { FakePeer, FakeStream } from "../testing/peer.ts";
import { FakePty } from "../testing/pty.ts";
import { FakeSink } from "../testing/sink.ts";

/** A session with a sink, at a time that stands still. */
class SetUp {
  readonly pty = new FakePty();
  readonly clock = new FakeClock();
  readonly session: Session;
  readonly status: Promise<SessionStatus>;

  constructor() {
    this.session = new Session({
      pty: this.pty,
      cols: 80,
      rows: 24,
      redactor: passThroughRedactor(),
      clock: this.clock,
      onSinkError: (_, error) => {
        throw error;
      },
    });
    this.session.add(new FakeSink());
    this.status = this.session.run();
  }

  type(): void {
    void this.session.type(new TextEncoder().encode("x"));
  }

  /** The program prints something after a while. */
  async echo(afterMs: number, text = "x"): Promise<void> {
    this.clock.advance(afterMs);
    await this.pty.print(text);
  }

  get latencies(): readonly number[] {
    const { count, sumSeconds } = this.session.echoLatency;
    return [count, Math.round(sumSeconds * 1_000)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pty.end();
    await this.status;
  }
}

Deno.test("the echo of a key is the next frame; what the program prints by itself is none", async () => {
  await using setUp = new SetUp();
  await setUp.echo(100);
  assert.deepEqual(setUp.latencies, [0, 0]);
  setUp.clock.advance(100);
  setUp.type();
  await setUp.echo(7);
  assert.deepEqual(setUp.latencies, [1, 7]);
  await setUp.echo(100);
  assert.deepEqual(setUp.latencies, [1, 7]);
});

Deno.test("of several keys that one frame shows the first one's wait counts", async () => {
  await using setUp = new SetUp();
  setUp.clock.advance(100);
  setUp.type();
  setUp.clock.advance(5);
  setUp.type();
  await setUp.echo(5);
  assert.deepEqual(setUp.latencies, [1, 10]);
});

Deno.test("a password that shows nothing is not a slow echo, nor is a screen that changes much later", async () => {
  await using setUp = new SetUp();
  setUp.clock.advance(100);
  setUp.type();
  setUp.clock.advance(1_500);
  setUp.type();
  await setUp.echo(20);
  assert.deepEqual(setUp.latencies, [1, 20]);
  setUp.type();
  await setUp.echo(60_000);
  assert.deepEqual(setUp.latencies, [1, 20]);
});

Deno.test("frames that others are shown and bytes that the program prints are counted", async () => {
  await using setUp = new SetUp();
  const { frames } = setUp.session;
  await setUp.echo(100, "hello");
  await setUp.echo(100, "\x1b[0m");
  assert.deepEqual([setUp.session.frames - frames, setUp.session.outputBytes], [1, 9]);
  setUp.session.pause();
  const paused = setUp.session.frames;
  await setUp.echo(100, "hidden");
  assert.deepEqual([setUp.session.frames, setUp.session.outputBytes], [paused, 15]);
});

Deno.test("differences are counted once for all, and once for each who needs its own; laggards skip frames", async () => {
  await using setUp = new SetUp();
  const slowOnes: StreamPeer[] = [];
  const broadcast = new Broadcast({
    stream: new FakeStream(),
    clock: setUp.clock,
    roster: () => ({ kind: "roster" }),
    control: () => ({ kind: "state" }),
    onLag: (peer) => slowOnes.push(peer),
  });
  setUp.session.add(broadcast);
  const fast = new FakePeer(), slow = new FakePeer();
  using _ = fast, __ = slow;
  broadcast.join(fast);
  broadcast.join(slow);
  const { all } = broadcast.deltas;
  assert.equal(broadcast.deltas.one, 2);
  await setUp.echo(100, "a");
  assert.equal(broadcast.deltas.all, all + 1);
  slow.prompt = false;
  slow.inFlightBytes = WINDOW_BYTES;
  await setUp.echo(100, "b");
  assert.deepEqual(slowOnes, [slow]);
  assert.equal(broadcast.framesSkipped, 0);
  await setUp.echo(100, "c");
  await setUp.echo(100, "d");
  assert.equal(broadcast.framesSkipped, 2);
  assert.deepEqual(broadcast.lag, {
    viewers: 1,
    bytes: slow.inFlightBytes,
    maxBytes: slow.inFlightBytes,
  });
  assert.deepEqual(broadcast.deltas, { all: all + 4, one: 2 });
  slow.ack();
  slow.prompt = true;
  setUp.clock.advance(100);
  assert.deepEqual(broadcast.deltas, { all: all + 4, one: 3 });
  assert.deepEqual(broadcast.lag, { viewers: 0, bytes: 0, maxBytes: 0 });
  assert.equal(slowOnes.length, 1);
});

Deno.test("a session knows who came, who typed, how control went, and what it took", async () => {
  await using desk = await Desk.open();
  const ada = await desk.guest("Ada");
  await desk.guest("bot", { role: "agent", agent: true });
  await desk.type("abc");
  await desk.live.act("host", { kind: "grant", id: ada.id });
  const { turn } = desk.live.control.turn;
  ada.send({ kind: "input", turn, parts: [{ kind: "text", text: "hello" }] });
  await until(() => desk.typed === "abchello", "what Ada types");
  await desk.live.act("host", { kind: "take" });
  await desk.print("x".repeat(500));
  const measures = desk.live.measure();
  assert.deepEqual(measures.inputBytes, { presenter: 3, participant: 5, agent: 0 });
  assert.deepEqual(measures.handoffs, { grant: 1, revoke: 1, mode: 0 });
  assert.deepEqual(measures.joins, { view: 0, control: 1, agent: 1, admin: 0 });
  assert.deepEqual(measures.participants, measures.joins);
  assert.equal(measures.activeSessions, 1);
  assert.equal(measures.outputBytes, 500);
  assert.ok(measures.receivedBytes > 1_000, `${measures.receivedBytes}`);
  // Two watched all that the program printed.
  assert.equal(measures.savedBytes, 1_000 - measures.sentBytes);
  assert.ok(measures.deltas.all > 0 && measures.deltas.one === 2);
  await desk.live.act("host", { kind: "kick", id: ada.id });
  const after = desk.live.measure();
  assert.deepEqual([after.leaves, after.participants.control], [1, 0]);
});
