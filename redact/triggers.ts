/**
 * Which rows are worth reading: a look at each pair of cells that costs about two nanoseconds and leaves out nearly all
 * rows.
 *
 * Of each trigger three characters in a row are picked that are seldom seen. Wherever they stand in a row, one of the
 * two pairs in them begins at an even column: only such pairs are looked up, in a table small enough to stay in the
 * processor's first cache. What is found there is looked up as three characters, and then compared with the triggers.
 *
 * @module
 */
import { CELL, CLUSTER, CODE_MASK, type Row } from "../format/row.ts";
import {
  ASCII_SIDE,
  baseCode,
  CLASS_BITS,
  CLASS_MASK,
  classAt,
  CLASSES,
  classOf,
  codeAt,
  codesOf,
  DIGIT,
  fold,
  isBoxSide,
  NO_BASE64,
  rarestThree,
} from "./char_classes.ts";

/** A trigger is in the row, or may be in it and the next one. */
export const HIT = 1;
/** The row has a character that draws the side of a box. */
export const SIDE = 2;
/** The row is nothing but characters of base64. */
export const BASE64 = 4;
/** The first or last line of a private key ends in the row. {@link Triggers.scan} does not tell. */
export const KEY = 8;

/** What is known of a pair: it is part of a trigger; it is two digits. */
const PART = 1, TWO_DIGITS = 2;
/** So many lists of triggers; when there are more, some share one. */
const LISTS = 254;
/** Bits of a cell's content that no ASCII character has. */
const NO_ASCII = (CODE_MASK | CLUSTER) & ~127;

/**
 * Pairs of digits count two when they follow each other, and in the next group of four {@link NEW_GROUP}. So much at
 * least has a text with nine digits in a row, or with two groups of four and more.
 */
const CARD_DIGITS = 8, NEW_GROUP = 4;
/** Columns from a pair of digits to the next one: in the same group, and over a sign between two groups. */
const SAME_GROUP = 2, NEXT_GROUP = 4;
/** What {@link Triggers.scan} finds that way, in a text. */
const NINE_DIGITS = /\d(?:[ -]?\d){8}/;

/** A text to be found, in codes of its characters without case. */
interface Wanted {
  readonly codes: Uint32Array;
  /** Where in it the three characters of its table entry begin. */
  readonly at: number;
  /** How many characters around those three have to be there: all of them, or enough of a known secret. */
  readonly min: number;
  /** The number of the rule that it is of; -1 for a part of a known secret. */
  readonly rule: number;
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
  readonly always: boolean;
  /** The rules of which that is so, and those that look for digits. */
  readonly #alwaysRules: number[] = [];
  readonly #digitRules: number[] = [];
  /** Length of the longest text. */
  #longest = 0;
  readonly #pairs = new Uint8Array(1 << 2 * CLASS_BITS);
  /** The number of a list of triggers, by three classes; 0 for none. */
  readonly #threes = new Uint8Array(1 << 3 * CLASS_BITS);
  readonly #lists: Wanted[][] = [[]];

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
    this.always = this.#alwaysRules.length > 0;
    if (this.#digitRules.length > 0) this.#pairs[pair(DIGIT, DIGIT)]! |= TWO_DIGITS;
  }

