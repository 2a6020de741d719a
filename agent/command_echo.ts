/**
 * What a shell makes of a command line before it runs it, and after. Pure.
 *
 * @module
 */
import { CELL, cellText, INVERSE, type Row } from "../format/row.ts";
import { textOf } from "./logical_lines.ts";

/** How a line of the output is looked up. */
export type LineAt = (line: number) => string | undefined;

/** So much of a line's beginning is looked for behind the prompt that asks for more of a command. */
const BEGINNING = 8;

/**
 * The line after those on which a command was typed: line editors wrap a long one themselves, and ask for the rest of
 * one that is not complete with a prompt of its own.
 *
 * @param first the line of the prompt
 * @param prompt the text before the command
 * @returns `first` when the command is not there: it was cleared away
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const lines = ["$ echo on", "e two", "one two"];
 * assert.equal(lineAfterEcho((line) => lines[line], 0, "$ ", "echo one two"), 2);
 * ```
 */
export function lineAfterEcho(at: LineAt, first: number, prompt: string, command: string): number {
  if (!(at(first) ?? "").startsWith(prompt.trimEnd())) return first;
  let line = first;
  for (const [i, part] of command.split("\n").entries()) {
    const whole = at(line) ?? "";
    const from = i === 0 ? prompt.length : Math.max(0, whole.indexOf(part.slice(0, BEGINNING)));
    line += rowsOf(at, line, whole.slice(from), part);
  }
  return line;
}

/** How many lines hold what was typed. Spaces at the edge may be anywhere, or nowhere. */
function rowsOf(at: LineAt, line: number, begin: string, typed: string): number {
  const wanted = packed(typed);
  let found = packed(begin), rows = 1;
  while (found.length < wanted.length && wanted.startsWith(found)) {
    const more = at(line + rows);
    if (more === undefined) break;
    const next = found + packed(more);
    if (!next.startsWith(wanted) && !wanted.startsWith(next)) break;
    found = next;
    rows++;
  }
  return rows;
}

function packed(text: string): string {
  return text.replaceAll(/\s/g, "");
}

/**
 * Whether a line ends with what a shell puts after output that does not end with a line break: zsh an inverse `%` (or `#`),
 * fish a `⏎`.
 *
 * @param rows the screen down to the prompt
 */
export function endsUnfinished(line: string, rows: readonly Row[]): boolean {
  if (line.endsWith("⏎")) return true;
  if (!/[%#]$/.test(line)) return false;
  const row = rows.findLast((row) => textOf(row) !== "" && line.endsWith(textOf(row)));
  if (row === undefined) return false;
  for (let x = row.used - 1; x >= 0; x--) {
    if (/[%#]/.test(cellText(row, x))) return (row.cells[x * CELL + 1]! & INVERSE) !== 0;
  }
  return false;
}
