/**
 * Waiting for something in a session: as soon as what holds has arrived.
 *
 * @module
 */
import type { Clock } from "../viewer/clock.ts";
import { AgentError } from "./errors.ts";
import type { Feed } from "./feed.ts";
import { type Finder, patternFinder, textFinder } from "./finding.ts";
import { joinRows } from "./logical_lines.ts";
import type { ShellWatch } from "./shell_watch.ts";
import type { Condition, OutputCursor, Waited } from "./types.ts";

/** What a wait looks at. */
export interface WaitRoom {
  readonly feed: Feed;
  readonly shell: ShellWatch;
  readonly clock: Clock;
  /** Calls back after each thing that came; the return value ends that. */
  watch(listener: () => void): () => void;
  /** Why the session is over for this program, once it is. */
  over(): AgentError | undefined;
  /** The exit status of the session's command; `null` when it ended without one. */
  exitStatus(): number | null | undefined;
}

/** What a look came to: it holds, it will unless something changes, or it does not. */
export type Look<T> =
  | { readonly kind: "met"; readonly value: T }
  | { readonly kind: "later"; readonly inMs: number }
  | { readonly kind: "no" };

const NO = { kind: "no" } as const;
/** Lines before the new ones that are looked at again: what is found across lines may have begun there. */
const OVERLAP_LINES = 50;
/** Longest wait that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long to wait, and what calls it off. */
export interface WaitOptions {
  /** `Infinity` for as long as it takes. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What is said when the time is over. */
  readonly late?: () => AgentError;
}

/** Looks at once and after each thing that comes, until a look says that it holds. */
export function waitUntil<T>(
  room: Pick<WaitRoom, "clock" | "watch">,
  look: () => Look<T>,
  { timeoutMs, signal, late }: WaitOptions,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const { clock } = room;
  let cancelLook = (): void => {};
  let done = false;
  const finish = (settle: () => void): void => {
    if (done) return;
    done = true;
    cancelLook();
    cancelTimeout();
    unwatch();
    signal?.removeEventListener("abort", abort);
    settle();
  };
  const abort = (): void => finish(() => reject(aborted(signal!)));
  const check = (): void => {
    if (done) return;
    cancelLook();
    try {
      const found = look();
      if (found.kind === "met") finish(() => resolve(found.value));
      else if (found.kind === "later") cancelLook = clock.after(Math.ceil(found.inMs), check);
    } catch (error) {
      finish(() => reject(error));
    }
  };
  const unwatch = room.watch(check);
  const cancelTimeout = timeoutMs === Infinity
    ? () => {}
    : clock.after(Math.min(Math.max(0, timeoutMs), MAX_TIMER_MS), () =>
      finish(() => reject(late?.())));
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  else check();
  return promise;
}

const WAIT_MS = 30_000;

/** Waits until one of some conditions holds. See `AgentSession.waitFor`. */
export function waitForAny(
  room: WaitRoom,
  condition: Condition | readonly Condition[],
  { timeoutMs = WAIT_MS, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
): Promise<Waited> {
  const conditions = Array.isArray(condition) ? condition : [condition as Condition];
  // Made here, so that it tells who has waited.
  const late = new AgentError(
    "timeout",
    `Waited ${timeoutMs} ms for what has not come: look at the screen, then wait longer or for something else`,
  );
  return waitUntil(room, conditionLook(room, conditions), {
    timeoutMs,
    signal,
    late: () => late,
  });
}

/** The call was called off. */
export function aborted(signal: AbortSignal): AgentError {
  return new AgentError("aborted", "Stopped waiting: the call was called off", {
    cause: signal.reason,
  });
}

/** What looks for some conditions, the first that holds being told. */
function conditionLook(
  room: WaitRoom,
  conditions: readonly Condition[],
): () => Look<Waited> {
  const sinceMs = room.clock.now();
  const met = (what: Omit<Waited, "waitedMs">): Look<Waited> => ({
    kind: "met",
    value: { ...what, waitedMs: room.clock.now() - sinceMs },
  });
  const checks = conditions.map((condition) => checkOf(room, condition, sinceMs));
  return () => {
    let inMs = Infinity;
    for (const check of checks) {
      const look = check();
      if (look.kind === "met") return met(look.value);
      if (look.kind === "later") inMs = Math.min(inMs, look.inMs);
    }
    const over = room.over();
    if (over !== undefined) throw over;
    return inMs === Infinity ? NO : { kind: "later", inMs };
  };
}

type Check = () => Look<Omit<Waited, "waitedMs">>;

function checkOf(room: WaitRoom, condition: Condition, sinceMs: number): Check {
  if ("text" in condition) return findingCheck(room, "text", textFinder(condition.text));
  if ("pattern" in condition) {
    return findingCheck(room, "pattern", patternFinder(condition.pattern));
  }
  if ("quiet" in condition) return quietCheck(room, condition.quiet, sinceMs);
  if ("exit" in condition) return exitCheck(room);
  return promptCheck(room);
}

function findingCheck(room: WaitRoom, met: "text" | "pattern", find: Finder): Check {
  const { feed } = room;
  const start = feed.log.end;
  let from: OutputCursor = start;
  let seen = -1;
  return () => {
    if (feed.revision === seen || feed.frame === undefined || !feed.isShared) return NO;
    seen = feed.revision;
    const { log, frame } = feed;
    const output = log.read(Math.max(start, from - OVERLAP_LINES)).lines;
    from = log.end;
    // Newest first: what is on the screen now before what has scrolled by.
    const found = find(joinRows(frame.lines).lines) ?? find(output);
    return found === undefined ? NO : { kind: "met", value: { met, ...found } };
  };
}

function quietCheck({ shell, clock }: WaitRoom, quiet: number, sinceMs: number): Check {
  return () => {
    const inMs = Math.max(shell.changedMs, sinceMs) + quiet - clock.now();
    return inMs <= 0 ? { kind: "met", value: { met: "quiet" } } : { kind: "later", inMs };
  };
}

function exitCheck(room: WaitRoom): Check {
  return () => {
    const status = room.exitStatus();
    if (status === undefined) return NO;
    return { kind: "met", value: { met: "exit", ...(status !== null && { status }) } };
  };
}

function promptCheck({ shell, feed, clock }: WaitRoom): Check {
  return () => {
    const at = shell.atPrompt(clock.now());
    if (at.kind !== "yes") return at;
    const status = at.by === "marks" ? feed.lastStatus : undefined;
    const value = { met: "promptReturns" as const, ...(status !== undefined && { status }) };
    return { kind: "met", value };
  };
}
