/**
 * The rule for payment card numbers.
 *
 * @module
 */
import type { Characters } from "./grams.ts";
import type { Candidate, PatternMatch, PatternRule, Range } from "./rule.ts";
import { cardLengths, passesLuhn } from "./values.ts";

/** The rule. It keeps the digits that tell who issued a card. */
export const CARD_RULE: PatternRule = {
  kind: "pattern",
  name: "card",
  finds: "payment card numbers, but for their first six digits",
  pattern: String.raw`(?:^|[^\w.+-])(?P<secret>\d(?:[ -]?\d){8,29}[ -]?)`,
  triggers: "digits",
  matches: digitRuns,
  refine: refineCard,
};

/** Digits of a card number that tell who issued it; they stay readable. */
const ISSUER_DIGITS = 6;
/** Fewer digits than this may be anything. */
const MIN_DIGITS = 9, MAX_DIGITS = 19;

/** Runs of nine digits or more, one from each blank on: a pattern looks at 61 characters at most from each place. */
function* digitRuns(text: string): Generator<PatternMatch> {
  const run = /\d(?:[ -]?\d){8,29}[ -]?/y;
  for (const { index } of text.matchAll(/(?<![\w.+-])\d/g)) {
    run.lastIndex = index;
    const found = run.exec(text)?.[0];
    if (found !== undefined) yield { start: index, key: "", from: index, to: index + found.length };
  }
}

/** A card number in groups as on the card, or in one, that no digit follows. */
const CARD =
  /^(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?!\d)|\d{4}([ -])\d{6}\2\d{4,5}(?!\d)|\d{13,19}(?!\d))/;
/** Groups of four that go on before or behind a card number are a table; one may be its date. */
const TABLE_BEFORE = /\d{4}[ -]\d{4}[ -]$/, TABLE_BEHIND = /^[ -]\d{4}[ -]\d{4}/;

/** Of a run of digits, the first card number; while one is being typed, all after its first digits. */
function refineCard(found: Candidate): Range | undefined {
  const { text, from, to } = found;
  const run = text.slice(from, to);
  for (const { index } of run.matchAll(/\d+/g)) {
    const number = CARD.exec(run.slice(index))?.[0];
    if (number === undefined) continue;
    const digits = number.replace(/\D/g, ""), begin = from + index, end = begin + number.length;
    if (!cardLengths(digits).includes(digits.length) || !passesLuhn(digits)) continue;
    if (TABLE_BEFORE.test(text.slice(0, begin)) || TABLE_BEHIND.test(text.slice(end))) continue;
    if (/^(\d)\1*$/.test(digits) || /^(?:[\w+=]|[.-]\d)/.test(text.slice(end, end + 2))) continue;
    return { from: begin + positionOf(number, ISSUER_DIGITS), to: end };
  }
  return found.growing ? refineGrowing(found, run) : undefined;
}

/** The digits at the end of a run that may become a card number. */
const GROWING = /(?:\d+|\d{4}([ -])\d{1,4}(?:\1\d{1,4}){0,2}|\d{4}([ -])\d{1,6}(?:\2\d{1,5})?)$/;

function refineGrowing(found: Candidate, run: string): Range | undefined {
  const typed = run.replace(/\D$/, "");
  const number = GROWING.exec(typed)![0];
  const digits = number.replace(/\D/g, "");
  const lengths = cardLengths(digits);
  if (digits.length < MIN_DIGITS || lengths.every((length) => length < digits.length)) {
    return undefined;
  }
  const to = found.from + typed.length;
  return { from: to - number.length + positionOf(number, ISSUER_DIGITS), to };
}

/** Where the digit number `count` (from 0) of a text stands. */
function positionOf(text: string, count: number): number {
  let at = 0;
  for (let seen = 0; at < text.length; at++) {
    if (/\d/.test(text[at]!) && seen++ === count) return at;
  }
  return at;
}

/**
 * Whether a card number, or the beginning of one, may be among characters from one place up to another: it looks at the
 * first two digits and at how the others are grouped.
 */
export function mayHoldCard(chars: Characters, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const group = digitsFrom(chars, at, to);
    if (group >= 4 && isIssuer(digitAt(chars, at), digitAt(chars, at + 1))) {
      if (group >= MIN_DIGITS && group <= MAX_DIGITS) return true;
      if (group === 4 && goesOn(chars, at + 4, to)) return true;
    }
    at += group;
  }
  return false;
}

/** Whether another group, and part of a third one or more than four digits, follows a group of four. */
function goesOn(chars: Characters, at: number, to: number): boolean {
  if (!isBetween(chars, at, to)) return false;
  const second = digitsFrom(chars, at + 1, to), third = at + 1 + second;
  return second > 4 ||
    second === 4 && isBetween(chars, third, to) && digitsFrom(chars, third + 1, to) > 0;
}

function digitsFrom(chars: Characters, from: number, to: number): number {
  let at = from;
  while (at < to && digitAt(chars, at) >= 0) at++;
  return at - from;
}

/** The digit at a place, -1 for what is none. */
function digitAt({ words, step, mask }: Characters, at: number): number {
  const digit = (words[at * step]! & mask) - 48;
  return digit >= 0 && digit < 10 ? digit : -1;
}

/** Whether a sign that stands between groups is at a place. */
function isBetween({ words, step, mask }: Characters, at: number, to: number): boolean {
  const code = words[at * step]! & mask;
  return at < to && (code === 32 || code === 45);
}

/** Whether a card number may begin with two digits. */
function isIssuer(first: number, second: number): boolean {
  switch (first) {
    case 2:
      return second >= 2 && second <= 7;
    case 3:
      return second !== 1 && second !== 2;
    case 4:
      return true;
    case 5:
      return second >= 1 && second <= 5;
    case 6:
      return second === 0 || second === 2 || second === 4 || second === 5;
    default:
      return false;
  }
}
