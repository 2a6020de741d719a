/**
 * A look at the cells of a row, two at a time, that costs about three nanoseconds a pair and leaves out nearly all rows.
 *
 * Of each trigger three characters in a row are picked that are seldom seen. Wherever they stand in a row, one of the
 * two pairs in them begins at an even column: only such pairs are looked up, in a table small enough to stay in the
 * processor's first cache. What is found there is looked up as three characters.
 *
 * @module
 */
import { CELL, CLUSTER, CODE_MASK, type Row } from "../format/row.ts";
import {
  BOX_SIDE,
  CLASS_BITS,
  CLASS_MASK,
  classAt,
  CLASSES,
  classOf,
  codeAt,
  DIGIT,
  isBoxSide,
  NO_BASE64,
} from "./char_classes.ts";
import { BASE64, sideFlag } from "./flags.ts";

/** What is known of a pair: it is the first or the last two of the three classes of a trigger; it is two digits. */
const FIRST_TWO = 2, LAST_TWO = 4, TWO_DIGITS = 8;
/** It is worth a closer look: one of these, one with the side of a box, or one that is not of ASCII. */
const WORTH = 1, FOREIGN = 16;
/** What is always worth it; digits are where there are enough of them. */
const SELDOM = FIRST_TWO | LAST_TWO | FOREIGN | BOX_SIDE, MIN_CARD = 9;
/** What stands beside a class. */
const BESIDE_CLASS = NO_BASE64 | BOX_SIDE;
/** A character that has no class. */
const NO_CLASS = 33;
/** A column that nothing is near to. */
const FAR = -1e6;
/** Bits of a cell's content that no ASCII character has. */
const NO_ASCII = (CODE_MASK | CLUSTER) & ~127;

/** Columns from a pair of digits to the next one: in the same group, and over a sign between two groups. */
const SAME_GROUP = 2, NEXT_GROUP = 4;
/**
 * Pairs of digits count two when they follow each other, and in the next group of four {@link NEW_GROUP}. So much at
 * least has a text with nine digits in a row, or with two groups of four and more.
 */
const CARD_DIGITS = 8, NEW_GROUP = 4;

/** What is known of pairs, above the bits of their columns. */
const COLUMN_BITS = 20, COLUMN_MASK = (1 << COLUMN_BITS) - 1;

/** Looks at rows. */
export class RowLook {
  /** The pairs of two ASCII characters: {@link FIRST_TWO} and so on, and what stands beside their classes. */
  readonly #pairs = plainPairs();
  /** Not 0 for three classes of a trigger. */
  readonly #threes: Uint8Array;
  /** Pairs of the row that are worth a closer look. */
  #worth = new Int32Array(256);
  /** What is known of the pairs of the row that are not of ASCII, together. */
  #foreign = 0;
  /** Columns of the last row where three classes of a trigger begin: the first {@link threeCount}. */
  threes = new Int32Array(512);
  threeCount = 0;
  /** Columns of the last row of a first and a last pair of digits, in turn: the first {@link digitCount}. */
  digits = new Int32Array(512);
  digitCount = 0;

  constructor(threes: Uint8Array) {
    this.#threes = threes;
  }

