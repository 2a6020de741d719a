import assert from "node:assert/strict";
import type { CastEvent } from "../format/events.ts";
import type { GoneReason } from "../wire/viewer_peer.ts";
import type { HostEvent } from "./events.ts";
import { type ParticipantPeer, Participants } from "./participants.ts";
import { FakeClock } from "./testing/clock.ts";

class Peer implements ParticipantPeer {
  readonly id: string;
  readonly name: string;
  readonly claims = { session: "s", role: "view", expiresAtMs: 0, id: "t", single: false } as const;
  readonly agent = false;
  readonly latencyMs = undefined;
  closed: GoneReason | undefined;
  #gone: (reason: GoneReason) => void = () => {};

  constructor(id: string, name: string) {
    this.id = id;
    this.name = name;
  }

  onClose(callback: (reason: GoneReason) => void): void {
    this.#gone = callback;
  }

  close(reason: GoneReason): void {
    this.closed = reason;
    this.#gone(reason);
  }
}

class SetUp {
  readonly clock = new FakeClock();
  readonly noted: CastEvent[] = [];
  readonly reported: HostEvent[] = [];
  readonly presence: string[] = [];
  readonly participants = new Participants({
    clock: this.clock,
    presenter: "ada",
    note: (event) => void this.noted.push(event),
    reporter: { report: (event) => void this.reported.push(event) },
    onPresence: (presence, { id }) =>
      void this.presence.push(`${presence} ${this.participants.nameOf(id)}`),
  });
  gone = 0;

  join(id: string, name: string): Peer {
    const peer = new Peer(id, name);
    this.participants.join(peer, () => this.gone++);
    return peer;
  }

  /** What was reported, in short. */
  get story(): string[] {
    return this.reported.map((event) => "name" in event ? `${event.event} ${event.name}` : "?");
  }
}

Deno.test("joins and leaves are noted and reported, with how many watch", () => {
  const setUp = new SetUp();
  setUp.join("p1", "bob");
  const eve = setUp.join("p2", "eve");
  assert.equal(setUp.participants.watching, 2);
  eve.close("left");
  assert.deepEqual(setUp.reported, [
    { event: "join", id: "p1", name: "bob", role: "view", type: "person", color: 1, watching: 1 },
    { event: "join", id: "p2", name: "eve", role: "view", type: "person", color: 2, watching: 2 },
    { event: "leave", id: "p2", name: "eve", watching: 1 },
  ]);
  assert.equal(setUp.noted.length, 3);
  assert.equal(setUp.gone, 1);
});

Deno.test("names are told apart, from the presenter's too", () => {
  const setUp = new SetUp();
  for (const [id, name] of [["p1", "ada"], ["p2", "bob"], ["p3", "bob"], ["p4", ""], ["p5", ""]]) {
    setUp.join(id!, name!);
  }
  const names = setUp.participants.list.map(({ name }) => name);
  assert.deepEqual(names, ["ada 2", "bob", "bob 2", "guest", "guest 2"]);
});

Deno.test("who was cut off and comes back at once has never left", () => {
  const setUp = new SetUp();
  setUp.join("p1", "bob").close("cut");
  assert.equal(setUp.participants.watching, 0);
  setUp.clock.advance(1_000);
  setUp.join("p1", "bob");
  setUp.clock.advance(60_000);
  assert.deepEqual(setUp.story, ["join bob"]);
  assert.equal(setUp.participants.watching, 1);
});

Deno.test("who was cut off and does not come back has left", () => {
  const setUp = new SetUp();
  setUp.join("p1", "bob").close("cut");
  setUp.clock.advance(60_000);
  assert.deepEqual(setUp.story, ["join bob", "leave bob"]);
});

Deno.test("who had to leave is gone at once, and why is told", () => {
  const setUp = new SetUp();
  const whys = ["kicked", "token-expired", "token-revoked", "message-flood"] as const;
  for (const why of whys) setUp.join(why, why).close(why);
  setUp.join("away", "away").close("cut");
  setUp.participants.forget("away", "kicked");
  const told = setUp.reported.flatMap((event) => event.event === "leave" ? [event.why] : []);
  assert.deepEqual(told, [...whys, "kicked"]);
  assert.equal(setUp.participants.list.length, 0);
});

Deno.test("a connection that was superseded does not take the new one with it", () => {
  const setUp = new SetUp();
  const old = setUp.join("p1", "bob");
  old.close("superseded");
  setUp.join("p1", "bob");
  old.close("cut");
  setUp.clock.advance(60_000);
  assert.deepEqual(setUp.story, ["join bob"]);
});

Deno.test("the end of the session is nobody's leaving", () => {
  const setUp = new SetUp();
  setUp.join("p1", "bob").close("ended");
  assert.deepEqual(setUp.story, ["join bob"]);
});

Deno.test("a roster names the presenter and at most a hundred others", () => {
  const setUp = new SetUp();
  for (let i = 0; i < 300; i++) setUp.join(`p${i}`, `n${i}`);
  const { count, participants } = setUp.participants.roster();
  assert.equal(count, 300);
  assert.equal((participants as unknown[]).length, 101);
});

Deno.test("everybody has a colour of their own as long as there are enough, and keeps it", () => {
  const setUp = new SetUp();
  const peers = Array.from({ length: 7 }, (_, i) => setUp.join(`p${i}`, `name ${i}`));
  const colors = setUp.participants.list.map(({ color }) => color);
  assert.deepEqual(colors, [1, 2, 3, 4, 5, 6, 7]);
  peers[3]!.close("left");
  setUp.join("p9", "new");
  assert.equal(setUp.participants.get("p9")?.color, 4);
  setUp.join("p10", "ninth");
  assert.equal(setUp.participants.get("p10")?.color, 0);
});

Deno.test("somebody is found by their id, or by their name in any case", () => {
  const setUp = new SetUp();
  setUp.join("p1", "Bob");
  assert.equal(setUp.participants.find("p1")?.name, "Bob");
  assert.equal(setUp.participants.find("bOB")?.id, "p1");
  assert.equal(setUp.participants.find("eve"), undefined);
  assert.equal(setUp.participants.nameOf("host"), "ada");
});

Deno.test("presence is told in the order in which it changes, and the name is still known", () => {
  const setUp = new SetUp();
  setUp.join("p1", "bob").close("cut");
  setUp.join("p1", "bob").close("cut");
  setUp.clock.advance(10_000);
  assert.deepEqual(setUp.presence, ["join bob", "away bob", "back bob", "away bob", "leave bob"]);
});
