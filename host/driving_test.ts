import assert from "node:assert/strict";
import { PRESENTER_ID } from "../format/session_data.ts";
import type { ControlOptions } from "./control.ts";
import { Driving } from "./driving.ts";
import type { HostEvent } from "./events.ts";
import { InputQueue } from "./pty/input.ts";
import { FakeClock } from "./testing/clock.ts";
import { FakePanes } from "./testing/panes.ts";

const OPTIONS: ControlOptions = {
  readOnly: false,
  confirmPaste: false,
  takeOnKey: false,
  whenGone: "pause",
};

/** Driving over a terminal that takes as much as there is room for. */
class SetUp {
  readonly clock = new FakeClock();
  /** What the program's terminal has taken. */
  typed = "";
  room = Infinity;
  readonly events: string[] = [];
  readonly notices: string[] = [];
  readonly reported: HostEvent[] = [];
  /** What is said to have been typed, and whether into a pane. */
  readonly heard: string[] = [];
  readonly #queue = new InputQueue((data) => {
    const some = data.subarray(0, this.room);
    this.room -= some.length;
    this.typed += new TextDecoder().decode(some);
    return some.length;
  });
  readonly panes = new FakePanes();
  readonly driving: Driving;

  constructor(options: Partial<ControlOptions> = {}) {
    this.driving = new Driving({
      control: { ...OPTIONS, ...options },
      clock: this.clock,
      session: {
        type: (data, how) => this.#queue.write(data, how),
        dropTyped: () => this.#queue.drop(),
      },
      note: (data) => void this.events.push(data.kind),
      notice: (id, code) => void this.notices.push(`${id} ${code}`),
      reporter: { report: (event) => void this.reported.push(event) },
      nameOf: (id) => id.toUpperCase(),
      panes: this.panes,
      onTyped: (id, bytes, pane) =>
        void this.heard.push(`${id}${pane ? "'s pane" : ""}: ${new TextDecoder().decode(bytes)}`),
      ownerOf: (id) => ({ id, name: id.toUpperCase(), color: 0 }),
    });
    this.driving.input({ kind: "join", id: "p1", mayType: true });
  }

  grant(forMs: number | null = null): this {
    this.driving.input({ kind: "grant", by: PRESENTER_ID, id: "p1", forMs });
    return this;
  }

  /** Types in the turn that is now, or in another one. */
  type(text: string, turn = this.driving.state.turn.turn): void {
    this.driving.input({ kind: "type", id: "p1", turn, bytes: new TextEncoder().encode(text) });
  }

  take(): void {
    this.driving.input({ kind: "take", by: PRESENTER_ID });
  }

  /** The terminal takes everything that still waits. */
  drain(): void {
    this.room = Infinity;
    this.#queue.flush();
  }
}

Deno.test("what the program has not taken when control is taken back is never typed", () => {
  const setUp = new SetUp().grant();
  setUp.room = 3;
  setUp.type("abcdef");
  setUp.type("ghi");
  setUp.take();
  setUp.drain();
  assert.equal(setUp.typed, "abc");
});

Deno.test("what the presenter has typed before is not dropped with it", () => {
  const setUp = new SetUp();
  setUp.room = 0;
  const bytes = new TextEncoder().encode("mine");
  setUp.driving.input({ kind: "type", id: PRESENTER_ID, bytes });
  setUp.grant();
  setUp.type("theirs");
  setUp.take();
  setUp.drain();
  assert.equal(setUp.typed, "mine");
});

Deno.test("a paste that is cut off by the presenter is closed for the program", () => {
  const setUp = new SetUp().grant();
  setUp.room = 8;
  setUp.type("\x1b[200~abcdef\x1b[201~");
  setUp.take();
  setUp.drain();
  assert.equal(setUp.typed, "\x1b[200~ab\x1b[201~");
});

Deno.test("a grant ends by itself, at its time, and who held it is told before", () => {
  const setUp = new SetUp().grant(60_000);
  setUp.clock.advance(30_000);
  assert.deepEqual(setUp.reported.at(-1), { event: "warn", id: "p1", name: "P1", leftMs: 30_000 });
  setUp.clock.advance(29_999);
  setUp.type("a");
  setUp.clock.advance(1);
  setUp.type("b");
  assert.equal(setUp.typed, "a");
  assert.deepEqual(setUp.events, ["grant", "warn", "revoke"]);
  const last = setUp.reported.at(-1);
  assert.ok(last?.event === "control" && last.why === "expired" && last.mode === "presenter");
});

