/**
 * Which rows are worth reading: a look at each cell that costs about a nanosecond and leaves out nearly all of them.
 *
 * Characters have classes of five bits (letters without their case). Three in a row make a number of 15 bits, which a
 * table knows as part of a trigger or not. Only what is found there is compared with the triggers themselves.
 *
 * @module
 */
import { CELL, CLUSTER, CODE_MASK, type Row } from "../format/row.ts";

/** A trigger is in the row, or may be in it and the next one. */
export const HIT = 1;
/** The row has a character that draws the side of a box. */
export const SIDE = 2;
/** The row is nothing but characters of base64. */
export const BASE64 = 4;
/** The first or last line of a private key ends in the row. {@link Triggers.scan} does not tell. */
export const KEY = 8;

const CLASS_BITS = 5, CLASS_MASK = 31, TABLE_SIZE = 1 << (3 * CLASS_BITS);
/** Beside the class: not a character of base64; the side of a box in ASCII. */
const NO_BASE64 = 32, ASCII_SIDE = 64;
const DIGIT = 27, DASH = 28, UNDERSCORE = 29, COLON = 30, DOT = 31;
/** Entries of the table: not known, up to here a list of triggers, and three digits. */
const DIGITS = 255, LISTS = 254;

const CLASSES = makeClasses();

function makeClasses(): Uint8Array {
  const classes = new Uint8Array(128).fill(NO_BASE64);
  for (let code = 0; code < 128; code++) {
    const char = String.fromCharCode(code);
    if (/[A-Z]/i.test(char)) classes[code] = code & CLASS_MASK;
    else if (/\d/.test(char)) classes[code] = DIGIT;
    else if (char === "-") classes[code] = DASH | NO_BASE64;
    else if (char === "_") classes[code] = UNDERSCORE | NO_BASE64;
    else if (char === "/") classes[code] = COLON;
    else if (char === ":") classes[code] = COLON | NO_BASE64;
    else if (char === "." || char === "@") classes[code] = DOT | NO_BASE64;
    else if (char === "=" || char === "+") classes[code] = DOT;
  }
  classes["|".charCodeAt(0)] = NO_BASE64 | ASCII_SIDE;
  classes[0] = 0; // the right half of a wide character
  return classes;
}

/**
 * Three digits in a row count one, or {@link NEW_GROUP} after a sign in between; so much at least has a text with eight
 * digits in a row, or more than two groups of four.
 */
const CARD_DIGITS = 6, NEW_GROUP = 3;
/** From the last three digits of a group to the first three of the next one it is so far. */
const GROUP_GAP = 4;

/** What the next three digits make of a count. */
function countDigits(count: number, gap: number): number {
  if (gap === 1) return count + 1;
  if (gap === GROUP_GAP) return count + NEW_GROUP;
  return count >= CARD_DIGITS ? count : 1;
}

/** A text to be found, in codes of its characters without case. */
interface Wanted {
  readonly codes: Uint16Array;
  /** Where in it the three characters of its table entry begin. */
  readonly at: number;
  /** How many characters around those three have to be there: all of them, or enough of a known secret. */
  readonly min: number;
}

/** The triggers of a set of rules. Others may be added at any time. */
export class Triggers {
  /** Whether every line has to be tried. */
  readonly #always: boolean;
  readonly #digits: boolean;
  readonly #table = new Uint8Array(TABLE_SIZE);
  readonly #lists: Wanted[][] = [[]];

  constructor(triggers: Iterable<readonly string[] | "digits">) {
    let always = false, digits = false;
    for (const trigger of triggers) {
      if (trigger === "digits") digits = true;
      else if (trigger.length === 0) always = true;
      else for (const text of trigger) if (!this.add(text)) always = true;
    }
    this.#always = always;
    this.#digits = digits;
    if (digits) this.#table[key(DIGIT, DIGIT, DIGIT)] = DIGITS;
  }

  /** Adds a text. Returns whether it can be looked for: it needs three characters that are not too common. */
  add(text: string): boolean {
    const codes = codesOf(text);
    const at = rarest(codes, 0, codes.length);
    if (at < 0) return false;
    this.#enter({ codes, at, min: codes.length });
    return true;
  }

  /** Adds a secret of which any `min` characters in a row are to be found. */
  addParts(text: string, min: number): void {
    const codes = codesOf(text);
    // Whichever `min` characters are there, the three of one of these entries are among them.
    for (let from = 0; from + min <= codes.length; from += min - 2) {
      const at = rarest(codes, from, Math.min(from + min, codes.length));
      if (at >= 0) this.#enter({ codes, at, min });
    }
    const at = rarest(codes, Math.max(0, codes.length - min), codes.length);
    if (at >= 0) this.#enter({ codes, at, min });
  }

