/**
 * Commands for tmux, as text. Pure.
 *
 * @module
 */
import { DEFAULT_MODES } from "../../format/frame.ts";
import { encodeInput } from "../encode_input.ts";

/** Most bytes of typed text in one command: what can still come through when the right to type ends in that moment. */
export const CHUNK_BYTES = 1_024;

const PASTE_START = "\x1b[200~", PASTE_END = "\x1b[201~";
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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
 * its default modes but with its pastes bracketed (`PANE_MODES`).
 *
 * @example
 * ```ts
 * import { typeCommands } from "./commands.ts";
 * import assert from "node:assert/strict";
 *
 * const commands = typeCommands("%3", new TextEncoder().encode("ls\r"));
 * assert.deepEqual(commands, ["copy-mode -q -t %3", "send-keys -H -t %3 6c 73 d"]);
 * ```
 */
export function typeCommands(pane: string, bytes: Uint8Array): string[] {
  // Somebody may have scrolled the pane: there, keys would be commands.
  const commands = [`copy-mode -q -t ${pane}`];
  const key = bytes.length <= 8 ? KEY_NAMES.get(decoder.decode(bytes)) : undefined;
  if (key !== undefined) return [...commands, `send-keys -t ${pane} ${key}`];
  const pasted = pastedText(bytes);
  if (pasted !== undefined) return [...commands, ...pasteCommands(pane, pasted)];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    const hex = Array.from(chunk, (byte) => byte.toString(16)).join(" ");
    commands.push(`send-keys -H -t ${pane} ${hex}`);
  }
  return commands;
}

/** A text as one word of a command. What would end the line is left out. */
export function quote(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what it removes
  return `'${text.replace(/[\x00-\x1f\x7f]/g, "").replaceAll("'", `'\\''`)}'`;
}

/** A text that is shown as it is in a format that tmux draws: there, `#` begins what is not text. */
export function drawn(text: string): string {
  return text.replaceAll("#", "##");
}

function pasteCommands(pane: string, text: string): string[] {
  if (text === "") return [];
  const buffer = `collab${pane.slice(1)}`;
  return [
    `set-buffer -b ${buffer} ${quoteAll(text)}`,
    `paste-buffer -p -r -d -b ${buffer} -t ${pane}`,
  ];
}

/** What stands between the brackets of a paste; `undefined` when it is none, or has another escape in it. */
function pastedText(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x1b || bytes.length < PASTE_START.length + PASTE_END.length) return undefined;
  const text = decoder.decode(bytes);
  if (!text.startsWith(PASTE_START) || !text.endsWith(PASTE_END)) return undefined;
  const inner = text.slice(PASTE_START.length, -PASTE_END.length);
  return inner.includes("\x1b") ? undefined : inner;
}

/** A text with control characters as one word of a command. */
function quoteAll(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what it escapes
  const escaped = text.replace(/["$\\\x00-\x1f\x7f]/g, (char) => {
    const code = char.charCodeAt(0);
    return code >= 0x20 && code < 0x7f ? `\\${char}` : `\\${code.toString(8).padStart(3, "0")}`;
  });
  return `"${escaped}"`;
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
