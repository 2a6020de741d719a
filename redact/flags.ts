/**
 * What is known of a row at a glance, in the bits of a number.
 *
 * @module
 */

/** A trigger is in the row, or may be in it and the next one. */
export const HIT = 1;
/** The row is nothing but characters of base64. */
export const BASE64 = 2;
/** The first or last line of a private key ends in the row. A look at the row alone does not tell. */
export const KEY = 4;
/** The row has characters that draw the sides of boxes: see {@link sideFlag}. */
export const SIDES = ~7;

/** So many columns share a bit of the {@link SIDES}; what is far to the right shares the last one. */
const BLOCK = 8, LAST_BLOCK = 28, FIRST_BIT = 3;

/** A column far behind all others. */
const NOWHERE = 1 << 30;

/** The bit of the {@link SIDES} for a column. */
export function sideFlag(x: number): number {
  return 1 << FIRST_BIT + Math.min(LAST_BLOCK, x / BLOCK | 0);
}

/** The first column, from one on, that has its bit in some flags; {@link NOWHERE} if none has. */
export function nextSide(flags: number, x: number): number {
  if (x % BLOCK > 0 || x > LAST_BLOCK * BLOCK) return x;
  const left = flags >>> FIRST_BIT + x / BLOCK;
  return left === 0 ? NOWHERE : x + BLOCK * (31 - Math.clz32(left & -left));
}
