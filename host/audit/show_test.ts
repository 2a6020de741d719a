import assert from "node:assert/strict";
import type { JsonObject } from "../../format/json.ts";
import { describe } from "./describe.ts";
import { encodeLine, parseLine } from "./line.ts";
import { LogTable } from "./show.ts";

const ADA = { id: "host", name: "Ada" }, BOB = { id: "p1", name: "Bob" };
const CTL = { id: "ctl", name: "collab ctl" };
const API = { id: "api:x7Yz0123456789", name: "admin API" };

/** A row without its time. */
function said(members: JsonObject): string {
  const { who, what } = describe(members)!;
  return `${who}: ${what}`;
}

function row(table: LogTable, members: JsonObject, at = "2026-11-21T14:03:00.250Z"): string {
  return table.rows(parseLine(encodeLine({ seq: 1, at, prev: "" }, members))!);
}

Deno.test("every event is told in words", () => {
  const cases: readonly (readonly [JsonObject, string])[] = [
    [
      { event: "start", by: ADA, session: "abc", title: "Deploy", command: "make" },
      "Ada: started session abc: Deploy, command make",
    ],
    [
      { event: "join", who: BOB, role: "control", type: "person" },
      "Bob: joined: may ask for control",
    ],
    [{ event: "join", who: BOB, role: "view", type: "agent" }, "Bob: joined: watches, a program"],
    [{ event: "leave", who: BOB, stayedMs: 190_000 }, "Bob: left after 3 min"],
    [{ event: "refused", code: "token-expired" }, ": somebody was not let in: token-expired"],
    [
      { event: "invite", by: ADA, role: "view", once: true, expires: "2026-11-21T15:00:00.000Z" },
      "Ada: link made: view, for one participant, until 2026-11-21T15:00:00.000Z",
    ],
    [{ event: "revoke-link", by: ADA, link: "x7" }, "Ada: link revoked: x7"],
    [
      { event: "revoke-link", by: ADA, left: 2, role: "view" },
      "Ada: all links revoked, view, for 2 who had joined",
    ],
    [{ event: "revoke-link", by: ADA }, "Ada: all links revoked"],
    [
      { event: "new-link", role: "control", once: false, expires: "later", link: "x8" },
      ": new first link: control, until later, x8",
    ],
    [{ event: "leave", who: BOB, stayedMs: 50, why: "kicked" }, "Bob: left after 50 ms: kicked"],
    [
      { event: "refused", code: "busy", address: "10.0.0.7", count: 9 },
      ": somebody was not let in: busy, from 10.0.0.7, 9 times",
    ],
    [
      { event: "request", who: BOB, forMs: 60_000, note: "let me" },
      'Bob: asked for control for 1 min: "let me"',
    ],
    [{ event: "request-ended", who: BOB, how: "lapse" }, "Bob: got no answer"],
    [{ event: "grant", who: BOB, by: ADA, forMs: 300_000 }, "Ada: gave control to Bob for 5 min"],
    [
      { event: "grant", who: BOB, by: ADA, forMs: null },
      "Ada: gave control to Bob, until it is taken back",
    ],
    [
      { event: "revoke", who: BOB, by: ADA, why: "taken", mode: "presenter" },
      "Ada: took control back from Bob",
    ],
    [
      { event: "revoke", who: BOB, by: BOB, why: "yielded", mode: "presenter", note: "done" },
      'Bob: gave control back: "done"',
    ],
    [
      { event: "revoke", who: BOB, by: ADA, why: "expired", mode: "presenter" },
      "Bob: has no control any more: the time is over",
    ],
    [
      { event: "revoke", who: BOB, by: ADA, why: "mode", mode: "collaborative" },
      "Ada: took control from Bob, everyone may type",
    ],
    [{ event: "mode", by: ADA, mode: "paused" }, "Ada: said who may type: nobody types"],
    [{ event: "paste-held", who: BOB, lines: 3 }, "Bob: pasted 3 lines, which wait for an answer"],
    [{ event: "kick", who: BOB, by: ADA }, "Ada: Bob was removed"],
    [{ event: "marker", by: ADA, label: "here" }, "Ada: marker: here"],
    [{ event: "pause" }, ": sharing paused"],
    [{ event: "resume", by: CTL }, "collab ctl: sharing resumed"],
    [{ event: "pause", by: API }, "admin API x7Yz0123: sharing paused"],
    [
      { event: "request-ended", who: BOB, by: ADA, how: "deny" },
      "Ada: did not give control to Bob",
    ],
    [
      { event: "grant", by: ADA, who: BOB, forMs: null, agent: true },
      "Ada: gave control to Bob, the agent, until it is taken back",
    ],
    [
      { event: "mode", by: CTL, mode: "presenter", agent: true },
      "collab ctl: said who may type: the agent that comes next",
    ],
    [
      { event: "revoke", by: ADA, who: BOB, mode: "presenter", agent: true, why: "mode" },
      "Ada: took control from Bob, the agent that comes next",
    ],
    [{ event: "stop", by: CTL }, "collab ctl: ended the session"],
    [
      { event: "presenter-gone", then: "continue" },
      ": the presenter's terminal is gone: who has control goes on",
    ],
    [
      { event: "redactions", count: 3, rules: { aws: 2, jwt: 1 } },
      ": masked 3 so far: aws 2, jwt 1",
    ],
    [{ event: "recording", path: "a.cast" }, ": recording to a.cast"],
    [{ event: "recording-error", code: "x", message: "It is full" }, ": It is full"],
    [{ event: "input", who: BOB, text: "ls<enter>" }, 'Bob: typed "ls<enter>"'],
    [{ event: "input", who: BOB, length: 1, why: "hidden" }, "Bob: typed 1 character, hidden"],
    [
      { event: "input", who: BOB, length: 99, why: "flood" },
      "Bob: typed 99 bytes, too fast to be written down",
    ],
    [{ event: "paste", who: BOB, text: "a\nb", length: 3 }, 'Bob: pasted 3 characters: "a⏎b"'],
    [
      { event: "end", status: 130, signal: "SIGINT" },
      ": the session ended with status 130, SIGINT",
    ],
    [{ event: "end" }, ": the session ended"],
    // Written by a later version.
    [{ event: "levitate", who: BOB }, "Bob: levitate"],
    [{ event: "constructor" }, ": constructor"],
    [{ event: "mode", by: ADA, mode: "toString" }, "Ada: said who may type: toString"],
  ];
  for (const [members, text] of cases) assert.equal(said(members), text);
});

