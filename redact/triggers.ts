/**
 * Which rows and texts are worth reading: those that have what a rule begins with. What a look at a row finds (see
 * `row_look.ts`) is compared with the triggers.
 *
 * @module
 */
import { CELL, CODE_MASK, type Row, rowCols } from "../format/row.ts";
import { codePointWidth } from "../format/width.ts";
import { mayHoldCard } from "./cards.ts";
import {
  CLASS_BITS,
  classAt,
  classOf,
  codeAt,
  codesOf,
  DIGIT,
  fold,
  rarestThree,
} from "./char_classes.ts";
import { HIT } from "./flags.ts";
import { type Characters, Grams } from "./grams.ts";
import { RowLook, three, threeAt } from "./row_look.ts";

/** So many literals, and so many known secrets, are looked for as triggers are; the others are by their hashes. */
const MAX_LISTED = 64;
/** Fewest characters of a literal to look for it by a hash. */
const MIN_HASHED = 4;
/** Pieces narrower than this may have what is looked for by hashes over three of them. */
const MIN_COLS = 8;
/** So many lists of triggers; when there are more, some share one. */
const LISTS = 254;
/** Columns from the last pair of a series of digits to where it has ended for sure. */
const BEHIND_DIGITS = 6;

/** A text to be found, in codes of its characters without case. */
interface Wanted {
  readonly codes: Uint32Array;
  /** Where in it the three characters of its table entry begin. */
  readonly at: number;
  /** How many characters around those three have to be there: all of them, or enough of a known secret. */
  readonly min: number;
  /** The numbers of the rules that it is of; none for a literal or part of a known secret. */
  readonly rules: number[];
}

/** Some columns of a row. */
interface CellRange {
  readonly row: Row;
  readonly from: number;
  readonly to: number;
}

/** The triggers of a set of rules. Parts of known secrets may be added at any time. */
export class Triggers {
  /** Whether every line has to be tried: not all triggers can be looked for. */
  #always = false;
  /** The rules of which that is so, and those that look for digits. */
  readonly #alwaysRules: number[] = [];
  readonly #digitRules: number[] = [];
  /** Length of the longest text. */
  #longest = 0;
  /** The number of a list of triggers, by three classes; 0 for none. */
  readonly #threes = new Uint8Array(1 << 3 * CLASS_BITS);
  readonly #lists: Wanted[][] = [[]];
  readonly #look = new RowLook(this.#threes);
  #literals = 0;
  #secrets = 0;
  /** Literals and known secrets that are too many for lists. */
  #grams: Grams | undefined;

  /** @param triggers the ones of each rule */
  constructor(triggers: readonly (readonly string[] | "digits")[]) {
    triggers.forEach((trigger, rule) => {
      if (trigger === "digits") this.#digitRules.push(rule);
      else if (
        trigger.length === 0 || !trigger.map((text) => this.#add(text, rule)).every(Boolean)
      ) {
        this.#alwaysRules.push(rule);
      }
    });
    this.#always = this.#alwaysRules.length > 0;
    if (this.#digitRules.length > 0) this.#look.addDigits();
  }

  /** Adds a text. Returns whether it can be looked for: it needs three characters that are not too common. */
  #add(text: string, rule: number): boolean {
    return this.#enterText(codesOf(text), [rule]);
  }

  #enterText(codes: Uint32Array, rules: number[]): boolean {
    const at = rarestThree(codes, 0, codes.length);
    if (at >= 0) this.#enter({ codes: codes.map(fold), at, min: codes.length, rules });
    return at >= 0;
  }

