/**
 * A fast look at an event line: where its parts are, and that they are well formed, without making a string.
 *
 * @module
 */
import { MAX_INTERVAL_MS } from "../format/limits.ts";

const QUOTE = 34, BACKSLASH = 92, COMMA = 44, DOT = 46, ZERO = 48, OPEN = 91, CLOSE = 93;

/** What {@link scanLine} found in a line. One object is used for all lines. */
export interface Scan {
  /** The interval, in microseconds. */
  intervalUs: number;
  /** The code: one ASCII character. */
  code: number;
  /** Where the data begins in the bytes, with its quote. */
  start: number;
  /** Where the data ends, after its quote. */
  end: number;
}

/**
 * Scans the line in `bytes` from `from` to `to`. Returns false when the line is anything but
 * `[digits.digits, "c", "text"]`; it may be well formed all the same, which only a JSON parser can tell.
 * What it accepts a JSON parser accepts too: escapes, control characters and UTF-8 are checked.
 */
export function scanLine(bytes: Uint8Array, from: number, to: number, scan: Scan): boolean {
  let at = skipSpace(bytes, from, to);
  if (bytes[at] !== OPEN) return false;
  at = scanInterval(bytes, skipSpace(bytes, at + 1, to), to, scan);
  if (at < 0) return false;
  at = skipSpace(bytes, at, to);
  if (at >= to || bytes[at] !== COMMA) return false;
  at = skipSpace(bytes, at + 1, to);
  if (at + 2 >= to || bytes[at] !== QUOTE || bytes[at + 2] !== QUOTE) return false;
  const code = bytes[at + 1] as number;
  if (code < 0x20 || code > 0x7e || code === BACKSLASH || code === QUOTE) return false;
  scan.code = code;
  at = skipSpace(bytes, at + 3, to);
  if (at >= to || bytes[at] !== COMMA) return false;
  at = skipSpace(bytes, at + 1, to);
  if (at >= to || bytes[at] !== QUOTE) return false;
  scan.start = at;
  at = scanString(bytes, at + 1, to);
  if (at < 0) return false;
  scan.end = at;
  at = skipSpace(bytes, at, to);
  if (at >= to || bytes[at] !== CLOSE) return false;
  return skipSpace(bytes, at + 1, to) === to;
}

/** JSON's white space. */
export function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = bytes[at];
    if (byte !== 32 && byte !== 13 && byte !== 9 && byte !== 10) break;
    at++;
  }
  return at;
}

/** At most 9 digits and 6 decimals: anything else goes the long way. Returns where it ends, or -1. */
function scanInterval(bytes: Uint8Array, from: number, to: number, scan: Scan): number {
  let at = from, value = 0;
  for (; at < to; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const digits = at - from;
  if (digits === 0 || digits > 9 || (digits > 1 && bytes[from] === ZERO)) return -1;
  let decimals = 0;
  if (at < to && bytes[at] === DOT) {
    for (at++; at < to; at++, decimals++) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (decimals === 0 || decimals > 6) return -1;
  }
  scan.intervalUs = value * (TENS[6 - decimals] as number);
  return scan.intervalUs <= MAX_INTERVAL_MS * 1000 ? at : -1;
}

const TENS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const;

/** Checks a string from after its quote. Returns where it ends, after its other quote, or -1. */
function scanString(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) {
      at = scanEscape(bytes, at + 1, to);
      if (at < 0) return -1;
    } else if (byte < 0x80) {
      if (byte < 0x20) return -1;
      at++;
    } else {
      const length = utf8Length(bytes, at, to);
      if (length === 0) return -1;
      at += length;
    }
  }
  return -1;
}

/** Checks an escape from after its backslash. Returns where it ends, or -1. */
function scanEscape(bytes: Uint8Array, at: number, to: number): number {
  if (at >= to) return -1;
  switch (bytes[at]) {
    case 117: // u
      if (at + 4 >= to) return -1;
      return isHex(bytes[at + 1]) && isHex(bytes[at + 2]) && isHex(bytes[at + 3]) &&
          isHex(bytes[at + 4])
        ? at + 5
        : -1;
    case QUOTE:
    case BACKSLASH:
    case 47: // /
    case 98: // b
    case 102: // f
    case 110: // n
    case 114: // r
    case 116: // t
      return at + 1;
    default:
      return -1;
  }
}

function isHex(byte = 0): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);
}

/** The length of the well-formed UTF-8 sequence at `at` (Unicode, table 3-7), or 0. */
function utf8Length(bytes: Uint8Array, at: number, to: number): number {
  const lead = bytes[at] as number;
  const second = at + 1 < to ? bytes[at + 1] as number : 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return isTail(second) ? 2 : 0;
  const third = at + 2 < to ? bytes[at + 2] as number : 0;
  if (lead < 0xf0) {
    const low = lead === 0xe0 ? 0xa0 : 0x80, high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isTail(third) ? 3 : 0;
  }
  const fourth = at + 3 < to ? bytes[at + 3] as number : 0;
  const low = lead === 0xf0 ? 0x90 : 0x80, high = lead === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high && isTail(third) && isTail(fourth) ? 4 : 0;
}

function isTail(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
