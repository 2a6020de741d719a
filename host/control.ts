/**
 * Who may type: the one place that every byte of input passes. Pure.
 *
 * @module
 */
import { PRESENTER_ID } from "../format/session_data.ts";
import { CONTROL_MAX_MS } from "../wire/limits.ts";
import type { NoticeCode } from "../wire/notices.ts";
import {
  allowPanePaste,
  closePane,
  drainPanes,
  grantPane,
  leavePane,
  paneFailed,
  paneGone,
  paneOpened,
  quietPanes,
  takePanes,
  typedInPane,
  whyNoPane,
} from "./control_panes.ts";
import { agentCame, agentMode, handBack, takeBack } from "./control_agent.ts";
import {
  type ControlEffect,
  type ControlInput,
  type ControlState,
  type ControlStep,
  type InputOf,
  presenterTypes,
} from "./control_state.ts";
import { dropTyped, endTurn, grant, noteOf, openTurn, without } from "./control_turn.ts";
import { answerPaste, drainBacklogs, lapsePaste, resumeBacklog, typed } from "./control_typing.ts";

export * from "./control_state.ts";
export { GRANT_DEFAULT_MS, WARN_MS } from "./control_turn.ts";

/** Most requests that wait. */
export const REQUESTS_MAX = 50;
/** How long a request waits for an answer. */
export const REQUEST_LAPSES_MS = 60_000;
/** How long the holder may take to come back when the connection was cut. */
export const GRACE_MS = 5_000;

/**
 * One step. Every input counts as a tick first, so that nothing passes that is over by now, however late a tick is.
 * The state is the same object when nothing has changed.
 *
 * @param nowMs session time, which never goes back
 *
 * @example
 * ```ts
 * import { firstControl, step } from "./control.ts";
 * import assert from "node:assert/strict";
 *
 * const options = { readOnly: false, confirmPaste: false, takeOnKey: false, whenGone: "pause" } as const;
 * let { state } = step(firstControl(options), { kind: "join", id: "p1", mayType: true }, 0);
 * ({ state } = step(state, { kind: "grant", by: "host", id: "p1" }, 10));
 * const key = { kind: "type", id: "p1", turn: state.turn.turn, bytes: new Uint8Array([97]) } as const;
 * assert.deepEqual(step(state, key, 20).effects, [{ kind: "write", id: "p1", bytes: key.bytes }]);
 * ```
 */
export function step(state: ControlState, input: ControlInput, nowMs: number): ControlStep {
  const effects: ControlEffect[] = [];
  if (input.kind === "type" && input.id === PRESENTER_ID && presenterTypes(state)) {
    // What the presenter types waits for nothing: this is most of all input.
    return { state: typed(state, input, nowMs, effects), effects };
  }
  let next = endTurn(state, nowMs, effects);
  next = lapseRequests(next, nowMs, effects);
  next = lapsePaste(next, nowMs, effects);
  next = quietPanes(next, take(next, input, nowMs, effects), effects);
  // Last of all: what waits does not pass before something that ends its turn.
  next = drainPanes(next, nowMs, effects);
  return { state: drainBacklogs(next, nowMs, effects), effects };
}

function take(
  state: ControlState,
  input: ControlInput,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  switch (input.kind) {
    case "type":
      return input.pane
        ? typedInPane(state, input, nowMs, effects)
        : typed(state, input, nowMs, effects);
    case "join":
      return agentCame(join(state, input, nowMs), input.id, nowMs, effects);
    case "away":
      return setPresent(state, input.id, false, nowMs);
    case "back":
      return agentCame(setPresent(state, input.id, true, nowMs), input.id, nowMs, effects);
    case "leave":
      return leave(state, input, effects);
    case "request":
      return request(state, input, nowMs, effects);
    case "withdraw":
    case "deny":
      return unask(state, input, effects);
    case "yield":
      return input.pane ? giveUpPane(state, input.id, effects) : giveBack(state, input, effects);
    case "grant":
      return asksForPane(state, input)
        ? grantPane(state, input, effects)
        : grant(state, input, nowMs, effects);
    case "take":
      return takeBack(takePanes(state, input.by, effects), input, nowMs, effects);
    case "pane-opened":
      return paneOpened(state, input, effects);
    case "pane-failed":
      return paneFailed(state, input, effects);
    case "pane-gone":
      return paneGone(state, input, effects);
    case "close-pane":
      return closePane(state, input, effects);
    case "hand-back":
      return handBack(state, input, nowMs, effects);
    case "mode":
      return choose(state, input, nowMs, effects);
    case "paste":
      return input.allow && state.paste?.pane
        ? allowPanePaste(state, nowMs, effects)
        : answerPaste(state, input, nowMs, effects);
    case "sharing":
      return sharing(state, input.paused, effects);
    case "presenter":
      return presence(state, input.present, effects);
    case "tick":
      return state;
    default:
      return input satisfies never;
  }
}

function notice(
  state: ControlState,
  id: string,
  code: NoticeCode,
  effects: ControlEffect[],
): ControlState {
  effects.push({ kind: "notice", id, code });
  return state;
}

/** Another way of handling control begins, and with it nothing is to be handed back. */
function choose(
  state: ControlState,
  { by, mode }: InputOf<"mode">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  if (state.readOnly && (mode === "collaborative" || mode === "agent")) {
    return notice(state, by, "read-only", effects);
  }
  const next = state.taken === undefined ? state : { ...state, taken: undefined };
  return mode === "agent"
    ? agentMode(next, by, nowMs, effects)
    : openTurn(next, mode, { by, why: "mode" }, effects);
}