  /** Adds the beginning of a literal. */
  addLiteral(beginning: string): void {
    const codes = codesOf(beginning);
    // A wide character stands in two cells.
    if (codes.some((code) => codePointWidth(code) !== 1)) this.#always = true;
    else if (this.#literals++ < MAX_LISTED && this.#enterText(codes, [])) return;
    else if (codes.length < MIN_HASHED) this.#always = true;
    else {
      this.#longest = Math.max(this.#longest, codes.length);
      (this.#grams ??= new Grams()).addBeginning(codes);
    }
  }

  /** Adds a secret of which any `min` characters in a row are to be found. */
  addParts(text: string, min: number): void {
    const codes = codesOf(text);
    if (this.#secrets++ >= MAX_LISTED) {
      this.#longest = Math.max(this.#longest, min);
      return (this.#grams ??= new Grams()).addParts(codes, min);
    }
    const folded = codes.map(fold);
    let last = -1;
    for (let from = 0; from + min <= codes.length; from++) {
      const at = rarestThree(codes, from, from + min);
      if (at > last) this.#enter({ codes: folded, at: last = at, min, rules: [] });
    }
  }

  #enter(wanted: Wanted): void {
    const { codes, at } = wanted;
    const [a, b, c] = [classOf(codes[at]!), classOf(codes[at + 1]!), classOf(codes[at + 2]!)];
    this.#longest = Math.max(this.#longest, wanted.min);
    this.#look.add(a, b, c);
    let list = this.#threes[three(a, b, c)]!;
    if (list === 0) {
      list = this.#lists.length < LISTS ? this.#lists.length : 1 + three(a, b, c) % (LISTS - 1);
      this.#threes[three(a, b, c)] = list;
      this.#lists[list] ??= [];
    }
    const wanteds = this.#lists[list]!;
    const same = wanteds.find((other) => other.rules.length > 0 && sameCodes(other.codes, codes));
    if (same !== undefined && wanted.rules.length > 0) same.rules.push(...wanted.rules);
    else wanteds.push(wanted);
  }

  /** The flags of a row. */
  scan(row: Row): number {
    if (row.used === 0) return 0;
    const flags = this.#look.look(row);
    const hit = this.#always || this.#isAnywhere(row) ||
      this.#grams?.isIn(rowChars(row), row.used) === true;
    return hit ? flags | HIT : flags;
  }

  /** Whether there is a trigger, or a card number, at a place that was found. */
  #isAnywhere(row: Row): boolean {
    const { threes, threeCount, digits, digitCount } = this.#look;
    if (threeCount === 0 && digitCount === 0) return false;
    const chars = rowChars(row), { used } = row;
    for (let i = 0; i < threeCount; i++) {
      const x = threes[i]!;
      for (const wanted of this.#lists[this.#threes[threeAt(row, x)]!]!) {
        if (matches(wanted, x, chars, used)) return true;
      }
    }
    for (let i = 0; i < digitCount; i += 2) {
      const to = Math.min(used, digits[i + 1]! + BEHIND_DIGITS);
      if (mayHoldCard(chars, Math.max(0, digits[i]! - 1), to)) return true;
    }
    return false;
  }

  /** Whether a trigger may reach from the end of one row over to the beginning of the next. */
  spans(above: Row, below: Row): boolean {
    const end = above.used;
    const a = classAt(above, end - 2), b = classAt(above, end - 1);
    const c = classAt(below, 0), d = classAt(below, 1);
    return this.#threes[three(a, b, c)]! !== 0 || this.#threes[three(b, c, d)]! !== 0 ||
      this.#mayBeCard(a, b, c, d) || this.#grams !== undefined && this.#gramSpans(above, below);
  }

  /** As {@link spans}, for what is looked for by hashes: the last column of the first row may be a blank of the text. */
  #gramSpans(above: Row, below: Row): boolean {
    const cols = rowCols(above), next = { row: below, from: 0, to: below.used };
    if (cols < MIN_COLS) return true;
    for (let to = above.used; to <= Math.min(cols, above.used + 1); to++) {
      const { chars, length } = this.#joint({ row: above, from: 0, to }, next);
      if (this.#grams!.isIn(chars, length)) return true;
    }
    return false;
  }

  /** Whether digits go on, with a sign in between or not, where two texts meet between the second and the third class. */
  #mayBeCard(a: number, b: number, c: number, d: number): boolean {
    return (b === DIGIT || a === DIGIT) && (c === DIGIT || d === DIGIT) &&
      this.#digitRules.length > 0;
  }

