/**
 * Names and notes that come over the wire.
 *
 * @module
 */
import { clip } from "../format/width.ts";
import { NAME_MAX_COLUMNS, NAME_MAX_LENGTH, NOTE_MAX_LENGTH } from "./limits.ts";

/** Widest note, after it is cleaned. */
const NOTE_MAX_COLUMNS = 200;

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
  return clean(raw.slice(0, NAME_MAX_LENGTH), NAME_MAX_COLUMNS);
}

/** A note in somebody's own words, as safe to draw as a name: one line of at most 200 columns. */
export function cleanNote(raw: string): string {
  return clean(raw.slice(0, NOTE_MAX_LENGTH), NOTE_MAX_COLUMNS);
}

function clean(raw: string, maxColumns: number): string {
  const text = raw
    .replace(/[\t-\r\x85\p{Z}]/gu, " ")
    // Controls, formats (bidirectional ones too), lone surrogates, private and unassigned characters, and fillers.
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, "")
    .normalize("NFC")
    .replace(/ +/g, " ")
    .replace(/(\p{M}{2})\p{M}+/gu, "$1")
    .replace(/^[\p{M} ]+| +$/gu, "");
  return clip(text, maxColumns);
}