function join(
  state: ControlState,
  { id, mayType, agent = false }: InputOf<"join">,
  nowMs: number,
): ControlState {
  if (id === PRESENTER_ID) return state;
  if (state.members.has(id)) return setPresent(state, id, true, nowMs);
  return { ...state, members: new Map(state.members).set(id, { mayType, agent, present: true }) };
}

function setPresent(
  state: ControlState,
  id: string,
  present: boolean,
  nowMs: number,
): ControlState {
  const member = state.members.get(id);
  if (member === undefined || member.present === present) return state;
  const next = { ...state, members: new Map(state.members).set(id, { ...member, present }) };
  const held = state.turn.holder === id
    ? { ...next, graceUntilMs: present ? undefined : nowMs + GRACE_MS }
    : next;
  return present ? resumeBacklog(held, id, nowMs) : held;
}

function leave(
  state: ControlState,
  { id, removed = false }: InputOf<"leave">,
  effects: ControlEffect[],
): ControlState {
  if (!state.members.has(id)) return state;
  let next = leavePane(withdraw(state, id, effects), id, effects);
  // Nobody is left to be told of it.
  if (next.paste?.id === id) next = { ...next, paste: undefined };
  if (next.turn.holder === id) {
    // Who is removed shall not have control again by coming back.
    const agent = !removed && next.turn.agent;
    next = openTurn(next, "presenter", { by: id, why: "left", agent }, effects);
  }
  const members = new Map(next.members), typists = new Map(next.typists);
  members.delete(id);
  typists.delete(id);
  return {
    ...next,
    members,
    typists,
    taken: next.taken?.id === id ? undefined : next.taken,
    lastAgent: next.lastAgent === id ? undefined : next.lastAgent,
  };
}

function request(
  state: ControlState,
  { id, forMs, note, pane }: InputOf<"request">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const member = state.members.get(id);
  if (member === undefined || !member.present) return state;
  if (state.readOnly) return notice(state, id, "read-only", effects);
  if (!member.mayType) return notice(state, id, "role-forbids", effects);
  const refused = pane && whyNoPane(state, id);
  if (refused) return notice(state, id, refused, effects);
  if (state.requests.some((other) => other.id === id)) {
    return notice(state, id, "already-asked", effects);
  }
  if (state.requests.length >= REQUESTS_MAX) return notice(state, id, "queue-full", effects);
  const asked = {
    id,
    ...(pane && { pane }),
    ...(forMs !== undefined && { forMs: Math.min(Math.max(forMs, 1), CONTROL_MAX_MS) }),
    ...noteOf(note),
  };
  effects.push({ kind: "event", data: { kind: "request", ...asked } });
  const pending = { ...asked, sinceMs: nowMs, lapsesMs: nowMs + REQUEST_LAPSES_MS };
  return { ...state, requests: [...state.requests, pending] };
}

/** A request ends without a grant, because somebody said so. */
function unask(
  state: ControlState,
  input: InputOf<"withdraw" | "deny">,
  effects: ControlEffect[],
): ControlState {
  const { id } = input;
  const requests = without(state.requests, id);
  if (requests === state.requests) {
    return notice(state, input.kind === "deny" ? input.by : id, "no-request", effects);
  }
  const data = input.kind === "deny"
    ? { kind: "deny" as const, id, by: input.by }
    : { kind: "withdraw" as const, id };
  effects.push({ kind: "event", data });
  return { ...state, requests };
}

function withdraw(state: ControlState, id: string, effects: ControlEffect[]): ControlState {
  const asks = state.requests.some((pending) => pending.id === id);
  return asks ? unask(state, { kind: "withdraw", id }, effects) : state;
}

/** Whether a pane is to be granted: it was said, or it is what was asked for. */
function asksForPane({ requests }: ControlState, { id, pane }: InputOf<"grant">): boolean {
  return pane ?? requests.some((request) => request.id === id && request.pane === true);
}

function giveUpPane(state: ControlState, id: string, effects: ControlEffect[]): ControlState {
  return state.panes.rights.has(id)
    ? leavePane(state, id, effects)
    : notice(state, id, "no-pane", effects);
}

function giveBack(
  state: ControlState,
  { id, note }: InputOf<"yield">,
  effects: ControlEffect[],
): ControlState {
  if (state.turn.holder !== id) return notice(state, id, "not-in-control", effects);
  // Who gives control back does not wait for more of it.
  const next = withdraw(state, id, effects);
  return openTurn(next, "presenter", { by: id, why: "yielded", note }, effects);
}

function lapseRequests(state: ControlState, nowMs: number, effects: ControlEffect[]): ControlState {
  let lapsed = 0;
  for (; (state.requests[lapsed]?.lapsesMs ?? Infinity) <= nowMs; lapsed++) {
    const { id } = state.requests[lapsed]!;
    effects.push({ kind: "event", data: { kind: "lapse", id } });
  }
  return lapsed === 0 ? state : { ...state, requests: state.requests.slice(lapsed) };
}

/** While viewers see nothing they do not type: neither what comes now nor what has come before. */
function sharing(state: ControlState, paused: boolean, effects: ControlEffect[]): ControlState {
  if (state.sharingPaused === paused) return state;
  const next = { ...state, sharingPaused: paused };
  const { mode } = state.turn;
  return paused && (mode === "participant" || mode === "collaborative")
    ? dropTyped(next, effects)
    : next;
}

function presence(state: ControlState, present: boolean, effects: ControlEffect[]): ControlState {
  if (state.presenterPresent === present) return state;
  const next = { ...state, presenterPresent: present };
  return present || state.options.whenGone === "continue"
    ? next
    : openTurn(next, "paused", { by: PRESENTER_ID, why: "paused" }, effects);
}
