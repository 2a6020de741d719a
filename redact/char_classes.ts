/**
 * Characters by class, for a look at what is in a row without making a text of it: letters without their case, digits,
 * a few signs, and everything else.
 *
 * @module
 */
import { CELL, CLUSTER, CODE_MASK, type Row } from "../format/row.ts";

/** A class takes so many bits. 0 is everything that has no class of its own. */
export const CLASS_BITS = 5, CLASS_MASK = 31;
/** The class of digits. */
export const DIGIT = 27;
const DASH = 28, UNDERSCORE = 29, COLON = 30, DOT = 31;
/** Beside the class: not a character of base64; the side of a box. */
export const NO_BASE64 = 32, BOX_SIDE = 64;

/** The class of each ASCII character, with what stands beside it. */
export const CLASSES = makeClasses();

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
    else if (/[.@~]/.test(char)) classes[code] = DOT | NO_BASE64;
    else if (char === "=" || char === "+") classes[code] = DOT;
  }
  classes["|".charCodeAt(0)] = NO_BASE64 | BOX_SIDE;
  classes[0] = 0; // the right half of a wide character
  return classes;
}

/** The class of a character. */
export function classOf(code: number): number {
  return code < 128 ? CLASSES[code]! & CLASS_MASK : 0;
}

/** The class of the character in a cell; 0 beside the row. */
export function classAt(row: Row, x: number): number {
  return x < 0 || x >= row.used ? 0 : classOf(codeAt(row, x));
}

/** The character of a cell; of a cluster, its first one. */
export function codeAt(row: Row, x: number): number {
  const content = row.cells[x * CELL]!;
  return content & CLUSTER ? row.clusters?.get(x)?.codePointAt(0) ?? 32 : content & CODE_MASK;
}

/** A letter of ASCII without its case. */
export function fold(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** The characters of a text. */
export function codesOf(text: string): Uint32Array {
  return Uint32Array.from([...text], (char) => char.codePointAt(0)!);
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

/** Where the three characters in a row begin that are seen least, of those from one place up to another; -1 for none. */
export function rarestThree(codes: Uint32Array, from: number, to: number): number {
  let best = -1, bestRarity = 0;
  for (let at = from; at + 3 <= to; at++) {
    const kinds = [classOf(codes[at]!), classOf(codes[at + 1]!), classOf(codes[at + 2]!)];
    if (kinds.includes(0) || kinds.every((kind) => kind === DIGIT)) continue;
    const rarity = kinds.reduce((sum, kind) => sum + RARITY[kind]!, 0);
    if (rarity > bestRarity) [best, bestRarity] = [at, rarity];
  }
  return best;
}

/** Characters that draw the side of a box or the border of a pane. */
export function isBoxSide(code: number): boolean {
  return code === 0x7c || (code & ~255) === BOXES && SIDES[code & 255] === 1;
}

/** All of them but one are among the 256 characters from here on. */
const BOXES = 0x2500;
const SIDES = makeSides();

function makeSides(): Uint8Array {
  const sides = new Uint8Array(256);
  for (const side of "│┃║┆┇┊┋╎╏▏▕▌▐█") sides[side.charCodeAt(0) - BOXES] = 1;
  return sides;
}
