/**
 * A frame: everything a terminal shows at one instant, as an immutable value.
 *
 * @module
 */
import type { Row } from "./row.ts";

/** How the cursor is drawn; `default` leaves it to the terminal's own preference. */
export type CursorShape = "default" | "block" | "underline" | "bar";

/** Where the cursor is, and what it looks like. */
export interface Cursor {
  /** Column, from 0 to `cols - 1` (a cursor waiting to wrap is on the last column). */
  readonly x: number;
  /** Row, from 0 to `rows - 1`. */
  readonly y: number;
  readonly visible: boolean;
  readonly shape: CursorShape;
  /** Whether it blinks; means nothing while the shape is `default`. */
  readonly blink: boolean;
}

/** Which mouse events a program asked its terminal to report (DECSET 9, 1000, 1002, 1003). */
export type MouseTracking = "none" | "press" | "click" | "drag" | "move";

/** How mouse events are encoded (the classic bytes, DECSET 1006, DECSET 1016). */
export type MouseEncoding = "bytes" | "sgr" | "sgr-pixels";

/** The modes that a terminal must share with the program for its keys, paste and mouse to be right. */
export interface Modes {
  /** DECCKM: cursor keys send `ESC O A` instead of `ESC [ A`. */
  readonly applicationCursor: boolean;
  /** DECKPAM: the keypad sends escape sequences. */
  readonly applicationKeypad: boolean;
  /** DECSET 2004. */
  readonly bracketedPaste: boolean;
  readonly mouse: MouseTracking;
  readonly mouseEncoding: MouseEncoding;
  /** DECSET 1004: focus in and out are reported. */
  readonly focusEvents: boolean;
}

/**
 * A terminal's whole visible state. Rows are shared between frames when they did not change, so
 * `===` on a row is the first and usually the last comparison a reader needs.
 */
export interface Frame {
  readonly cols: number;
  readonly rows: number;
  /** What is shown, top to bottom: `rows` rows of `cols` cells. */
  readonly lines: readonly Row[];
  /**
   * The normal screen that lies under the alternate one (vim, less and htop draw on the
   * alternate screen), or `undefined` while the normal screen is shown.
   */
  readonly under: readonly Row[] | undefined;
  readonly cursor: Cursor;
  readonly modes: Modes;
  /** Window title (OSC 0 or 2), without control characters. */
  readonly title: string;
  /** How many bells have rung so far. */
  readonly bells: number;
  /**
   * How many lines have scrolled off the top of the normal screen so far: the absolute number of
   * its first row. Numbers belong to the screen that made the frame.
   */
  readonly top: number;
}

/** Looks up a line that has scrolled off the top by its absolute number; `undefined` when it is gone. */
export type History = (line: number) => Row | undefined;

/** The modes of a terminal after a reset. */
export const DEFAULT_MODES: Modes = Object.freeze({
  applicationCursor: false,
  applicationKeypad: false,
  bracketedPaste: false,
  mouse: "none",
  mouseEncoding: "bytes",
  focusEvents: false,
});

/** The cursor of a terminal after a reset. */
export const DEFAULT_CURSOR: Cursor = Object.freeze({
  x: 0,
  y: 0,
  visible: true,
  shape: "default",
  blink: false,
});
