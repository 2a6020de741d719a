/**
 * What becomes of a typed byte.
 *
 * @module
 */
import { PRESENTER_ID } from "../format/session_data.ts";
import type { NoticeCode } from "../wire/notices.ts";
import {
  type ControlEffect,
  type ControlState,
  type HeldPaste,
  type InputOf,
  presenterTypes,
  refusal,
  type Typist,
} from "./control_state.ts";
import { dropPaste } from "./control_turn.ts";
import { takeBack } from "./control_agent.ts";
import {
  BACKLOG_MAX_BYTES,
  BURST_BYTES,
  drain,
  DRAIN_MS,
  offer,
  passAll,
  RESTED,
} from "./rate_limit.ts";

/** How long a paste waits for an answer. */
export const PASTE_LAPSES_MS = 60_000;
/** Largest paste that is held: what could have passed without being held. */
export const PASTE_MAX_BYTES = BURST_BYTES + BACKLOG_MAX_BYTES;
/** A refusal of what is typed is not told to the same person again before this. */
const TOLD_AGAIN_MS = 1_000;

const NEW_TYPIST: Typist = Object.freeze({ limit: RESTED, toldMs: new Map<NoticeCode, number>() });

/** Somebody typed. */
export function typed(
  state: ControlState,
  input: InputOf<"type">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const { id, bytes, paste } = input;
  if (bytes.length === 0) return state;
  if (id === PRESENTER_ID) return presenterTyped(state, input, nowMs, effects);
  const code = refusal(state, id, input.turn);
  if (code === "gone") return state;
  if (code !== undefined) return tell(state, id, code, nowMs, effects);
  return state.options.confirmPaste && paste !== undefined && paste.lines > 1
    ? hold(state, id, { bytes, lines: paste.lines }, nowMs, effects)
    : pass(state, id, bytes, nowMs, effects);
}

/** The presenter, or who may answer for them, has decided about the paste. */
export function answerPaste(
  state: ControlState,
  { by, allow }: InputOf<"paste">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  if (state.paste === undefined) {
    effects.push({ kind: "notice", id: by, code: "no-paste" });
    return state;
  }
  const { id, bytes } = state.paste;
  // A turn that ended has dropped it: whether its owner is there is all that can have changed.
  if (!allow || refusal(state, id, state.turn.turn) !== undefined) return dropPaste(state, effects);
  const typist = typistOf(state, id);
  const passed = passAll(typist.limit, bytes, nowMs);
  for (const piece of passed.pass) effects.push({ kind: "write", id, bytes: piece });
  return withTypist({ ...state, paste: undefined }, id, { ...typist, limit: passed.limit });
}

/** Nobody has answered for the paste in time. */
export function lapsePaste(
  state: ControlState,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const due = state.paste !== undefined && nowMs >= state.paste.lapsesMs;
  return due ? dropPaste(state, effects) : state;
}

/** Lets pass what has waited long enough, when it is time to look. */
export function drainBacklogs(
  state: ControlState,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  if (state.drainAtMs === undefined || nowMs < state.drainAtMs) return state;
  const typists = new Map(state.typists);
  let more = false;
  for (const [id, typist] of state.typists) {
    if (typist.limit.backlog.length === 0 || !state.members.get(id)?.present) continue;
    const { limit, pass } = drain(typist.limit, nowMs);
    for (const bytes of pass) effects.push({ kind: "write", id, bytes });
    typists.set(id, { ...typist, limit });
    more ||= limit.backlog.length > 0;
  }
  return { ...state, typists, drainAtMs: more ? nowMs + DRAIN_MS : undefined };
}

/** When somebody came back whose backlog waited for them, it goes on. */
export function resumeBacklog(state: ControlState, id: string, nowMs: number): ControlState {
  const waits = (state.typists.get(id)?.limit.backlog.length ?? 0) > 0;
  return waits && state.drainAtMs === undefined ? { ...state, drainAtMs: nowMs + DRAIN_MS } : state;
}

function presenterTyped(
  state: ControlState,
  { bytes }: InputOf<"type">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  let next = state;
  if (!presenterTypes(state)) {
    if (state.turn.mode === "paused") {
      return tell(state, PRESENTER_ID, "input-paused", nowMs, effects);
    }
    if (!state.options.takeOnKey) {
      return tell(state, PRESENTER_ID, "not-in-control", nowMs, effects);
    }
    next = takeBack(state, { by: PRESENTER_ID }, nowMs, effects);
  }
  effects.push({ kind: "write", id: PRESENTER_ID, bytes });
  return next;
}

/** A paste waits for an answer. */
export function hold(
  state: ControlState,
  id: string,
  { bytes, lines, pane }: Pick<HeldPaste, "bytes" | "lines" | "pane">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  if (state.paste !== undefined) return tell(state, id, "paste-waiting", nowMs, effects);
  if (bytes.length > PASTE_MAX_BYTES) return tell(state, id, "input-refused", nowMs, effects);
  effects.push({ kind: "notice", id, code: "paste-held" });
  return {
    ...state,
    paste: {
      id,
      lines,
      bytes: bytes.slice(),
      lapsesMs: nowMs + PASTE_LAPSES_MS,
      ...(pane && { pane }),
    },
  };
}

function pass(
  state: ControlState,
  id: string,
  bytes: Uint8Array,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const typist = typistOf(state, id);
  const offered = offer(typist.limit, bytes, nowMs);
  if (offered === undefined) return tell(state, id, "input-refused", nowMs, effects);
  for (const piece of offered.pass) effects.push({ kind: "write", id, bytes: piece });
  const { limit } = offered;
  const next = withTypist(state, id, { ...typist, limit });
  if (limit.backlog.length === 0) return next;
  const waiting = { ...next, drainAtMs: state.drainAtMs ?? nowMs + DRAIN_MS };
  const begins = typist.limit.backlog.length === 0;
  return begins ? tell(waiting, id, "input-slowed", nowMs, effects) : waiting;
}

/** Says why something was not typed, but not at every key. */
export function tell(
  state: ControlState,
  id: string,
  code: NoticeCode,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const typist = typistOf(state, id);
  if (nowMs - (typist.toldMs.get(code) ?? -Infinity) < TOLD_AGAIN_MS) return state;
  effects.push({ kind: "notice", id, code });
  return withTypist(state, id, {
    ...typist,
    toldMs: new Map(typist.toldMs).set(code, nowMs),
  });
}

function typistOf(state: ControlState, id: string): Typist {
  return state.typists.get(id) ?? NEW_TYPIST;
}

function withTypist(state: ControlState, id: string, typist: Typist): ControlState {
  return { ...state, typists: new Map(state.typists).set(id, typist) };
}
