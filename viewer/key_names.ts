/**
 * What the sequences that terminals send for keys are called here: `left`, `shift+left`, `ctrl+]`, `alt+x`,
 * `enter`, `f5`, `a`, `A`, `space`.
 *
 * @module
 */

const SS3: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  E: "begin",
  F: "end",
  H: "home",
  M: "enter",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  I: "tab",
  X: "=",
  j: "*",
  k: "+",
  l: ",",
  m: "-",
  n: ".",
  o: "/",
  p: "0",
  q: "1",
  r: "2",
  s: "3",
  t: "4",
  u: "5",
  v: "6",
  w: "7",
  x: "8",
  y: "9",
};

const TILDE: Readonly<Record<number, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};

/** rxvt marks modifiers by the final: ctrl `^`, ctrl and shift `@`. */
const RXVT_FINALS: Readonly<Record<string, number>> = { "^": 4, "@": 5 };
const RXVT_ARROWS: Readonly<Record<string, string>> = {
  a: "up",
  b: "down",
  c: "right",
  d: "left",
};

const CODES: Readonly<Record<number, string>> = {
  9: "tab",
  13: "enter",
  27: "escape",
  32: "space",
  127: "backspace",
  57417: "left",
  57418: "right",
  57419: "up",
  57420: "down",
  57421: "page-up",
  57422: "page-down",
  57423: "home",
  57424: "end",
};

/** Puts modifiers (xterm's bits: 1 shift, 2 alt, 4 ctrl) before a key's name, always in one order. */
export function withModifiers(key: string, bits: number): string {
  return (bits & 4 ? "ctrl+" : "") + (bits & 2 ? "alt+" : "") + (bits & 1 ? "shift+" : "") + key;
}

/** The key of one control byte (0x00 to 0x1f, 0x7f). */
export function controlKey(byte: number): string {
  if (byte === 0x09) return "tab";
  if (byte === 0x0d) return "enter";
  if (byte === 0x1b) return "escape";
  if (byte === 0x7f || byte === 0x08) return "backspace";
  if (byte === 0) return "ctrl+space";
  return `ctrl+${String.fromCharCode(byte + 0x40).toLowerCase()}`;
}

/** The key of a character that was typed as itself. */
export function characterKey(char: string): string {
  return char === " " ? "space" : char;
}

/** The key of `ESC O final`; `undefined` for one that is not known. */
export function ss3Key(final: string, bits: number): string | undefined {
  const arrow = RXVT_ARROWS[final];
  if (arrow !== undefined) return withModifiers(arrow, bits | 4);
  const key = SS3[final];
  return key === undefined ? undefined : withModifiers(key, bits);
}

/**
 * The key of a control sequence, given its parameters and final byte; `undefined` for one that is not a
 * key. `alt` says that another escape came before it, as rxvt does.
 */
export function csiKey(params: string, final: string, alt: boolean): string | undefined {
  if (!/^[\d;:]*$/.test(params)) return undefined;
  const numbers = params.split(";").map((part) => Number(part.split(":")[0]));
  const bits = modifierBits(numbers[1]) | (alt ? 2 : 0);
  const first = numbers[0] ?? 0;
  if (final === "u") return codeKey(first, bits, params);
  if (final === "~" && first === 27 && numbers[2] !== undefined) return codeKey(numbers[2], bits);
  if (final === "~" || final in RXVT_FINALS) {
    const key = TILDE[first];
    return key === undefined ? undefined : withModifiers(key, bits | (RXVT_FINALS[final] ?? 0));
  }
  if (final === "Z") return withModifiers("tab", bits | 1);
  const arrow = params === "" ? RXVT_ARROWS[final] : undefined;
  if (arrow !== undefined) return withModifiers(arrow, bits | 1);
  if (!/^[A-HP-S]$/.test(final) || final === "G") return undefined;
  return withModifiers(SS3[final]!, bits);
}

function modifierBits(parameter: number | undefined): number {
  return parameter === undefined || parameter < 1 ? 0 : (parameter - 1) & 7;
}

/** A key told by its code point (kitty's `CSI u`, xterm's modifyOtherKeys). */
function codeKey(code: number, bits: number, params = ""): string | undefined {
  if (/^[^;]*;\d*:3/.test(params)) return undefined; // a key going up
  const named = CODES[code];
  if (named !== undefined) return withModifiers(named, bits);
  if (code < 0x20 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
  if (code >= 0xe000 && code < 0xf900) return undefined; // kitty's numbers for keys without a character
  const char = String.fromCodePoint(code);
  const upper = bits & 1 && /^\p{Ll}$/u.test(char) && char.toUpperCase().length === char.length;
  if (upper) return withModifiers(char.toUpperCase(), bits & ~1);
  // What shift made of the key is in the code already.
  return withModifiers(characterKey(char), /^[!-~]$/.test(char) ? bits & ~1 : bits);
}
