/**
 * The key that opens the menu, as it is written on a command line.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";

/**
 * Reads the name of a menu key: `ctrl-\`, `ctrl+x`, `^x`. Only control characters that no terminal sends for another
 * key can be one.
 *
 * @throws {UsageError} `bad-menu-key`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseMenuKey("ctrl-x"), "ctrl+x");
 * ```
 */
export function parseMenuKey(text: string): string {
  const match = /^(?:ctrl[-+]|c-|\^)([a-z\\\]^_@])$/i.exec(text);
  const key = match?.[1]?.toLowerCase();
  // Backspace, tab, line feed, enter and escape are other keys.
  if (key !== undefined && !"hijm".includes(key)) {
    return key === "@" ? "ctrl+space" : `ctrl+${key}`;
  }
  throw new UsageError(
    "bad-menu-key",
    `Cannot use the menu key ${JSON.stringify(text.slice(0, 40))}: write it as "ctrl-x"`,
  );
}