  /** Looks for three classes from now on. */
  add(a: number, b: number, c: number): void {
    mark(this.#pairs, a, b, FIRST_TWO);
    mark(this.#pairs, b, c, LAST_TWO);
  }

  /** Looks for digits from now on. */
  addDigits(): void {
    mark(this.#pairs, DIGIT, DIGIT, TWO_DIGITS);
  }

  /**
   * Looks at a row. Returns its flags but for `HIT`, which depends on {@link threes} and {@link digits}. It is most of
   * what redaction costs: the loop calls nothing, and has what it needs in variables of its own.
   */
  look(row: Row): number {
    const { cells, used } = row;
    const cell = CELL, noAscii = NO_ASCII, last = used - (used & 1);
    if (used > this.#worth.length) this.#grow(used);
    const pairs = this.#pairs, worth = this.#worth;
    let kinds = 0, count = 0;
    for (let x = 0, i = 0; x < last; x += 2, i += 2 * cell) {
      const first = cells[i]!, second = cells[i + cell]!;
      const found = ((first | second) & noAscii) === 0
        ? pairs[(first & 127) << 7 | second & 127]!
        : FOREIGN | WORTH;
      kinds |= found;
      // The next one takes its place unless it is worth it: a branch would be guessed wrong too often.
      worth[count] = found << COLUMN_BITS | x;
      count += found & WORTH;
    }
    this.threeCount = this.digitCount = 0;
    this.#foreign = 0;
    const seldom = used < MIN_CARD ? SELDOM : SELDOM | TWO_DIGITS;
    let sides = (kinds & seldom) === 0 ? 0 : this.#lookCloser(row, count);
    kinds |= this.#foreign;
    if (last < used) {
      const code = codeAt(row, last);
      kinds |= CLASSES[keyOf(code)]!;
      if (isBoxSide(code)) sides |= sideFlag(last);
    }
    return (kinds & NO_BASE64) === 0 ? sides | BASE64 : sides;
  }

  /** Looks at the pairs that are worth it. Returns the flags of the sides among them. */
  #lookCloser(row: Row, count: number): number {
    const worth = this.#worth, pairs = this.#pairs, { cells, used } = row;
    let sides = 0;
    // Where a series of digits began and had its last pair, and how many there were.
    let digits = 0, begin = 0, latest = FAR;
    for (let k = 0; k < count; k++) {
      const x = worth[k]! & COLUMN_MASK;
      let found = worth[k]! >> COLUMN_BITS;
      if ((found & (FOREIGN | BOX_SIDE)) !== 0) {
        if ((found & FOREIGN) !== 0) this.#foreign |= found = this.#foreignPair(row, x);
        if ((found & BOX_SIDE) !== 0) sides |= sideFlag(x);
      }
      if ((found & FIRST_TWO) !== 0 && x + 2 < used && mayBe(pairs, cells, x + 1, LAST_TWO)) {
        this.#addThree(row, x);
      }
      if ((found & LAST_TWO) !== 0 && x > 0 && mayBe(pairs, cells, x - 1, FIRST_TWO)) {
        this.#addThree(row, x - 1);
      }
      if ((found & TWO_DIGITS) === 0) continue;
      const gap = x - latest;
      if (gap === SAME_GROUP) digits += 2;
      else if (gap === NEXT_GROUP) digits += NEW_GROUP;
      else {
        if (digits >= CARD_DIGITS) this.#addDigits(begin, latest);
        digits = 2;
        begin = x;
      }
      latest = x;
    }
    if (digits >= CARD_DIGITS) this.#addDigits(begin, latest);
    return sides;
  }

  /** What is known of a pair that is not of ASCII. */
  #foreignPair(row: Row, x: number): number {
    const first = codeAt(row, x), second = codeAt(row, x + 1);
    const found = this.#pairs[keyOf(first) << 7 | keyOf(second)]!;
    return isBoxSide(first) || isBoxSide(second) ? found | BOX_SIDE : found;
  }

  #addThree(row: Row, x: number): void {
    if (this.#threes[threeAt(row, x)] !== 0) this.threes[this.threeCount++] = x;
  }

  #addDigits(begin: number, latest: number): void {
    this.digits[this.digitCount++] = begin;
    this.digits[this.digitCount++] = latest;
  }

  #grow(cols: number): void {
    this.#worth = new Int32Array(cols);
    this.threes = new Int32Array(2 * cols);
    this.digits = new Int32Array(2 * cols);
  }
}

/** Whether the pair from a column on may be what is asked for: one that is not of ASCII may be anything. */
function mayBe(pairs: Uint8Array, cells: Uint32Array, x: number, what: number): boolean {
  const first = cells[x * CELL]!, second = cells[(x + 1) * CELL]!;
  return ((first | second) & NO_ASCII) !== 0 ||
    (pairs[(first & 127) << 7 | second & 127]! & what) !== 0;
}

/** The number of the three classes from a column on. */
export function threeAt(row: Row, x: number): number {
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

/** The number of three classes. */
export function three(a: number, b: number, c: number): number {
  return (a << CLASS_BITS | b) << CLASS_BITS | c;
}

/** The ASCII character that stands for one in the table: one without a class for all others. */
function keyOf(code: number): number {
  return code < 128 ? code : NO_CLASS;
}

/** A table of pairs without triggers. */
function plainPairs(): Uint8Array {
  const table = new Uint8Array(128 * 128);
  for (let pair = 0; pair < table.length; pair++) {
    table[pair] = (CLASSES[pair >> 7]! | CLASSES[pair & 127]!) & BESIDE_CLASS;
    if (table[pair]! & BOX_SIDE) table[pair]! |= WORTH;
  }
  return table;
}

/** Marks all pairs of two classes. */
function mark(table: Uint8Array, a: number, b: number, what: number): void {
  for (let first = 0; first < 128; first++) {
    if (classOf(first) !== a) continue;
    for (let second = 0; second < 128; second++) {
      if (classOf(second) === b) table[first << 7 | second]! |= what | WORTH;
    }
  }
}
