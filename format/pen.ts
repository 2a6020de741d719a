/**
 * The pen: the style that text is written in, and the shortest SGR from one style to another.
 *
 * @module
 */
import {
  BLINK,
  BOLD,
  COLOR_16,
  COLOR_256,
  COLOR_MASK,
  COLOR_MODE,
  COLOR_RGB,
  DIM,
  EXTRA,
  HIDDEN,
  INVERSE,
  ITALIC,
  OVERLINE,
  STRIKE,
  UNDERLINE,
} from "./row.ts";

/** A style: the two style words of a cell, and its underline. */
export interface Pen {
  /** Foreground word of a cell. */
  readonly fg: number;
  /** Background word of a cell, without its `EXTRA` bit. */
  readonly bg: number;
  /** 0 none or plain, 2 to 5 as in SGR 4:n. */
  readonly underline: number;
  /** A colour word; 0 follows the text. */
  readonly underlineColor: number;
}

/** The style after a reset. */
export const DEFAULT_PEN: Pen = Object.freeze({ fg: 0, bg: 0, underline: 0, underlineColor: 0 });

/** Flags that one SGR number turns on and one turns off: in which word, the flag, on, off. */
const FLAGS: readonly (readonly ["fg" | "bg", number, number, number])[] = [
  ["bg", ITALIC, 3, 23],
  ["fg", BLINK, 5, 25],
  ["fg", INVERSE, 7, 27],
  ["fg", HIDDEN, 8, 28],
  ["fg", STRIKE, 9, 29],
  ["bg", OVERLINE, 53, 55],
];

/** The shortest sequence that turns one style into another; empty when they are the same. */
export function changePen(from: Pen, to: Pen): string {
  const change = parameters(from, to);
  if (change === "") return "";
  const afresh = parameters(DEFAULT_PEN, to);
  return afresh.length + (afresh === "" ? 0 : 2) < change.length
    ? `\x1b[${afresh === "" ? "" : "0;" + afresh}m`
    : `\x1b[${change}m`;
}

function parameters(from: Pen, to: Pen): string {
  let out = "";
  const add = (parameter: string | number): void => {
    out += out === "" ? parameter : `;${parameter}`;
  };
  let bold = from.fg & BOLD, dim = from.bg & DIM;
  if ((bold && !(to.fg & BOLD)) || (dim && !(to.bg & DIM))) {
    add(22); // both
    bold = dim = 0;
  }
  if (to.fg & BOLD && !bold) add(1);
  if (to.bg & DIM && !dim) add(2);
  for (const [word, flag, on, off] of FLAGS) {
    const now = to[word] & flag;
    if ((from[word] & flag) !== now) add(now ? on : off);
  }
  const underline = underlineKind(to);
  if (underlineKind(from) !== underline) {
    add(underline === 0 ? 24 : underline === 1 ? 4 : `4:${underline}`);
  }
  if (from.underlineColor !== to.underlineColor) add(underlineColor(to.underlineColor));
  if ((from.fg & COLOR_MASK) !== (to.fg & COLOR_MASK)) add(color(to.fg & COLOR_MASK, 30));
  if ((from.bg & COLOR_MASK) !== (to.bg & COLOR_MASK)) add(color(to.bg & COLOR_MASK, 40));
  return out;
}

/** 0 none, 1 plain, 2 to 5 the other kinds. */
function underlineKind(pen: Pen): number {
  return pen.fg & UNDERLINE ? pen.underline || 1 : 0;
}

/** Parameters of a text colour (`first` 30) or a background (`first` 40). */
function color(word: number, first: 30 | 40): string {
  const value = word & 0xffffff;
  switch (word & COLOR_MODE) {
    case COLOR_16:
      return String(value < 8 ? first + value : first + 60 + value - 8);
    case COLOR_256:
      return `${first + 8};5;${value}`;
    case COLOR_RGB:
      return `${first + 8};2;${value >>> 16};${(value >>> 8) & 255};${value & 255}`;
    default:
      return String(first + 9);
  }
}

/** SGR 58 takes colons everywhere it is known; 59 takes it back. */
function underlineColor(word: number): string {
  const value = word & 0xffffff;
  switch (word & COLOR_MODE) {
    case 0:
      return "59";
    case COLOR_RGB:
      return `58:2::${value >>> 16}:${(value >>> 8) & 255}:${value & 255}`;
    default:
      return `58:5:${value}`;
  }
}

/** The background word of a cell as a pen has it. */
export function penBackground(bg: number): number {
  return bg & ~EXTRA;
}
