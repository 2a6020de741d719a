/**
 * Playing a log: what is shown when. Pure: the clock and the log are arguments. The same for a file and for a session that
 * goes on.
 *
 * @module
 */
import type { EventLog } from "../record/event_log.ts";

/** What the player needs of a log. */
export type PlayerLog = Pick<
  EventLog,
  | "length"
  | "firstIndex"
  | "durationMs"
  | "timeAt"
  | "indexAt"
  | "codeAt"
  | "eventAt"
  | "markers"
  | "commands"
>;

/** How a log is played. */
export interface PlayerState {
  /** `following` shows the end of the log as it grows. */
  readonly mode: "playing" | "paused" | "following";
  /** Where it is, in the session's time. */
  readonly positionMs: number;
  /** All events before this one are shown. */
  readonly index: number;
  readonly speed: number;
  /** Longest time that nothing happens, in the session's time; the rest of a wait is jumped over. */
  readonly idleLimitMs: number | undefined;
  /** Whether more events may come. */
  readonly growing: boolean;
  /** Where the log begins, in the session's time. */
  readonly startMs: number;
  /** When `positionMs` was right, while playing. */
  readonly sinceMs: number;
  /** Since when nothing has happened, or nothing but a jump here. */
  readonly idleFromMs: number;
}

/** An event that is gone to. */
export interface Place {
  readonly index: number;
  readonly atMs: number;
}

/** What happens to the player. */
export type PlayerInput =
  /** Time has passed. */
  | { readonly kind: "tick" }
  /** Events were added to the log, or its oldest were dropped. */
  | { readonly kind: "grown" }
  /** No more events will come. */
  | { readonly kind: "complete" }
  /** Plays or pauses; from the end, plays from the start again. */
  | { readonly kind: "toggle" }
  | { readonly kind: "play" }
  | { readonly kind: "pause" }
  | { readonly kind: "seek"; readonly toMs: number }
  | { readonly kind: "seek-by"; readonly ms: number }
  /** To the start, or to the end: there a log that grows is followed. */
  | { readonly kind: "edge"; readonly edge: "start" | "end" }
  /** To the next marker, or to the one before. */
  | { readonly kind: "marker"; readonly by: 1 | -1 }
  /** To where the next command began to run, or the one before. */
  | { readonly kind: "command"; readonly by: 1 | -1 }
  /** To the next one of some places, in their order, or to the one before. */
  | { readonly kind: "place"; readonly by: 1 | -1; readonly places: readonly Place[] }
  /** To the next change of the screen, or the one before, and pauses. */
  | { readonly kind: "frame"; readonly by: 1 | -1 }
  /** One step faster or slower. */
  | { readonly kind: "speed"; readonly by: 1 | -1 };

/** What is to be done. */
export type PlayerEffect =
  /** Shows the screen after all events before `index`. */
  | { readonly kind: "show"; readonly index: number }
  /** A `tick` is due then. */
  | { readonly kind: "wake"; readonly atMs: number };

/** A state and what it takes to get there. */
export interface PlayerStep {
  readonly state: PlayerState;
  readonly effects: readonly PlayerEffect[];
}

/** How a {@link PlayerState} begins. */
export interface PlayerOptions {
  readonly speed?: number;
  readonly idleLimitMs?: number | undefined;
  /** Whether more events may come. Default false. */
  readonly growing?: boolean;
  /** Where the log begins: of a session that was joined later, when it was joined. Default 0. */
  readonly startMs?: number;
  /** Default `playing`. */
  readonly mode?: PlayerState["mode"];
}

/** Speeds that keys step through. */
const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20, 50, 100] as const;
/** The slowest and the fastest speed. */
export const MIN_SPEED = SPEEDS[0], MAX_SPEED: number = SPEEDS.at(-1)!;
/** While it plays, the place before is the one that was passed longer ago than this, at normal speed. */
const PASSED_MS = 1_000;

/** An event is due that is this near: a sum of fractions may fall short of it for ever. */
const ROUNDING_MS = 1e-3;

