/**
 * How control changes hands. With every change what was typed before it is forgotten.
 *
 * @module
 */
import { PRESENTER_ID, type RevokeReason, type Turn } from "../format/session_data.ts";
import { CONTROL_MAX_MS } from "../wire/limits.ts";
import type { NoticeCode } from "../wire/notices.ts";
import type {
  ControlEffect,
  ControlState,
  InputOf,
  OpenMode,
  PendingRequest,
} from "./control_state.ts";
import { cleanNote } from "../wire/name.ts";
import { forget } from "./rate_limit.ts";

/** How long control is given for when nobody says. */
export const GRANT_DEFAULT_MS = 5 * 60_000;
/** How long before the end the holder is warned. */
export const WARN_MS = 30_000;

/** Why control leaves the holder. */
export interface Cause {
  readonly by: string;
  readonly why: RevokeReason;
  readonly note?: string | undefined;
  /** Control is the next agent's that comes. */
  readonly agent?: boolean | undefined;
}

/** Nobody holds control any more, or another mode begins. Without a change nothing is told. */
export function openTurn(
  state: ControlState,
  mode: OpenMode,
  { by, why, note, agent = false }: Cause,
  effects: ControlEffect[],
): ControlState {
  const { holder, turn } = state.turn;
  const opened: Omit<Turn, "turn"> = { mode, ...(agent && { agent }) };
  const sameMode = state.turn.mode === mode;
  if (sameMode && (state.turn.agent ?? false) === agent) return state;
  // Whether an agent is waited for changes nothing of who may type: what was typed passes.
  const next = sameMode
    ? { ...state, turn: { ...opened, turn } }
    : changeTurn(state, opened, effects);
  const data = holder === undefined
    ? { kind: "mode" as const, by, ...next.turn }
    : { kind: "revoke" as const, id: holder, by, why, ...noteOf(note), ...next.turn };
  effects.push({ kind: "event", data });
  return next;
}

/** Gives control, or gives the holder another end of it, counted from now. */
export function grant(
  state: ControlState,
  { by, id, forMs, note }: InputOf<"grant">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const asked = state.requests.find((request) => request.id === id)?.forMs;
  const lengthMs = forMs === null
    ? Infinity
    : Math.min(Math.max(forMs ?? asked ?? GRANT_DEFAULT_MS, 0), CONTROL_MAX_MS);
  return give(state, { by, id, lengthMs, note }, nowMs, effects);
}

/** Control that is given. */
export interface Gift {
  readonly by: string;
  readonly id: string;
  /** `Infinity` until it is taken back. */
  readonly lengthMs: number;
  readonly note?: string | undefined;
  /** Control is an agent's, and this is the one. */
  readonly agent?: true;
}

/** Gives control to whom it can be given. */
export function give(
  state: ControlState,
  { by, id, lengthMs, note, agent }: Gift,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const code = whyNot(state, id);
  if (code !== undefined) {
    effects.push({ kind: "notice", id: by, code });
    return state;
  }
  const { holder } = state.turn;
  const given: Omit<Turn, "turn"> = {
    mode: "participant",
    holder: id,
    ...(lengthMs !== Infinity && { untilMs: Math.round(nowMs + lengthMs) }),
    ...(agent && { agent }),
  };
  let next: ControlState = {
    ...state,
    requests: without(state.requests, id),
    ...(state.members.get(id)!.agent && { lastAgent: id }),
  };
  if (holder === id) {
    next = { ...next, turn: { ...given, turn: next.turn.turn } };
  } else {
    if (holder !== undefined) next = openTurn(next, "presenter", { by, why: "taken" }, effects);
    next = changeTurn(next, given, effects);
  }
  effects.push({ kind: "event", data: { kind: "grant", id, by, ...noteOf(note), ...next.turn } });
  const warned = lengthMs !== Infinity && lengthMs > WARN_MS;
  return { ...next, warnAtMs: warned ? nowMs + lengthMs - WARN_MS : undefined };
}

/** Why somebody cannot be given control, or a pane. */
export function whyNot({ readOnly, members }: ControlState, id: string): NoticeCode | undefined {
  if (readOnly) return "read-only";
  const member = members.get(id);
  if (member === undefined || !member.present) return "no-such-participant";
  return member.mayType ? undefined : "cannot-hold-control";
}

/** The holder's time is over, or it did not come back, or is told that either is near. */
export function endTurn(
  state: ControlState,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const { holder, untilMs = Infinity } = state.turn;
  if (holder === undefined) return state;
  const { graceUntilMs = Infinity, warnAtMs = Infinity } = state;
  if (nowMs >= Math.min(untilMs, graceUntilMs)) {
    const cause: Cause = untilMs <= graceUntilMs
      ? { by: PRESENTER_ID, why: "expired" }
      : { by: holder, why: "left", agent: state.turn.agent };
    return openTurn(state, "presenter", cause, effects);
  }
  if (nowMs < warnAtMs) return state;
  effects.push({
    kind: "event",
    data: { kind: "warn", id: holder, leftMs: Math.round(untilMs - nowMs) },
  });
  return { ...state, warnAtMs: undefined };
}

/** Forgets all that participants have typed and that has not been taken yet. */
export function dropTyped(state: ControlState, effects: ControlEffect[]): ControlState {
  effects.push({ kind: "drop" });
  const next = dropPaste(state, effects);
  if (next.drainAtMs === undefined && !anybodyWaits(next)) return next;
  const typists = new Map(next.typists);
  for (const [id, typist] of typists) {
    typists.set(id, { ...typist, limit: forget(typist.limit) });
  }
  return { ...next, typists, drainAtMs: undefined };
}

/** Forgets the paste that is held, and says so to whom it belongs. */
export function dropPaste(state: ControlState, effects: ControlEffect[]): ControlState {
  if (state.paste === undefined) return state;
  effects.push({ kind: "notice", id: state.paste.id, code: "paste-dropped" });
  return { ...state, paste: undefined };
}

/** Requests without the one of `id`; the same object when there is none. */
export function without(
  requests: readonly PendingRequest[],
  id: string,
): readonly PendingRequest[] {
  const others = requests.filter((request) => request.id !== id);
  return others.length === requests.length ? requests : others;
}

/** A note as a member of an event, cleaned. */
export function noteOf(note: string | undefined): { readonly note?: string } {
  const clean = note === undefined ? "" : cleanNote(note);
  return clean === "" ? {} : { note: clean };
}

function changeTurn(
  state: ControlState,
  turn: Omit<Turn, "turn">,
  effects: ControlEffect[],
): ControlState {
  return {
    ...dropTyped(state, effects),
    turn: { ...turn, turn: state.turn.turn + 1 },
    taken: undefined,
    warnAtMs: undefined,
    graceUntilMs: undefined,
  };
}

function anybodyWaits({ typists }: ControlState): boolean {
  for (const { limit } of typists.values()) if (limit.backlog.length > 0) return true;
  return false;
}
