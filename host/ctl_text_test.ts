import assert from "node:assert/strict";
import type { CtlSuccess } from "./ctl_client.ts";
import type { CtlRequest, CtlStatus } from "./ctl_protocol.ts";
import { answerText } from "./ctl_text.ts";
import type { HostAction } from "../wire/actions.ts";
import { START_MS } from "./testing/ctl_target.ts";

const text = (answer: CtlSuccess, request: CtlRequest = { kind: "status" }): string =>
  answerText(request, answer, START_MS);

/** An ISO time so long after now. */
const at = (ms: number): string => new Date(START_MS + ms).toISOString();

const STATUS: CtlStatus = {
  session: "AAAAAAAAAAAAAAAAAAAAAA",
  title: "incident",
  pid: 4242,
  sharing: "live",
  mode: "participant",
  driver: { id: "p1", name: "Ada" },
  leftMs: 260_000,
  readOnly: false,
  watching: 3,
  requests: 1,
  pasteHeld: false,
  recording: "on",
  record: "incident.cast",
  cols: 120,
  rows: 40,
  uptimeMs: 3_900_000,
  links: 2,
};

Deno.test("the status is a list of what and how", () => {
  assert.equal(
    text({ kind: "status", ...STATUS }),
    `
session    AAAAAAAAAAAAAAAAAAAAAA
title      incident
sharing    live
mode       participant
may type   Ada, for 4 min
watching   3
requests   1
recording  incident.cast
size       120x40
up         1 h 5 min
links      2
process    4242`.trim(),
  );
});

Deno.test("who may type until an agent comes is told so", () => {
  const { leftMs: _, ...status } = STATUS;
  const driver = { id: "host", name: "grace" };
  const waits: CtlStatus = { ...status, mode: "presenter", driver, agent: true };
  const mode: CtlRequest = { kind: "act", action: { kind: "mode", mode: "agent" } };
  assert.equal(
    text({ kind: "done", status: waits }, mode),
    "May type: grace, until an agent comes",
  );
  const claude = { id: "p1", name: "Claude" };
  const drives: CtlStatus = { ...waits, mode: "participant", driver: claude };
  assert.equal(text({ kind: "done", status: drives }, mode), "May type: Claude");
});

Deno.test("the list of people is a table, wide names too", () => {
  const person = { type: "person", connected: true, drives: false, asks: false } as const;
  assert.equal(
    text({
      kind: "who",
      participants: [
        { ...person, id: "host", name: "grace", role: "presenter", since: at(-90_000) },
        {
          ...person,
          id: "p1",
          name: "日本語",
          role: "control",
          since: at(-3_000),
          latencyMs: 12,
          drives: true,
        },
        {
          ...person,
          id: "p2",
          name: "bot",
          type: "agent",
          role: "agent",
          since: at(0),
          connected: false,
          asks: true,
        },
      ],
    }),
    `
ID    NAME    KIND    ROLE       HERE   LATENCY
host  grace   person  presenter  1 min
p1    日本語  person  control    3 s    12 ms    may type
p2    bot     agent   agent      0 ms            asks, away`.trim(),
  );
});

Deno.test("a link is its address alone; links are a table", () => {
  const link = { id: "t", url: "http://h/s/x#y", role: "control", expires: at(3_600_000) } as const;
  assert.equal(text({ kind: "link", ...link, once: true }), "http://h/s/x#y");
  assert.equal(
    text({
      kind: "links",
      links: [{ ...link, once: false }, { ...link, role: "view", once: true }],
    }),
    `
ID  ROLE     EXPIRES IN        LINK
t   control  1 h               http://h/s/x#y
t   view     1 h         once  http://h/s/x#y`.trim(),
  );
  assert.equal(
    text({ kind: "links", links: [] }),
    "No link lets anyone in: all have expired or were withdrawn",
  );
});

Deno.test("requests say who waits, for what, and which paste does", () => {
  assert.equal(text({ kind: "requests", requests: [] }), "Nobody asks for control");
  const request = { id: "p1", name: "Ada", type: "person", waitingMs: 4_000 } as const;
  assert.equal(
    text({
      kind: "requests",
      requests: [{ ...request, forMs: 300_000, note: "the logs", lapsesInMs: 1 }],
      paste: { id: "p2", name: "Bob", lines: 3, lapsesInMs: 1 },
    }),
    `
ID  NAME  KIND    WAITING  FOR    NOTE
p1  Ada   person  4 s      5 min  the logs
Bob pastes 3 lines: answer with \`collab ctl paste allow\` or \`drop\``.trim(),
  );
});

Deno.test("what was done is one line", () => {
  const done = (action: HostAction, status: Partial<CtlStatus> = {}): string =>
    text({ kind: "done", status: { ...STATUS, ...status } }, { kind: "act", action });
  const lines: readonly [string, string][] = [
    [done({ kind: "grant", id: "p1" }), "May type: Ada, for 4 min"],
    [
      done({ kind: "take" }, {
        mode: "presenter",
        driver: { id: "host", name: "grace" },
        leftMs: undefined,
      }),
      "May type: grace",
    ],
    [
      done({ kind: "mode", mode: "collaborative" }, { mode: "collaborative" }),
      "May type: everyone whose link allows it",
    ],
    [done({ kind: "mode", mode: "paused" }, { mode: "paused" }), "May type: nobody"],
    [done({ kind: "mark", label: "" }), "Marker set"],
    [done({ kind: "mark", label: "deploy" }), "Marker set: deploy"],
    [done({ kind: "paste", allow: false }), "The paste was dropped"],
    [done({ kind: "kick", id: "ada" }), "ada was removed"],
    [
      done({ kind: "revoke-link", id: "4f" }),
      "The link was withdrawn, and who came in with it removed",
    ],
  ];
  for (const [given, wanted] of lines) assert.equal(given, wanted);
});
