/**
 * An audit log as a table: when, who, what.
 *
 * @module
 */
import { clip, columns } from "../../format/width.ts";
import { describe } from "./describe.ts";
import type { AuditLine } from "./line.ts";

/** How a log is shown. */
export interface ShowOptions {
  /** Whether a terminal shows it that knows colours. */
  readonly colors: boolean;
  /** An IANA name; this machine's when absent. */
  readonly timeZone?: string;
  /** How wide the terminal is: what is wider goes on under itself. Absent for rows of any width. */
  readonly columns?: number | undefined;
}

/** Widest name. */
const NAME_COLUMNS = 20;
/** Columns of the time and of the name, with the space after them. */
const INDENT = " ".repeat(2);
/** Columns before what somebody did, and the fewest that it takes to fold that. */
const BEFORE_COLUMNS = "00:00:00".length + NAME_COLUMNS + 2 * INDENT.length, LEAST_COLUMNS = 20;

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Makes rows of lines, one after the other. */
export class LogTable {
  readonly #options: ShowOptions;
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  #lastDay = "";

  constructor(options: ShowOptions) {
    this.#options = options;
    const { timeZone } = options;
    const zone = timeZone === undefined ? {} : { timeZone };
    this.#time = new Intl.DateTimeFormat("en-GB", {
      ...zone,
      timeStyle: "medium",
      hourCycle: "h23",
    });
    // Sweden writes dates as ISO 8601 does.
    this.#day = new Intl.DateTimeFormat("sv-SE", { ...zone, dateStyle: "short" });
  }

  /** The rows for a line, each with its newline: with the day before it when it is a new one; empty when it says nothing. */
  rows({ at, members }: AuditLine): string {
    const deed = describe(members);
    if (deed === undefined) return "";
    const date = new Date(at);
    const day = this.#day.format(date);
    const heading = day === this.#lastDay ? "" : `${this.#dim(day)}\n`;
    this.#lastDay = day;
    const who = clip(deed.who, NAME_COLUMNS);
    const room = " ".repeat(NAME_COLUMNS - columns(who));
    const time = this.#dim(this.#time.format(date));
    const what = this.#folded(deed.what).map((line) => this.#keys(line));
    const row = `${time}${INDENT}${this.#bold(who)}${room}${INDENT}${
      what.join(`\n${" ".repeat(BEFORE_COLUMNS)}`)
    }`;
    return `${heading}${row}\n`;
  }

  #folded(text: string): readonly string[] {
    const room = (this.#options.columns ?? Infinity) - BEFORE_COLUMNS;
    return room >= LEAST_COLUMNS ? folded(text, room) : [text];
  }

  /** Keys stand back behind what was typed. */
  #keys(text: string): string {
    return text.replace(/<[^<> ]+>/g, (key) => this.#dim(key));
  }

  #dim(text: string): string {
    return this.#options.colors ? `\x1b[2m${text}\x1b[22m` : text;
  }

  #bold(text: string): string {
    return this.#options.colors && text !== "" ? `\x1b[1m${text}\x1b[22m` : text;
  }
}

/** A text in lines that fit, with every character of it: behind a space where there is one. */
function folded(text: string, maxColumns: number): readonly string[] {
  if (columns(text) <= maxColumns) return [text];
  const lines: string[] = [];
  let line = "", used = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    const width = columns(segment);
    if (used + width > maxColumns && line !== "") {
      const end = segment === " " ? line.length : line.lastIndexOf(" ") + 1 || line.length;
      lines.push(line.slice(0, end));
      line = line.slice(end);
      used = columns(line);
    }
    line += segment;
    used += width;
  }
  return [...lines, line];
}
