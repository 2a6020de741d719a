import assert from "node:assert/strict";
import type { Person } from "../../format/session_data.ts";
import type { Holder, SessionEvent } from "../types.ts";
import { hear, knowControl, type News, NO_NEWS, setMark, told } from "./news.ts";

const ADA: Person = { id: "host", name: "Ada", role: "presenter", type: "person", color: 0 };
const OTTO: Person = { id: "p1", name: "Otto", role: "agent", type: "agent", color: 1 };
const MINE: Holder = { mode: "participant", person: OTTO, leftMs: 300_000, you: true };
const ADAS: Holder = { mode: "presenter", person: ADA, you: false };

function after(news: News, ...events: readonly SessionEvent[]): News {
  return events.reduce(hear, news);
}

function control(holder: Holder, more: Partial<SessionEvent> = {}): SessionEvent {
  return { kind: "control", atMs: 0, holder, ...more } as SessionEvent;
}

Deno.test("who took control is told, with their note and what to do", () => {
  const news = after(
    knowControl(NO_NEWS),
    control(ADAS, { by: "Ada", why: "taken", note: "let me" } as Partial<SessionEvent>),
  );
  assert.deepEqual(news.lines, [
    'Ada took control, saying "let me". What you type goes nowhere until you have control again: call request_control.',
  ]);
  assert.equal(news.mine, false);
});

Deno.test("what was missed can be told once control is back, and once only", () => {
  const lost = told(
    after(knowControl(NO_NEWS), control(ADAS, { by: "Ada" } as Partial<SessionEvent>)),
  );
  assert.deepEqual([lost.missed, lost.regained], [true, false]);
  const back = after(lost, control(MINE, { by: "Ada" } as Partial<SessionEvent>));
  assert.deepEqual(back.lines, ["You have control for 5:00 more, given by Ada."]);
  assert.equal(back.regained, true);
  assert.deepEqual([told(back).missed, told(back).regained, told(back).lines.length], [
    false,
    false,
    0,
  ]);
});

Deno.test("what a model gave back itself is no news, and what it misses then is", () => {
  const news = after(
    knowControl(NO_NEWS),
    control(ADAS, { by: "Otto", why: "yielded" } as Partial<SessionEvent>),
  );
  assert.deepEqual([news.lines, news.missed, news.mine], [[], true, false]);
});

Deno.test("control that the model knows of by an answer is not told again", () => {
  assert.deepEqual(after(knowControl(NO_NEWS), control(MINE)).lines, []);
});

Deno.test("markers of others are told, and one's own are not", () => {
  const mine: SessionEvent = { kind: "marker", atMs: 0, label: "red" };
  const news = after(setMark(NO_NEWS, "red"), mine, { ...mine, label: "look here" }, mine);
  assert.deepEqual(news.lines, ["Marker: look here.", "Marker: red."]);
});

Deno.test("news are few, and the last ones", () => {
  const events = Array.from(
    { length: 100 },
    (_, i): SessionEvent => ({ kind: "marker", atMs: i, label: `${i}` }),
  );
  const { lines } = after(NO_NEWS, ...events);
  assert.equal(lines.length, 8);
  assert.equal(lines.at(-1), "Marker: 99.");
});

Deno.test("a request of somebody else is told to who has control", () => {
  const request: SessionEvent = { kind: "request", atMs: 0, person: ADA, note: "a typo" };
  assert.deepEqual(after(NO_NEWS, request).lines, []);
  assert.deepEqual(after(knowControl(NO_NEWS), request).lines, [
    'Ada asks for control, saying "a typo".',
  ]);
});