Deno.test("how it was done is told of what somebody did, and not of what time did", () => {
  const setUp = new SetUp().grant(60_000);
  const by = PRESENTER_ID, via = "api:x7";
  const last = (): unknown[] => {
    const event = setUp.reported.at(-1);
    assert.ok(event?.event === "control");
    return [event.change, event.why, event.via];
  };
  setUp.clock.advance(1_000);
  setUp.driving.input({ kind: "take", by }, via);
  assert.deepEqual(last(), ["revoke", "taken", via]);
  setUp.driving.input({ kind: "grant", by, id: "p1", forMs: 60_000 }, "ctl");
  assert.deepEqual(last(), ["grant", undefined, "ctl"]);
  // Its time is found to be over when somebody does something else.
  setUp.clock.stall(60_000);
  setUp.driving.input({ kind: "mode", by, mode: "presenter" }, via);
  assert.deepEqual(last(), ["revoke", "expired", undefined]);
  setUp.driving.input({ kind: "mode", by, mode: "paused" });
  assert.deepEqual(last(), ["mode", undefined, undefined]);
});

Deno.test("a pane is told to have been opened as it was granted, and not as what came in between", async () => {
  const setUp = new SetUp({ panes: true });
  const { driving } = setUp;
  const by = PRESENTER_ID, pane = true;
  driving.input({ kind: "grant", by, id: "p1", pane }, "ctl");
  driving.input({ kind: "mode", by, mode: "collaborative" }, "api:x7");
  assert.equal(await driving.opening("p1"), true);
  driving.input({ kind: "close-pane", by, id: "p1" });
  const told = setUp.reported.flatMap((event) => event.event === "pane" ? [event] : []);
  assert.deepEqual(told.map(({ open, via }) => [open, via]), [[true, "ctl"], [false, undefined]]);
});

Deno.test("what a pane does not take was not typed, and is not said to have been", async () => {
  const setUp = new SetUp({ panes: true });
  const { driving, panes } = setUp;
  const by = PRESENTER_ID, pane = true, id = "p1";
  driving.input({ kind: "grant", by, id, pane });
  await driving.opening(id);
  const { turn } = driving.state.panes.rights.get(id)!;
  const type = (text: string): void => {
    const bytes = new TextEncoder().encode(text);
    driving.input({ kind: "type", id, turn, bytes, pane });
  };
  type("ls");
  panes.write = () => false;
  type("rm");
  assert.deepEqual(setUp.heard, ["p1's pane: ls"]);
  assert.deepEqual(setUp.notices, ["p1 input-refused"]);
});

Deno.test("an action's answer is for who asked, and no notice besides", () => {
  const setUp = new SetUp();
  const by = PRESENTER_ID;
  assert.deepEqual(setUp.driving.input({ kind: "grant", by, id: "p9" }), ["no-such-participant"]);
  setUp.type("x");
  assert.deepEqual(setUp.notices, ["p1 not-in-control"]);
});

Deno.test("a paste of several lines is told to the presenter, and typed when they agree", () => {
  const setUp = new SetUp({ confirmPaste: true }).grant();
  setUp.driving.input({
    kind: "type",
    id: "p1",
    turn: setUp.driving.state.turn.turn,
    bytes: new TextEncoder().encode("a\rb\r"),
    paste: { lines: 2 },
  });
  assert.equal(setUp.typed, "");
  assert.deepEqual(setUp.reported.at(-1), { event: "paste-held", id: "p1", name: "P1", lines: 2 });
  setUp.driving.input({ kind: "paste", by: PRESENTER_ID, allow: true });
  assert.equal(setUp.typed, "a\rb\r");
});

Deno.test("when it is over nothing is typed and no timer is left", () => {
  const setUp = new SetUp().grant(60_000);
  setUp.driving.end();
  setUp.type("x");
  setUp.clock.advance(120_000);
  assert.equal(setUp.typed, "");
  assert.deepEqual(setUp.events, ["grant"]);
  assert.equal(setUp.clock.pending, 0);
});
