/** A program's calls, with a host that says what the test says and time that passes when it says so. */
import assert from "node:assert/strict";
import { AgentError, type AgentErrorCode } from "./errors.ts";
import { PROMPT_QUIET_MS } from "./prompt.ts";
import { FakeHost } from "./testing/fake_host.ts";

const rejects = (promise: Promise<unknown>, code: AgentErrorCode): Promise<void> =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof AgentError);
    assert.equal(error.code, code, error.message);
    return true;
  });

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

Deno.test("what is waited for is found in the same turn as it arrives, on the screen or on its way", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  assert.equal((await member.waitFor({ text: "$" })).line, "$");
  let found: string | undefined;
  const waiting = member.waitFor({ pattern: /^n(\d+)$/ }).then((waited) =>
    found = waited.match![1]
  );
  host.write("\nn7\n");
  await settle();
  assert.equal(found, "7");
  await waiting;
  const passing = member.waitFor({ text: "n3\n" + "n4" });
  host.write("n1\nn2\nn3\nn4\nn5\nn6\nn7\nn8\nn9\nn10\nn11\nn12\n");
  assert.equal((await passing).line, "n3", "it had scrolled off at once");
  assert.equal(host.clock.pending, 0);
});

Deno.test("a wait ends when it is late or called off, and leaves no timer", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  const late = rejects(member.waitFor({ text: "never" }, { timeoutMs: 100 }), "timeout");
  host.clock.advance(99);
  assert.equal(host.clock.pending, 1);
  host.clock.advance(1);
  await late;
  const abort = new AbortController();
  const off = rejects(member.waitFor({ quiet: 500 }, { signal: abort.signal }), "aborted");
  abort.abort();
  await off;
  await rejects(member.waitFor({ text: "$" }, { signal: abort.signal }), "aborted");
  assert.equal(host.clock.pending, 0);
});

Deno.test("quiet is counted from the call, and again from each change", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.clock.advance(10_000);
  let waitedMs: number | undefined;
  const waiting = member.waitFor([{ quiet: 100 }, { text: "never" }]).then((waited) => {
    waitedMs = waited.waitedMs;
  });
  host.clock.advance(60);
  host.write("x");
  host.clock.advance(99);
  await settle();
  assert.equal(waitedMs, undefined);
  host.clock.advance(1);
  await waiting;
  assert.equal(waitedMs, 160);
});

Deno.test("a prompt has returned when it looks like one and nothing has changed for a while", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.give();
  await member.type("make\n");
  let met = false;
  const waiting = member.waitFor({ promptReturns: true }).then(() => met = true);
  host.clock.advance(900);
  await settle();
  assert.equal(met, false, "not even the echo is there");
  host.write("make\n");
  host.clock.advance(5_000);
  host.write("cc x.c\n50% > ");
  host.clock.advance(PROMPT_QUIET_MS - 1);
  host.write("done\n$ ");
  host.clock.advance(PROMPT_QUIET_MS - 1);
  await settle();
  assert.equal(met, false);
  host.clock.advance(1);
  await waiting;
});

Deno.test("what could not be typed does not make anybody wait for a prompt", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.happen({ kind: "shell", data: { kind: "prompt", line: 0, x: 0, top: 0 } });
  await rejects(member.type("ls\n"), "not-in-control");
  assert.equal((await member.waitFor({ promptReturns: true })).met, "promptReturns");
});

Deno.test("with marks a prompt is back at once, and an older mark that comes late is not it", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  const mark = (kind: string, line: number, more: object = {}): void =>
    host.happen({ kind: "shell", data: { kind, line, x: 0, top: 0, ...more } });
  mark("prompt", 0);
  host.give();
  host.answers = false;
  const typing = member.type("make\n");
  await settle();
  mark("input", 0);
  mark("prompt", 0);
  host.answer();
  await settle();
  host.answer();
  await typing;
  let status: number | undefined;
  const waiting = member.waitFor({ promptReturns: true }).then((waited) => status = waited.status);
  host.write("make\n");
  mark("output", 1);
  await settle();
  assert.equal(status, undefined);
  mark("done", 1, { status: 2 });
  mark("prompt", 1);
  await waiting;
  assert.equal(status, 2);
  assert.equal(host.clock.pending, 0);
});

