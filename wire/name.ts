/**
 * Names that come over the wire.
 *
 * @module
 */
import { clip } from "../format/width.ts";
import { NAME_MAX_COLUMNS, NAME_MAX_LENGTH } from "./limits.ts";

/**
 * A name that is safe to draw: no control, bidirectional or other invisible characters, no pile of accents, single
 * spaces, at most 32 columns. May be empty.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(cleanName(" Ada\x1b[31m \u202eLovelace\n"), "Ada[31m Lovelace");
 * ```
 */
export function cleanName(raw: string): string {
  const clean = raw.slice(0, NAME_MAX_LENGTH)
    .replace(/[\t-\r\x85\p{Z}]/gu, " ")
    // Controls, formats (bidirectional ones too), lone surrogates, private and unassigned characters, and fillers.
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, "")
    .normalize("NFC")
    .replace(/ +/g, " ")
    .replace(/(\p{M}{2})\p{M}+/gu, "$1")
    .replace(/^[\p{M} ]+| +$/gu, "");
  return clip(clean, NAME_MAX_COLUMNS);
}
