import assert from "node:assert/strict";
import type { ReconnectState } from "../../wire/reconnect.ts";
import { NO_PULSE } from "../pulse.ts";
import { NO_FACTS, type SessionFacts } from "../session_facts.ts";
import { controlButtons, timeText, waitingRequests } from "./controls_model.ts";
import { endModel, headerModel } from "./header_model.ts";
import type { SessionState } from "./session.ts";

const LIVE: ReconnectState = {
  kind: "live",
  attempt: 1,
  welcomed: true,
  sinceMs: 0,
  heardMs: 0,
  nextPingMs: 0,
};
const TIMES = { sessionMs: 60_000, connectionMs: 1_000, nowMs: 0, mayType: false };

const person = (id: string, name: string, role = "control", type: "person" | "agent" = "person") =>
  [id, { id, name, role, type, color: 1 }] as const;
const PEOPLE = new Map([
  person("host", "Grace", "presenter"),
  person("p1", "Ada"),
  person("p2", "Bo"),
  person("p3", "Robo", "agent", "agent"),
]);

function stateOf(
  facts: Partial<SessionFacts> = {},
  more: Partial<SessionState> = {},
): SessionState {
  return {
    status: LIVE,
    header: undefined,
    you: { id: "p1", name: "Ada", role: "control" },
    facts: { ...NO_FACTS, people: PEOPLE, watching: 3, ...facts },
    pulse: NO_PULSE,
    fault: undefined,
    windowTitle: "",
    ...more,
  };
}

const kinds = (state: SessionState): string[] => controlButtons(state).map(({ kind }) => kind);
const held = (holder: string, untilMs?: number): Partial<SessionFacts> => ({
  turn: { mode: "participant", holder, turn: 1, ...(untilMs !== undefined && { untilMs }) },
});

Deno.test("the header says who drives and for how long still, and warns in the last half minute", () => {
  const model = headerModel(stateOf(held("p2", 152_000)), TIMES);
  assert.deepEqual([model.drive, model.driver?.name, model.urgent], [
    "Bo drives 1:32",
    "Bo",
    false,
  ]);
  const late = headerModel(stateOf(held("p1", 80_000)), { ...TIMES, mayType: true });
  assert.deepEqual([late.drive, late.urgent, late.yours], ["You drive 0:20", true, true]);
});

Deno.test("a session is called by what its presenter, its program or its command says", () => {
  const header = { version: 3, cols: 80, rows: 24, extra: {}, command: "vim" } as const;
  const title = (state: Partial<SessionState>): string =>
    headerModel(stateOf({}, state), TIMES).title;
  assert.equal(title({}), "Shared terminal");
  assert.equal(title({ header }), "vim");
  assert.equal(title({ header, windowTitle: "a\u202eb" }), "ab");
  assert.equal(title({ header: { ...header, title: "Deploy" }, windowTitle: "x" }), "Deploy");
});

Deno.test("a connection that is cut says when it is tried again, and not who drives", () => {
  const status: ReconnectState = {
    kind: "waiting",
    attempt: 2,
    welcomed: true,
    untilMs: 3_400,
    why: "cut",
  };
  const model = headerModel(stateOf({}, { status }), TIMES);
  assert.deepEqual(
    [model.state.text, model.detail, model.drive, model.watching],
    ["Reconnecting", "next try in 3 s", "", undefined],
  );
  assert.deepEqual(kinds(stateOf({}, { status })), []);
});

Deno.test("paused sharing is told before all else", () => {
  assert.equal(headerModel(stateOf({ sharingPaused: true }), TIMES).state.text, "Paused");
});

Deno.test("the end says why, and offers to try again only where that can help", () => {
  const end = (code: string, status?: number): ReturnType<typeof endModel> =>
    endModel(stateOf({}, {
      status: {
        kind: "ended",
        end: { code: code as "ended", ...(status !== undefined && { status }) },
      },
    }));
  assert.deepEqual(end("ended", 3)?.text, "Its command ended with status 3.");
  assert.equal(end("secret-wrong")?.title, "This link does not work");
  assert.equal(end("secret-wrong")?.again, false);
  assert.equal(end("unreachable")?.again, true);
  assert.equal(end("kicked")?.again, false);
  assert.equal(endModel(stateOf()), undefined);
  assert.match(endModel(stateOf({}, { fault: "Line 3 is odd" }))!.text, /Line 3 is odd\.$/);
});

Deno.test("who came with an ordinary link asks, withdraws, asks for more, and gives back", () => {
  assert.deepEqual(kinds(stateOf()), ["request"]);
  assert.deepEqual(kinds(stateOf({ requests: [{ id: "p1" }] })), ["withdraw"]);
  assert.deepEqual(kinds(stateOf(held("p1"))), ["yield"]);
  assert.deepEqual(kinds(stateOf(held("p1", 90_000))), ["more", "yield"]);
  assert.deepEqual(kinds(stateOf({ ...held("p1", 90_000), requests: [{ id: "p1" }] })), [
    "yield",
    "withdraw",
  ]);
  assert.deepEqual(kinds(stateOf(held("p2"))), ["request"]);
  assert.deepEqual(kinds(stateOf({ turn: { mode: "collaborative", turn: 1 } })), []);
});

Deno.test("who may only watch has no buttons", () => {
  const you = { id: "p1", name: "Ada", role: "view" } as const;
  assert.deepEqual(kinds(stateOf({}, { you })), []);
});

Deno.test("an admin takes, lets an agent drive, switches the mode, and answers the others", () => {
  const you = { id: "p1", name: "Ada", role: "admin" } as const;
  assert.deepEqual(kinds(stateOf({}, { you })), ["take", "agent", "collaborative", "pause"]);
  assert.deepEqual(kinds(stateOf(held("p3"), { you })), ["take", "collaborative", "pause"]);
  const paused = controlButtons(stateOf({ turn: { mode: "paused", turn: 2 } }, { you }));
  assert.equal(paused.find(({ kind }) => kind === "pause")?.pressed, true);
  const requests = [{ id: "p1" }, { id: "p2", forMs: 60_000, note: "the logs" }];
  assert.deepEqual(waitingRequests(stateOf({ requests }, { you })), [
    { id: "p2", name: "Bo", color: 1, forMs: 60_000, note: "the logs" },
  ]);
  assert.deepEqual(waitingRequests(stateOf({ requests })), []);
});

Deno.test("lengths of control are told in words", () => {
  assert.deepEqual([60_000, 300_000, null].map(timeText), [
    "1 minute",
    "5 minutes",
    "until taken back",
  ]);
});
