/**
 * What a key of a browser's keyboard types into the session, by the names of `viewer/key_names.ts`.
 *
 * @module
 */
import type { InputPart } from "../../../wire/input.ts";
import { withModifiers } from "../../key_names.ts";

/** What is looked at of a browser's `KeyboardEvent`. */
export interface KeyboardEventLike {
  /** What the key means with the layout and its modifiers: `a`, `A`, `é`, `Enter`, `Dead`. */
  readonly key: string;
  /** Which key it is on the keyboard, whatever the layout: `KeyA`, `Digit1`. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  /** Whether an input method is putting a character together. */
  readonly isComposing: boolean;
  /** 229 when an input method has taken the key, which not every browser says otherwise. */
  readonly keyCode?: number;
  getModifierState?(modifier: string): boolean;
}

/** What is special about a machine's keyboard. */
export interface Keyboard {
  /** Whether Option types characters, as on a Mac. */
  readonly mac: boolean;
}

const TAKEN_BY_INPUT_METHOD = 229;
const SHIFT = 1, ALT = 2, CTRL = 4;

const NAMES: Readonly<Record<string, string>> = {
  Enter: "enter",
  Tab: "tab",
  Escape: "escape",
  Backspace: "backspace",
  Delete: "delete",
  Insert: "insert",
  Home: "home",
  End: "end",
  PageUp: "page-up",
  PageDown: "page-down",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Clear: "begin",
};

/** The characters of a US keyboard, by the code of their key: what Ctrl means where a layout has other letters. */
const US: Readonly<Record<string, string>> = {
  BracketLeft: "[",
  BracketRight: "]",
  Backslash: "\\",
  Slash: "/",
  Minus: "-",
  Equal: "=",
  Period: ".",
  Comma: ",",
  Semicolon: ";",
  Quote: "'",
  Backquote: "`",
};

/**
 * What a key that went down types, or `undefined` when it types nothing here: modifiers alone, what belongs to the
 * browser (everything with Cmd or Meta; Ctrl-Shift-C, Ctrl-Shift-V, Ctrl-Insert and Shift-Insert, which copy and paste),
 * and what an input method makes a character of.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const none = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, isComposing: false };
 * assert.deepEqual(keyOf({ ...none, key: "c", code: "KeyC", ctrlKey: true }), { kind: "key", key: "ctrl+c" });
 * assert.deepEqual(keyOf({ ...none, key: "é", code: "Digit2" }), { kind: "text", text: "é" });
 * ```
 */
export function keyOf(
  event: KeyboardEventLike,
  keyboard: Keyboard = { mac: false },
): InputPart | undefined {
  const { key } = event;
  if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD || event.metaKey) {
    return undefined;
  }
  const bits = modifiers(event);
  const named = NAMES[key] ?? (/^F(?:[1-9]|1[0-2])$/.test(key) ? key.toLowerCase() : undefined);
  if (named !== undefined) {
    const clipboard = named === "insert" && (bits === CTRL || bits === SHIFT);
    return clipboard ? undefined : { kind: "key", key: withModifiers(named, bits) };
  }
  // Every other name of a key is a word in ASCII ("Shift", "Dead", "AudioVolumeUp"); a character is not.
  if (key === "" || /^[A-Za-z][A-Za-z0-9]+$/.test(key)) return undefined;
  if (typesText(event, keyboard)) return { kind: "text", text: key };
  return modifiedKey(event, bits);
}

/** Characters that Ctrl makes something else of: the programs of a terminal wait for these. */
const CONTROLS = /^[a-z@[\\^_?/ 2-8-]$/i;

/**
 * Whether a key is the one that leaves the session's keyboard to the page: Ctrl-], or Ctrl with the key of a US `]` on
 * layouts that need AltGr for it.
 */
export function isLeaveKey({ key, code, ctrlKey, altKey, metaKey }: KeyboardEventLike): boolean {
  if (!ctrlKey || altKey || metaKey) return false;
  return key === "]" || (code === "BracketRight" && !CONTROLS.test(key));
}

function modifiers({ ctrlKey, altKey, shiftKey }: KeyboardEventLike): number {
  return (ctrlKey ? CTRL : 0) | (altKey ? ALT : 0) | (shiftKey ? SHIFT : 0);
}

/** Whether a character is what its modifiers, if there are any, are for. */
function typesText(event: KeyboardEventLike, { mac }: Keyboard): boolean {
  const { ctrlKey, altKey } = event;
  // Windows tells AltGr as Ctrl and Alt too; elsewhere Ctrl with AltGr is Ctrl with what AltGr gives.
  if (event.getModifierState?.("AltGraph") === true && ctrlKey === altKey) return true;
  return !ctrlKey && (!altKey || mac);
}

/** A character with Ctrl or Alt. */
function modifiedKey(event: KeyboardEventLike, bits: number): InputPart | undefined {
  if ((bits & CTRL) === 0) return { kind: "key", key: withModifiers(nameOf(event.key), ALT) };
  if ((bits & ~SHIFT) === CTRL && event.shiftKey && /^Key[CV]$/.test(codeOf(event))) {
    return undefined;
  }
  const char = plainCharacter(event);
  const cased = /^[a-z]$/i.test(char)
    ? event.shiftKey ? char.toUpperCase() : char.toLowerCase()
    : char;
  const shifted = char === " " ? bits & SHIFT : 0;
  return { kind: "key", key: withModifiers(nameOf(cased), (bits & ~SHIFT) | shifted) };
}

function nameOf(char: string): string {
  return char === " " ? "space" : char;
}

/** The key that the layout has for a letter, else the key itself. */
function codeOf({ key, code }: KeyboardEventLike): string {
  return /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : code;
}

/** The character of a key with Ctrl: what the layout has there, or the US one where that is not in ASCII. */
function plainCharacter({ key, code }: KeyboardEventLike): string {
  if (/^[ -~]$/.test(key)) return key;
  return /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase() ?? US[code] ?? key;
}
