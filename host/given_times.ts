/**
 * How long links work and control is given, as it is written in flags and files.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";
import { parseDuration } from "../viewer/duration.ts";
import { CONTROL_MAX_MS, EXPIRES_MAX_MS } from "../wire/limits.ts";

/** The least time that anything is given for. */
const LEAST_MS = 1_000;
/** Control for no certain time. */
const UNTIL_REVOKED = "until-revoked";

/**
 * How long a link works, in milliseconds: 1 second to 366 days.
 *
 * @throws {UsageError} `bad-duration`
 */
export function parseExpiry(text: string): number {
  return within(text, { what: "a link", mostMs: EXPIRES_MAX_MS, most: "366d" });
}

/**
 * How long somebody has control, in milliseconds: 1 second to 24 hours; `null` for `until-revoked`.
 *
 * @throws {UsageError} `bad-duration`
 */
export function parseGrantTime(text: string): number | null {
  if (text === UNTIL_REVOKED) return null;
  return within(text, { what: "control", mostMs: CONTROL_MAX_MS, most: "24h" });
}

function within(
  text: string,
  { what, mostMs, most }: { readonly what: string; readonly mostMs: number; readonly most: string },
): number {
  const ms = parseDuration(text);
  if (ms >= LEAST_MS && ms <= mostMs) return ms;
  throw new UsageError("bad-duration", `Cannot give ${what} for ${text}: it takes 1s to ${most}`);
}
