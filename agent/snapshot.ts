/**
 * A frame as a program reads it: text, and runs of characters that look alike.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import {
  BOLD,
  CELL,
  cellText,
  COLOR_MODE,
  COLOR_RGB,
  DIM,
  INVERSE,
  ITALIC,
  type Row,
  STRIKE,
  UNDERLINE,
} from "../format/row.ts";
import { textOf } from "./logical_lines.ts";
import type { ScreenSnapshot, StyledRun } from "./types.ts";

/** What is not on a frame. */
export interface SnapshotFacts {
  readonly sharingPaused: boolean;
  readonly revision: number;
  readonly atMs: number;
}

/** The screen as text. */
export function snapshot(frame: Frame, facts: SnapshotFacts): ScreenSnapshot {
  const { cols, rows, cursor: { x, y, visible }, title } = frame;
  const lines = frame.lines.map(textOf);
  const used = lines.findLastIndex((line) => line !== "") + 1;
  return {
    cols,
    rows,
    lines,
    text: lines.slice(0, used).join("\n"),
    cursor: { x, y, visible },
    title,
    fullScreen: frame.under !== undefined,
    ...facts,
  };
}

/** The rows of the screen as runs, without blanks at their ends that look like nothing. */
export function styledRows(frame: Frame): readonly (readonly StyledRun[])[] {
  return frame.lines.map(runsOf);
}

function runsOf(row: Row): StyledRun[] {
  const runs: { text: string; readonly style: Omit<StyledRun, "text">; readonly key: string }[] =
    [];
  for (let x = 0; x < row.used; x++) {
    const text = cellText(row, x);
    if (text === "") continue;
    const style = styleOf(row, x);
    const key = JSON.stringify(style);
    const last = runs.at(-1);
    if (last?.key === key) last.text += text;
    else runs.push({ text, style, key });
  }
  return runs.map(({ text, style }) => ({ text, ...style }));
}

function styleOf(row: Row, x: number): Omit<StyledRun, "text"> {
  const fg = row.cells[x * CELL + 1]!, bg = row.cells[x * CELL + 2]!;
  const color = colorOf(fg), background = colorOf(bg);
  const extra = row.extras?.get(x);
  return {
    ...(color !== undefined && { color }),
    ...(background !== undefined && { background }),
    ...(fg & BOLD && { bold: true }),
    ...(bg & DIM && { dim: true }),
    ...(bg & ITALIC && { italic: true }),
    ...((fg & UNDERLINE || (extra?.underline ?? 0) !== 0) && { underline: true }),
    ...(fg & INVERSE && { inverse: true }),
    ...(fg & STRIKE && { strike: true }),
    ...(extra?.link !== undefined && { href: extra.link.uri }),
  };
}

function colorOf(word: number): string | number | undefined {
  const mode = word & COLOR_MODE;
  if (mode === 0) return undefined;
  if (mode === COLOR_RGB) return `#${(word & 0xffffff).toString(16).padStart(6, "0")}`;
  return word & 0xff;
}
