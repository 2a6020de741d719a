import assert from "node:assert/strict";
import { PRESENTER_ID } from "../format/session_data.ts";
import { answerer } from "./ctl_answers.ts";
import type { AnswerOf, CtlAnswer, CtlRequest } from "./ctl_protocol.ts";
import type { IssuedLink } from "./links.ts";
import { FakeTarget, participant, START_MS } from "./testing/ctl_target.ts";

/** What a session answers, of the kind that is expected. */
async function answer<Kind extends CtlAnswer["kind"]>(
  target: FakeTarget,
  request: CtlRequest,
  kind: Kind,
  about: Parameters<FakeTarget["about"]>[0] = {},
): Promise<AnswerOf<Kind>> {
  const given = await answerer(target, target.about(about))(request, "ctl");
  assert.equal(given.kind, kind, JSON.stringify(given));
  return given as AnswerOf<Kind>;
}

const connected = (latencyMs?: number): NonNullable<ReturnType<typeof participant>["peer"]> =>
  ({ latencyMs }) as NonNullable<ReturnType<typeof participant>["peer"]>;

Deno.test("the status says who may type, and for how long still", async () => {
  const target = new FakeTarget();
  target.people = [participant("p1", "Ada", { peer: connected() }), participant("p2", "Bob")];
  const of = async (turn: FakeTarget["control"]["turn"]): Promise<unknown[]> => {
    target.control = { ...target.control, turn };
    const { mode, driver, leftMs } = await answer(target, { kind: "status" }, "status");
    return [mode, driver?.id, driver?.name, leftMs];
  };
  target.session.nowMs = 60_000;
  assert.deepEqual(await of({ mode: "presenter", turn: 0 }), [
    "presenter",
    PRESENTER_ID,
    "grace",
    undefined,
  ]);
  const given = { mode: "participant", holder: "p1", turn: 1 } as const;
  assert.deepEqual(await of({ ...given, untilMs: 90_000.4 }), ["participant", "p1", "Ada", 30_000]);
  assert.deepEqual(await of({ ...given, untilMs: 59_000 }), ["participant", "p1", "Ada", 0]);
  assert.deepEqual(await of(given), ["participant", "p1", "Ada", undefined]);
  for (const mode of ["collaborative", "paused"] as const) {
    assert.deepEqual(await of({ mode, turn: 2 }), [mode, undefined, undefined, undefined]);
  }
  const status = await answer(target, { kind: "status" }, "status");
  assert.deepEqual([status.watching, status.uptimeMs, status.sharing], [1, 60_000, "live"]);
});

Deno.test("the status says that control is an agent's, and who can be handed it back", async () => {
  const target = new FakeTarget();
  target.people = [participant("p1", "Claude", { peer: connected() })];
  const of = async (control: Partial<FakeTarget["control"]>): Promise<unknown[]> => {
    target.control = { ...target.control, ...control };
    const { agent, takenFrom } = await answer(target, { kind: "status" }, "status");
    return [agent, takenFrom];
  };
  assert.deepEqual(await of({}), [undefined, undefined]);
  const turn = { mode: "presenter", turn: 1 } as const;
  assert.deepEqual(await of({ turn: { ...turn, agent: true } }), [true, undefined]);
  assert.deepEqual(await of({ turn, taken: { id: "p1", leftMs: undefined, agent: true } }), [
    undefined,
    { id: "p1", name: "Claude" },
  ]);
});

Deno.test("the status says whether it is recorded, still", async () => {
  const target = new FakeTarget();
  const recording = async (record?: string): Promise<unknown> =>
    (await answer(target, { kind: "status" }, "status", { record })).recording;
  assert.equal(await recording(), "off");
  assert.equal(await recording("a.cast"), "failed");
  target.recording = true;
  assert.equal(await recording("a.cast"), "on");
});

