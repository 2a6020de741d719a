/**
 * Looks up a few characters in a row among those of many texts.
 *
 * @module
 */

/** A table has so many slots at first, and always so many for each part. */
const MIN_BITS = 8, SLOTS_EACH = 2;
/** Bits of a place in a text, below those of the text's number. */
const AT_BITS = 12;
const MIX = 0x9e3779b1 | 0;

/** Longest text that parts can be of. */
export const MAX_TEXT = 1 << AT_BITS;

/** Where a part is. */
export interface PartPlace {
  /** The number of its text. */
  readonly text: number;
  readonly at: number;
}

/** All parts of one length of some texts. Each takes 16 to 32 bytes, and is where it was first. */
export class Parts {
  readonly #length: number;
  readonly #textAt: (text: number) => string;
  /** Hashes, each in the first free slot from the one on that its highest bits tell, and what they are of; 0 is free. */
  #hashes = new Int32Array(1 << MIN_BITS);
  #places = new Int32Array(1 << MIN_BITS);
  #shift = 32 - MIN_BITS;
  #count = 0;

  /** @param textAt a text by its number, at most {@link MAX_TEXT} characters */
  constructor(length: number, textAt: (text: number) => string) {
    this.#length = length;
    this.#textAt = textAt;
  }

  /** Whether there are none. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Adds the parts of a text from a place on. */
  add(number: number, from: number): void {
    const text = this.#textAt(number);
    for (let at = from; at + this.#length <= text.length; at++) {
      const hash = this.#hashAt(text, at);
      if (this.#slotOf(text, at, hash) >= 0) continue;
      if (++this.#count * SLOTS_EACH > this.#hashes.length) this.#grow();
      this.#enter(hash, number << AT_BITS | at);
    }
  }

  /** Where the part is that stands at a place of any text. */
  find(text: string, at: number): PartPlace | undefined {
    const slot = this.#slotOf(text, at, this.#hashAt(text, at));
    if (slot < 0) return undefined;
    const place = this.#places[slot]!;
    return { text: place >>> AT_BITS, at: place & MAX_TEXT - 1 };
  }

  #slotOf(text: string, at: number, hash: number): number {
    const hashes = this.#hashes, last = hashes.length - 1;
    for (let slot = hash >>> this.#shift; hashes[slot] !== 0; slot = slot + 1 & last) {
      if (hashes[slot] === hash && this.#isAt(this.#places[slot]!, text, at)) return slot;
    }
    return -1;
  }

  #isAt(place: number, text: string, at: number): boolean {
    const own = this.#textAt(place >>> AT_BITS), from = place & MAX_TEXT - 1;
    for (let i = 0; i < this.#length; i++) {
      if (own.charCodeAt(from + i) !== text.charCodeAt(at + i)) return false;
    }
    return true;
  }

  /** The hash of a part, which is not 0. */
  #hashAt(text: string, at: number): number {
    let hash = 0;
    for (let i = at; i < at + this.#length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), MIX);
    return hash | 1;
  }

  #enter(hash: number, place: number): void {
    const hashes = this.#hashes, last = hashes.length - 1;
    let slot = hash >>> this.#shift;
    while (hashes[slot] !== 0) slot = slot + 1 & last;
    hashes[slot] = hash;
    this.#places[slot] = place;
  }

  #grow(): void {
    const hashes = this.#hashes, places = this.#places;
    this.#hashes = new Int32Array(hashes.length * 2);
    this.#places = new Int32Array(hashes.length * 2);
    this.#shift--;
    hashes.forEach((hash, slot) => {
      if (hash !== 0) this.#enter(hash, places[slot]!);
    });
  }
}
