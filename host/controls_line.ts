/**
 * A line that the presenter types into a panel. Pure.
 *
 * @module
 */
import { printable } from "../format/text.ts";
import type { InputEvent, KeyEvent } from "../viewer/keys.ts";

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
