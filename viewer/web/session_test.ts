import assert from "node:assert/strict";
import { rowText } from "../../format/row.ts";
import type { ConnectionEvent, ViewerCommandJson } from "../../wire/connection.ts";
import { FakeClock } from "../fakes.ts";
import { Session, type SessionState } from "./session.ts";
import type { Told } from "./told.ts";

const HEADER = JSON.stringify({ version: 3, term: { cols: 20, rows: 3 } });
const LIVE = {
  kind: "status",
  status: { kind: "live", attempt: 1, welcomed: true, sinceMs: 0, heardMs: 0, nextPingMs: 0 },
} as const;

class Desk implements Disposable {
  readonly clock = new FakeClock();
  readonly sent: ViewerCommandJson[] = [];
  readonly painted: number[] = [];
  readonly told: Told[] = [];
  readonly states: SessionState[] = [];
  /** What was drawn, and how much had been acknowledged by then. */
  readonly frames: { readonly text: string; readonly painted: number }[] = [];
  closed = false;
  readonly session: Session;
  #emit: (event: ConnectionEvent) => void = () => {};

  constructor() {
    this.session = new Session({
      clock: this.clock,
      connect: ({ onEvent }) => {
        this.#emit = onEvent;
        return {
          painted: (seq) => void this.painted.push(seq),
          send: (command) => this.sent.push(command) > 0,
          close: () => this.closed = true,
          retry: () => {},
        };
      },
      onFrame: ({ lines }) => {
        this.frames.push({ text: lines.map(rowText).join("|"), painted: this.painted.length });
      },
      onState: (state) => this.states.push(state),
      onTold: (told) => this.told.push(told),
    });
  }

  emit(...events: readonly ConnectionEvent[]): this {
    for (const event of events) this.#emit(event);
    return this;
  }

  join(ticket = "t"): this {
    return this.emit(LIVE, {
      kind: "welcome",
      you: { id: "p1", name: "Ada", role: "control" },
      ticket,
      expiresAtMs: 0,
      epoch: 1,
      seq: 1,
      atMs: 0,
      header: HEADER,
    });
  }

  state(...lines: readonly string[]): this {
    return this.emit({ kind: "state", seq: 1, atMs: 0, lines: lines.join("\n") + "\n" });
  }

  lines(seq: number, ...lines: readonly string[]): this {
    return this.emit({ kind: "lines", seq, lines: lines.join("\n") + "\n" });
  }

  [Symbol.dispose](): void {
    this.session[Symbol.dispose]();
  }
}

const event = (code: string, data: unknown): string =>
  JSON.stringify([0, code, typeof data === "string" ? data : JSON.stringify(data)]);
const ROSTER = event("p", {
  kind: "roster",
  count: 1,
  participants: [
    { kind: "join", id: "host", name: "Grace", role: "presenter", type: "person", color: 0 },
    { kind: "join", id: "p1", name: "Ada", role: "control", type: "person", color: 1 },
  ],
});
const joined = (id: string, name: string): string =>
  event("p", { kind: "join", id, name, role: "view", type: "person", color: 2 });

Deno.test("what comes is drawn, and acknowledged once it is", () => {
  using desk = new Desk();
  desk.join().state(event("o", "one")).lines(2, event("o", "\r\ntwo"));
  assert.deepEqual(desk.frames, [
    { text: "one||", painted: 0 },
    { text: "one|two|", painted: 1 },
  ]);
  assert.deepEqual(desk.painted, [1, 2]);
});

Deno.test("what only draws changes nothing else", () => {
  using desk = new Desk();
  desk.join().state(ROSTER, event("o", "one"));
  const before = desk.states.length;
  desk.lines(2, event("o", "two"));
  assert.equal(desk.states.length, before);
});

Deno.test("those who come together are told as one, and one's own coming is not told", () => {
  using desk = new Desk();
  desk.join().state(ROSTER, event("o", "$"));
  assert.deepEqual(desk.told, []);
  desk.lines(2, joined("p2", "Bo"), joined("p3", "Cy"), joined("p4", "Di"), joined("p5", "Ed"));
  desk.lines(3, event("p", { kind: "leave", id: "p3", name: "Cy" }));
  assert.deepEqual(desk.told.map(({ text }) => text), [
    "Bo, Cy and 2 more have joined",
    "Cy has left",
  ]);
});

Deno.test("what happens to one's control is told as one's own", () => {
  using desk = new Desk();
  desk.join().state(
    ROSTER,
    event("c", { kind: "state", mode: "presenter", turn: 1, requests: [] }),
  );
  const grant = { kind: "grant", id: "p1", by: "host", mode: "participant", holder: "p1", turn: 2 };
  desk.lines(2, event("c", grant));
  assert.equal(desk.session.mayType, true);
  desk.lines(3, event("c", { kind: "pause" }));
  assert.deepEqual(desk.told.map(({ text, tone }) => [text, tone]), [
    ["You drive now", "mine"],
    ["The presenter has paused sharing", "info"],
  ]);
});

Deno.test("nobody types while the connection is made again", () => {
  using desk = new Desk();
  const turn = { mode: "collaborative", turn: 2 };
  desk.join().state(ROSTER, event("c", { kind: "state", requests: [], ...turn }));
  assert.equal(desk.session.mayType, true);
  const waiting = { kind: "waiting", attempt: 1, welcomed: true, untilMs: 1, why: "cut" } as const;
  desk.emit({ kind: "status", status: waiting });
  assert.equal(desk.session.mayType, false);
});

Deno.test("a host that has forgotten the viewer begins with an empty screen", () => {
  using desk = new Desk();
  desk.join().state(event("o", "old"));
  desk.join("another").state(event("o", "new"));
  assert.equal(desk.frames.at(-1)!.text, "new||");
});

Deno.test("a host that sends what is no event is followed no further", () => {
  using desk = new Desk();
  desk.join().state("[0,", event("o", "x"));
  assert.match(desk.session.state.fault ?? "", /cannot follow the session/);
  assert.ok(desk.closed);
  const frames = desk.frames.length;
  desk.lines(2, event("o", "more"));
  assert.equal(desk.frames.length, frames);
});

Deno.test("the clock of the session is known by what comes from it", () => {
  using desk = new Desk();
  assert.equal(desk.session.nowMs, undefined);
  desk.join().emit({ kind: "state", seq: 1, atMs: 5_000, lines: event("o", "x") + "\n" });
  const now = desk.session.nowMs!;
  desk.clock.advance(250);
  assert.equal(desk.session.nowMs! - now, 250);
});
