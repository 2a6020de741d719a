/**
 * What ways to draw a text are made of.
 *
 * @module
 */

/** What happens next: output, or another size of the terminal. */
export type Step = string | { readonly cols: number; readonly rows: number };

/** A drawing. */
export interface Drawing {
  readonly cols: number;
  readonly rows: number;
  readonly steps: readonly Step[];
  /** The first step after which a secret can be recognised: what stands before it is drawn by then. */
  readonly from?: number;
}

/** A way to draw lines. */
export interface Way {
  readonly name: string;
  /** What it is for: only secrets that are recognised by themselves, or only those of which any part is. */
  readonly only?: "alone" | "parts";
  readonly draw: (lines: readonly string[]) => Drawing;
}

/** A small screen. */
export const SIZE = { cols: 60, rows: 12 };
/** Lines one after the other. */
export const joined = (lines: readonly string[]): string => lines.join("\r\n");
/** Moves the cursor to a row and a column, from 0. */
export const at = (y: number, x: number): string => `\x1b[${y + 1};${x + 1}H`;

/** Pieces of a text of so many characters. */
export function pieces(text: string, length: number): string[] {
  const result: string[] = [];
  for (let i = 0; i < text.length; i += length) result.push(text.slice(i, i + length));
  return result;
}

/** Lines as a program wraps them itself into a width. */
export function wrapped(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => line === "" ? [""] : pieces(line, width));
}

/** Every place of lines on a screen wide enough, with its character. */
export function places(lines: readonly string[]): { y: number; x: number; char: string }[] {
  return lines.flatMap((line, y) => [...line].map((char, x) => ({ y, x, char })));
}

/** Rows of a box that are drawn one by one, each at once. */
export function boxed(lines: readonly string[], width: number, pad: string, left = ""): string[] {
  const inner = width + 2 * pad.length;
  return [
    `${left}┌${"─".repeat(inner)}┐`,
    ...lines.map((line) => `${left}│${pad}${line.padEnd(width)}${pad}│`),
    `${left}└${"─".repeat(inner)}┘`,
  ];
}

/** A screen with so many rows. */
export const tall = (rows: number): { readonly cols: number; readonly rows: number } => ({
  cols: 60,
  rows,
});
