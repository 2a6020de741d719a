/**
 * The box in which one asks for control: for how long, and why.
 *
 * @module
 */
import { printable } from "../format/text.ts";
import { columns, type Style } from "../format/text_row.ts";
import { type BoxLine, boxOverlay, type Span } from "./box.ts";
import type { Overlay } from "./compose.ts";
import type { Size } from "./device.ts";
import type { Glyphs } from "./glyphs.ts";
import type { InputEvent } from "./keys.ts";

/** What stands in the box. */
export interface RequestForm {
  /** Which of the lengths is chosen. */
  readonly choice: number;
  readonly note: string;
}

/** What a key did to the box. */
export type RequestStep =
  | { readonly kind: "open"; readonly form: RequestForm }
  | { readonly kind: "closed" }
  | { readonly kind: "asked"; readonly forMs?: number; readonly note?: string };

const CHOICES: readonly { readonly label: string; readonly forMs?: number }[] = [
  { label: "1 min", forMs: 60_000 },
  { label: "5 min", forMs: 5 * 60_000 },
  { label: "15 min", forMs: 15 * 60_000 },
  { label: "any" },
];

/** The box as it opens. */
export const FIRST_REQUEST: RequestForm = { choice: 1, note: "" };

/** Longest note, in UTF-16 units. */
const MAX_NOTE = 200;
const NOTE_COLS = 40;
const DIM: Style = { dim: true };
const CHOSEN: Style = { inverse: true };

/** What an event of the terminal does to the box. */
export function stepRequest(form: RequestForm, event: InputEvent): RequestStep {
  if (event.kind === "paste" && event.part === "text") {
    return write(form, new TextDecoder().decode(event.raw));
  }
  if (event.kind !== "key") return { kind: "open", form };
  switch (event.name) {
    case "enter": {
      const { forMs } = CHOICES[form.choice]!;
      const note = form.note.trim();
      return {
        kind: "asked",
        ...(forMs !== undefined && { forMs }),
        ...(note !== "" && { note }),
      };
    }
    case "escape":
    case "ctrl+c":
      return { kind: "closed" };
    case "left":
    case "up":
    case "shift+tab":
      return choose(form, -1);
    case "right":
    case "down":
    case "tab":
      return choose(form, 1);
    case "backspace":
      return { kind: "open", form: { ...form, note: withoutLast(form.note) } };
    case "ctrl+u":
      return { kind: "open", form: { ...form, note: "" } };
    default:
      return write(form, event.text);
  }
}

/** Draws the box, with the cursor where the note is written. */
export function requestOverlay(form: RequestForm, area: Size, glyphs: Glyphs): Overlay {
  const label = "Why   ";
  const inner = Math.max(1, Math.min(NOTE_COLS, area.cols - 4 - columns(label)));
  // The end of a long note is what is being written.
  let shown = form.note;
  while (columns(shown) >= inner) shown = shown.slice(shown.codePointAt(0)! > 0xffff ? 2 : 1);
  const choices = CHOICES.flatMap(({ label }, i): Span[] => [
    { text: ` ${label} `, ...(i === form.choice && { style: CHOSEN }) },
    { text: " " },
  ]);
  const lines: BoxLine[] = [
    { spans: [{ text: "For  ", style: DIM }, ...choices] },
    {
      spans: [
        { text: label, style: DIM },
        { text: shown + " ".repeat(Math.max(0, inner - columns(shown))) },
      ],
    },
  ];
  const box = boxOverlay(
    { title: "Ask for control", lines, hint: "Enter asks, arrows choose, Esc goes back" },
    area,
    glyphs,
  );
  return { ...box, cursor: { x: 2 + columns(label) + columns(shown), y: 2 } };
}

function choose(form: RequestForm, by: 1 | -1): RequestStep {
  const choice = (form.choice + by + CHOICES.length) % CHOICES.length;
  return { kind: "open", form: { ...form, choice } };
}

function write(form: RequestForm, text: string): RequestStep {
  const note = form.note + printable(text.replace(/\s+/g, " "), MAX_NOTE);
  return { kind: "open", form: note.length > MAX_NOTE ? form : { ...form, note } };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function withoutLast(text: string): string {
  return [...graphemes.segment(text)].slice(0, -1).map(({ segment }) => segment).join("");
}
