import assert from "node:assert/strict";
import { CollabError } from "../../format/errors.ts";
import type { AgentSession } from "../types.ts";
import { Room } from "./room.ts";
import { ADAS, FakeSession, OTTOS } from "./testing/fake_session.ts";
import { Toolbox } from "./toolbox.ts";

const CALL = { signal: new AbortController().signal, progress: (): void => {} };

/** A room with a clock and a door that a test opens. */
class Door {
  readonly said: string[] = [];
  nowMs = 0;
  joins = 0;
  /** What the next join comes to. */
  next: () => Promise<AgentSession> = () => Promise.resolve(new FakeSession());
  readonly room = new Room({
    join: () => (this.joins++, this.next()),
    tell: (line) => void this.said.push(line),
    now: () => this.nowMs,
  });
}

const CLOSED = new CollabError("join-failed", "Cannot join: nobody is there");

Deno.test("all who ask while it is joined wait for one join", async () => {
  const door = new Door();
  const [one, other] = await Promise.all([door.room.session(), door.room.session()]);
  assert.equal(one, other);
  assert.equal(door.joins, 1);
});

Deno.test("a join that failed is told once and tried again later, and later each time", async () => {
  const door = new Door();
  door.next = () => Promise.reject(CLOSED);
  await assert.rejects(door.room.session(), CLOSED);
  door.nowMs = 1_999;
  await assert.rejects(door.room.session(), CLOSED);
  assert.deepEqual([door.joins, door.said.length], [1, 1]);
  door.nowMs = 2_000;
  await assert.rejects(door.room.session(), CLOSED);
  door.nowMs = 5_999;
  await assert.rejects(door.room.session(), CLOSED);
  assert.equal(door.joins, 2);
  door.nowMs = 6_000;
  door.next = () => Promise.resolve(new FakeSession());
  await door.room.session();
  assert.equal(door.joins, 3);
});

Deno.test("a session that was lost is joined again, and one that is over is not", async () => {
  const door = new Door();
  const first = new FakeSession(), second = new FakeSession();
  door.next = () => Promise.resolve(first);
  await door.room.session();
  door.next = () => Promise.resolve(second);
  first.finish("unreachable");
  await first.ended;
  assert.equal(await door.room.session(), second);
  second.finish("ended");
  await second.ended;
  assert.equal(await door.room.session(), second);
  assert.deepEqual(door.said, ["It is over: unreachable [unreachable]"]);
});

Deno.test("who leaves while it is joined is out as soon as that is done", async () => {
  const door = new Door();
  const session = new FakeSession();
  const joined = Promise.withResolvers<AgentSession>();
  door.next = () => joined.promise;
  const asking = door.room.session();
  asking.catch(() => {});
  const left = door.room[Symbol.asyncDispose]();
  joined.resolve(session);
  await left;
  await assert.rejects(asking, { code: "ended" });
  assert.ok(session.left);
});

/** A joined toolbox. */
async function open(): Promise<{ readonly session: FakeSession; readonly tools: Toolbox }> {
  const door = new Door();
  const session = new FakeSession();
  door.next = () => Promise.resolve(session);
  const tools = new Toolbox(door.room, { readOnly: false });
  await tools.call("participants", {}, CALL);
  return { session, tools };
}

async function texts(tools: Toolbox, name: string, args: object = {}): Promise<string[]> {
  const { content } = await tools.call(name, args, CALL);
  return content.map((part) => part.type === "text" ? part.text : "");
}

Deno.test("the next answer after control was taken begins with who did it, an error too, and only that one", async () => {
  const { session, tools } = await open();
  session.happen({ kind: "control", atMs: 0, holder: OTTOS });
  await texts(tools, "screen");
  session.happen({ kind: "control", atMs: 0, holder: ADAS, by: "Ada", why: "taken" });
  const [notice, error] = await texts(tools, "type", { text: "x" });
  assert.match(notice!, /^\[notice\] Ada took control/);
  assert.match(error!, /\[not-in-control\]$/);
  assert.equal((await texts(tools, "screen")).length, 1);
});

Deno.test("with control comes what was written without it, as far as it was not read", async () => {
  const { session, tools } = await open();
  session.happen({ kind: "control", atMs: 0, holder: OTTOS });
  await texts(tools, "yield_control");
  session.lines = ["one", "two"];
  await texts(tools, "output");
  session.lines = ["one", "two", "three"];
  session.happen({ kind: "control", atMs: 0, holder: OTTOS, by: "Ada", note: "see three" });
  const [notice] = await texts(tools, "screen");
  assert.match(notice!, /given by Ada, saying "see three"\.\n.*not read yet:\nthree$/);
  assert.deepEqual(await texts(tools, "output"), ["[nothing new]"]);
});

Deno.test("a request outlives the call that made it, and is made once", async () => {
  const { session, tools } = await open();
  const ask = async (timeout: number): Promise<unknown> =>
    (await tools.call("request_control", { reason: "tests", timeout }, CALL)).structuredContent;
  assert.deepEqual(await ask(0), { state: "pending" });
  assert.deepEqual(await ask(0), { state: "pending" });
  assert.equal(session.requests, 1);
  session.grant("go");
  assert.deepEqual(await ask(1), { state: "granted", seconds: 300, note: "go" });
});

Deno.test("control that was given and taken while nobody waited is asked for again", async () => {
  const { session, tools } = await open();
  await texts(tools, "request_control", { reason: "tests", timeout: 0 });
  session.grant();
  session.happen({ kind: "control", atMs: 0, holder: ADAS, by: "Ada", why: "taken" });
  const answer = await texts(tools, "request_control", { reason: "tests", timeout: 0 });
  assert.match(answer.at(-1)!, /^Pending/);
  assert.equal(session.requests, 2);
});