Deno.test("nothing is sent without control, and the error says who has it and for how long", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  await rejects(member.type("x"), "not-in-control");
  await rejects(member.press("ctrl-c"), "not-in-control");
  await rejects(member.paste("x"), "not-in-control");
  await rejects(member.run("x"), "not-in-control");
  host.happen({
    kind: "participant",
    data: { kind: "join", id: "p2", name: "eve", role: "control", type: "agent", color: 2 },
  });
  host.turn({ mode: "participant", holder: "p2", untilMs: 200_000 }, {
    kind: "grant",
    id: "p2",
    by: "host",
  });
  await assert.rejects(member.type("x"), {
    message:
      "Cannot type: control is held by eve (agent) for 3:20 more; call requestControl() and wait for it",
  });
  host.turn({ mode: "paused" }, { kind: "mode", by: "host" });
  await rejects(member.type("x"), "input-paused");
  assert.deepEqual(host.sent, []);
  await rejects(member.press("hyper-x"), "bad-key");
});

Deno.test("typing stops at the piece during which control went", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.give();
  host.answers = false;
  const typing = rejects(member.type("x".repeat(10_240)), "control-lost");
  await settle();
  assert.equal(host.typed.length, 2_048, "no more is on its way than two pieces");
  host.answer();
  await settle();
  const before = host.typed.length;
  host.take();
  host.answer();
  await typing;
  await settle();
  assert.equal(host.typed.length, before);
});

Deno.test("what the host says of it fails what is typed", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.give();
  host.onCommand = () => host.notice("input-refused");
  await rejects(member.type("x"), "input-refused");
  host.onCommand = () => host.notice("input-slowed");
  await member.type("x");
  host.onCommand = () => host.notice("paste-held");
  assert.deepEqual(await member.paste("a\nb"), { held: true });
  host.onCommand = () => host.notice("paste-waiting");
  await rejects(member.paste("a\nb"), "paste-dropped");
  host.onCommand = () => host.notice("out-of-turn");
  await rejects(member.type("x"), "control-lost");
  host.onCommand = () => {};
  const { length } = host.sent;
  await rejects(member.type("x"), "control-lost");
  assert.equal(host.sent.length, length, "the host is not asked again in the same turn");
  host.give();
  await member.type("x");
});

Deno.test("a program types in order, and no faster than a host lets pass", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.give();
  const words = Array.from({ length: 400 }, (_, i) => `${i} `);
  const all = Promise.all(words.map((word) => member.type(word)));
  for (let i = 0; i < 40; i++) await settle();
  const atOnce = host.sent.length;
  assert.ok(atOnce >= 200 && atOnce < 400, `${atOnce}`);
  while (host.sent.length < 400) {
    host.clock.advance(50);
    for (let i = 0; i < 10; i++) await settle();
  }
  await all;
  assert.equal(host.typed, words.join(""));
});

Deno.test("calls fail while the connection is cut, and what waits goes on", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.give();
  const waiting = member.waitFor({ text: "there" });
  const events = member.events();
  host.answers = false;
  const typing = rejects(member.type("x"), "cut");
  await settle();
  host.cut();
  await typing;
  await rejects(member.type("x"), "cut");
  await rejects(member.mark("x"), "cut");
  assert.equal((await events.next()).value.kind, "cut");
  host.back();
  host.answers = true;
  host.write("there");
  await waiting;
  assert.equal((await events.next()).value.kind, "back");
  await member.type("x");
});

Deno.test("asking for control ends with what was answered", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.write("ls\na\n$ ");
  const asked = member.requestControl({ reason: "to help", forMs: 60_000 });
  await settle();
  assert.deepEqual(host.sent, [{ kind: "request", forMs: 60_000, note: "to help" }]);
  host.give({ untilMs: 60_000, note: "go on" });
  const grant = await asked;
  assert.deepEqual([grant.forMs, grant.note, grant.missed.lines], [60_000, "go on", [
    "$ ls",
    "a",
    "$",
  ]]);
  host.write("echo mine\nmine\n$ ");
  const known = await member.requestControl();
  assert.deepEqual([known.forMs, known.note, known.missed.lines], [60_000, "go on", ["$"]]);
  host.give();
  assert.equal((await member.requestControl()).note, undefined, "it is given anew");
  host.take();
  host.write("more\n");
  const again = member.requestControl();
  await settle();
  host.give();
  assert.deepEqual((await again).missed.lines, ["$ more"]);
  host.take();
  for (const [kind, code] of [["deny", "control-denied"], ["lapse", "control-lapsed"]] as const) {
    const refused = rejects(member.requestControl(), code);
    await settle();
    host.control({ kind, id: "p1", by: "host" });
    await refused;
  }
  const brief = rejects(member.requestControl(), "control-lost");
  await settle();
  const about = { id: "p1", by: "host" };
  const mine = { mode: "participant", holder: "p1", turn: 90 };
  host.happen(
    { kind: "control", data: { kind: "grant", ...about, ...mine } },
    { kind: "control", data: { kind: "revoke", ...about, mode: "presenter", turn: 91 } },
  );
  await brief;
  host.onCommand = () => host.notice("queue-full");
  await rejects(member.requestControl(), "queue-full");
  host.onCommand = () => {};
  const abort = new AbortController();
  const off = rejects(member.requestControl({ signal: abort.signal }), "aborted");
  await settle();
  abort.abort();
  await off;
  assert.deepEqual(host.sent.at(-1), { kind: "withdraw" });
  assert.equal(host.clock.pending, 0);
});