  /** Adds a text. Returns whether it can be looked for: it needs three characters that are not too common. */
  #add(text: string, rule: number): boolean {
    const codes = codesOf(text);
    const at = rarestThree(codes, 0, codes.length);
    if (at >= 0) this.#enter({ codes, at, min: codes.length, rule });
    return at >= 0;
  }

  /** Adds a secret of which any `min` characters in a row are to be found. */
  addParts(text: string, min: number): void {
    const codes = codesOf(text);
    let last = -1;
    for (let from = 0; from + min <= codes.length; from++) {
      const at = rarestThree(codes, from, from + min);
      if (at > last) this.#enter({ codes, at: last = at, min, rule: -1 });
    }
  }

  #enter(wanted: Wanted): void {
    const { codes, at } = wanted;
    const [a, b, c] = [classOf(codes[at]!), classOf(codes[at + 1]!), classOf(codes[at + 2]!)];
    this.#longest = Math.max(this.#longest, wanted.min);
    this.#pairs[pair(a, b)]! |= PART;
    this.#pairs[pair(b, c)]! |= PART;
    let list = this.#threes[three(a, b, c)]!;
    if (list === 0) {
      list = this.#lists.length < LISTS ? this.#lists.length : 1 + three(a, b, c) % (LISTS - 1);
      this.#threes[three(a, b, c)] = list;
      this.#lists[list] ??= [];
    }
    this.#lists[list]!.push(wanted);
  }

  /** What is in a row: {@link HIT}, {@link SIDE} and {@link BASE64}. */
  scan(row: Row): number {
    const { cells, used } = row;
    const pairs = this.#pairs, last = Math.min(used * CELL, cells.length - CELL);
    let kinds = 0, flags = this.always && used > 0 ? HIT : 0;
    let digits = 0, lastDigits = -9;
    let i = 0;
    for (; i < last; i += 2 * CELL) {
      const first = cells[i]!, second = cells[i + CELL]!;
      let a: number, b: number;
      if (((first | second) & NO_ASCII) === 0) {
        a = CLASSES[first & 127]!;
        b = CLASSES[second & 127]!;
      } else {
        a = kindOf(row, i / CELL);
        b = kindOf(row, i / CELL + 1);
        if (isSideAt(first) || isSideAt(second)) flags |= SIDE;
      }
      // A blank behind the text, where its last column is an even one, is none of it.
      kinds |= i + CELL < used * CELL ? a | b : a;
      const found = pairs[(a & CLASS_MASK) << CLASS_BITS | b & CLASS_MASK]!;
      if (found === 0) continue;
      const x = i / CELL;
      if (found & TWO_DIGITS) {
        const gap = x - lastDigits;
        lastDigits = x;
        if (gap === SAME_GROUP) digits += 2;
        else if (gap === NEXT_GROUP) digits += NEW_GROUP;
        else if (digits < CARD_DIGITS) digits = 2;
      }
      if (found & PART && (flags & HIT) === 0 && this.#isAround(row, x)) flags |= HIT;
    }
    if (i < used * CELL) { // the last column of an odd number of them
      const kind = kindOf(row, i / CELL);
      kinds |= kind;
      if (isSideAt(cells[i]!)) flags |= SIDE;
    }
    if (digits >= CARD_DIGITS) flags |= HIT;
    if (kinds & ASCII_SIDE) flags |= SIDE;
    if ((kinds & NO_BASE64) === 0 && used > 0) flags |= BASE64;
    return flags;
  }

  /** Whether a trigger has its three characters at a column or the one before. */
  #isAround(row: Row, x: number): boolean {
    return this.#isAt(row, x) || this.#isAt(row, x - 1);
  }

  #isAt(row: Row, x: number): boolean {
    const list = this.#threes[three(classAt(row, x), classAt(row, x + 1), classAt(row, x + 2))]!;
    if (list === 0) return false;
    const { used } = row;
    const code = (column: number): number =>
      column < 0 || column >= used ? -1 : codeAt(row, column);
    return this.#lists[list]!.some((wanted) => matches(wanted, x, code));
  }

  /** Whether a trigger may reach from the end of one row over to the beginning of the next. */
  spans(above: Row, below: Row): boolean {
    const end = above.used;
    const a = classAt(above, end - 2), b = classAt(above, end - 1);
    const c = classAt(below, 0), d = classAt(below, 1);
    return this.#threes[three(a, b, c)]! !== 0 || this.#threes[three(b, c, d)]! !== 0 ||
      this.#mayBeCard(a, b, c, d);
  }

  /** Whether digits go on, with a sign in between or not, where two texts meet between the second and the third class. */
  #mayBeCard(a: number, b: number, c: number, d: number): boolean {
    return (b === DIGIT || a === DIGIT) && (c === DIGIT || d === DIGIT) &&
      this.#digitRules.length > 0;
  }

  /** Whether two pieces of rows, one after the other, have a trigger. */
  testPieces(a: CellRange, b: CellRange): boolean {
    if (this.always) return true;
    const [last, next] = [a.to - 1, b.from];
    if (
      this.#mayBeCard(
        classAt(a.row, last - 1),
        classAt(a.row, last),
        classAt(b.row, next),
        classAt(b.row, next + 1),
      )
    ) return true;
    const first = Math.min(a.to - a.from, this.#longest);
    const length = first + Math.min(b.to - b.from, this.#longest);
    const code = (at: number): number =>
      at < first ? codeAt(a.row, a.to - first + at) : codeAt(b.row, b.from + at - first);
    return this.#search(length, code, () => true);
  }

  /** Whether a text has a trigger. */
  test(text: string): boolean {
    if (this.always) return text !== "";
    return this.#search(text.length, (at) => fold(text.charCodeAt(at)), () => true) ||
      this.#digitRules.length > 0 && NINE_DIGITS.test(text);
  }

  /** The numbers of the rules that a text has a trigger of, in order. */
  rules(text: string): readonly number[] {
    const found = new Set(this.#alwaysRules);
    this.#search(text.length, (at) => fold(text.charCodeAt(at)), ({ rule }) => {
      found.add(rule);
      return false;
    });
    if (this.#digitRules.length > 0 && NINE_DIGITS.test(text)) {
      for (const rule of this.#digitRules) found.add(rule);
    }
    return found.size < 2 ? [...found] : [...found].sort((a, b) => a - b);
  }

  /** Calls `found` for each trigger in a text, given by its codes, until it returns `true`. Returns whether it did. */
  #search(
    length: number,
    codeOf: (at: number) => number,
    found: (wanted: Wanted) => boolean,
  ): boolean {
    const code = (at: number): number => at < 0 || at >= length ? -1 : codeOf(at);
    let sum = 0;
    for (let i = 0; i < length; i++) {
      sum = (sum << CLASS_BITS | classOf(codeOf(i))) & (1 << 3 * CLASS_BITS) - 1;
      const list = this.#threes[sum]!;
      if (list === 0) continue;
      for (const wanted of this.#lists[list]!) {
        if (matches(wanted, i - 2, code) && found(wanted)) return true;
      }
    }
    return false;
  }
}