/** A player before the first event, that plays from `nowMs` on. */
export function newPlayer(nowMs: number, options: PlayerOptions = {}): PlayerState {
  const startMs = options.startMs ?? 0;
  return {
    mode: options.mode ?? "playing",
    startMs,
    positionMs: startMs,
    index: 0,
    speed: options.speed ?? 1,
    idleLimitMs: options.idleLimitMs,
    growing: options.growing ?? false,
    sinceMs: nowMs,
    idleFromMs: startMs,
  };
}

/** Where the timeline begins: what a log has dropped is not on it. */
export function startMs(state: PlayerState, log: PlayerLog): number {
  const dropped = log.firstIndex > 0 && log.firstIndex < log.length;
  return dropped ? Math.max(state.startMs, log.timeAt(log.firstIndex)) : state.startMs;
}

/** Whether all of a log that does not grow any more is shown. */
export function hasEnded(state: PlayerState, log: PlayerLog): boolean {
  return !state.growing && state.mode === "paused" && state.index >= log.length;
}

/** One step. */
export function step(
  before: PlayerState,
  input: PlayerInput,
  context: { readonly log: PlayerLog; readonly nowMs: number },
): PlayerStep {
  const { log, nowMs } = context;
  const now = advance(keepInside(before, log), log, nowMs);
  const state = settle(take(now, input, log), log, nowMs);
  const effects: PlayerEffect[] = [];
  if (state.index !== before.index) effects.push({ kind: "show", index: state.index });
  const wakeMs = nextDueMs(state, log);
  if (wakeMs !== undefined) effects.push({ kind: "wake", atMs: wakeMs });
  return { state, effects };
}

function take(state: PlayerState, input: PlayerInput, log: PlayerLog): PlayerState {
  switch (input.kind) {
    case "tick":
    case "grown":
      return state;
    case "complete":
      return { ...state, growing: false, mode: state.mode === "following" ? "paused" : state.mode };
    case "play":
      return play(state, log);
    case "pause":
      return { ...state, mode: "paused" };
    case "toggle":
      return state.mode === "paused" ? play(state, log) : { ...state, mode: "paused" };
    case "seek":
      return seek(state, log, input.toMs);
    case "seek-by":
      return seek(state, log, state.positionMs + input.ms);
    case "edge":
      return input.edge === "start" ? seek(state, log, startMs(state, log)) : toEnd(state, log);
    case "marker":
      return toPlace(state, log, input.by, log.markers());
    case "command":
      return toPlace(state, log, input.by, log.commands());
    case "place":
      return toPlace(state, log, input.by, input.places);
    case "frame":
      return toFrame(state, log, input.by);
    case "speed":
      return { ...state, speed: nextSpeed(state.speed, input.by) };
    default:
      return input satisfies never;
  }
}

/** A log may have dropped what is shown. */
function keepInside(state: PlayerState, log: PlayerLog): PlayerState {
  return state.index < log.firstIndex && state.mode !== "following"
    ? seek(state, log, startMs(state, log))
    : state;
}

/** Plays up to now. */
function advance(state: PlayerState, log: PlayerLog, nowMs: number): PlayerState {
  if (state.mode !== "playing") return { ...state, sinceMs: nowMs };
  let { positionMs, index, idleFromMs } = state;
  let leftMs = Math.max(0, nowMs - state.sinceMs) * state.speed;
  while (index < log.length) {
    const nextMs = log.timeAt(index);
    const waitMs = waitUntil(nextMs, idleFromMs, state.idleLimitMs) - positionMs;
    if (leftMs + ROUNDING_MS < waitMs) break;
    leftMs = Math.max(0, leftMs - Math.max(0, waitMs));
    positionMs = idleFromMs = nextMs;
    index = log.indexAt(nextMs);
  }
  if (index < log.length) positionMs += leftMs;
  return { ...state, positionMs, index, idleFromMs, sinceMs: nowMs };
}

/** When an event is due, in the session's time as far as it is played. */
function waitUntil(eventMs: number, idleFromMs: number, limitMs: number | undefined): number {
  return limitMs === undefined ? eventMs : Math.min(eventMs, idleFromMs + limitMs);
}

