/**
 * What was typed, as the session's program expects it: the sequences that xterm sends in the modes that the program
 * has set. Pure.
 *
 * @module
 */
import type { Modes } from "../format/frame.ts";
import type { InputPart } from "../wire/input.ts";
import { encodeMouse } from "./encode_mouse.ts";

/** Keys that end in a letter: `CSI 1 ; modifiers letter`, or, without modifiers, `CSI letter` or `SS3 letter`. */
const CURSOR: Readonly<Record<string, string>> = {
  up: "A",
  down: "B",
  right: "C",
  left: "D",
  begin: "E",
  end: "F",
  home: "H",
};
const FUNCTION: Readonly<Record<string, string>> = { f1: "P", f2: "Q", f3: "R", f4: "S" };
/** Keys with a number: `CSI number ~`. */
const TILDE: Readonly<Record<string, number>> = {
  insert: 2,
  delete: 3,
  "page-up": 5,
  "page-down": 6,
  f5: 15,
  f6: 17,
  f7: 18,
  f8: 19,
  f9: 20,
  f10: 21,
  f11: 23,
  f12: 24,
};
/** xterm's bits. */
const MODIFIERS: Readonly<Record<string, number>> = { shift: 1, alt: 2, ctrl: 4 };
const SHIFT = 1, ALT = 2, CTRL = 4;

const encoder = new TextEncoder();

/**
 * The bytes of one part of input. `undefined` when there is no such key, or when the program has not asked for this
 * mouse event; no bytes when nothing is left of a paste.
 *
 * @example
 * ```ts
 * import { encodeInput } from "./encode_input.ts";
 * import { DEFAULT_MODES } from "../format/frame.ts";
 * import assert from "node:assert/strict";
 *
 * const modes = { ...DEFAULT_MODES, applicationCursor: true };
 * const bytes = encodeInput({ kind: "key", key: "up" }, modes);
 * assert.equal(new TextDecoder().decode(bytes), "\x1bOA");
 * ```
 */
export function encodeInput(part: InputPart, modes: Modes): Uint8Array | undefined {
  switch (part.kind) {
    case "text":
      return encoder.encode(part.text.replace(/\r?\n/g, "\r"));
    case "key": {
      const sequence = keySequence(part.key, modes);
      return sequence === undefined ? undefined : encoder.encode(sequence);
    }
    case "paste":
      return encoder.encode(pasteSequence(part.text, modes));
    case "mouse":
      return encodeMouse(part, modes);
    default:
      return part satisfies never;
  }
}

/** How many lines a shell may see in a paste: with a line break at its end, one more than people would count. */
export function pasteLines(text: string): number {
  return 1 + (text.match(/\r\n|[\r\n]/g)?.length ?? 0);
}

function keySequence(name: string, modes: Modes): string | undefined {
  const parsed = parseKey(name);
  if (parsed === undefined) return undefined;
  const { key, bits } = parsed;
  const letter = lookUp(CURSOR, key);
  if (letter !== undefined) {
    if (bits !== 0) return `\x1b[1;${bits + 1}${letter}`;
    return (modes.applicationCursor ? "\x1bO" : "\x1b[") + letter;
  }
  const fn = lookUp(FUNCTION, key);
  if (fn !== undefined) return bits === 0 ? `\x1bO${fn}` : `\x1b[1;${bits + 1}${fn}`;
  const number = lookUp(TILDE, key);
  if (number !== undefined) return `\x1b[${number}${bits === 0 ? "" : `;${bits + 1}`}~`;
  const plain = plainSequence(key, bits);
  return plain !== undefined && bits & ALT ? `\x1b${plain}` : plain;
}

/** A key that is a character, without alt. Modifiers that such a key cannot tell are left out, as in xterm. */
function plainSequence(key: string, bits: number): string | undefined {
  switch (key) {
    case "enter":
      return "\r";
    case "escape":
      return "\x1b";
    case "tab":
      return bits & SHIFT ? "\x1b[Z" : "\t";
    case "backspace":
      return bits & CTRL ? "\b" : "\x7f";
    case "space":
    case " ":
      return bits & CTRL ? "\0" : " ";
  }
  if (!isCharacter(key)) return undefined;
  if (bits & CTRL) return controlCharacter(key);
  const upper = key.toUpperCase();
  return bits & SHIFT && upper.length === key.length ? upper : key;
}

/** Modifiers may come in any order, each once; what is left is the key, which may itself be `+`. */
function parseKey(name: string): { readonly key: string; readonly bits: number } | undefined {
  let key = name, bits = 0;
  for (let match; (match = /^(shift|alt|ctrl)\+(.+)$/su.exec(key)) !== null;) {
    const bit = MODIFIERS[match[1]!]!;
    if (bits & bit) return undefined;
    bits |= bit;
    key = match[2]!;
  }
  return { key, bits };
}

/** One character that can be seen or is a space: no control, no surrogate on its own. */
function isCharacter(key: string): boolean {
  return /^[^\p{Cc}\p{Cs}]$/u.test(key);
}

/** What ctrl makes of a character: X11's rule (`XkbToControl`), so that ctrl+2 to ctrl+8 and ctrl+/ are as they were. */
function controlCharacter(char: string): string {
  const code = char.charCodeAt(0);
  if (char.length === 1 && code >= 0x40 && code < 0x7f) return String.fromCharCode(code & 0x1f);
  if (char === "?") return "\x7f";
  const digits = "2\0" + "3\x1b" + "4\x1c" + "5\x1d" + "6\x1e" + "7\x1f" + "8\x7f" + "/\x1f";
  const at = digits.indexOf(char);
  return at !== -1 && at % 2 === 0 ? digits[at + 1]! : char;
}

/**
 * A paste without what could end it before its end or act by itself. Beside the escape that would leave its brackets
 * these are all other controls: to the terminal's line discipline ctrl+c interrupts, and what follows it is no paste.
 */
function pasteSequence(text: string, modes: Modes): string {
  // deno-lint-ignore no-control-regex -- control characters are what it removes
  const clean = text.replace(/\r?\n/g, "\r").replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, "");
  return modes.bracketedPaste && clean !== "" ? `\x1b[200~${clean}\x1b[201~` : clean;
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
