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
import { type Characters, mayHoldCard } from "./cards.ts";
import {
  BOX_SIDE,
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

/** What is known of a pair: it is the first or the last two of the three classes of a trigger; it is two digits. */
const FIRST_TWO = 1, LAST_TWO = 2, TWO_DIGITS = 4;
/** What stands beside a class. */
const BESIDE_CLASS = NO_BASE64 | BOX_SIDE;
/** A character that has no class. */
const NO_CLASS = 33;
/** A column that nothing is near to. */
const FAR = -1e6;
/** So many lists of triggers; when there are more, some share one. */
const LISTS = 254;
/** Bits of a cell's content that no ASCII character has. */
const NO_ASCII = (CODE_MASK | CLUSTER) & ~127;

/** Columns from a pair of digits to the next one: in the same group, and over a sign between two groups. */
const SAME_GROUP = 2, NEXT_GROUP = 4;
/**
 * Pairs of digits count two when they follow each other, and in the next group of four {@link NEW_GROUP}. So much at
 * least has a text with nine digits in a row, or with two groups of four and more.
 */
const CARD_DIGITS = 8, NEW_GROUP = 4;
/** Columns from the last pair of a series of digits to where it has ended for sure. */
const BEHIND_DIGITS = 6;

/** A text to be found, in codes of its characters without case. */
interface Wanted {
  readonly codes: Uint32Array;
  /** Where in it the three characters of its table entry begin. */
  readonly at: number;
  /** How many characters around those three have to be there: all of them, or enough of a known secret. */
  readonly min: number;
  /** The numbers of the rules that it is of; none for a part of a known secret. */
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
  readonly always: boolean;
  /** The rules of which that is so, and those that look for digits. */
  readonly #alwaysRules: number[] = [];
  readonly #digitRules: number[] = [];
  /** Length of the longest text. */
  #longest = 0;
  /** What is known of two ASCII characters: {@link FIRST_TWO} and so on, and what stands beside their classes. */
  readonly #table = plainTable();
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
    if (this.#digitRules.length > 0) mark(this.#table, DIGIT, DIGIT, TWO_DIGITS);
  }

  /** Adds a text. Returns whether it can be looked for: it needs three characters that are not too common. */
  #add(text: string, rule: number): boolean {
    const codes = codesOf(text);
    const at = rarestThree(codes, 0, codes.length);
    if (at >= 0) this.#enter({ codes, at, min: codes.length, rules: [rule] });
    return at >= 0;
  }

  /** Adds a secret of which any `min` characters in a row are to be found. */
  addParts(text: string, min: number): void {
    const codes = codesOf(text);
    let last = -1;
    for (let from = 0; from + min <= codes.length; from++) {
      const at = rarestThree(codes, from, from + min);
      if (at > last) this.#enter({ codes, at: last = at, min, rules: [] });
    }
  }

  #enter(wanted: Wanted): void {
    const { codes, at } = wanted;
    const [a, b, c] = [classOf(codes[at]!), classOf(codes[at + 1]!), classOf(codes[at + 2]!)];
    this.#longest = Math.max(this.#longest, wanted.min);
    mark(this.#table, a, b, FIRST_TWO);
    mark(this.#table, b, c, LAST_TWO);
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

  /** What is in a row: {@link HIT}, {@link SIDE} and {@link BASE64}. */
  scan(row: Row): number {
    if (row.used === 0) return 0;
    const kinds = look(row, this.#table, this.#threes);
    let flags = this.always || this.#isAnywhere(row) ? HIT : 0;
    if (kinds & BOX_SIDE) flags |= SIDE;
    if ((kinds & NO_BASE64) === 0) flags |= BASE64;
    return flags;
  }

  /** Whether there is a trigger, or a card number, at a place that {@link look} found. */
  #isAnywhere(row: Row): boolean {
    if (placeCount === 0 && seriesCount === 0) return false;
    const chars = rowChars(row), { used } = row;
    for (let i = 0; i < placeCount; i++) {
      const x = places[i]!;
      for (const wanted of this.#lists[this.#threes[threeAt(row, x)]!]!) {
        if (matches(wanted, x, chars, used)) return true;
      }
    }
    for (let i = 0; i < seriesCount; i += 2) {
      const to = Math.min(used, series[i + 1]! + BEHIND_DIGITS);
      if (mayHoldCard(chars, Math.max(0, series[i]! - 1), to)) return true;
    }
    return false;
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
    const words = wordsFor(length);
    for (let at = 0; at < length; at++) {
      words[at] = at < first
        ? codeAt(a.row, a.to - first + at)
        : codeAt(b.row, b.from + at - first);
    }
    return this.#search({ words, ...PLAIN }, length, () => true);
  }

  /** Whether a text has a trigger. */
  test(text: string): boolean {
    if (this.always) return text !== "";
    const chars = textChars(text);
    return this.#search(chars, text.length, () => true) ||
      this.#digitRules.length > 0 && mayHoldCard(chars, 0, text.length);
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

/** What {@link look} found: columns where three classes of a trigger begin; columns of a first and a last pair of digits. */
let places = new Int32Array(256), series = new Int32Array(256);
let placeCount = 0, seriesCount = 0;

/**
 * Looks at the cells of a row, two at a time. Returns what is in the table for all of them; {@link places} and
 * {@link series} are what is to be looked at more closely. It is most of what redaction costs: what is not needed for
 * every pair is elsewhere, and what other modules have is in variables of its own.
 */
function look(row: Row, table: Uint8Array, threes: Uint8Array): number {
  const { cells, used } = row;
  const cell = CELL,
    noAscii = NO_ASCII,
    seldom = FIRST_TWO | LAST_TWO | TWO_DIGITS,
    last = used - (used & 1);
  if (used > places.length) [places, series] = [new Int32Array(used * 2), new Int32Array(used * 2)];
  placeCount = seriesCount = 0;
  // Where a series of digits began and had its last pair, and how many there were.
  let kinds = 0, digits = 0, begin = 0, latest = FAR;
  for (let x = 0, i = 0; x < last; x += 2, i += 2 * cell) {
    const first = cells[i]!, second = cells[i + cell]!;
    const found = ((first | second) & noAscii) === 0
      ? table[(first & 127) << 7 | second & 127]!
      : table[keyOf(row, x) << 7 | keyOf(row, x + 1)]! | sideAt(first) | sideAt(second);
    kinds |= found;
    if ((found & seldom) === 0) continue;
    if ((found & FIRST_TWO) !== 0 && threes[threeAt(row, x)] !== 0) places[placeCount++] = x;
    if ((found & LAST_TWO) !== 0 && threes[threeAt(row, x - 1)] !== 0) places[placeCount++] = x - 1;
    if ((found & TWO_DIGITS) === 0) continue;
    const gap = x - latest;
    if (gap === SAME_GROUP) digits += 2;
    else if (gap === NEXT_GROUP) digits += NEW_GROUP;
    else {
      if (digits >= CARD_DIGITS) closeSeries(begin, latest);
      digits = 2;
      begin = x;
    }
    latest = x;
  }
  if (digits >= CARD_DIGITS) closeSeries(begin, latest);
  if (last < used) {
    kinds |= CLASSES[keyOf(row, last)]! & BESIDE_CLASS | sideAt(cells[last * cell]!);
  }
  return kinds;
}

/** The number of the three classes from a column on. */
function threeAt(row: Row, x: number): number {
  if (x < 0 || x + 2 >= row.used) return 0; // a blank has no class
  const { cells } = row, i = x * CELL;
  const a = cells[i]!, b = cells[i + CELL]!, c = cells[i + 2 * CELL]!;
  if (((a | b | c) & NO_ASCII) !== 0) {
    return three(classAt(row, x), classAt(row, x + 1), classAt(row, x + 2));
  }
  const classes = CLASSES;
  return (classes[a & 127]! & CLASS_MASK) << 2 * CLASS_BITS |
    (classes[b & 127]! & CLASS_MASK) << CLASS_BITS | classes[c & 127]! & CLASS_MASK;
}

function closeSeries(begin: number, latest: number): void {
  series[seriesCount++] = begin;
  series[seriesCount++] = latest;
}

/** The ASCII character that a cell has in the table: one without a class for all others. */
function keyOf(row: Row, x: number): number {
  const code = codeAt(row, x);
  return code < 128 ? code : NO_CLASS;
}

/** Whether a cell that is no ASCII is the side of a box. */
function sideAt(content: number): number {
  return (content & CLUSTER) === 0 && isBoxSide(content & CODE_MASK) ? BOX_SIDE : 0;
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

/** The characters of a text, without their case. */
function textChars(text: string): Characters {
  const words = wordsFor(text.length);
  for (let i = 0; i < text.length; i++) words[i] = fold(text.charCodeAt(i));
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

/** A table of pairs without triggers. */
function plainTable(): Uint8Array {
  const table = new Uint8Array(128 * 128);
  for (let pair = 0; pair < table.length; pair++) {
    table[pair] = (CLASSES[pair >> 7]! | CLASSES[pair & 127]!) & BESIDE_CLASS;
  }
  return table;
}

/** Marks all pairs of two classes. */
function mark(table: Uint8Array, a: number, b: number, what: number): void {
  for (let first = 0; first < 128; first++) {
    if (classOf(first) !== a) continue;
    for (let second = 0; second < 128; second++) {
      if (classOf(second) === b) table[first << 7 | second]! |= what;
    }
  }
}

function three(a: number, b: number, c: number): number {
  return (a << CLASS_BITS | b) << CLASS_BITS | c;
}
