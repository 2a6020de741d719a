/**
 * Looks for many texts at once, by the hashes of five characters in a row of each: the time that takes does not depend on
 * how many they are.
 *
 * @module
 */

/** Some characters in a row: every `step`th of some words, as far as a mask shows. */
export interface Characters {
  readonly words: Uint32Array;
  readonly step: number;
  readonly mask: number;
}

/** Characters in a row that are looked up at once; of a text that has fewer, {@link SHORT} are. */
const GRAM = 5, SHORT = 4;
/** A table has so many slots at first, and always so many for each hash. With the bits that is 10 to 20 bytes. */
const MIN_BITS = 8, SLOTS_EACH = 2;
/** For each slot so many bits, in its place in the number of a bit. */
const BITS_EACH = 3;
const MIX = 0x9e3779b1 | 0, MIX_LAST = 0x85ebca77 | 0;
/** Stands for the fifth of four characters. */
const NONE = -1;

/** Characters in a row that are looked for. What is found may be something else by chance; nothing is missed. */
export class Grams {
  /** Hashes, each in the first free slot from the one on that its highest bits tell; 0 is free. */
  #table = new Int32Array(1 << MIN_BITS);
  /** A bit by more of the highest ones, set where there is a hash: few are, so that they tell at a glance. */
  #bits = new Int32Array(1 << MIN_BITS + BITS_EACH - 5);
  #shift = 32 - MIN_BITS;
  #count = 0;
  #hasShort = false;

  /** Adds a text that is to be found by its beginning. It has four characters or more. */
  addBeginning(codes: Uint32Array): void {
    if (codes.length < GRAM) this.#hasShort = true;
    this.#add(gramAt(codes, 0));
  }

  /** Adds a text of which any `min` characters in a row are to be found. */
  addParts(codes: Uint32Array, min: number): void {
    const step = min - GRAM + 1;
    for (let at = 0; at + GRAM <= codes.length; at += step) this.#add(gramAt(codes, at));
  }

  /** Whether there is any among the first so many characters. */
  isIn({ words, step, mask }: Characters, length: number): boolean {
    const hasShort = this.#hasShort, bits = this.#bits, shift = this.#shift - BITS_EACH;
    let four = 0;
    for (let x = 0, i = 0; x < length; x++, i += step) {
      const code = words[i]! & mask, hash = hashOf(four, code), bit = hash >>> shift;
      if ((bits[bit >>> 5]! >>> bit & 1) !== 0 && this.#has(hash) && x >= GRAM - 1) return true;
      four = four << 8 | code & 255;
      if (hasShort && this.#has(hashOf(four, NONE)) && x >= SHORT - 1) return true;
    }
    return false;
  }

  #has(hash: number): boolean {
    const table = this.#table, last = table.length - 1;
    for (let slot = hash >>> this.#shift; table[slot] !== 0; slot = slot + 1 & last) {
      if (table[slot] === hash) return true;
    }
    return false;
  }

  #add(hash: number): void {
    if (this.#has(hash)) return;
    if (++this.#count * SLOTS_EACH > this.#table.length) this.#grow();
    this.#enter(hash);
  }

  #enter(hash: number): void {
    const table = this.#table, last = table.length - 1;
    let slot = hash >>> this.#shift;
    while (table[slot] !== 0) slot = slot + 1 & last;
    table[slot] = hash;
    const bit = hash >>> this.#shift - BITS_EACH;
    this.#bits[bit >>> 5]! |= 1 << bit;
  }

  #grow(): void {
    const before = this.#table;
    this.#table = new Int32Array(before.length * 2);
    this.#bits = new Int32Array(this.#bits.length * 2);
    this.#shift--;
    for (const hash of before) if (hash !== 0) this.#enter(hash);
  }
}

/** Four characters in a number, each cut to eight bits. */
function fourAt(codes: Uint32Array, at: number): number {
  let four = 0;
  for (let i = at; i < at + SHORT; i++) four = four << 8 | codes[i]! & 255;
  return four;
}

/** The hash of the five characters from one on, or of the last four. */
function gramAt(codes: Uint32Array, at: number): number {
  return hashOf(fourAt(codes, at), codes[at + SHORT] ?? NONE);
}

/** A hash of five characters, or four and {@link NONE}, that is not 0. */
function hashOf(four: number, code: number): number {
  return Math.imul(four, MIX) + Math.imul(code, MIX_LAST) | 1;
}