  /** Whether two pieces of rows, one after the other, have a trigger. */
  testPieces(a: CellRange, b: CellRange): boolean {
    if (this.#always) return true;
    const [last, next] = [a.to - 1, b.from];
    if (
      this.#mayBeCard(
        classAt(a.row, last - 1),
        classAt(a.row, last),
        classAt(b.row, next),
        classAt(b.row, next + 1),
      )
    ) return true;
    if (this.#grams !== undefined && Math.min(a.to - a.from, b.to - b.from) < MIN_COLS) return true;
    const { chars, length } = this.#joint(a, b);
    return this.#search(chars, length, () => true) || this.#grams?.isIn(chars, length) === true;
  }

  /** The characters where two pieces of rows meet, as many as the longest text may have there. */
  #joint(a: CellRange, b: CellRange): { readonly chars: Characters; readonly length: number } {
    const first = Math.min(a.to - a.from, this.#longest);
    const length = first + Math.min(b.to - b.from, this.#longest);
    const words = wordsFor(length);
    for (let at = 0; at < length; at++) {
      words[at] = at < first
        ? codeAt(a.row, a.to - first + at)
        : codeAt(b.row, b.from + at - first);
    }
    return { chars: { words, ...PLAIN }, length };
  }

  /** Whether a text has a trigger. */
  test(text: string): boolean {
    if (this.#always) return text !== "";
    const chars = textChars(text), { length } = text;
    return this.#search(chars, length, () => true) ||
      this.#grams?.isIn(chars, length) === true ||
      this.#digitRules.length > 0 && mayHoldCard(chars, 0, length);
  }

  /** The numbers of the rules that a text has a trigger of, in order. */
  rules(text: string): readonly number[] {
    const found = new Set(this.#alwaysRules), chars = textChars(text);
    this.#search(chars, text.length, ({ rules }) => {
      for (const rule of rules) found.add(rule);
      return false;
    });
    if (this.#digitRules.length > 0 && mayHoldCard(chars, 0, text.length)) {
      for (const rule of this.#digitRules) found.add(rule);
    }
    return found.size < 2 ? [...found] : [...found].sort((a, b) => a - b);
  }

  /** Calls `found` for each trigger among characters until it returns `true`. Returns whether it did. */
  #search(chars: Characters, length: number, found: (wanted: Wanted) => boolean): boolean {
    const { words } = chars;
    let sum = 0;
    for (let i = 0; i < length; i++) {
      sum = (sum << CLASS_BITS | classOf(words[i]!)) & (1 << 3 * CLASS_BITS) - 1;
      const list = this.#threes[sum]!;
      if (list === 0) continue;
      for (const wanted of this.#lists[list]!) {
        if (matches(wanted, i - 2, chars, length) && found(wanted)) return true;
      }
    }
    return false;
  }
}

/**
 * Whether enough of a text stands where its three characters were found at `x`. What would stand beyond the ends counts
 * as there: the rows beside may have it.
 */
function matches(
  { codes, at, min }: Wanted,
  x: number,
  chars: Characters,
  length: number,
): boolean {
  let from = at, to = at;
  for (; from > 0; from--) {
    const next = x + from - at - 1;
    if (next >= 0 && charAt(chars, next) !== codes[from - 1]) break;
  }
  for (; to < codes.length; to++) {
    const next = x + to - at;
    if (next < length && charAt(chars, next) !== codes[to]) break;
  }
  return to - from >= min && to - at >= 3;
}

function charAt({ words, step, mask }: Characters, at: number): number {
  return fold(words[at * step]! & mask);
}

/** Shared by all texts while they are looked at. */
let shared = new Uint32Array(512);
/** Characters that are words of their own. */
const PLAIN = { step: 1, mask: ~0 };

function wordsFor(length: number): Uint32Array {
  if (length > shared.length) shared = new Uint32Array(length * 2);
  return shared;
}

/** The characters of a text. */
function textChars(text: string): Characters {
  const words = wordsFor(text.length);
  for (let i = 0; i < text.length; i++) words[i] = text.charCodeAt(i);
  return { words, ...PLAIN };
}

/** The characters of a row. */
function rowChars(row: Row): Characters {
  if (row.clusters === undefined) return { words: row.cells, step: CELL, mask: CODE_MASK };
  const words = wordsFor(row.used);
  for (let x = 0; x < row.used; x++) words[x] = codeAt(row, x);
  return { words, ...PLAIN };
}

function sameCodes(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((code, i) => code === b[i]);
}
