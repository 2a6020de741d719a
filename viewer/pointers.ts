/**
 * Where people point, drawn over the session's screen: a cell in their colour, and their name beside it.
 *
 * @module
 */
import { CELL, cellText, type Row, WIDTH_SHIFT } from "../format/row.ts";
import { clip, columns, RowBuilder, type Style } from "../format/text_row.ts";
import { legible } from "./legible.ts";
import { personStyle } from "./person_style.ts";
import { type SessionFacts, shownPointers } from "./session_facts.ts";
import type { Viewport } from "./viewport.ts";

/** A pointer as it is drawn. */
export interface PointerMark {
  /** A cell of the session's screen, from 0. */
  readonly x: number;
  readonly y: number;
  /** Stands beside it; empty for none. */
  readonly label: string;
  readonly style: Style;
}

/** Widest label, with its blanks. */
const MAX_LABEL_COLS = 18;

/** The cursors of panes, but for that of `except`. A pane has its owner's name over it. */
export function cursorMarks(
  facts: Pick<SessionFacts, "people" | "panes" | "cursors">,
  except?: string,
): PointerMark[] {
  const marks: PointerMark[] = [];
  for (const [id, { x, y }] of facts.cursors) {
    const person = facts.people.get(id);
    if (person === undefined || id === except || !facts.panes.has(id)) continue;
    marks.push({ x, y, label: "", style: personStyle(person) });
  }
  return marks;
}

/** The pointers to be seen at session time `nowMs`, but for those of `except`. */
export function pointerMarks(
  facts: Pick<SessionFacts, "people" | "pointers">,
  nowMs: number,
  except?: string,
): PointerMark[] {
  const marks: PointerMark[] = [];
  for (const [id, { x, y }] of shownPointers(facts.pointers, nowMs)) {
    const person = facts.people.get(id);
    if (person === undefined || id === except) continue;
    marks.push({ x, y, label: person.name, style: personStyle(person) });
  }
  return marks;
}

/** Draws pointers over the rows of a screen, `cols` wide, that a session is shown on. */
export function drawPointers(
  lines: Row[],
  cols: number,
  options: { readonly viewport: Viewport; readonly marks: readonly PointerMark[] },
): void {
  const { viewport, marks } = options;
  for (const mark of marks) {
    const x = mark.x - viewport.x.from, y = mark.y - viewport.y.from;
    if (x < 0 || x >= viewport.x.length || y < 0 || y >= viewport.y.length) continue;
    const row = y + viewport.y.at;
    const line = lines[row];
    if (line === undefined) continue;
    const { at, length } = viewport.x;
    const edges = { from: at, to: Math.min(cols, at + length) };
    lines[row] = drawPointer(line, x + at, mark, edges);
  }
}

function drawPointer(
  line: Row,
  x: number,
  { label, style }: PointerMark,
  edges: { readonly from: number; readonly to: number },
): Row {
  const cols = line.cells.length / CELL;
  const inverse: Style = { ...style, inverse: true };
  const builder = new RowBuilder(cols).copy(line, 0, cols, 0);
  // A wide character is one cell to the eye.
  const width = (at: number): number => line.cells[at * CELL]! >>> WIDTH_SHIFT;
  const from = width(x) === 0 && x > edges.from ? x - 1 : x;
  const to = Math.min(edges.to, from + Math.max(1, width(from)));
  const text = cellText(line, from);
  builder.fill(from, to, inverse);
  builder.text(from, text === "" ? " " : text, inverse);
  const name = labelText(label, Math.max(edges.to - to, from - edges.from));
  if (name === "") return builder.build();
  const right = columns(name) <= edges.to - to;
  builder.text(right ? to : from - columns(name), name, { ...inverse, bold: true });
  return builder.build();
}

/** The name with a blank on either side, as far as it fits. */
function labelText(label: string, room: number): string {
  const cols = Math.min(room, MAX_LABEL_COLS) - 2;
  const text = clip(legible(label), cols);
  return text === "" ? "" : ` ${text} `;
}
