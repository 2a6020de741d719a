/**
 * What the local terminal sends: keys, pastes, mouse, focus, and answers to questions it was asked. Answers
 * are told apart so that they never count as keys.
 *
 * @module
 */
import { characterKey, controlKey, csiKey, ss3Key, withModifiers } from "./key_names.ts";
import { parseReply, type Reply } from "./replies.ts";

/** A key, by its name: `left`, `shift+left`, `ctrl+]`, `alt+x`, `enter`, `a`, `A`, `space`. */
export interface KeyEvent {
  readonly kind: "key";
  readonly name: string;
  /** The character it types, or an empty text. */
  readonly text: string;
  readonly raw: Uint8Array;
}

/** A bracketed paste, in parts as they arrive. What was pasted is never a key. */
export interface PasteEvent {
  readonly kind: "paste";
  readonly part: "start" | "text" | "end";
  readonly raw: Uint8Array;
}

/** The terminal's window got or lost the focus. */
export interface FocusEvent {
  readonly kind: "focus";
  readonly focused: boolean;
  readonly raw: Uint8Array;
}

/** The mouse, as its terminal encoded it. */
export interface MouseEvent {
  readonly kind: "mouse";
  readonly raw: Uint8Array;
}

/** The terminal answered a question. */
export interface ReplyEvent {
  readonly kind: "reply";
  readonly reply: Reply;
  readonly raw: Uint8Array;
}

/** Bytes that are none of the others: an unknown or broken sequence. */
export interface UnknownEvent {
  readonly kind: "unknown";
  readonly raw: Uint8Array;
}

/** One thing that the local terminal sent; `raw` is every byte of it. */
export type InputEvent =
  | KeyEvent
  | PasteEvent
  | FocusEvent
  | MouseEvent
  | ReplyEvent
  | UnknownEvent;

/** How long an escape is held to see whether it begins a sequence. */
export const ESCAPE_HOLD_MS = 40;
/** How long the beginning of an answer is held before it is given up. */
export const REPLY_HOLD_MS = 1_000;

const MAX_CSI = 128;
const MAX_STRING = 4_096;
const ESC = 0x1b;
const PASTE_END = new TextEncoder().encode("\x1b[201~");
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What was found at a place: an event of so many bytes, or that more bytes are needed. */
type Found =
  | { readonly length: number; readonly event: Unframed }
  | { readonly holdMs: number };
type Unframed =
  | { readonly kind: "key"; readonly name: string; readonly text: string }
  | { readonly kind: "paste"; readonly part: "start" | "text" | "end" }
  | { readonly kind: "focus"; readonly focused: boolean }
  | { readonly kind: "mouse" }
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "unknown" };

const AMBIGUOUS: Found = { holdMs: ESCAPE_HOLD_MS };
const UNFINISHED: Found = { holdMs: REPLY_HOLD_MS };

/**
 * Cuts the bytes of a terminal's input into events. However the bytes are split over calls, the same events
 * come out, and their `raw` bytes are the input, none lost and none added.
 *
 * An escape could be a key or the beginning of one: after {@link KeyParser.feed}, when `holdMs` is set and
 * that time passes without more input, call {@link KeyParser.flush}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const parser = new KeyParser();
 * const [event] = parser.feed(new TextEncoder().encode("\x1b[1;2D"));
 * assert.ok(event?.kind === "key" && event.name === "shift+left");
 * ```
 */
export class KeyParser {
  #held: Uint8Array = new Uint8Array(0);
  #holdMs: number | undefined;
  #pasting = false;

  /** How long to wait for more input before {@link flush}; `undefined` when nothing is held. */
  get holdMs(): number | undefined {
    return this.#holdMs;
  }

