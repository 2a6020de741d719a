/**
 * Who may type into a pane of their own. It is a right beside control: whoever drives, an owner types into their pane, and
 * into nothing else with it. Pure.
 *
 * @module
 */
import type { NoticeCode } from "../wire/notices.ts";
import {
  type ControlEffect,
  type ControlState,
  type InputOf,
  neverTypes,
  type PaneRight,
} from "./control_state.ts";
import { dropPaste, whyNot, without } from "./control_turn.ts";
import { hold, tell } from "./control_typing.ts";
import { drain, DRAIN_MS, forget, offer, passAll, RESTED } from "./rate_limit.ts";

/** Most panes at a time. */
export const PANES_MAX = 16;

/** Why somebody cannot ask for a pane. */
export function whyNoPane({ panes }: ControlState, id: string): NoticeCode | undefined {
  if (!panes.offered) return "no-panes";
  return panes.rights.has(id) ? "pane-open" : undefined;
}

/** Somebody is to have a pane: it is opened, and theirs once it is there. */
export function grantPane(
  state: ControlState,
  { by, id }: Pick<InputOf<"grant">, "by" | "id">,
  effects: ControlEffect[],
): ControlState {
  const full = state.panes.rights.size >= PANES_MAX ? "pane-failed" : undefined;
  const code = whyNot(state, id) ?? whyNoPane(state, id) ?? full;
  if (code !== undefined) {
    effects.push({ kind: "notice", id: by, code });
    return state;
  }
  effects.push({ kind: "open-pane", id });
  const turn = state.panes.turn + 1;
  const next = withRight(state, id, { pane: undefined, by, turn, limit: RESTED });
  return { ...next, panes: { ...next.panes, turn } };
}

/** A pane is there that was to be opened. */
export function paneOpened(
  state: ControlState,
  { id, pane }: InputOf<"pane-opened">,
  effects: ControlEffect[],
): ControlState {
  const right = state.panes.rights.get(id);
  if (right === undefined) {
    // The right to it has ended meanwhile.
    effects.push({ kind: "release-pane", id, end: state.options.paneEnd ?? "close" });
    return state;
  }
  // The right to it ended and came back while it was being opened: it was opened for that too.
  if (right.pane === pane) return state;
  const { by, turn } = right;
  effects.push({ kind: "event", data: { kind: "pane", id, open: true, by, pane, turn } });
  const asked = state.requests.some((request) => request.id === id && request.pane === true);
  const requests = asked ? without(state.requests, id) : state.requests;
  return withRight({ ...state, requests }, id, { ...right, pane });
}

/** A pane could not be opened. */
export function paneFailed(
  state: ControlState,
  { id }: InputOf<"pane-failed">,
  effects: ControlEffect[],
): ControlState {
  const right = state.panes.rights.get(id);
  if (right === undefined) return state;
  // Who opened it is answered.
  if (right.by !== id) effects.push({ kind: "notice", id, code: "pane-failed" });
  return withoutRight(state, id);
}

/** A pane is gone, with what ran in it. */
export function paneGone(
  state: ControlState,
  { id }: InputOf<"pane-gone">,
  effects: ControlEffect[],
): ControlState {
  return endRight(state, { id, by: id }, effects);
}

/** Somebody's pane is closed, or the one that was kept for them. */
export function closePane(
  state: ControlState,
  { id, by }: InputOf<"close-pane">,
  effects: ControlEffect[],
): ControlState {
  effects.push({ kind: "release-pane", id, end: "close" });
  return endRight(state, { id, by }, effects);
}

/** An owner gives their pane up, or is gone. */
export function leavePane(
  state: ControlState,
  id: string,
  effects: ControlEffect[],
): ControlState {
  if (!state.panes.rights.has(id)) return state;
  effects.push({ kind: "release-pane", id, end: state.options.paneEnd ?? "close" });
  return endRight(state, { id, by: id }, effects);
}

/** Nobody but the presenter types any more. What runs in the panes goes on, for their owners to come back to. */
export function takePanes(
  state: ControlState,
  by: string,
  effects: ControlEffect[],
): ControlState {
  let next = state;
  for (const id of state.panes.rights.keys()) {
    effects.push({ kind: "release-pane", id, end: "keep" });
    next = endRight(next, { id, by }, effects);
  }
  return next;
}

