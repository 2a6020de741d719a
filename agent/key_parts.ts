/**
 * Keys by the names that people use, as they are said to a host.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";
import { AgentError } from "./errors.ts";

const ALIASES: Readonly<Record<string, string>> = {
  return: "enter",
  esc: "escape",
  del: "delete",
  ins: "insert",
  bs: "backspace",
  pgup: "page-up",
  pageup: "page-up",
  pgdn: "page-down",
  pgdown: "page-down",
  pagedown: "page-down",
  arrowup: "up",
  arrowdown: "down",
  arrowleft: "left",
  arrowright: "right",
  spacebar: "space",
  plus: "+",
  minus: "-",
};
const MODIFIERS: Readonly<Record<string, string>> = {
  ctrl: "ctrl",
  control: "ctrl",
  c: "ctrl",
  alt: "alt",
  meta: "alt",
  option: "alt",
  m: "alt",
  shift: "shift",
  s: "shift",
};
const NAMED: ReadonlySet<string> = new Set([
  ..."enter escape tab backspace space delete insert home end page-up page-down".split(" "),
  ..."up down left right begin".split(" "),
  ...Array.from({ length: 12 }, (_, i) => `f${i + 1}`),
]);

/**
 * A key by its name: a character (`a`, `A`, `é`), a name (`enter`, `up`, `f5`), or either after modifiers (`ctrl-c`,
 * `Ctrl+Shift+Left`, `alt-x`, `C-c`).
 *
 * @throws {AgentError} `bad-key`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(keyPart("Ctrl-C"), { kind: "key", key: "ctrl+c" });
 * assert.deepEqual(keyPart("PgUp"), { kind: "key", key: "page-up" });
 * assert.deepEqual(keyPart("x"), { kind: "text", text: "x" });
 * ```
 */
export function keyPart(name: string): InputPart {
  const modifiers = new Set<string>();
  let rest = name;
  for (let match; (match = /^([a-z]+)[-+](.+)$/isu.exec(rest)) !== null;) {
    const modifier = modifierOf(match[1]!);
    if (modifier === undefined || modifiers.has(modifier)) break;
    modifiers.add(modifier);
    rest = match[2]!;
  }
  const key = keyOf(rest, modifiers.size > 0);
  if (key === undefined) {
    throw new AgentError(
      "bad-key",
      `Cannot press "${
        name.slice(0, 40)
      }": there is no such key; use names such as "enter", "ctrl-c", "up", "f5", "alt-x", ` +
        `and type() for text`,
    );
  }
  const order = ["ctrl", "alt", "shift"].filter((modifier) => modifiers.has(modifier));
  if (order.length > 0) return { kind: "key", key: [...order, key].join("+") };
  if (key === "space") return { kind: "text", text: " " };
  return NAMED.has(key) ? { kind: "key", key } : { kind: "text", text: key };
}

/** `c`, `m` and `s` stand for modifiers as Emacs writes them: `C-c`; small they are letters. */
function modifierOf(name: string): string | undefined {
  if (name.length === 1 && name !== name.toUpperCase()) return undefined;
  const low = name.toLowerCase();
  return Object.hasOwn(MODIFIERS, low) ? MODIFIERS[low] : undefined;
}

function keyOf(name: string, modified: boolean): string | undefined {
  const low = name.toLowerCase();
  const known = Object.hasOwn(ALIASES, low) ? ALIASES[low]! : low;
  if (NAMED.has(known) || known === "+" || known === "-") return known;
  if (!/^[^\p{C}\p{Z}]$/u.test(name)) return name === " " ? "space" : undefined;
  // Ctrl and c is the same key whatever the case; shift has a name.
  return modified && /^[A-Z]$/.test(name) ? low : name;
}
