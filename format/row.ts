/**
 * Rows of cells: the packed, immutable form in which every part of the program holds text.
 *
 * A cell is three unsigned 32-bit words, laid out as xterm.js does so that taking a frame is a copy:
 *
 * ```text
 * content   2 bits width (0 = right half of a wide character) | 1 bit cluster | 21 bits code point
 * fg        6 bits flags | 2 bits colour mode | 24 bits colour
 * bg        6 bits flags | 2 bits colour mode | 24 bits colour
 * ```
 *
 * What does not fit (clusters of several code points, underline kinds and colours, hyperlinks) is kept
 * beside the cells by column. A blank is always code point 32 of width 1.
 *
 * @module
 */

/** Words a cell. */
export const CELL = 3;

/** Content: the code point, when {@link CLUSTER} is not set. */
export const CODE_MASK = 0x1fffff;
/** Content: the text is in {@link Row.clusters}. */
export const CLUSTER = 0x200000;
/** Content: shift of the width, 0 to 2. */
export const WIDTH_SHIFT = 22;
/** The content word of a blank cell. */
export const BLANK = 32 | (1 << WIDTH_SHIFT);

/** Colour word: everything that makes up the colour. */
export const COLOR_MASK = 0x3ffffff;
/** Colour word: the mode bits. */
export const COLOR_MODE = 0x3000000;
/** Colour modes: one of the 16 named colours, one of 256, 24-bit. 0 is the terminal's default. */
export const COLOR_16 = 0x1000000, COLOR_256 = 0x2000000, COLOR_RGB = 0x3000000;

/** Flags of the foreground word. */
export const INVERSE = 0x4000000,
  BOLD = 0x8000000,
  UNDERLINE = 0x10000000,
  BLINK = 0x20000000,
  HIDDEN = 0x40000000,
  STRIKE = 0x80000000;

/** Flags of the background word. */
export const ITALIC = 0x4000000, DIM = 0x8000000, EXTRA = 0x10000000, OVERLINE = 0x40000000;

/** A hyperlink (OSC 8). Cells of one link share its `id` where the program gave one. */
export interface Link {
  readonly id: string;
  readonly uri: string;
}

/** What a cell has beyond its three words; a cell with one has {@link EXTRA} set. */
export interface Extra {
  /** 0 none or plain, 2 double, 3 curly, 4 dotted, 5 dashed (SGR 4:n). */
  readonly underline: 0 | 2 | 3 | 4 | 5;
  /** A colour word (mode and colour); 0 follows the text. */
  readonly underlineColor: number;
  readonly link: Link | undefined;
}

/** One row of a screen. Never changed after it was made. */
export interface Row {
  /** `cols * CELL` words. */
  readonly cells: Uint32Array;
  /** Texts of more than one code point, by column. */
  readonly clusters: ReadonlyMap<number, string> | undefined;
  /** Underline kinds, underline colours and links, by column. */
  readonly extras: ReadonlyMap<number, Extra> | undefined;
  /** Whether the row continues the one above it (a soft wrap). */
  readonly wrapped: boolean;
}
