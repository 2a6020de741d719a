/**
 * What is said after redacting, for people and for scripts. Never a secret.
 *
 * @module
 */
import { printable } from "../format/text.ts";
import { columns } from "../format/width.ts";
import type { CastMasking } from "../redact/cast_redaction.ts";
import { PEM_RULE } from "../redact/pem.ts";
import type { RedactResult } from "./redact_recording.ts";
import type { MaskedText } from "./redact_text.ts";

/** Names of files, as they were given. */
export interface RedactFiles {
  readonly input: string;
  /** Absent when nothing was written. */
  readonly output?: string;
}

/** Most lines of the table; the rest is counted. */
const MAX_LINES = 40;
/** Longest name of a rule that is shown. */
const MAX_NAME = 40;

/** What was masked by one rule at one time. */
interface Row {
  readonly atMs: number;
  readonly rule: string;
  readonly cells: number;
  readonly pieces: number;
}

/** For people: a table of what was masked, and what became of the rest. */
export function reportText(result: RedactResult, { input, output }: RedactFiles): string {
  const rows = rowsOf(result.maskings);
  const lines = tableOf(rows.slice(0, MAX_LINES));
  if (rows.length > MAX_LINES) {
    lines.push(`  ${rows.length - MAX_LINES} more; --json has all of them`);
  }
  if (result.unseenKeys > 0) {
    lines.push(`  besides, ${count(result.unseenKeys, "key")} that the terminal did not show`);
  }
  lines.push(...droppedLines(result));
  const total = count(secretsIn(rows), "secret");
  if (output === undefined) {
    lines.push(
      `${rows.length === 0 ? "Nothing" : total} to mask in ${
        input === "-" ? "standard input" : name(input)
      }`,
    );
  } else if (rows.length === 0) {
    const nothing = result.unseenKeys > 0 ? "Nothing else" : "Nothing";
    lines.push(`${nothing} to mask. ${name(output)} shows all that was there`);
  } else lines.push(`${total} masked. ${name(output)} was read again: none of them is in it`);
  return lines.join("\n");
}

/** For scripts: everything, as one JSON object. */
export function reportJson(result: RedactResult, { input, output }: RedactFiles): string {
  return JSON.stringify({
    input,
    ...(output !== undefined && { output, verified: true }),
    durationMs: Math.round(result.durationMs),
    total: secretsIn(rowsOf(result.maskings)),
    counts: countsOf(rowsOf(result.maskings)),
    unseenKeys: result.unseenKeys,
    maskings: result.maskings.map(({ atMs, rule, cells }) => ({
      atMs: Math.round(atMs),
      rule,
      cells,
    })),
    dropped: {
      events: Object.fromEntries(result.droppedEvents),
      headerKeys: result.droppedKeys,
    },
    warnings: result.warnings,
  });
}

/** A text with its masks, and after it what they are. */
export function textReport({ lines, maskings, counts }: MaskedText, color: boolean): string {
  const shown = lines.map((parts) =>
    parts.map((part, i) => i % 2 === 1 && color ? `\x1b[7m${part}\x1b[27m` : part).join("")
  );
  while (shown.at(-1) === "") shown.pop();
  const width = Math.max(0, ...maskings.map(({ rule }) => columns(clipped(rule))));
  const places = maskings.slice(0, MAX_LINES).map(({ rule, line, column, length }) =>
    `  ${pad(clipped(rule), width)}  ${line}:${column}  ${count(length, "character")}`
  );
  if (maskings.length > MAX_LINES) {
    places.push(`  ${maskings.length - MAX_LINES} more; --json has all of them`);
  }
  const sums = [...counts].map(([rule, times]) => `${clipped(rule)} ${times}`).join(", ");
  const total = maskings.length === 0
    ? "Nothing would be masked"
    : `${count(maskings.length, "secret")} would be masked: ${sums}`;
  return [...shown, "", ...places, total].join("\n");
}

/** What would be masked of a text, as one JSON object. */
export function textJson({ lines, maskings, counts }: MaskedText): string {
  return JSON.stringify({
    lines: lines.length - (lines.at(-1)?.join("") === "" ? 1 : 0),
    total: maskings.length,
    counts: Object.fromEntries(counts),
    maskings,
    text: lines.map((parts) => parts.join("")).join("\n"),
  });
}

/** How many secrets each rule masked. */
function countsOf(rows: readonly Row[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.rule, (counts.get(row.rule) ?? 0) + secretsIn([row]));
  return Object.fromEntries(counts);
}

/** How many secrets some rows are: the lines of a key are one. */
function secretsIn(rows: readonly Row[]): number {
  return rows.reduce((sum, { rule, pieces }) => sum + (rule === PEM_RULE ? 1 : pieces), 0);
}

/** What was masked by one rule at one time is one row: the lines of a key, a file that was shown. */
function rowsOf(maskings: readonly CastMasking[]): Row[] {
  const rows: Row[] = [];
  for (const { atMs, rule, cells } of maskings) {
    const last = rows.at(-1);
    if (last !== undefined && last.rule === rule && tenths(last.atMs) === tenths(atMs)) {
      rows[rows.length - 1] = { ...last, cells: last.cells + cells, pieces: last.pieces + 1 };
    } else rows.push({ atMs, rule, cells, pieces: 1 });
  }
  return rows;
}

function tableOf(rows: readonly Row[]): string[] {
  const names = Math.max(0, ...rows.map(({ rule }) => columns(clipped(rule))));
  const times = rows.map(({ atMs }) => clock(atMs));
  const width = Math.max(0, ...times.map((time) => time.length));
  return rows.map(({ rule, cells, pieces }, i) => {
    const size = `${count(cells, "cell")}${pieces > 1 ? ` in ${pieces} pieces` : ""}`;
    return `  ${times[i]!.padStart(width)}  ${pad(clipped(rule), names)}  ${size}`;
  });
}

function droppedLines({ droppedEvents, droppedKeys }: RedactResult): string[] {
  const lines: string[] = [];
  if (droppedEvents.size > 0) {
    const codes = [...droppedEvents].slice(0, 8).map(([code, times]) =>
      `${JSON.stringify(printable(code, 8))} ${times}`
    );
    lines.push(`  left out, for nobody here knows what they say: events ${codes.join(", ")}`);
  }
  if (droppedKeys.length > 0) {
    const keys = droppedKeys.slice(0, 8).map((key) => JSON.stringify(printable(key, MAX_NAME)));
    lines.push(`  left out of the header: ${keys.join(", ")}`);
  }
  return lines;
}

function name(file: string): string {
  return file === "-" ? "What was written" : printable(file, 200);
}

function tenths(ms: number): number {
  return Math.floor(ms / 100);
}

/** A position, to a tenth of a second: `1:02.4`, `1:00:02.4`. */
function clock(ms: number): string {
  const total = tenths(ms);
  const seconds = Math.floor(total / 10), minutes = Math.floor(seconds / 60);
  const rest = `${String(seconds % 60).padStart(2, "0")}.${total % 10}`;
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

function clipped(rule: string): string {
  const name = printable(rule, MAX_NAME + 1);
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}
