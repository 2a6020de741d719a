import assert from "node:assert/strict";
import { parse } from "@optique/core/parser";
import { or } from "@optique/core/constructs";
import { formatMessage } from "@optique/core/message";
import { map } from "@optique/core/modifiers";
import { command, constant } from "@optique/core/primitives";
import { type Asked, requests } from "./ctl_command.ts";
import { encodeLine, readRequest } from "./ctl_protocol.ts";

const parser = or(requests, map(command("other", constant(0)), () => undefined));

/** What is asked with these words, or what is wrong with them. */
function asked(words: string): Asked | string {
  const result = parse(parser, words === "" ? [] : words.split(" "));
  return result.success ? result.value! : formatMessage(result.error);
}

const act = (action: unknown): unknown => ({ kind: "act", action });

Deno.test("each verb asks for what it says", () => {
  const verbs: readonly [string, unknown][] = [
    ["who", { kind: "who" }],
    ["status", { kind: "status" }],
    ["requests", { kind: "requests" }],
    ["link", { kind: "link" }],
    ["links", { kind: "links" }],
    ["grant ada", act({ kind: "grant", id: "ada" })],
    ["grant p1 --for 15m", act({ kind: "grant", id: "p1", forMs: 900_000 })],
    ["grant p1 --for until-revoked", act({ kind: "grant", id: "p1", forMs: null })],
    ["grant --note hello p1", act({ kind: "grant", id: "p1", note: "hello" })],
    ["deny p1", act({ kind: "deny", id: "p1" })],
    ["revoke", act({ kind: "take" })],
    ["take", act({ kind: "take" })],
    ["take --note let-me", act({ kind: "take", note: "let-me" })],
    ["hand-back", act({ kind: "hand-back" })],
    ["hand-back --note done", act({ kind: "hand-back", note: "done" })],
    ["mode collaborative", act({ kind: "mode", mode: "collaborative" })],
    ["mode agent", act({ kind: "mode", mode: "agent" })],
    ["paste allow", act({ kind: "paste", allow: true })],
    ["paste drop", act({ kind: "paste", allow: false })],
    ["kick p1", act({ kind: "kick", id: "p1" })],
    ["revoke-link 4fT_x", act({ kind: "revoke-link", id: "4fT_x" })],
    ["revoke-link all", act({ kind: "revoke-all" })],
    ["mark", act({ kind: "mark", label: "" })],
    ["mark after the deploy", act({ kind: "mark", label: "after the deploy" })],
    ["pause", act({ kind: "pause" })],
    ["resume", act({ kind: "resume" })],
    ["stop", act({ kind: "stop" })],
  ];
  for (const [words, request] of verbs) {
    const given = asked(words);
    assert.deepEqual(given, request, words);
    // And the host understands it.
    const line = new TextDecoder().decode(encodeLine(given as Parameters<typeof encodeLine>[0]));
    assert.deepEqual(readRequest(line), request, words);
  }
});

Deno.test("an invite leaves open what the session decides", () => {
  assert.deepEqual(asked("invite"), { kind: "invite", role: undefined });
  assert.deepEqual(asked("invite --role admin --expires 30m --once"), {
    kind: "invite",
    role: "admin",
    expiresMs: 1_800_000,
    once: true,
  });
});

Deno.test("what brings an agent in is made for its client", () => {
  assert.deepEqual(asked("agent"), { kind: "agent", client: "json" });
  assert.deepEqual(asked("agent codex --expires 30m"), {
    kind: "agent",
    client: "codex",
    expiresMs: 1_800_000,
  });
});

Deno.test("the longest texts and times are those that a host takes", () => {
  const label = "x".repeat(200), note = "n".repeat(500), name = "a".repeat(256);
  const id = "i".repeat(64);
  for (
    const words of [
      `mark ${label}`,
      `grant p1 --note ${note}`,
      `kick ${name}`,
      `revoke-link ${id}`,
      "grant p1 --for 24h",
    ]
  ) {
    const given = asked(words);
    assert.ok(typeof given !== "string" && given.kind !== "invite", words);
    assert.ok(readRequest(JSON.stringify(given)), words);
  }
  assert.match(String(asked(`grant p1 --note ${note}n`)), /has 501 characters, and may have 500/);
  assert.match(String(asked(`kick ${name}a`)), /may have 256/);
  assert.match(String(asked(`revoke-link ${id}i`)), /may have 64/);
  assert.match(String(asked("grant p1 --for 24h1s")), /takes 1s to 24h/);
  assert.match(String(asked("grant p1 --for 0")), /takes 1s to 24h/);
  assert.match(String(asked("invite --expires 367d")), /takes 1s to 366d/);
});

Deno.test("a label that is too long is a misuse", () => {
  assert.throws(() => asked(`mark ${"x".repeat(201)}`), { name: "UsageError", code: "too-long" });
});