Deno.test("a checkpoint is not shown", () => {
  assert.equal(describe({ event: "checkpoint" }), undefined);
  assert.equal(row(new LogTable({ colors: false }), { event: "checkpoint" }), "");
});

Deno.test("rows are aligned, in local time, with the day where it begins", () => {
  const table = new LogTable({ colors: false, timeZone: "Europe/Stockholm" });
  const typed = { event: "input", text: "ls" };
  const rows = [
    row(table, { ...typed, who: { id: "host", name: "Ada" } }),
    row(table, { ...typed, who: { id: "p1", name: "日本語" } }),
    row(table, { ...typed, who: { id: "p2", name: "Somebody With a Long Name" } }),
    row(table, { event: "end", status: 0 }, "2026-11-21T23:00:00.000Z"),
  ];
  assert.equal(
    rows.join(""),
    [
      "2026-11-21",
      '15:03:00  Ada                   typed "ls"',
      '15:03:00  日本語                typed "ls"',
      '15:03:00  Somebody With a Lon…  typed "ls"',
      "2026-11-22",
      "00:00:00                        the session ended with status 0",
      "",
    ].join("\n"),
  );
});

Deno.test("what is wider than the terminal goes on under itself, with every character of it", () => {
  const table = new LogTable({ colors: false, timeZone: "UTC", columns: 60 });
  const label = `${"日本 ".repeat(8)} two  spaces ${"x".repeat(40)}`;
  const lines = row(table, { event: "marker", by: BOB, label }).split("\n").slice(1, -1);
  assert.deepEqual(lines, [
    "14:03:00  Bob                   marker: 日本 日本 日本 日本 ",
    "                                日本 日本 日本 日本  two  ",
    "                                spaces ",
    `                                ${"x".repeat(28)}`,
    `                                ${"x".repeat(12)}`,
  ]);
  assert.equal(lines.map((line) => line.slice(32)).join(""), `marker: ${label}`);
  const narrow = new LogTable({ colors: false, timeZone: "UTC", columns: 40 });
  assert.equal(row(narrow, { event: "marker", by: BOB, label }).split("\n").length, 3);
});

Deno.test("colours are a terminal's: times and keys stand back, names stand out", () => {
  const members = { event: "input", who: ADA, text: "ls<enter>" };
  const plain = row(new LogTable({ colors: false, timeZone: "UTC" }), members);
  const colored = row(new LogTable({ colors: true, timeZone: "UTC" }), members);
  // deno-lint-ignore no-control-regex -- styles are what is looked for
  assert.equal(colored.replaceAll(/\x1b\[\d+m/g, ""), plain);
  const parts = ["\x1b[2m14:03:00\x1b[22m", "\x1b[1mAda\x1b[22m", "ls\x1b[2m<enter>\x1b[22m"];
  for (const part of parts) assert.ok(colored.includes(part), part);
});

Deno.test("nothing that somebody wrote steers the terminal, or breaks a row in two", () => {
  const evil = "a\x1b]52;c;eA==\x07\x9b2J\r\n\u2028\u202eb\u200d";
  const members: JsonObject = {
    who: { id: evil, name: evil },
    by: { id: evil, name: evil },
    ...Object.fromEntries(
      ["session", "title", "command", "role", "code", "address", "link", "expires", "note"]
        .concat("how", "why", "mode", "label", "then", "path", "message", "text", "signal")
        .map((name) => [name, evil]),
    ),
    lines: evil,
    count: evil,
    length: evil,
    status: evil,
    rules: { [evil]: evil },
  };
  const events = ["start", "join", "leave", "refused", "invite", "revoke-link", "request", "grant"]
    .concat("request-ended", "revoke", "mode", "paste-held", "kick", "marker", "presenter-gone")
    .concat("redactions", "recording", "recording-error", "input", "paste", "end", evil);
  for (const event of events) {
    const text = row(new LogTable({ colors: false }), { ...members, event });
    // deno-lint-ignore no-control-regex -- there is to be none
    assert.doesNotMatch(text.slice(11, -1), /[\x00-\x1f\x7f-\x9f\u2028\u202e]/, event);
  }
});