/**
 * Whether enough of a text stands where its three characters were found at `x`. What would stand beyond the ends of
 * the row counts as there: the rows beside it may have it.
 */
function matches({ codes, at, min }: Wanted, x: number, code: (at: number) => number): boolean {
  let from = at, to = at;
  for (let next = code(x + from - at - 1); from > 0; next = code(x + from - at - 1)) {
    if (next >= 0 && next !== codes[from - 1]) break;
    from--;
  }
  for (let next = code(x + to - at); to < codes.length; next = code(x + to - at)) {
    if (next >= 0 && next !== codes[to]) break;
    to++;
  }
  return to - from >= min && to - at >= 3;
}

/** The class of a cell, with what stands beside it. */
function kindOf(row: Row, x: number): number {
  const content = row.cells[x * CELL]!;
  const code = content & CLUSTER ? baseCode(row, x) : content & CODE_MASK;
  return code < 128 ? CLASSES[code]! : NO_BASE64;
}

function isSideAt(content: number): boolean {
  return (content & CLUSTER) === 0 && isBoxSide(content & CODE_MASK);
}

function pair(a: number, b: number): number {
  return a << CLASS_BITS | b;
}

function three(a: number, b: number, c: number): number {
  return (a << CLASS_BITS | b) << CLASS_BITS | c;
}
