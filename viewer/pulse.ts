/**
 * How far a session is away: what time it is there, and whether what is seen of it is late. Pure.
 *
 * @module
 */

/** What is known from what came and when. Times of the local clock, but for `aheadMs`. */
export interface Pulse {
  /** The session's time less that of the local clock, as of what came with the least delay. */
  readonly aheadMs: number | undefined;
  /** When anything came last. */
  readonly heardMs: number;
  /** How much later than it could have what came last came, and when that was. */
  readonly delay: Late;
  /** How long a question and its answer took last. */
  readonly latencyMs: number | undefined;
  /** How long the local terminal took to show what it was given, at its worst of late. */
  readonly paint: Late;
}

/** By how much something was late, and when that was. */
export interface Late {
  readonly ms: number;
  readonly atMs: number;
}

const NOT_LATE: Late = { ms: 0, atMs: -Infinity };

/** Before anything came. */
export const NO_PULSE: Pulse = {
  aheadMs: undefined,
  heardMs: -Infinity,
  delay: NOT_LATE,
  latencyMs: undefined,
  paint: NOT_LATE,
};

/** Beyond this it is said. */
const LAG_MS = 500;
/** A host is asked for an answer every five seconds: so long it may be silent with nothing wrong. */
const SILENCE_MS = 5_000 + 2 * LAG_MS;
/** What was late is of no interest any more after this. */
const TOLD_MS = 3_000;

/** A connection began: what was known of another one's delays says nothing of this one. */
export function begun(pulse: Pulse, nowMs: number): Pulse {
  return { ...NO_PULSE, heardMs: nowMs, paint: pulse.paint };
}

/** Something came that has no time of its own. */
export function heard(pulse: Pulse, nowMs: number): Pulse {
  return { ...pulse, heardMs: nowMs };
}

/** An answer came. */
export function answered(pulse: Pulse, latencyMs: number, nowMs: number): Pulse {
  return { ...pulse, latencyMs, heardMs: nowMs };
}

/** Something came that happened at session time `atMs`. */
export function arrived(pulse: Pulse, atMs: number, nowMs: number): Pulse {
  const aheadMs = Math.max(atMs - nowMs, pulse.aheadMs ?? -Infinity);
  const delay = { ms: nowMs + aheadMs - atMs, atMs: nowMs };
  return { ...pulse, aheadMs, delay, heardMs: nowMs };
}

/** The local terminal shows what it was given `ms` ago. */
export function painted(pulse: Pulse, ms: number, nowMs: number): Pulse {
  const worse = ms >= pulse.paint.ms || nowMs - pulse.paint.atMs >= TOLD_MS;
  return worse ? { ...pulse, paint: { ms, atMs: nowMs } } : pulse;
}

/** What time it is in the session; `undefined` before anything came. */
export function sessionNowMs({ aheadMs }: Pulse, nowMs: number): number | undefined {
  return aheadMs === undefined ? undefined : nowMs + aheadMs;
}

/** By how much what is seen is late, when that is worth to be told. */
export function lagMs(pulse: Pulse, nowMs: number): number | undefined {
  const { delay, latencyMs = 0, heardMs, paint } = pulse;
  const recent = ({ ms, atMs }: Late): number => nowMs - atMs < TOLD_MS ? ms : 0;
  const silentMs = Math.max(0, nowMs - heardMs - SILENCE_MS);
  const late = [
    latencyMs,
    recent(paint),
    recent(delay),
    silentMs > 0 && heardMs > -Infinity ? silentMs + 2 * LAG_MS : 0,
  ];
  const most = Math.max(...late);
  return most > LAG_MS ? most : undefined;
}

/** When {@link lagMs} may say something else although nothing comes, in how many milliseconds. */
export function lagChangesInMs(pulse: Pulse, nowMs: number): number | undefined {
  if (pulse.heardMs === -Infinity) return undefined;
  if (lagMs(pulse, nowMs) !== undefined) return LAG_MS;
  return Math.max(1, pulse.heardMs + SILENCE_MS + 1 - nowMs);
}