/** When the next event is due, by the clock. */
function nextDueMs(state: PlayerState, log: PlayerLog): number | undefined {
  if (state.mode !== "playing" || state.index >= log.length) return undefined;
  const dueMs = waitUntil(log.timeAt(state.index), state.idleFromMs, state.idleLimitMs);
  return state.sinceMs + Math.max(0, dueMs - state.positionMs) / state.speed;
}

/** What the end of the log makes of a state. */
function settle(state: PlayerState, log: PlayerLog, nowMs: number): PlayerState {
  const settled = { ...state, sinceMs: nowMs };
  if (state.mode === "following") {
    const positionMs = Math.max(log.durationMs, state.positionMs);
    return { ...settled, index: log.length, positionMs, idleFromMs: positionMs };
  }
  if (state.mode === "playing" && state.index >= log.length) {
    return { ...settled, mode: state.growing ? "following" : "paused" };
  }
  return settled;
}

function play(state: PlayerState, log: PlayerLog): PlayerState {
  const again = state.index >= log.length && !state.growing;
  return { ...(again ? seek(state, log, startMs(state, log)) : state), mode: "playing" };
}

function seek(state: PlayerState, log: PlayerLog, toMs: number): PlayerState {
  const endMs = Math.max(startMs(state, log), log.durationMs);
  if (toMs >= endMs && state.mode === "following") return state;
  const positionMs = Math.max(startMs(state, log), Math.min(toMs, endMs));
  return {
    ...state,
    mode: state.mode === "following" ? "playing" : state.mode,
    positionMs,
    index: log.indexAt(positionMs),
    idleFromMs: positionMs,
  };
}

function toEnd(state: PlayerState, log: PlayerLog): PlayerState {
  if (state.growing) return { ...state, mode: "following" };
  return { ...seek(state, log, Infinity), index: log.length };
}

/** Shows everything up to and including one event. */
function showEvent(state: PlayerState, log: PlayerLog, index: number): PlayerState {
  const mode = state.mode === "following" ? "playing" : state.mode;
  const positionMs = log.timeAt(index);
  return { ...state, mode, positionMs, index: index + 1, idleFromMs: positionMs };
}

function toPlace(
  state: PlayerState,
  log: PlayerLog,
  by: 1 | -1,
  places: readonly Place[],
): PlayerState {
  if (by > 0) {
    const next = places.find((place) => place.index >= state.index);
    return next === undefined ? state : showEvent(state, log, next.index);
  }
  const passedMs = state.mode === "playing" ? PASSED_MS * Math.max(1, state.speed) : 0;
  const before = places.findLast((place) =>
    place.index < state.index && place.atMs < state.positionMs - passedMs
  );
  return before === undefined
    ? seek(state, log, startMs(state, log))
    : showEvent(state, log, before.index);
}

function toFrame(state: PlayerState, log: PlayerLog, by: 1 | -1): PlayerState {
  const paused: PlayerState = { ...state, mode: "paused" };
  if (by > 0) {
    for (let i = state.index; i < log.length; i++) {
      if (changesScreen(log, i)) return showEvent(paused, log, i);
    }
    return paused;
  }
  // What is shown now is the last change before the index: the one before that is wanted.
  let seen = 0;
  for (let i = state.index - 1; i >= log.firstIndex; i--) {
    if (changesScreen(log, i) && ++seen === 2) return showEvent(paused, log, i);
  }
  const positionMs = startMs(state, log);
  return { ...paused, positionMs, index: log.firstIndex, idleFromMs: positionMs };
}

function changesScreen(log: PlayerLog, index: number): boolean {
  const code = log.codeAt(index);
  if (code !== "o") return code === "r";
  const event = log.eventAt(index);
  return event.kind === "output" && event.data !== "";
}

function nextSpeed(speed: number, by: 1 | -1): number {
  const next = by > 0
    ? SPEEDS.find((candidate) => candidate > speed)
    : SPEEDS.findLast((candidate) => candidate < speed);
  return next ?? speed;
}