  /** Takes the next bytes and gives the events that are complete. The bytes are copied. */
  feed(bytes: Uint8Array): InputEvent[] {
    const input = new Uint8Array(this.#held.length + bytes.length);
    input.set(this.#held);
    input.set(bytes, this.#held.length);
    return this.#run(input, false);
  }

  /** Nothing came after what is held: what it is on its own. */
  flush(): InputEvent[] {
    return this.#run(this.#held, true);
  }

  #run(input: Uint8Array, final: boolean): InputEvent[] {
    const events: InputEvent[] = [];
    let at = 0;
    this.#holdMs = undefined;
    while (at < input.length) {
      const found = this.#pasting ? scanPaste(input, at) : scan(input, at, final);
      if ("holdMs" in found) {
        // The end of a paste is certain to come: what could be its beginning is not given up.
        if (!this.#pasting) this.#holdMs = found.holdMs;
        break;
      }
      const event = { ...found.event, raw: input.subarray(at, at + found.length) };
      if (event.kind === "paste") this.#pasting = event.part !== "end";
      events.push(event);
      at += found.length;
    }
    this.#held = input.slice(at);
    return events;
  }
}

function key(name: string, length: number, text = ""): Found {
  return { length, event: { kind: "key", name, text } };
}

function unknown(length: number): Found {
  return { length, event: { kind: "unknown" } };
}

/** The next event outside a paste. With `final`, an answer is always found. */
function scan(input: Uint8Array, at: number, final: boolean): Found {
  const byte = input[at]!;
  if (byte === ESC) return scanEscape(input, at, final);
  if (byte < 0x20 || byte === 0x7f) return key(controlKey(byte), 1);
  return scanCharacter(input, at, final);
}

function scanCharacter(input: Uint8Array, at: number, final: boolean): Found {
  const byte = input[at]!;
  const length = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  if (length === 0 || byte > 0xf4) return unknown(1);
  for (let i = 1; i < length; i++) {
    const next = input[at + i];
    if (next === undefined) return final ? unknown(1) : UNFINISHED;
    if ((next & 0xc0) !== 0x80) return unknown(1);
  }
  try {
    const char = decoder.decode(input.subarray(at, at + length));
    return key(characterKey(char), length, char);
  } catch {
    return unknown(1);
  }
}

function scanEscape(input: Uint8Array, at: number, final: boolean): Found {
  const next = input[at + 1];
  if (next === undefined) return final ? key("escape", 1) : AMBIGUOUS;
  switch (next) {
    case 0x5b: // [
      return scanCsi(input, at, 2, final);
    case 0x4f: // O
      return scanSs3(input, at, 2, final);
    case 0x5d: // ]
    case 0x50: // P
    case 0x5f: // _
      return scanString(input, at, final);
    case ESC:
      return scanTwoEscapes(input, at, final);
  }
  if (next < 0x20 || next === 0x7f) return key(`alt+${controlKey(next)}`, 2);
  const char = scanCharacter(input, at + 1, final);
  if ("holdMs" in char) return char;
  if (char.event.kind !== "key") return key("escape", 1);
  return key(`alt+${char.event.name}`, 1 + char.length);
}

/** rxvt says alt by an escape before the sequence; otherwise the first escape is a key of its own. */
function scanTwoEscapes(input: Uint8Array, at: number, final: boolean): Found {
  const third = input[at + 2];
  if (third === undefined) return final ? key("escape", 1) : AMBIGUOUS;
  if (third !== 0x5b && third !== 0x4f) return key("escape", 1);
  const found = third === 0x5b ? scanCsi(input, at, 3, final) : scanSs3(input, at, 3, final);
  return "length" in found && found.event.kind !== "key" ? key("escape", 1) : found;
}

function scanSs3(input: Uint8Array, at: number, skip: number, final: boolean): Found {
  let end = at + skip;
  while (end < at + skip + 2 && isDigit(input[end])) end++;
  const byte = input[end];
  if (byte === undefined) {
    if (!final) return AMBIGUOUS;
    return end === at + 2 ? key("alt+O", 2) : unknown(end - at);
  }
  const modifiers = Number(text(input, at + skip, end) || "1");
  const bits = ((modifiers - 1) & 7) | (skip === 3 ? 2 : 0);
  const name = ss3Key(String.fromCharCode(byte), bits);
  if (name !== undefined) return key(name, end + 1 - at);
  return end === at + 2 ? key("alt+O", 2) : unknown(end - at);
}

function scanCsi(input: Uint8Array, at: number, skip: number, final: boolean): Found {
  const from = at + skip;
  if (input[from] === 0x5b) { // the Linux console's F1 to F5: CSI [ A
    const letter = input[from + 1];
    if (letter === undefined) return final ? unknown(from + 1 - at) : AMBIGUOUS;
    return letter >= 0x41 && letter <= 0x45
      ? key(withModifiers(`f${letter - 0x40}`, skip === 3 ? 2 : 0), from + 2 - at)
      : unknown(from + 1 - at);
  }
  if (input[from] === 0x4d) { // the classic mouse report: CSI M and three bytes
    if (input.length < from + 4 && !final) return AMBIGUOUS;
    return { length: Math.min(from + 4, input.length) - at, event: { kind: "mouse" } };
  }
  let end = from;
  while (inRange(input[end], 0x20, 0x3f) && end - from < MAX_CSI) end++;
  const byte = input[end];
  if (byte === undefined) {
    if (!final) return AMBIGUOUS;
    return end === at + 2 ? key("alt+[", 2) : unknown(end - at);
  }
  if (byte < 0x40 || byte > 0x7e) return end === at + 2 ? key("alt+[", 2) : unknown(end - at);
  return csiEvent(
    text(input, from, end),
    String.fromCharCode(input[end]!),
    end + 1 - at,
    skip === 3,
  );
}

function csiEvent(params: string, final: string, length: number, alt: boolean): Found {
  if (final === "~" && params === "200") return { length, event: { kind: "paste", part: "start" } };
  if ((final === "M" || final === "m") && /^<?[\d;]+$/.test(params)) {
    return { length, event: { kind: "mouse" } };
  }
  if (params === "" && (final === "I" || final === "O")) {
    return { length, event: { kind: "focus", focused: final === "I" } };
  }
  const reply = parseReply(`[${params}${final}`);
  if (reply !== undefined) return { length, event: { kind: "reply", reply } };
  const name = csiKey(params, final, alt);
  return name === undefined ? unknown(length) : key(name, length);
}

/** OSC, DCS and APC strings: only answers have this form, and only after an alt key looks like it. */
function scanString(input: Uint8Array, at: number, final: boolean): Found {
  const introducer = String.fromCharCode(input[at + 1]!);
  const first = input[at + 2];
  if (first === undefined) return final ? key(`alt+${introducer}`, 2) : AMBIGUOUS;
  const plausible = introducer === "]" ? isDigit(first) : first >= 0x20 && first < 0x7f;
  if (!plausible) return key(`alt+${introducer}`, 2);
  for (let end = at + 2; end < at + MAX_STRING; end++) {
    const byte = input[end];
    if (byte === undefined) return final ? unknown(end - at) : UNFINISHED;
    if (byte === 0x07) return stringReply(input, at, end, end + 1);
    if (byte === ESC) {
      if (input[end + 1] === undefined) return final ? unknown(end - at) : UNFINISHED;
      return input[end + 1] === 0x5c ? stringReply(input, at, end, end + 2) : unknown(end - at);
    }
    if (byte < 0x20) return unknown(end - at);
  }
  return unknown(MAX_STRING);
}

function stringReply(input: Uint8Array, at: number, bodyEnd: number, end: number): Found {
  const reply = parseReply(text(input, at + 1, bodyEnd)) ?? { type: "other" };
  return { length: end - at, event: { kind: "reply", reply } };
}

/** The next part of a paste: text up to its end, without what could be the beginning of the end. */
function scanPaste(input: Uint8Array, at: number): Found {
  let end = at;
  while (end < input.length) {
    end = input.indexOf(ESC, end);
    if (end === -1) end = input.length;
    else if (startsWith(input, end, PASTE_END)) break;
    else end++;
  }
  if (end > at) return { length: end - at, event: { kind: "paste", part: "text" } };
  if (input.length - at < PASTE_END.length) return UNFINISHED;
  return { length: PASTE_END.length, event: { kind: "paste", part: "end" } };
}

/** Whether `input` from `at` on is `prefix`, or all that is left of it is the beginning of it. */
function startsWith(input: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length && at + i < input.length; i++) {
    if (input[at + i] !== prefix[i]) return false;
  }
  return true;
}

function isDigit(byte: number | undefined): boolean {
  return inRange(byte, 0x30, 0x39);
}

function inRange(byte: number | undefined, from: number, to: number): boolean {
  return byte !== undefined && byte >= from && byte <= to;
}

function text(input: Uint8Array, from: number, to: number): string {
  let result = "";
  for (let i = from; i < to; i++) result += String.fromCharCode(input[i]!);
  return result;
}
