import assert from "node:assert/strict";
import { CollabError } from "../../format/errors.ts";
import { createSessionKeys } from "../../wire/token.ts";
import { CHECKPOINT_MS } from "./audit.ts";
import type { AuditEvent } from "./entry.ts";
import { bytes, KEYS, redactorOf, TestLog, verdictOn } from "./testing/logs.ts";
import { SILENT_MS, type TypedInto } from "./unseen.ts";

const ADA = { id: "host", name: "Ada" }, BOB = { id: "p1", name: "Bob" };
const BOB_JOINS = {
  event: "join",
  ...BOB,
  role: "control",
  type: "person",
  color: 1,
  watching: 1,
} as const;

/** Lets what was begun without waiting come to its end. */
async function settled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 0);
  await promise;
}

Deno.test("a log begins with whose it is, ends with how it ended, and is whole", async () => {
  await using log = new TestLog();
  const audit = await log.start({ title: "Deploy", command: "make deploy" });
  audit.report({ event: "exit", code: 130, signal: "SIGINT" });
  await audit.close();
  const [first, last, ...more] = await log.entries();
  assert.deepEqual(more, []);
  assert.deepEqual(first, {
    event: "start",
    by: ADA,
    command: "make deploy",
    key: first?.key,
    session: KEYS.session,
    title: "Deploy",
    version: 1,
  });
  assert.deepEqual(last, { event: "end", status: 130, signal: "SIGINT" });
  const verdict = await verdictOn(await log.text());
  assert.deepEqual([verdict.kind, "session" in verdict && verdict.session], [
    "closed",
    KEYS.session,
  ]);
});

Deno.test("what a host reports is told, with names, and with who did it", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  audit.report({
    event: "ready",
    url: "http://127.0.0.1:1/s/x#secret",
    session: KEYS.session,
    pid: 1,
    childPid: 2,
    cols: 80,
    rows: 24,
    record: "a.cast",
    expires: "2026-11-21T22:03:00.000Z",
  });
  audit.report(BOB_JOINS);
  audit.report({ event: "request", ...BOB, forMs: 60_000, note: "let me" });
  audit.report({
    event: "control",
    change: "grant",
    mode: "participant",
    by: "host",
    holder: "p1",
    name: "Bob",
    leftMs: 60_000,
  });
  audit.report({ event: "warn", ...BOB, leftMs: 30_000 });
  audit.report({
    event: "control",
    change: "revoke",
    mode: "presenter",
    by: "p1",
    from: "Bob",
    why: "yielded",
    note: "done",
  });
  audit.report({
    event: "control",
    change: "grant",
    mode: "participant",
    by: "host",
    holder: "p1",
    name: "Bob",
  });
  audit.report({ event: "control", change: "mode", mode: "collaborative", by: "host" });
  audit.report({ event: "control", change: "mode", mode: "presenter", by: "host", agent: true });
  audit.report({ event: "request-ended", ...BOB, how: "deny", by: "p1" });
  audit.report({ event: "paste-held", ...BOB, lines: 3 });
  const link = { role: "view", expires: "2026-11-21T15:00:00.000Z", once: true } as const;
  audit.report({ event: "invite", ...link, link: "x7", by: "host", byName: "Ada" });
  audit.report({
    event: "revoke-link",
    link: "x7",
    role: "view",
    left: 1,
    by: "host",
    byName: "Ada",
  });
  const url = "http://127.0.0.1:1/s/x#secret";
  audit.report({ event: "new-link", ...link, link: "x8", url, by: "host" });
  audit.report({ event: "refused", code: "token-expired", address: "10.0.0.7", count: 3 });
  audit.report({ event: "marker", label: "here", by: "p1" });
  audit.report({ event: "pause", by: "host" });
  audit.report({ event: "resume", by: "host" });
  audit.report({ event: "resize", cols: 100, rows: 30 });
  audit.report({ event: "recording-error", code: "recording-disk-full", message: "It is full" });
  audit.report({ event: "presenter-gone", then: "continue" });
  log.clock.advance(5_000);
  audit.report({ event: "leave", ...BOB, watching: 0, why: "kicked" });
  audit.report({ event: "kick", ...BOB, by: "host" });
  await audit.close();
  const text = await log.text();
  assert.doesNotMatch(text, /secret/);
  assert.deepEqual((await log.entries()).slice(1, -1), [
    { event: "recording", path: "a.cast" },
    { event: "join", who: BOB, role: "control", type: "person" },
    { event: "request", who: BOB, forMs: 60_000, note: "let me" },
    { event: "grant", who: BOB, by: ADA, forMs: 60_000 },
    { event: "revoke", who: BOB, by: BOB, mode: "presenter", note: "done", why: "yielded" },
    { event: "grant", who: BOB, by: ADA, forMs: null },
    { event: "mode", by: ADA, mode: "collaborative" },
    { event: "mode", by: ADA, mode: "presenter", agent: true },
    { event: "request-ended", who: BOB, by: BOB, how: "deny" },
    { event: "paste-held", who: BOB, lines: 3 },
    { event: "invite", by: ADA, ...link, link: "x7" },
    { event: "revoke-link", by: ADA, left: 1, link: "x7", role: "view" },
    { event: "new-link", by: ADA, ...link, link: "x8" },
    { event: "refused", address: "10.0.0.7", code: "token-expired", count: 3 },
    { event: "marker", by: BOB, label: "here" },
    { event: "pause", by: ADA },
    { event: "resume", by: ADA },
    { event: "recording-error", code: "recording-disk-full", message: "It is full" },
    { event: "presenter-gone", then: "continue" },
    { event: "leave", who: BOB, stayedMs: 5_000, why: "kicked" },
    { event: "kick", who: BOB, by: ADA },
  ]);
});

