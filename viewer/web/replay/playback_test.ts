import assert from "node:assert/strict";
import { rowText } from "../../../format/row.ts";
import { EventLog } from "../../../record/event_log.ts";
import { FakeClock } from "../../fakes.ts";
import { Playback, type PlaybackOptions } from "./playback.ts";

/** A recording of three words, ten seconds apart, with a marker and a handoff. */
function recording(): EventLog {
  const log = new EventLog({ version: 3, cols: 20, rows: 2, extra: {} });
  log.append({ kind: "output", data: "one" }, 0);
  log.append({
    kind: "participant",
    data: { kind: "join", id: "p1", name: "Ada", role: "control" },
  }, 2_000);
  log.append({
    kind: "control",
    data: { kind: "grant", id: "p1", mode: "participant", holder: "p1", turn: 1 },
  }, 4_000);
  log.append({ kind: "pointer", data: { id: "p1", x: 3, y: 1 } }, 5_000);
  log.append({ kind: "output", data: " two" }, 10_000);
  log.append({ kind: "marker", label: "here\u202e" }, 15_000);
  log.append({ kind: "output", data: " three" }, 20_000);
  return log;
}

/** A recording that plays by a clock of the test. */
class Desk implements Disposable {
  readonly clock = new FakeClock();
  changes = 0;
  readonly playback: Playback;

  constructor(options: Partial<PlaybackOptions> = {}) {
    this.playback = new Playback(recording(), {
      clock: this.clock,
      onChange: () => this.changes++,
      ...options,
    });
  }

  /** What is shown, and when that was. */
  get shown(): string {
    const { frame, player } = this.playback;
    return `${rowText(frame.lines[0]!)} at ${Math.round(player.positionMs)}`;
  }

  [Symbol.dispose](): void {
    this.playback[Symbol.dispose]();
  }
}

Deno.test("a recording plays by itself to its end, and tells the time on the way", () => {
  using desk = new Desk();
  assert.equal(desk.shown, "one at 0");
  const before = desk.changes;
  desk.clock.advance(1_000);
  assert.ok(desk.changes - before >= 9);
  desk.clock.advance(9_500);
  assert.equal(desk.shown, "one two at 10500");
  desk.clock.advance(20_000);
  assert.equal(desk.shown, "one two three at 20000");
  assert.ok(desk.playback.ended);
});

Deno.test("once it stands still, nothing is woken any more", () => {
  using desk = new Desk();
  desk.clock.advance(30_000);
  assert.equal(desk.clock.pending, 0);
  const { changes } = desk;
  desk.clock.advance(60_000);
  assert.equal(desk.changes, changes);
  desk.playback.input({ kind: "toggle" });
  assert.equal(desk.shown, "one at 0");
  desk.playback.input({ kind: "pause" });
  assert.equal(desk.clock.pending, 0);
});

Deno.test("it begins where it is told to, as fast and with as short waits", () => {
  {
    using desk = new Desk({ atMs: 12_000, speed: 2 });
    assert.equal(desk.shown, "one two at 12000");
    desk.clock.advance(4_100);
    assert.equal(desk.shown, "one two three at 20000");
  }
  using desk = new Desk({ idleLimitMs: 1_000 });
  desk.clock.advance(6_500);
  assert.equal(desk.shown, "one two three at 20000");
});

Deno.test("a place is gone to by its time, its tenth, its marker and its handoff", () => {
  using desk = new Desk();
  const { playback } = desk;
  playback.input({ kind: "pause" });
  playback.toTenth(5);
  assert.equal(desk.shown, "one two at 10000");
  playback.input({ kind: "marker", by: 1 });
  assert.equal(desk.shown, "one two at 15000");
  playback.toHandoff(-1);
  assert.equal(desk.shown, "one at 4000");
  playback.input({ kind: "seek", toMs: 19_000 });
  assert.equal(desk.shown, "one two at 19000");
  assert.deepEqual(playback.markers.map(({ label }) => label), ["here"]);
});

Deno.test("who was there, who drove and where they pointed is known at every place", () => {
  using desk = new Desk();
  const { playback } = desk;
  const names = (): string[] => [...playback.facts.people.values()].map(({ name }) => name);
  playback.input({ kind: "pause" });
  assert.deepEqual(names(), []);
  playback.input({ kind: "seek", toMs: 6_000 });
  assert.deepEqual(names(), ["Ada"]);
  assert.equal(playback.facts.turn.holder, "p1");
  assert.deepEqual([...playback.facts.pointers.keys()], ["p1"]);
  playback.input({ kind: "seek", toMs: 11_000 });
  assert.equal(playback.facts.pointers.size, 0);
  assert.deepEqual(playback.stretches.map(({ toMs, driver }) => [toMs, driver?.name]), [
    [4_000, undefined],
    [20_000, "Ada"],
  ]);
});

Deno.test("what the command ended with is known where it was recorded", () => {
  using desk = new Desk();
  assert.equal(desk.playback.exitStatus, undefined);
  const log = recording();
  log.append({ kind: "exit", status: 3 }, 21_000);
  using playback = new Playback(log, { clock: new FakeClock(), onChange: () => {} });
  assert.equal(playback.exitStatus, 3);
});

Deno.test("an empty recording is over at once", () => {
  const log = new EventLog({ version: 3, cols: 20, rows: 2, extra: {} });
  using playback = new Playback(log, { clock: new FakeClock(), onChange: () => {} });
  assert.ok(playback.ended);
  assert.equal(playback.durationMs, 0);
});
