/**
 * What a recording may contain, so that a file or a peer cannot take the memory or the time of who reads it.
 * `docs/FORMAT.md` has the same numbers.
 *
 * @module
 */

/** Most columns of a terminal, and most rows. */
export const MAX_SIDE = 4096;
/** Most cells of a terminal: a frame of this size takes 12 MiB. */
export const MAX_CELLS = 1 << 20;
/** Longest time between two events: a year. */
export const MAX_INTERVAL_MS = 365 * 24 * 3600 * 1000;
/** Longest line, without its newline: about a keyframe of the largest screen with its own colours in every cell. */
export const MAX_LINE_BYTES = 64 << 20;
/** Longest header line. */
export const MAX_HEADER_BYTES = 1 << 20;
/** Longest event line whose data is not a string; no code of ours has such data. */
export const MAX_ODD_LINE_BYTES = 1 << 20;
/** Longest structured data (`p`, `c`, `u`), in UTF-16 units; longer is kept but not looked into. */
export const MAX_OBJECT_CHARS = 1 << 16;
/** Largest asciicast v1 recording, which is one JSON object and must be parsed whole. */
export const MAX_V1_BYTES = 32 << 20;

/** Whether a terminal may have this size. */
export function isValidSize(cols: number, rows: number): boolean {
  return Number.isInteger(cols) && Number.isInteger(rows) && cols >= 1 && rows >= 1 &&
    cols <= MAX_SIDE && rows <= MAX_SIDE && cols * rows <= MAX_CELLS;
}
