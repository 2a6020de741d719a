/**
 * Whether a name (of a variable, a key, a flag) says that its value is secret.
 *
 * @module
 */

/** How sure a name is: `password` names nothing else, `token` and `key` are words of many programs. */
export type NameStrength = "none" | "weak" | "strong";

const STRONG = /(?:password|passwd|passphrase|passwort)$/;
const WEAK = /(?:secret|token|credentials?|apikey|authkey|secretkey|accesskey|privatekey)$/;
/** What a `key` must be for it to be a secret one. */
const KEY_OF = new Set([
  ..."access account admin api app auth client deploy encryption hmac license master".split(" "),
  ..."private root secret service shared sign signing ssh storage".split(" "),
]);
/** Last words that say nothing of what the words before them name. */
const EMPTY = new Set(["base", "default", "string", "str", "text", "val", "value"]);
/** Words that make it something else. */
const HARMLESS = new Set([
  ..."cancel cancellation continuation current eof id lookahead next num page parse".split(" "),
  ..."prev previous public syntax unexpected".split(" "),
]);

/**
 * What a name says of its value. Words are told apart by case, `_`, `-`, `.` and `$`; the last one decides.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(nameStrength("PGPASSWORD"), "strong");
 * assert.equal(nameStrength("githubToken"), "weak");
 * assert.equal(nameStrength("token_count"), "none");
 * ```
 */
export function nameStrength(name: string): NameStrength {
  if (name === "PWD" || name === "OLDPWD") return "none";
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase().split(/[^a-z0-9]+/)
    .map((word) => word.replace(/\d+$/, "")).filter((word) => word !== "");
  while (words.length > 1 && EMPTY.has(words.at(-1)!)) words.pop();
  const last = words.at(-1);
  if (last === undefined || words.some((word) => HARMLESS.has(word))) return "none";
  if (STRONG.test(last)) return "strong";
  // A program that says `pass: 12` counts its tests.
  if ((last === "pass" || last === "pwd" || last === "pw") && words.length > 1) return "strong";
  if (last === "pwd") return "strong";
  if (WEAK.test(last)) return "weak";
  if (last === "key" && KEY_OF.has(words.at(-2) ?? "")) return "weak";
  if (last === "auth" && words.length === 1) return "weak";
  return "none";
}