Deno.test("everybody is listed, the presenter first, with when they came and what they may", async () => {
  const target = new FakeTarget();
  target.session.nowMs = 180_000;
  target.people = [
    participant("p1", "Ada", { peer: connected(12.4) }),
    participant("p2", "Bob", { type: "agent", role: "agent" }),
  ];
  const { control } = target;
  target.control = {
    ...control,
    turn: { mode: "participant", holder: "p1", turn: 1 },
    members: new Map([
      ["p1", { mayType: true, agent: false, present: true }],
      ["p2", { mayType: true, agent: true, present: false }],
    ]),
    requests: [{ id: "p2", sinceMs: 170_000, lapsesMs: 300_000 }],
  };
  const { participants } = await answer(target, { kind: "who" }, "who");
  const at = (ms: number): string => new Date(START_MS + ms).toISOString();
  assert.deepEqual(participants, [
    {
      id: "host",
      name: "grace",
      type: "person",
      role: "presenter",
      since: at(0),
      connected: true,
      drives: false,
      asks: false,
    },
    {
      id: "p1",
      name: "Ada",
      type: "person",
      role: "control",
      link: "t",
      since: at(60_000),
      connected: true,
      latencyMs: 12,
      drives: true,
      asks: false,
    },
    {
      id: "p2",
      name: "Bob",
      type: "agent",
      role: "agent",
      link: "t",
      since: at(60_000),
      connected: false,
      drives: false,
      asks: true,
    },
  ]);
});

Deno.test("requests come in order, with how long they wait, and the paste that waits", async () => {
  const target = new FakeTarget();
  target.session.nowMs = 100_000;
  target.people = [participant("p1", "Ada"), participant("p2", "Bot", { type: "agent" })];
  target.control = {
    ...target.control,
    requests: [
      { id: "p2", forMs: 60_000, note: "let me", sinceMs: 70_000, lapsesMs: 130_000 },
      { id: "p1", sinceMs: 90_000, lapsesMs: 150_000 },
    ],
    paste: { id: "p1", lines: 3, bytes: new Uint8Array(9), lapsesMs: 160_000 },
  };
  assert.deepEqual(await answer(target, { kind: "requests" }, "requests"), {
    kind: "requests",
    requests: [
      {
        id: "p2",
        name: "Bot",
        type: "agent",
        forMs: 60_000,
        note: "let me",
        waitingMs: 30_000,
        lapsesInMs: 30_000,
      },
      { id: "p1", name: "Ada", type: "person", waitingMs: 10_000, lapsesInMs: 50_000 },
    ],
    paste: { id: "p1", name: "Ada", lines: 3, lapsesInMs: 60_000 },
  });
});

Deno.test("the first link is told until it expires", async () => {
  const target = new FakeTarget();
  const link: IssuedLink = {
    id: "t1",
    url: "http://127.0.0.1:1/s/x#y",
    role: "control",
    expiresAtMs: START_MS + 1_000,
    once: false,
  };
  target.links.primary = link;
  target.links.list = [link];
  const { url, expires } = await answer(target, { kind: "link" }, "link");
  assert.deepEqual([url, expires], [link.url, new Date(link.expiresAtMs).toISOString()]);
  assert.equal((await answer(target, { kind: "links" }, "links")).links[0]?.id, "t1");
  target.session.nowMs = 1_000;
  assert.equal((await answer(target, { kind: "link" }, "error")).code, "token-expired");
  target.links.primary = undefined;
  assert.equal((await answer(target, { kind: "link" }, "error")).code, "token-revoked");
});

Deno.test("an action is the presenter's; what came of it is the answer", async () => {
  const target = new FakeTarget();
  const kick: CtlRequest = { kind: "act", action: { kind: "kick", id: "ada" } };
  target.outcome = () => {
    target.paused = true;
    return { kind: "done" };
  };
  assert.equal((await answer(target, kick, "done")).status.sharing, "paused");
  assert.deepEqual(target.acted, [{ by: "host", action: { kind: "kick", id: "ada" }, via: "ctl" }]);
  target.outcome = () => ({ kind: "refused", code: "no-such-participant" });
  assert.deepEqual(await answer(target, kick, "error"), {
    kind: "error",
    code: "no-such-participant",
    message: "There is no such participant",
  });
});
