/**
 * People in one session: a real host in this process, a real shell, real sockets, and viewers that ask, type and point.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { PRESENTER_ID } from "../format/session_data.ts";
import { parseLink } from "../wire/link.ts";
import { Session, until } from "./people.ts";

Deno.test("somebody asks, is given control, types, and it is taken back", async () => {
  await using session = new Session();
  const bob = await session.join("bob"), eve = await session.join("eve");
  await bob.sees("$");
  bob.say({ kind: "request", forMs: 60_000, note: "fix the pod" });
  await until(() => eve.facts.requests.length === 1, "the request");
  assert.deepEqual(eve.facts.requests, [{ id: bob.id, forMs: 60_000, note: "fix the pod" }]);
  assert.equal(await session.act({ kind: "grant", id: "bob" }), "done");
  await bob.mode("participant");
  assert.equal(bob.facts.turn.holder, bob.id);
  bob.type("echo $((6*7))\n");
  await eve.sees(/^42$/m);
  eve.type("echo eve\n");
  await eve.isTold("not-in-control");
  await session.act({ kind: "take" });
  await bob.mode("presenter");
  bob.type("echo late\n");
  await bob.isTold("not-in-control");
  (await session.live).type(new TextEncoder().encode("echo $((7*7))\r"));
  await bob.sees(/^49$/m);
  assert.doesNotMatch(bob.text, /late|eve/);
});

Deno.test("of what is on its way when control is taken back, nothing is typed, then or later", async () => {
  await using session = new Session({ command: ["cat", "-v"] });
  const bob = await session.join("bob"), live = await session.live;
  for (let round = 0; round < 5; round++) {
    await session.act({ kind: "grant", id: "bob", forMs: null });
    await bob.mode("participant");
    const { turn } = bob;
    for (let i = 0; i < 50; i++) bob.type("STALE\n", turn);
    await session.act({ kind: "take" });
    await session.act({ kind: "grant", id: "bob", forMs: null });
    for (let i = 0; i < 50; i++) bob.type("STALE\n", turn);
    // What comes after them was heard: so were they.
    bob.say({ kind: "point", at: { x: round, y: 1 } });
    await until(() => bob.facts.pointers.get(bob.id)?.x === round, "the pointer");
    await session.act({ kind: "take" });
    await bob.mode("presenter");
  }
  assert.ok(bob.notices.includes("out-of-turn"));
  live.type(new TextEncoder().encode("end\r"));
  await bob.sees("end");
  assert.doesNotMatch(bob.text, /STALE/);
});

Deno.test("keys, pastes and the mouse arrive as the program's modes want them", async () => {
  const raw = "stty -echo raw; printf '\\e[?1h\\e[?2004h\\e[?1000h\\e[?1006hREADY'; exec cat -v";
  await using session = new Session({ command: ["bash", "-c", raw] });
  const bob = await session.join("bob");
  await bob.sees("READY");
  await session.act({ kind: "mode", mode: "collaborative" });
  await bob.mode("collaborative");
  bob.say({
    kind: "input",
    turn: bob.turn,
    parts: [
      { kind: "key", key: "up" },
      { kind: "key", key: "ctrl+left" },
      { kind: "paste", text: "a\nb" },
      { kind: "mouse", action: "down", button: 0, x: 4, y: 2 },
      { kind: "key", key: "no-such-key" },
    ],
  });
  await bob.sees("^[OA^[[1;5D^[[200~a^Mb^[[201~^[[<0;5;3M");
  await bob.isTold("input-unknown");
});

Deno.test("with --read-only no role and no request makes a byte pass", async () => {
  await using session = new Session({ readOnly: true, command: ["cat"] });
  const live = await session.live;
  const outcome = await live.act(PRESENTER_ID, { kind: "invite", role: "admin" });
  assert.ok(outcome.kind === "refused" && outcome.code === "read-only");
  const bob = await session.join("bob", "view");
  bob.say({ kind: "request" });
  await bob.isTold("role-forbids");
  bob.type("x");
  await bob.isTold("read-only");
  assert.equal(await session.act({ kind: "grant", id: "bob" }), "read-only");
  assert.equal(await session.act({ kind: "mode", mode: "collaborative" }), "read-only");
  live.type(new TextEncoder().encode("mine\r"));
  await bob.sees("mine\nmine");
});

Deno.test("an admin does what the presenter can, others are told that their link does not allow it", async () => {
  await using session = new Session();
  const ada = await session.join("ada", "admin"), bob = await session.join("bob");
  bob.say({ kind: "act", action: { kind: "grant", id: bob.id } });
  await bob.isTold("role-forbids");
  ada.say({ kind: "act", action: { kind: "grant", id: ada.id, forMs: null } });
  await ada.mode("participant");
  ada.say({ kind: "act", action: { kind: "invite", role: "view", once: true } });
  await until(() => ada.link !== undefined, "the link");
  parseLink(ada.link!);
  ada.say({ kind: "act", action: { kind: "grant", id: "nobody" } });
  await ada.isTold("no-such-participant");
  ada.say({ kind: "act", action: { kind: "stop" } });
  await ada.isTold("role-forbids");
});

Deno.test("who is removed reads no more, and the others go on under a new key", async () => {
  await using session = new Session();
  const bob = await session.join("bob"), eve = await session.join("eve");
  await session.act({ kind: "kick", id: "bob" });
  await until(() => bob.ended === "kicked", "bob to be told");
  (await session.live).type(new TextEncoder().encode("echo $((6*7))\r"));
  await eve.sees(/^42$/m);
  assert.ok(!eve.facts.people.has(bob.id));
});

Deno.test("everybody sees where the others point, until they are gone", async () => {
  await using session = new Session();
  const bob = await session.join("bob"), eve = await session.join("eve", "view");
  eve.say({ kind: "point", at: { x: 3, y: 4 } });
  await until(() => bob.facts.pointers.has(eve.id), "the pointer");
  const { x, y } = bob.facts.pointers.get(eve.id)!;
  assert.deepEqual([x, y], [3, 4]);
  eve.say({ kind: "point", at: { x: 300, y: 4 } });
  await until(() => !bob.facts.pointers.has(eve.id), "the pointer to go");
});

Deno.test("who comes later is told who has control and who asks", async () => {
  await using session = new Session();
  const bob = await session.join("bob"), cat = await session.join("cat");
  await session.act({ kind: "grant", id: "bob", forMs: null });
  cat.say({ kind: "request", note: "me\x1b[31m too" });
  await until(() => cat.facts.requests.length === 1, "the request");
  const eve = await session.join("eve");
  await eve.mode("participant");
  assert.equal(eve.facts.turn.holder, bob.id);
  assert.equal(eve.turn, bob.turn);
  assert.deepEqual(eve.facts.requests, [{ id: cat.id, note: "me[31m too" }]);
});

Deno.test("while sharing is paused nobody types into what they do not see", async () => {
  await using session = new Session({ command: ["cat"], mode: "collaborative" });
  const bob = await session.join("bob");
  await session.act({ kind: "pause" });
  await until(() => bob.facts.sharingPaused, "the pause");
  bob.type("blind\n");
  await bob.isTold("input-paused");
  await session.act({ kind: "resume" });
  await until(() => !bob.facts.sharingPaused, "the end of the pause");
  bob.type("seen\n");
  await bob.sees("seen");
  assert.doesNotMatch(bob.text, /blind/);
});

Deno.test("100 KB pasted arrive whole and once", async () => {
  const script = "stty raw -echo; head -c 100000 | md5sum; exec cat";
  await using session = new Session({ command: ["bash", "-c", script], mode: "collaborative" });
  const bob = await session.join("bob");
  await bob.mode("collaborative");
  const text = "0123456789".repeat(10_000);
  bob.say({ kind: "input", turn: bob.turn, parts: [{ kind: "paste", text }] });
  await bob.sees("  -");
  assert.ok(bob.text.includes(createHash("md5").update(text).digest("hex")), bob.text);
});