Deno.test("who acts over the control socket or the admin API is not the presenter", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  const CTL = { id: "ctl", name: "collab ctl" };
  const API = { id: "api:x7", name: "admin API" };
  const link = { role: "view", expires: "2026-11-21T15:00:00.000Z", once: true } as const;
  const url = "http://127.0.0.1:1/s/x#secret";
  audit.report(BOB_JOINS);
  const taken = { event: "control", change: "revoke", mode: "presenter", why: "taken" } as const;
  const ctl = { by: "host", via: "ctl" } as const, api = { by: "host", via: "api:x7" } as const;
  const given = { event: "control", change: "grant", mode: "participant" } as const;
  audit.report({ ...given, ...ctl, holder: "p1", name: "Bob" });
  audit.report({ ...taken, ...api, from: "Bob" });
  audit.report({ event: "control", change: "mode", mode: "collaborative", ...api });
  audit.report({ event: "request-ended", ...BOB, how: "deny", ...api });
  audit.report({ event: "request-ended", ...BOB, how: "lapse" });
  audit.report({ event: "invite", ...link, link: "x8", ...api, byName: "Ada" });
  audit.report({ event: "revoke-link", left: 0, ...ctl, byName: "Ada" });
  audit.report({ event: "new-link", ...link, link: "x9", url, ...ctl });
  audit.report({ event: "marker", label: "here", ...api });
  audit.report({ event: "pause", ...ctl });
  audit.report({ event: "resume", ...api });
  audit.report({ event: "kick", ...BOB, ...api });
  audit.report({ event: "stop", ...ctl });
  await audit.close();
  assert.deepEqual(
    (await log.entries()).slice(2, -1).map(({ event, by }) => [event, by]),
    [
      ["grant", CTL],
      ["revoke", API],
      ["mode", API],
      ["request-ended", API],
      ["request-ended", undefined],
      ["invite", API],
      ["revoke-link", CTL],
      ["new-link", CTL],
      ["marker", API],
      ["pause", CTL],
      ["resume", API],
      ["kick", API],
      ["stop", CTL],
    ],
  );
});

Deno.test("who typed what is told by line: at Enter, after two quiet seconds, and when somebody else types", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  audit.report(BOB_JOINS);
  audit.typed("p1", bytes("ls\r"), { echo: "editor" });
  log.clock.advance(500);
  audit.typed("p1", bytes("cd"), { echo: "editor" });
  log.clock.advance(1_999);
  audit.typed("p1", bytes(" x"), { echo: "editor" });
  audit.note({ event: "marker", label: "in between" });
  log.clock.advance(2_000);
  audit.typed("p1", bytes("\x1b"), { echo: "echo" });
  audit.typed("host", bytes("pwd\r"), { echo: "echo" });
  audit.typed("host", bytes("x"), { echo: "echo" });
  await audit.close();
  assert.deepEqual((await log.entries()).slice(2, -1), [
    { event: "input", who: BOB, text: "ls<enter>", tookMs: 0 },
    { event: "marker", label: "in between" },
    { event: "input", who: BOB, text: "cd x", tookMs: 3_999 },
    { event: "input", who: BOB, text: "<escape>", tookMs: 0 },
    { event: "input", who: ADA, text: "pwd<enter>", tookMs: 0 },
    { event: "input", who: ADA, text: "x", tookMs: 0 },
  ]);
  assert.equal(log.clock.pending, 0);
});

