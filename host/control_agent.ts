/**
 * Control that belongs to an agent, and control that the presenter takes in order to hand it back.
 *
 * @module
 */
import { PRESENTER_ID } from "../format/session_data.ts";
import type { ControlEffect, ControlState, InputOf } from "./control_state.ts";
import { give, openTurn } from "./control_turn.ts";

/** Who gets control back has at least so long, however little was left when it was taken. */
export const HAND_BACK_MIN_MS = 60_000;

/** Gives control to an agent who is there, until it is taken back; without one, to the next that comes. */
export function agentMode(
  state: ControlState,
  by: string,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const id = agentHere(state);
  if (id === undefined) {
    return openTurn(state, "presenter", { by, why: "mode", agent: true }, effects);
  }
  const { holder, agent } = state.turn;
  if (agent && holder === id) return state;
  return give(state, { by, id, lengthMs: Infinity, agent: true }, nowMs, effects);
}

/** Somebody is there from now on, who may be the agent that control waits for. */
export function agentCame(
  state: ControlState,
  id: string,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const { mode, agent } = state.turn;
  if (!agent || mode !== "presenter" || !canDrive(state, id)) return state;
  return give(state, { by: PRESENTER_ID, id, lengthMs: Infinity, agent: true }, nowMs, effects);
}

/** Control goes to the presenter, who can hand it back if it is they who took it. */
export function takeBack(
  state: ControlState,
  { by, note }: Omit<InputOf<"take">, "kind">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  const { holder, untilMs, agent = false } = state.turn;
  const next = openTurn(state, "presenter", { by, why: "taken", note }, effects);
  if (holder === undefined || by !== PRESENTER_ID) return next;
  const leftMs = untilMs === undefined ? undefined : Math.max(0, untilMs - nowMs);
  return { ...next, taken: { id: holder, leftMs, agent } };
}

/** Control goes back to the one from whom the presenter took it, for the rest of their time. */
export function handBack(
  state: ControlState,
  { by, note }: InputOf<"hand-back">,
  nowMs: number,
  effects: ControlEffect[],
): ControlState {
  if (state.taken === undefined) {
    effects.push({ kind: "notice", id: by, code: "nothing-taken" });
    return state;
  }
  const { id, leftMs, agent } = state.taken;
  const lengthMs = leftMs === undefined ? Infinity : Math.max(leftMs, HAND_BACK_MIN_MS);
  return give(state, { by, id, lengthMs, note, ...(agent && { agent }) }, nowMs, effects);
}

/** The agent to whom control goes: who held it last, else who came first. */
function agentHere(state: ControlState): string | undefined {
  const { lastAgent, members } = state;
  if (lastAgent !== undefined && canDrive(state, lastAgent)) return lastAgent;
  return [...members.keys()].find((id) => canDrive(state, id));
}

function canDrive({ members }: ControlState, id: string): boolean {
  const member = members.get(id);
  return member !== undefined && member.agent && member.mayType && member.present;
}
