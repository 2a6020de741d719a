/**
 * When a viewer connects, waits, connects again and gives up: pure.
 *
 * @module
 */
import { type ClosingCode, closingOf } from "./closing.ts";

/** How long a connection may take until the welcome. */
const CONNECT_TIMEOUT_MS = 10_000;
/** How often the host is asked whether it is there. */
const PING_MS = 5_000;
/** How long it may be silent. */
const SILENCE_MS = 15_000;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 10_000;
/** A connection that lasted so long was good: waiting starts from the shortest again. */
const GOOD_MS = 10_000;
/** Attempts before the first welcome: a wrong port should be told soon. */
const FIRST_ATTEMPTS = 3;
/** Attempts after a connection was lost; they take about six minutes, not counting time asleep. */
const LATER_ATTEMPTS = 40;

/** Why a connection was lost or not made: a reason of either side, or none was given. */
export type LossReason = ClosingCode | "cut" | "unreachable";

/** Why there will be no further connection. */
export interface End {
  readonly code: ClosingCode | "unreachable" | "left";
  /** The command's exit status, when the session has ended with it. */
  readonly status?: number;
}

/** What is known between two connections. */
interface History {
  /** Attempts since the last good connection, this one included. */
  readonly attempt: number;
  /** Whether there was a welcome at any time. */
  readonly welcomed: boolean;
}

/** Where a viewer's connection is. */
export type ReconnectState =
  | History & { readonly kind: "connecting"; readonly deadlineMs: number }
  | History & {
    readonly kind: "live";
    readonly sinceMs: number;
    readonly heardMs: number;
    readonly nextPingMs: number;
  }
  | History & { readonly kind: "waiting"; readonly untilMs: number; readonly why: LossReason }
  | { readonly kind: "ended"; readonly end: End };

/** What happens to it. `jitter` is a random number from 0 to 1. */
export type ReconnectInput =
  /** The handshake is done. */
  | { readonly kind: "welcomed" }
  /** Some message came. */
  | { readonly kind: "heard" }
  /** The connection is gone, or could not be made. */
  | { readonly kind: "lost"; readonly why: LossReason; readonly jitter: number }
  /** Somebody does not want to wait: the network is back, or a person asks for it. */
  | { readonly kind: "retry" }
  /** Someone decided that it is over. */
  | { readonly kind: "over"; readonly end: End }
  /** Time has passed. */
  | { readonly kind: "tick"; readonly jitter: number };

/** What is to be done. */
export type ReconnectEffect =
  | { readonly kind: "dial" }
  | { readonly kind: "hang-up"; readonly why: ClosingCode | undefined }
  | { readonly kind: "ping" };

/** A state and what it takes to get there. */
export interface ReconnectStep {
  readonly state: ReconnectState;
  readonly effects: readonly ReconnectEffect[];
}

/** The first attempt. */
export function firstStep(nowMs: number): ReconnectStep {
  return dial({ attempt: 1, welcomed: false }, nowMs);
}

/** One step. What makes no sense in a state changes nothing. */
export function step(
  state: ReconnectState,
  input: ReconnectInput,
  nowMs: number,
): ReconnectStep {
  if (state.kind === "ended") return stay(state);
  switch (input.kind) {
    case "welcomed":
      return state.kind === "connecting" ? stay(live(state, nowMs)) : stay(state);
    case "heard":
      return stay(state.kind === "live" ? { ...state, heardMs: nowMs } : state);
    case "lost":
      return state.kind === "waiting" ? stay(state) : lose(state, input.why, input.jitter, nowMs);
    case "retry":
      return retry(state, nowMs);
    case "over":
      return { state: { kind: "ended", end: input.end }, effects: [hangUp(undefined)] };
    case "tick":
      return tick(state, input.jitter, nowMs);
    default:
      return input satisfies never;
  }
}

/** When the next `tick` is due, or `undefined` when none is. */
export function nextTickMs(state: ReconnectState): number | undefined {
  switch (state.kind) {
    case "connecting":
      return state.deadlineMs;
    case "live":
      return state.nextPingMs;
    case "waiting":
      return state.untilMs;
    case "ended":
      return undefined;
    default:
      return state satisfies never;
  }
}

/** A line for people on why there will be no further connection. */
export function endText(end: End): string {
  switch (end.code) {
    case "unreachable":
      return "The host cannot be reached";
    case "left":
      return "You have left the session";
    case "ended":
      return closingOf(end.code).text +
        (end.status === undefined ? "" : ` with status ${end.status}`);
    default:
      return closingOf(end.code).text;
  }
}

/** Dials at once where that was to come later; a connection that may be gone without a word is asked. */
function retry(state: Exclude<ReconnectState, { kind: "ended" }>, nowMs: number): ReconnectStep {
  switch (state.kind) {
    case "connecting":
      return stay(state);
    case "live":
      return tick({ ...state, nextPingMs: nowMs }, 0, nowMs);
    case "waiting":
      return dial({ attempt: state.attempt + 1, welcomed: state.welcomed }, nowMs);
    default:
      return state satisfies never;
  }
}

function tick(
  state: Exclude<ReconnectState, { kind: "ended" }>,
  jitter: number,
  nowMs: number,
): ReconnectStep {
  if (nowMs < nextTickMs(state)!) return stay(state);
  switch (state.kind) {
    case "connecting":
      return after(hangUp("join-timeout"), lose(state, "unreachable", jitter, nowMs));
    case "live":
      if (nowMs - state.heardMs >= SILENCE_MS) {
        return after(hangUp("unresponsive"), lose(state, "unresponsive", jitter, nowMs));
      }
      return { state: { ...state, nextPingMs: nowMs + PING_MS }, effects: [{ kind: "ping" }] };
    case "waiting":
      return dial({ attempt: state.attempt + 1, welcomed: state.welcomed }, nowMs);
    default:
      return state satisfies never;
  }
}

function live(history: History, nowMs: number): ReconnectState {
  return {
    kind: "live",
    attempt: history.attempt,
    welcomed: true,
    sinceMs: nowMs,
    heardMs: nowMs,
    // At once, so that the latency is known.
    nextPingMs: nowMs,
  };
}

function lose(
  state: Extract<ReconnectState, { kind: "connecting" | "live" }>,
  why: LossReason,
  jitter: number,
  nowMs: number,
): ReconnectStep {
  const coded = why !== "cut" && why !== "unreachable";
  if (coded && closingOf(why).final) return stay({ kind: "ended", end: { code: why } });
  const good = state.kind === "live" && nowMs - state.sinceMs >= GOOD_MS;
  const { attempt, welcomed } = { ...state, ...(good ? { attempt: 0 } : {}) };
  if (attempt >= (welcomed ? LATER_ATTEMPTS : FIRST_ATTEMPTS)) {
    return stay({ kind: "ended", end: { code: coded ? why : "unreachable" } });
  }
  const ceilingMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  const untilMs = nowMs + ceilingMs * (0.5 + 0.5 * jitter);
  return stay({ kind: "waiting", attempt, welcomed, untilMs, why });
}

function dial(history: History, nowMs: number): ReconnectStep {
  return {
    state: { kind: "connecting", ...history, deadlineMs: nowMs + CONNECT_TIMEOUT_MS },
    effects: [{ kind: "dial" }],
  };
}

function stay(state: ReconnectState): ReconnectStep {
  return { state, effects: [] };
}

function after(effect: ReconnectEffect, { state, effects }: ReconnectStep): ReconnectStep {
  return { state, effects: [effect, ...effects] };
}

function hangUp(why: ClosingCode | undefined): ReconnectEffect {
  return { kind: "hang-up", why };
}