Deno.test("somebody who types on and on is told of at least every ten seconds", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  for (let i = 0; i < 25; i++) {
    audit.typed("host", bytes("j"), { echo: "editor" });
    log.clock.advance(1_000);
  }
  await audit.close();
  const typed = (await log.entries()).filter(({ event }) => event === "input");
  assert.deepEqual(typed.map(({ text }) => text), ["j".repeat(10), "j".repeat(10), "j".repeat(5)]);
});

Deno.test("what was typed is told before control changes, and before who typed it leaves", async () => {
  const changes: readonly AuditEvent[] = [
    { event: "grant", id: "p1", by: "host", forMs: null },
    { event: "revoke", id: "p1", by: "host", why: "taken", mode: "presenter" },
    { event: "mode", by: "host", mode: "paused" },
    { event: "pause" },
    { event: "kick", id: "p1" },
    { event: "leave", id: "p1" },
  ];
  for (const change of changes) {
    await using log = new TestLog();
    const audit = await log.start();
    audit.report(BOB_JOINS);
    audit.typed("p1", bytes("x"), { echo: "echo" });
    audit.note(change);
    await audit.close();
    const events = (await log.entries()).map(({ event }) => event);
    assert.deepEqual(events, ["start", "join", "input", change.event, "end"]);
  }
});

Deno.test("a password is told by its length alone", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  audit.typed("host", bytes("sudo id\r"), { echo: "editor" });
  audit.typed("host", bytes("hunter2"), { echo: "password" });
  audit.typed("host", bytes("\r"), { echo: "password" });
  audit.typed("host", bytes("exit\r"), { echo: "editor" });
  await audit.close();
  assert.doesNotMatch(await log.text(), /hunter2/);
  assert.deepEqual((await log.entries()).slice(1, -1), [
    { event: "input", who: ADA, text: "sudo id<enter>", tookMs: 0 },
    { event: "input", who: ADA, length: 7, tookMs: 0, why: "hidden" },
    { event: "input", who: ADA, text: "exit<enter>", tookMs: 0 },
  ]);
});

Deno.test("what a program was typed and did not show is told by its length alone, however late that is known", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  const shell = { echo: "editor", printed: 0, beforeCursor: "$ " } as const;
  const type = (text: string, into: TypedInto = shell): void =>
    audit.typed("host", bytes(text), into);
  // A character at a time, with nothing printed: known at Enter.
  for (const char of "hunter2") {
    type(char);
    log.clock.advance(SILENT_MS / 5);
  }
  type("\r");
  // Known when it is written because nothing more is typed.
  type("swordfish");
  log.clock.advance(5_000);
  type("fish\r");
  // Each key is answered: a shell. And then it is not.
  let printed = 1;
  for (const char of "ls") type(char, { ...shell, printed: printed++ });
  log.clock.advance(SILENT_MS);
  type("\r", { ...shell, printed });
  type("xyzzy", { ...shell, beforeCursor: "[sudo] password for ada: " });
  type("\r", { ...shell, beforeCursor: "[sudo] password for ada: *****" });
  type("plugh", { ...shell, printed });
  type("\r", { ...shell, printed: printed + 5, beforeCursor: "Key> *****" });
  await audit.close();
  assert.doesNotMatch(await log.text(), /hun|sword|fish|xyz|plugh/);
  const hidden = { event: "input", who: ADA, why: "hidden" };
  assert.deepEqual((await log.entries()).slice(1, -1), [
    { ...hidden, length: 7, tookMs: 700 },
    { ...hidden, length: 9, tookMs: 2_000 },
    { ...hidden, length: 4, tookMs: 0 },
    { event: "input", who: ADA, text: "ls<enter>", tookMs: SILENT_MS },
    { ...hidden, length: 5, tookMs: 0 },
    { ...hidden, length: 5, tookMs: 0 },
  ]);
});

Deno.test("secrets are masked in all that people and programs wrote", async () => {
  await using log = new TestLog();
  const redactor = redactorOf(/SECRET/g);
  const audit = await log.start({
    redactor,
    presenter: "Ada SECRET",
    title: "a SECRET",
    command: "echo SECRET",
  });
  audit.report({ ...BOB_JOINS, name: "Bob SECRET" });
  audit.report({ event: "request", ...BOB, note: "for SECRET" });
  audit.report({ event: "marker", label: "SECRET", by: "host" });
  audit.report({ event: "recording-error", code: "recording-failed", message: "no SECRET" });
  audit.note({ event: "recording", path: "SECRET.cast" });
  audit.typed("p1", bytes("echo SEC"), { echo: "echo" });
  audit.typed("p1", bytes("RET\r\x1b[200~SECRET\x1b[201~"), { echo: "echo" });
  audit.typed("host", bytes("SECRET\r"), { echo: "echo" });
  await audit.close();
  const text = await log.text();
  assert.doesNotMatch(text, /SECRET/);
  assert.equal(text.match(/•{6}/g)?.length, 16);
});

