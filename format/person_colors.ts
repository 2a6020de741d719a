/**
 * The colours of people: told apart from one another, and legible on dark and on light ground.
 *
 * @module
 */

/** RGB, a byte each. A contrast of at least 3 to black and to white; neighbours differ most. */
export const PERSON_COLORS: readonly (readonly [number, number, number])[] = [
  [0x1f, 0x8f, 0xd6], // blue
  [0xd9, 0x62, 0x1c], // orange
  [0x2f, 0x9e, 0x56], // green
  [0xc2, 0x4b, 0xb8], // magenta
  [0xa8, 0x84, 0x0a], // ochre
  [0x7d, 0x6b, 0xe8], // violet
  [0x14, 0x96, 0x96], // teal
  [0xd9, 0x45, 0x5f], // red
];
