/**
 * A box with a line that is being typed, and one with what somebody said. Pure.
 *
 * @module
 */
import { printable } from "../format/text.ts";
import { columns } from "../format/width.ts";
import { type BoxContent, boxOverlay } from "./box.ts";
import type { Overlay } from "./compose.ts";
import type { Size } from "./device.ts";
import type { Glyphs } from "./glyphs.ts";
import type { InputEvent, KeyEvent } from "./keys.ts";
import { wrapText } from "./wrap_text.ts";

/** Widest that a line, and what somebody said, is drawn. */
const MAX_COLS = 60;
/** Borders of a box, and a blank inside each of them. */
const FRAME_COLS = 4;
/** Longest line, in UTF-16 units. */
export const MAX_LABEL = 120;

/** What an event makes of a line. */
export type LineStep =
  | { readonly kind: "edited"; readonly text: string }
  | { readonly kind: "entered"; readonly text: string }
  | { readonly kind: "given-up" };

/** Edits a line; `undefined` for what is no business of it. */
export function editLine(text: string, event: InputEvent): LineStep | undefined {
  if (event.kind === "paste" && event.part === "text") {
    return edited(extend(text, new TextDecoder().decode(event.raw)));
  }
  if (event.kind !== "key") return undefined;
  switch (event.name) {
    case "enter":
      return { kind: "entered", text: text.trim() };
    case "escape":
    case "ctrl+c":
      return { kind: "given-up" };
    case "backspace":
      return edited(withoutLast(text));
    case "ctrl+u":
      return edited("");
    default:
      return edited(extend(text, keyText(event)));
  }
}

function edited(text: string): LineStep {
  return { kind: "edited", text };
}

function keyText(event: KeyEvent): string {
  return event.name === "space" ? " " : event.text;
}

function extend(line: string, text: string): string {
  const all = line + printable(text, MAX_LABEL);
  return all.length > MAX_LABEL ? line : all;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function withoutLast(line: string): string {
  return [...graphemes.segment(line)].slice(0, -1).map(({ segment }) => segment).join("");
}

/** Draws a line that is being typed, with the cursor at its end. */
export function lineOverlay(
  line: string,
  titles: Pick<BoxContent, "title"> & { readonly hint: string },
  { area, glyphs }: { readonly area: Size; readonly glyphs: Glyphs },
): Overlay {
  const inner = Math.max(1, Math.min(MAX_COLS, area.cols - FRAME_COLS));
  // The end of a long line is what is being typed.
  let shown = line;
  while (columns(shown) >= inner) shown = shown.slice(shown.codePointAt(0)! > 0xffff ? 2 : 1);
  const padded = shown + " ".repeat(Math.max(0, inner - columns(shown)));
  const box = boxOverlay({ ...titles, lines: [padded] }, area, glyphs);
  return { ...box, cursor: { x: 2 + columns(shown), y: 1 } };
}

/** What somebody said, whole, until a key is pressed. */
export function saidContent(title: string, text: string, area: Size): BoxContent {
  const cols = Math.max(2, Math.min(MAX_COLS, area.cols - FRAME_COLS));
  return { title, lines: wrapText(text, cols), hint: "Any key goes on" };
}