Deno.test("what is long is cut, so that every line is read again", async () => {
  await using log = new TestLog();
  const long = "\x9b".repeat(100_000);
  const audit = await log.start({ presenter: long, title: long, command: long });
  audit.report({ event: "marker", label: long, by: "host" });
  audit.typed("host", bytes(`${long}\r\x1b[200~${long}\x1b[201~`), { echo: "echo" });
  const rules = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`${i} ${long}`, i]));
  audit.note({ event: "redactions", count: 1_000, rules });
  await audit.close();
  assert.equal((await verdictOn(await log.text())).kind, "closed");
});

Deno.test("a minute after something was written it is signed, and not again before more is written", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  log.clock.advance(CHECKPOINT_MS * 3);
  audit.report({ event: "marker", label: "one", by: "host" });
  log.clock.advance(CHECKPOINT_MS);
  // While it is being signed.
  audit.report({ event: "marker", label: "two", by: "host" });
  await settled();
  log.clock.advance(CHECKPOINT_MS);
  await settled();
  log.clock.advance(CHECKPOINT_MS * 3);
  await audit.close();
  const events = (await log.entries()).map(({ event, label }) => label ?? event);
  assert.deepEqual(events, ["start", "one", "checkpoint", "two", "checkpoint", "end"]);
  assert.equal((await verdictOn(await log.text())).kind, "closed");
});

Deno.test("closing waits for what is being signed, may be asked for twice, and is the end", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  audit.report({ event: "marker", label: "one", by: "host" });
  log.clock.advance(CHECKPOINT_MS);
  audit.typed("host", bytes("x"), { echo: "echo" });
  const closing = audit.close();
  audit.report({ event: "marker", label: "too late", by: "host" });
  audit.typed("host", bytes("too late"), { echo: "echo" });
  await Promise.all([closing, audit.close()]);
  const events = (await log.entries()).map(({ event }) => event);
  assert.deepEqual(events, ["start", "marker", "checkpoint", "input", "end"]);
  assert.equal((await verdictOn(await log.text())).kind, "closed");
});

Deno.test("a log is its owner's alone, and an existing file stays as it is", async () => {
  await using log = new TestLog();
  const audit = await log.start();
  await audit.close();
  assert.equal((await Deno.stat(log.path)).mode! & 0o777, 0o600);
  const before = await log.text();
  await assert.rejects(log.start(), (error) => {
    assert.ok(error instanceof CollabError);
    assert.equal(error.code, "audit-exists");
    assert.equal(
      error.message,
      `Cannot write the audit log ${JSON.stringify(log.path)}: the file exists already`.replace(
        /"(.{39}).+"/,
        '"$1…"',
      ),
    );
    return true;
  });
  assert.equal(await log.text(), before);
});

Deno.test("a log that cannot be begun says why", async () => {
  await using log = new TestLog();
  const code = (path: string): Promise<string> =>
    log.start({}, path).then(() => "none", (error: CollabError) => error.code);
  assert.equal(await code(`${log.path}/a.jsonl`), "audit-no-directory");
  assert.equal(await code("/"), "audit-is-directory");
});

Deno.test({
  name: "a disk that is full in the beginning is told at once",
  ignore: Deno.build.os !== "linux", // only there is a device that is always full
  fn: async () => {
    await using log = new TestLog();
    await assert.rejects(log.start({}, "/dev/full"), { code: "audit-disk-full" });
  },
});

Deno.test("a log that cannot go on is told of once, and stops nothing", async () => {
  await using log = new TestLog();
  const errors: string[] = [];
  const audit = await log.start({ onError: (error) => void errors.push(error.code) });
  await Deno.remove(log.path);
  for (let i = 0; i < 100; i++) {
    audit.report({ event: "marker", label: "x".repeat(1_000), by: "host" });
    audit.typed("host", bytes("x\r"), { echo: "echo" });
  }
  await audit.close();
  audit.report({ event: "marker", label: "after", by: "host" });
  assert.deepEqual(errors, ["audit-removed"]);
});

Deno.test("another session's keys make another log", async () => {
  await using log = new TestLog();
  const keys = await createSessionKeys();
  await (await log.start({ keys })).close();
  const verdict = await verdictOn(await log.text());
  assert.ok(verdict.kind === "closed" && verdict.session === keys.session);
});
