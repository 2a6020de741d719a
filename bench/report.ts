/**
 * What a benchmark says: one number a line, beside its bar, as a table and as JSON.
 *
 * @module
 */

import type { Collab } from "../tests/harness.ts";

/** One measured number. */
export interface Row {
  /** What was measured, e.g. `echo p50`. */
  readonly what: string;
  /** Whose number it is: `collab watch`, `bare PTY`, `tmux` … */
  readonly who: string;
  readonly value: number;
  /** `ms`, `MB`, `ratio` … */
  readonly unit: string;
  /** What the number must not exceed; only for `collab`. */
  readonly bar?: Bar;
  /** How to read it, where that is not plain. */
  readonly note?: string;
}

/** The most that a number may be. */
export interface Bar {
  readonly atMost: number;
  /** What the bar is made of, e.g. `bare + 1 ms`. */
  readonly because?: string;
}

/** A measurement that can be asked for by name. */
export interface Measurement {
  readonly name: string;
  readonly title: string;
  run(options: RunOptions): Promise<Row[]>;
}

/** What every measurement is told. */
export interface RunOptions {
  /** A tenth of the work: to see that it runs, not to quote. */
  readonly quick: boolean;
  /** The command line that runs a verb: one of the two below. */
  readonly collab: Collab;
  readonly compiled: Collab;
  readonly fromSource: Collab;
  /** Says what is going on. */
  log(text: string): void;
}

/** A measurement with what came of it. */
export interface Outcome {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Why there are no rows. */
  readonly failure?: string;
}

/** Whether a number keeps its bar; `undefined` without one. */
export function passes(row: Row): boolean | undefined {
  return row.bar && row.value <= row.bar.atMost;
}

/** The table of one measurement, for people. */
export function table(outcome: Outcome): string {
  const lines = [`\n${outcome.title} (${outcome.name})`];
  if (outcome.failure !== undefined) lines.push(`  FAILED  ${outcome.failure}`);
  const cells = outcome.rows.map((row) => [
    row.what,
    row.who,
    quantity(row.value, row.unit),
    row.bar ? `≤ ${quantity(row.bar.atMost, row.unit)}` : "",
    row.bar?.because ? `(${row.bar.because})` : "",
    row.bar ? passes(row) ? "PASS" : "MISS" : "",
    row.note ?? "",
  ]);
  const widths = cells.reduce<number[]>(
    (most, line) => line.map((cell, i) => Math.max(most[i] ?? 0, cell.length)),
    [],
  );
  for (const line of cells) {
    lines.push(
      "  " + line.map((cell, i) => i === 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))
        .join("  ").trimEnd(),
    );
  }
  return lines.join("\n");
}

/** A number with its unit, in three or four digits. */
export function quantity(value: number, unit: string): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const small = value !== 0 && Math.abs(value) < 0.1;
  return `${small ? value.toPrecision(2) : value.toFixed(digits)}${unit === "" ? "" : " " + unit}`;
}

/** The `q`-quantile (0 to 1) of numbers, by the nearest rank. */
export function quantile(values: readonly number[] | Float64Array, q: number): number {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? sorted[0]!;
}