Deno.test("asking for a pane ends with what was answered, also when it was granted and cannot be opened", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  for (const [kind, code] of [["deny", "control-denied"], ["lapse", "control-lapsed"]] as const) {
    const refused = rejects(member.openPane({ reason: "to test" }), code);
    await settle();
    assert.deepEqual(host.sent.at(-1), { kind: "request", pane: true, note: "to test" });
    host.control({ kind, id: "p1", by: "host" });
    await refused;
  }
  const failed = rejects(member.openPane(), "pane-failed");
  await settle();
  host.notice("pane-failed");
  await failed;
  host.onCommand = () => host.notice("no-panes");
  await rejects(member.openPane(), "no-panes");
});

Deno.test("control is asked for when the pane that was asked for before is decided on", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  const pane = rejects(member.openPane(), "control-denied");
  await settle();
  host.control({ kind: "request", id: "p1", pane: true });
  host.onCommand = () => host.notice("already-asked");
  const control = member.requestControl();
  await settle();
  host.onCommand = () => {};
  host.control({ kind: "deny", id: "p1", by: "host" });
  await pane;
  await settle();
  assert.deepEqual(host.sent, [
    { kind: "request", pane: true },
    { kind: "request" },
    { kind: "request" },
  ]);
  host.give();
  await control;
  // What is not pending is not taken back.
  host.take();
  host.control({ kind: "request", id: "p1", pane: true });
  host.onCommand = () => host.notice("already-asked");
  const late = rejects(member.requestControl({ timeoutMs: 100 }), "timeout");
  await settle();
  host.clock.advance(100);
  await late;
  assert.deepEqual(host.sent.at(-1), { kind: "request" });
  assert.equal(host.clock.pending, 0);
});

Deno.test("output comes once a line is complete, and a slow reader is told what is missing", async () => {
  const host = new FakeHost();
  await using member = await host.join({ keepLines: 5 });
  const output = member.output();
  const first = output.next();
  host.write("ls");
  await settle();
  host.write("\nab");
  assert.deepEqual((await first).value.lines, ["$ ls"]);
  host.write("c\n" + Array.from({ length: 30 }, (_, i) => `${i}\n`).join(""));
  const chunk = (await output.next()).value;
  assert.equal(chunk.lines.at(-1), "29");
  assert.equal(chunk.lines.length + chunk.missing, 31);
  host.write("last");
  host.end({ code: "ended", status: 0 });
  assert.deepEqual((await output.next()).value.lines, ["last"]);
  assert.equal((await output.next()).done, true);
});

Deno.test("everything ends with the session, and says why", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.give();
  const waiting = rejects(member.waitFor({ text: "never" }), "ended");
  const exit = rejects(member.waitFor({ exit: true }), "ended");
  const events = member.events();
  host.answers = false;
  const typing = rejects(member.type("x"), "ended");
  await settle();
  host.end({ code: "kicked" });
  await Promise.all([waiting, exit, typing]);
  assert.equal((await member.ended).code, "kicked");
  assert.equal((await events.next()).done, true);
  assert.equal((await member.events().next()).done, true);
  await assert.rejects(member.type("x"), { code: "ended", reason: "kicked" });
  assert.equal(host.clock.pending, 0);
});

Deno.test("a host that sends what is no event ends the session by name", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.babble();
  assert.equal((await member.ended).code, "recording-bad-event");
});

Deno.test("a program is among the people before the host has told of it", async () => {
  const host = new FakeHost();
  await using member = await host.join();
  host.happen({ kind: "participant", data: { kind: "leave", id: "p1" } });
  assert.deepEqual(member.people.map(({ id, type }) => [id, type]), [
    ["host", "person"],
    ["p1", "agent"],
  ]);
});

Deno.test("a signal leaves the session", async () => {
  const host = new FakeHost();
  const abort = new AbortController();
  await using member = await host.join({ signal: abort.signal });
  abort.abort();
  assert.equal((await member.ended).code, "left");
});

Deno.test("all that came is acknowledged, so that the host takes nobody for slow", async () => {
  const host = new FakeHost();
  await using _member = await host.join();
  host.write("x");
  host.write("y");
  assert.equal(host.paintedSeq, 3);
});
