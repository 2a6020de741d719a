/**
 * Commands for tmux, as text. Pure.
 *
 * @module
 */
import { DEFAULT_MODES } from "../../format/frame.ts";
import { encodeInput } from "../encode_input.ts";

/** Most bytes of typed text in one command: what can still come through when the right to type ends in that moment. */
export const CHUNK_BYTES = 1_024;
/**
 * Most bytes that are sent as keys. tmux 3.3a takes 0.1 ms for 64 of them, but 7 ms for 1,024, in which it does nothing else;
 * from a buffer it takes 0.1 ms for as many. A buffer cannot have a zero in it.
 */
export const HEX_BYTES = 64;

const PASTE_START = "\x1b[200~", PASTE_END = "\x1b[201~";
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

const KEYS: Readonly<Record<string, string>> = {
  up: "Up",
  down: "Down",
  left: "Left",
  right: "Right",
  home: "Home",
  end: "End",
  insert: "IC",
  delete: "DC",
  "page-up": "PPage",
  "page-down": "NPage",
  ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i + 1}`, `F${i + 1}`])),
};
const MODIFIERS: readonly (readonly [name: string, tmux: string])[] = [
  ["ctrl", "C-"],
  ["alt", "M-"],
  ["shift", "S-"],
];

/**
 * The keys that tmux sends as the pane's program and `TERM` want them, by what a terminal sends for them when no mode is
 * set. All others are the same bytes everywhere.
 */
const KEY_NAMES: ReadonlyMap<string, string> = new Map(keyNames());

/**
 * The commands that type into a pane what somebody typed at once: text, one key, or one paste, encoded as for a terminal in
 * its default modes but with its pastes bracketed (`PANE_MODES`). They come in groups; those of a group can be sent
 * together.
 *
 * @example
 * ```ts
 * import { typeCommands } from "./commands.ts";
 * import assert from "node:assert/strict";
 *
 * const groups = typeCommands("%3", new TextEncoder().encode("ls\r"));
 * assert.deepEqual(groups, [["copy-mode -q -t %3", "send-keys -H -t %3 6c 73 d"]]);
 * ```
 */
export function typeCommands(pane: string, bytes: Uint8Array): string[][] {
  const [first = [], ...others] = typing(pane, bytes);
  // Somebody may have scrolled the pane: there, keys would be commands.
  return [[`copy-mode -q -t ${pane}`, ...first], ...others];
}

function typing(pane: string, bytes: Uint8Array): string[][] {
  const key = bytes.length <= 8 ? KEY_NAMES.get(decoder.decode(bytes)) : undefined;
  if (key !== undefined) return [[`send-keys -t ${pane} ${key}`]];
  const pasted = pastedText(bytes);
  if (pasted !== undefined) {
    return [pasted === "" ? [] : bufferCommands(pane, quoteBytes(encoder.encode(pasted)), "-p ")];
  }
  const groups: string[][] = [];
  for (let at = 0; at < bytes.length;) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    const short = chunk.length <= HEX_BYTES || chunk.includes(0);
    const piece = short ? chunk.subarray(0, HEX_BYTES) : chunk;
    groups.push(short ? [hexCommand(pane, piece)] : bufferCommands(pane, quoteBytes(piece), ""));
    at += piece.length;
  }
  return groups;
}

function hexCommand(pane: string, bytes: Uint8Array): string {
  return `send-keys -H -t ${pane} ${Array.from(bytes, (byte) => byte.toString(16)).join(" ")}`;
}

function bufferCommands(pane: string, text: string, flags: "" | "-p "): string[] {
  const buffer = `collab${pane.slice(1)}`;
  return [
    // A text may begin with a dash.
    `set-buffer -b ${buffer} -- ${text}`,
    `paste-buffer ${flags}-r -d -b ${buffer} -t ${pane}`,
  ];
}

/** A text as one word of a command. What would end the line is left out. */
export function quote(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what it removes
  return `'${text.replace(/[\x00-\x1f\x7f]/g, "").replaceAll("'", `'\\''`)}'`;
}

/** A text as one word of a command, whole. There must be no zero in it. */
export function word(text: string): string {
  return quoteBytes(encoder.encode(text));
}

/** A text that is shown as it is in a format that tmux draws: there, `#` begins what is not text. */
export function drawn(text: string): string {
  return text.replaceAll("#", "##");
}

/** What stands between the brackets of a paste; `undefined` when it is none, or has another escape in it. */
function pastedText(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x1b || bytes.length < PASTE_START.length + PASTE_END.length) return undefined;
  const text = decoder.decode(bytes);
  if (!text.startsWith(PASTE_START) || !text.endsWith(PASTE_END)) return undefined;
  const inner = text.slice(PASTE_START.length, -PASTE_END.length);
  return inner.includes("\x1b") ? undefined : inner;
}

/** Bytes as one word of a command: all but plain characters as octal numbers. There must be no zero among them. */
function quoteBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    text += byte < 0x20 || byte >= 0x7f || char === '"' || char === "$" || char === "\\"
      ? `\\${byte.toString(8).padStart(3, "0")}`
      : char;
  }
  return `"${text}"`;
}

function* keyNames(): Generator<[string, string]> {
  for (const [name, tmux] of Object.entries(KEYS)) {
    for (let bits = 0; bits < 1 << MODIFIERS.length; bits++) {
      const held = MODIFIERS.filter((_, i) => bits & (1 << i));
      const key = held.map(([name]) => `${name}+`).join("") + name;
      const bytes = encodeInput({ kind: "key", key }, DEFAULT_MODES);
      const prefix = held.map(([, prefix]) => prefix).join("");
      if (bytes !== undefined) yield [decoder.decode(bytes), prefix + tmux];
    }
  }
}
