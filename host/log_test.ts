import assert from "node:assert/strict";
import { type LogEvent, recordOf } from "./log.ts";

type Of<Kind extends LogEvent["event"]> = Extract<LogEvent, { event: Kind }>;

/** A text that must not come up in a log. */
const SECRET = "hunter2-hunter2";
const URL_WITH_SECRET = `http://127.0.0.1:8080/s/AAAAAAAAAAAAAAAAAAAAAA#${SECRET}.${SECRET}`;

/** Every event there is, with a secret wherever one can be. */
const BY_KIND: { readonly [Kind in LogEvent["event"]]: Of<Kind> } = {
  "start": { event: "start", version: "1", pid: 1 },
  "ready": {
    event: "ready",
    url: URL_WITH_SECRET,
    session: "AAAAAAAAAAAAAAAAAAAAAA",
    pid: 1,
    childPid: 2,
    cols: 80,
    rows: 24,
    expires: "2026-01-01T00:00:00Z",
  },
  "join": {
    event: "join",
    id: "p1",
    name: "Ada",
    role: "view",
    type: "person",
    color: 1,
    watching: 1,
  },
  "leave": { event: "leave", id: "p1", name: "Ada", watching: 0, why: "kicked" },
  "slow": { event: "slow", id: "p1", name: "Ada", waitingBytes: 300_000 },
  "refused": { event: "refused", code: "token-invalid", address: "192.0.2.1", count: 3 },
  "kick": { event: "kick", id: "p1", name: "Ada", by: "host" },
  "request": { event: "request", id: "p1", name: "Ada", forMs: 60_000, note: SECRET },
  "request-ended": { event: "request-ended", id: "p1", name: "Ada", how: "deny" },
  "control": {
    event: "control",
    change: "grant",
    mode: "participant",
    by: "host",
    holder: "p1",
    name: "Ada",
    leftMs: 1_000,
    note: SECRET,
  },
  "warn": { event: "warn", id: "p1", name: "Ada", leftMs: 30_000 },
  "paste-held": { event: "paste-held", id: "p1", name: "Ada", lines: 3 },
  "invite": { event: "invite", link: "abc", role: "view", expires: "2026", once: true, by: "host" },
  "revoke-link": { event: "revoke-link", left: 2, by: "host", byName: "grace" },
  "agent": {
    event: "agent",
    link: "x8",
    url: URL_WITH_SECRET,
    client: "json",
    title: "most MCP clients",
    where: "in a file",
    command: "collab",
    args: ["mcp"],
    env: { COLLAB_LINK: URL_WITH_SECRET },
    text: `{"env": "${URL_WITH_SECRET}"}`,
  },
  "new-link": {
    event: "new-link",
    link: "abc",
    url: URL_WITH_SECRET,
    role: "view",
    expires: "2026",
    once: false,
    by: "host",
  },
  "presenter-gone": { event: "presenter-gone", then: "pause" },
  "tmux": { event: "tmux", name: "work", how: "detached", attach: "tmux attach", kept: [] },
  "pane": { event: "pane", id: "p1", name: "Ada", open: true, by: "host", pane: "%1" },
  "relay": { event: "relay", up: false, over: "bastion", why: "Connection refused" },
  "audit-error": { event: "audit-error", code: "audit-failed", message: "no" },
  "ctl-unavailable": { event: "ctl-unavailable", message: "Cannot make the control socket" },
  "resize": { event: "resize", cols: 100, rows: 30 },
  "pause": { event: "pause", by: "host" },
  "resume": { event: "resume", by: "host", via: "ctl" },
  "marker": { event: "marker", label: SECRET, by: "p1" },
  "stop": { event: "stop", by: "host", via: "api:abc" },
  "recording-error": {
    event: "recording-error",
    code: "recording-disk-full",
    message: "Cannot go on: disk full",
  },
  "exit": { event: "exit", code: 1, signal: "SIGHUP" },
  "api": { event: "api", method: "POST", path: "/api/v1/pause", status: 200, link: "abc" },
  "failed": { event: "failed", code: "listen-failed" },
};

/** The same, and what is asked of no path that there is. */
const EVENTS: readonly LogEvent[] = [
  ...Object.values(BY_KIND),
  { event: "api", method: "GET", status: 404, link: "abc" },
];

Deno.test("every event has a record, whose text names only what it has", () => {
  for (const event of EVENTS) {
    const { text, fields } = recordOf(event);
    assert.equal(fields.event, event.event);
    for (const [, name] of text.matchAll(/\{(\w+)\}/g)) {
      assert.ok(fields[name!] !== undefined, `${event.event}: ${name}`);
    }
    for (const value of Object.values(fields)) assert.notEqual(value, undefined);
  }
});

Deno.test("no record has a link, nor what somebody wrote", () => {
  for (const event of EVENTS) {
    const written = JSON.stringify(recordOf(event));
    assert.equal(written.includes(SECRET), false, written);
    assert.equal(written.includes("#"), false, written);
  }
  const { ready } = BY_KIND;
  assert.equal(recordOf(ready).fields.address, "http://127.0.0.1:8080");
  const ssh = "ssh://ada@bastion/8080/s/AAAAAAAAAAAAAAAAAAAAAA#x.y";
  assert.equal(recordOf({ ...ready, url: ssh }).fields.address, "ssh://bastion");
});

Deno.test("what went wrong is a warning or an error, what only explains is for debugging", () => {
  const level = (kind: LogEvent["event"]): string => recordOf(BY_KIND[kind]).level;
  assert.deepEqual((["recording-error", "failed"] as const).map(level), ["error", "error"]);
  assert.deepEqual(
    (["refused", "slow", "presenter-gone", "ctl-unavailable", "relay"] as const).map(level),
    ["warn", "warn", "warn", "warn", "warn"],
  );
  assert.deepEqual((["join", "control", "exit"] as const).map(level), ["info", "info", "info"]);
  assert.deepEqual((["request", "resize", "marker"] as const).map(level), [
    "debug",
    "debug",
    "debug",
  ]);
  assert.equal(recordOf({ event: "api", method: "GET", status: 404, link: "a" }).level, "debug");
});