/** Somebody typed into their pane. */
export function typedInPane(
  state: ControlState,
  input: InputOf<"type">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const { id, bytes, paste } = input;
  if (bytes.length === 0) return state;
  const code = refusal(state, id, input.turn);
  if (code === "gone") return state;
  if (code !== undefined) return tell(state, id, code, nowMs, effects);
  if (state.options.confirmPaste && paste !== undefined && paste.lines > 1) {
    return hold(state, id, { bytes, lines: paste.lines, pane: true }, nowMs, effects);
  }
  const right = state.panes.rights.get(id)!;
  const offered = offer(right.limit, bytes, nowMs);
  if (offered === undefined) return tell(state, id, "input-refused", nowMs, effects);
  write(id, offered.pass, effects);
  const { limit } = offered;
  const next = withRight(state, id, { ...right, limit });
  if (limit.backlog.length === 0) return next;
  const drainAtMs = state.panes.drainAtMs ?? nowMs + DRAIN_MS;
  const waiting = { ...next, panes: { ...next.panes, drainAtMs } };
  return right.limit.backlog.length === 0
    ? tell(waiting, id, "input-slowed", nowMs, effects)
    : waiting;
}

/** The paste that is held for a pane may be typed. */
export function allowPanePaste(
  state: ControlState,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const { id, bytes } = state.paste!;
  const right = state.panes.rights.get(id);
  if (right === undefined || refusal(state, id, right.turn) !== undefined) {
    return dropPaste(state, effects);
  }
  const { limit, pass } = passAll(right.limit, bytes, nowMs);
  write(id, pass, effects);
  return withRight({ ...state, paste: undefined }, id, { ...right, limit });
}

/** While nobody types, nobody does in panes: neither what comes now nor what has come before. */
export function quietPanes(
  before: ControlState,
  state: ControlState,
  effects: ControlEffect[],
): ControlState {
  if (isQuiet(before) || !isQuiet(state)) return state;
  const rights = new Map(state.panes.rights);
  for (const [id, right] of rights) {
    effects.push({ kind: "drop-pane", id });
    rights.set(id, { ...right, limit: forget(right.limit) });
  }
  return { ...state, panes: { ...state.panes, rights, drainAtMs: undefined } };
}

/** Lets pass what has waited long enough, when it is time to look. */
export function drainPanes(
  state: ControlState,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const { drainAtMs } = state.panes;
  if (drainAtMs === undefined || nowMs < drainAtMs) return state;
  const rights = new Map(state.panes.rights);
  let more = false;
  for (const [id, right] of rights) {
    if (right.limit.backlog.length === 0) continue;
    const { limit, pass } = drain(right.limit, nowMs);
    write(id, pass, effects);
    rights.set(id, { ...right, limit });
    more ||= limit.backlog.length > 0;
  }
  const panes = { ...state.panes, rights, drainAtMs: more ? nowMs + DRAIN_MS : undefined };
  return { ...state, panes };
}

/** Why what somebody types does not get into their pane. */
function refusal(
  state: ControlState,
  id: string,
  turn: number | undefined,
): NoticeCode | "gone" | undefined {
  const never = neverTypes(state, id);
  if (never !== undefined) return never;
  const right = state.panes.rights.get(id);
  if (right?.pane === undefined) return "no-pane";
  if (turn !== right.turn) return "out-of-turn";
  return isQuiet(state) ? "input-paused" : undefined;
}

function isQuiet({ sharingPaused, turn }: ControlState): boolean {
  return sharingPaused || turn.mode === "paused";
}

function write(id: string, pieces: readonly Uint8Array[], effects: ControlEffect[]): void {
  for (const bytes of pieces) effects.push({ kind: "write", id, bytes, pane: true });
}

function endRight(
  state: ControlState,
  { id, by }: { readonly id: string; readonly by: string },
  effects: ControlEffect[],
): ControlState {
  const right = state.panes.rights.get(id);
  if (right === undefined) return state;
  const { paste } = state;
  const held = paste?.id === id && paste.pane === true;
  const next = withoutRight(held ? dropPaste(state, effects) : state, id);
  // What was never opened was told to nobody.
  if (right.pane !== undefined) {
    effects.push({ kind: "event", data: { kind: "pane", id, open: false, by, pane: right.pane } });
  }
  return next;
}

function withRight(state: ControlState, id: string, right: PaneRight): ControlState {
  const rights = new Map(state.panes.rights).set(id, right);
  return { ...state, panes: { ...state.panes, rights } };
}

function withoutRight(state: ControlState, id: string): ControlState {
  const rights = new Map(state.panes.rights);
  rights.delete(id);
  return { ...state, panes: { ...state.panes, rights } };
}
