/**
 * Times as people write and read them: `2s`, `1:23`, `1h2m`.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The longest time accepted: a hundred years. */
const MAX_MS = 100 * 366 * 86_400_000;

/**
 * Milliseconds of a duration or a position: `90`, `2.5s`, `500ms`, `1h2m3s`, `1:23`, `1:02:03.5`. A bare
 * number counts seconds.
 *
 * @throws {UsageError} `bad-duration`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseDuration("1:23"), 83_000);
 * assert.equal(parseDuration("1h2m"), 3_720_000);
 * assert.equal(parseDuration("2.5s"), 2_500);
 * ```
 */
export function parseDuration(text: string): number {
  const ms = parseClock(text) ?? parseUnits(text);
  if (ms === undefined || ms > MAX_MS) {
    throw new UsageError(
      "bad-duration",
      `Cannot read the time "${printable(text)}": write it as "1:23", "90s", "2.5s" or "1h2m"`,
    );
  }
  return Math.round(ms);
}

function parseClock(text: string): number | undefined {
  const match = /^(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2}(?:\.\d{1,9})?)$/.exec(text);
  if (match === null) return undefined;
  const minutes = Number(match[2]), seconds = Number(match[3]);
  if (seconds >= 60 || (match[1] !== undefined && minutes >= 60)) return undefined;
  return ((Number(match[1] ?? 0) * 60 + minutes) * 60 + seconds) * 1_000;
}

function parseUnits(text: string): number | undefined {
  if (/^\d{1,12}(?:\.\d{0,9})?$/.test(text)) return Number(text) * 1_000;
  if (!/^(?:\d{1,12}(?:\.\d{1,9})?(?:ms|[smhd]))+$/.test(text)) return undefined;
  let ms = 0;
  let last = Infinity;
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ms|[smhd])/g)) {
    const factor = UNITS[unit!]!;
    if (factor >= last) return undefined; // 1m1h, 1s1s: more likely a slip than a wish
    last = factor;
    ms += Number(number) * factor;
  }
  return ms;
}

/** Text quoted in an error, without what could disturb the terminal it is shown on. */
function printable(text: string): string {
  const plain = text.replaceAll(/[^\x20-\x7e]/g, "?");
  return plain.length > 40 ? `${plain.slice(0, 40)}...` : plain;
}

/**
 * A position on a timeline: `0:07`, `1:23`, `1:02:03`. Rounded down, as clocks do.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatClock(83_900), "1:23");
 * assert.equal(formatClock(3_723_000), "1:02:03");
 * ```
 */
export function formatClock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const pad = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(total / 3_600), minutes = Math.floor(total / 60) % 60;
  return hours > 0
    ? `${hours}:${pad(minutes)}:${pad(total % 60)}`
    : `${minutes}:${pad(total % 60)}`;
}

/**
 * How long something is, in at most two units: `12 ms`, `4 s`, `3 min`, `1 h 5 min`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatSpan(240), "240 ms");
 * assert.equal(formatSpan(3_900_000), "1 h 5 min");
 * ```
 */
export function formatSpan(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.floor((ms + 0.5) / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ""}`;
}