  /** What is in a row: {@link HIT}, {@link SIDE} and {@link BASE64}. */
  scan(row: Row): number {
    const { cells } = row;
    const table = this.#table, end = row.used * CELL;
    let sum = 0, kinds = 0, digits = 0, lastDigits = -9, flags = this.#always && end > 0 ? HIT : 0;
    for (let i = 0; i < end; i += CELL) {
      const content = cells[i]!;
      let kind: number;
      if ((content & (CODE_MASK | CLUSTER)) < 128) kind = CLASSES[content & 127]!;
      else if (content & CLUSTER) kind = CLASSES[baseCode(row, i / CELL)] ?? NO_BASE64;
      else {
        kind = NO_BASE64;
        if (isBoxSide(content & CODE_MASK)) flags |= SIDE;
      }
      kinds |= kind;
      sum = (sum << CLASS_BITS | kind & CLASS_MASK) & (TABLE_SIZE - 1);
      const entry = table[sum]!;
      if (entry === 0) continue;
      if (entry === DIGITS) {
        digits = countDigits(digits, i / CELL - lastDigits);
        lastDigits = i / CELL;
      } else if ((flags & HIT) === 0 && this.#isThere(row, i / CELL - 2, entry)) flags |= HIT;
    }
    if (digits >= CARD_DIGITS) flags |= HIT;
    if (kinds & ASCII_SIDE) flags |= SIDE;
    if ((kinds & NO_BASE64) === 0 && end > 0) flags |= BASE64;
    return flags;
  }

  /** Whether a trigger may reach from the end of one row over to the beginning of the next. */
  spans(above: Row, below: Row): boolean {
    const end = above.used;
    const a = classAt(above, end - 2), b = classAt(above, end - 1);
    const c = classAt(below, 0), d = classAt(below, 1);
    return this.#table[key(a, b, c)]! !== 0 || this.#table[key(b, c, d)]! !== 0;
  }

  /** Whether a text has a trigger: what is `true` of a row that {@link scan} finds a {@link HIT} in. */
  test(text: string): boolean {
    if (this.#always) return text !== "";
    let sum = 0, digits = 0, lastDigits = -9;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? CLASSES[code]! : NO_BASE64;
      sum = (sum << CLASS_BITS | kind & CLASS_MASK) & (TABLE_SIZE - 1);
      const entry = this.#table[sum]!;
      if (entry === DIGITS) {
        digits = countDigits(digits, i - lastDigits);
        lastDigits = i;
      } else if (entry !== 0 && this.#isIn(text, i - 2, entry)) return true;
    }
    return this.#digits && digits >= CARD_DIGITS;
  }

  #enter(wanted: Wanted): void {
    const { codes, at } = wanted;
    const index = key(classOf(codes[at]!), classOf(codes[at + 1]!), classOf(codes[at + 2]!));
    let entry = this.#table[index]!;
    if (entry === 0) {
      // When there are too many for the table, some share a list.
      entry = this.#lists.length < LISTS ? this.#lists.length : 1 + index % (LISTS - 1);
      this.#table[index] = entry;
      this.#lists[entry] ??= [];
    }
    this.#lists[entry]!.push(wanted);
  }

  #isThere(row: Row, x: number, entry: number): boolean {
    const { used } = row;
    return this.#lists[entry]!.some((wanted) =>
      matches(wanted, x, (column) => column < 0 || column >= used ? -1 : codeAt(row, column))
    );
  }

  #isIn(text: string, x: number, entry: number): boolean {
    return this.#lists[entry]!.some((wanted) =>
      matches(wanted, x, (at) => at < 0 || at >= text.length ? -1 : fold(text.charCodeAt(at)))
    );
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

/** Characters that draw the side of a box or the border of a pane. */
export function isBoxSide(code: number): boolean {
  return code === 0x7c || code === 0x2502 || code === 0x2503 || code === 0x2551 ||
    code === 0x2506 || code === 0x2507 || code === 0x250a || code === 0x250b ||
    code === 0x254e || code === 0x254f || code === 0x2595 || code === 0x258f ||
    code === 0x2590 || code === 0x258c || code === 0x2588;
}

function key(a: number, b: number, c: number): number {
  return (a << CLASS_BITS | b) << CLASS_BITS | c;
}

function classOf(code: number): number {
  return code < 128 ? CLASSES[code]! & CLASS_MASK : 0;
}

function classAt(row: Row, x: number): number {
  return x < 0 || x >= row.used ? 0 : classOf(codeAt(row, x));
}

/** The character of a cell without its case. */
function codeAt(row: Row, x: number): number {
  const content = row.cells[x * CELL]!;
  return fold(content & CLUSTER ? baseCode(row, x) : content & CODE_MASK);
}

function baseCode(row: Row, x: number): number {
  return row.clusters?.get(x)?.codePointAt(0) ?? 32;
}

function fold(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function codesOf(text: string): Uint16Array {
  return Uint16Array.from(text, (char) => fold(char.codePointAt(0)!));
}

/** How seldom a class is seen in what terminals show; letters by their frequency in English. */
const RARITY = makeRarity();

function makeRarity(): Uint8Array {
  const rarity = new Uint8Array(32);
  [..."etaoinsrhldcumfpgwybvkxjqz"].forEach((letter, i) => {
    rarity[letter.charCodeAt(0) & CLASS_MASK] = 4 + i;
  });
  rarity[UNDERSCORE] = 24;
  rarity[DASH] = 14;
  rarity[COLON] = 16;
  rarity[DOT] = 12;
  rarity[DIGIT] = 8;
  return rarity;
}

/** Where the three characters in a row begin that are seen least; -1 when none will do. */
function rarest(codes: Uint16Array, from: number, to: number): number {
  let best = -1, bestRarity = 0;
  for (let at = from; at + 3 <= to; at++) {
    const kinds = [classOf(codes[at]!), classOf(codes[at + 1]!), classOf(codes[at + 2]!)];
    if (kinds.includes(0) || kinds.every((kind) => kind === DIGIT)) continue;
    const rarity = kinds.reduce((sum, kind) => sum + RARITY[kind]!, 0);
    if (rarity > bestRarity) [best, bestRarity] = [at, rarity];
  }
  return best;
}
