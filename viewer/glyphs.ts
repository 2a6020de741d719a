/**
 * The few characters that status lines and boxes are drawn with, and what stands for them on a console whose
 * font does not have them.
 *
 * @module
 */

/** Characters of one column each. */
export interface Glyphs {
  readonly horizontal: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  /** Between two things on a line. */
  readonly separator: string;
  readonly ellipsis: string;
  readonly play: string;
  readonly pause: string;
  readonly dot: string;
  /** Parts of a timeline: what is behind, where it is, what is ahead, a marker behind and ahead. */
  readonly past: string;
  readonly head: string;
  readonly future: string;
  readonly marker: string;
  readonly up: string;
  readonly down: string;
  readonly left: string;
  readonly right: string;
}

/** For terminals with a Unicode font. */
export const UNICODE_GLYPHS: Glyphs = Object.freeze({
  horizontal: "─",
  vertical: "│",
  topLeft: "┌",
  topRight: "┐",
  bottomLeft: "└",
  bottomRight: "┘",
  separator: "·",
  ellipsis: "…",
  play: "▶",
  pause: "‖",
  dot: "●",
  past: "━",
  head: "●",
  future: "─",
  marker: "◆",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
});

/** For consoles. */
export const ASCII_GLYPHS: Glyphs = Object.freeze({
  horizontal: "-",
  vertical: "|",
  topLeft: "+",
  topRight: "+",
  bottomLeft: "+",
  bottomRight: "+",
  separator: "-",
  ellipsis: ".",
  play: ">",
  pause: "=",
  dot: "*",
  past: "=",
  head: "O",
  future: "-",
  marker: "+",
  up: "^",
  down: "v",
  left: "<",
  right: ">",
});

/** The glyphs for a terminal. */
export function glyphsFor(capabilities: { readonly unicode: boolean }): Glyphs {
  return capabilities.unicode ? UNICODE_GLYPHS : ASCII_GLYPHS;
}
