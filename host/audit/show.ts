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
}

/** Widest name. */
const NAME_COLUMNS = 20;
/** Columns of the time and of the name, with the space after them. */
const INDENT = " ".repeat(2);

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
    const row = `${time}${INDENT}${this.#bold(who)}${room}${INDENT}${this.#keys(deed.what)}`;
    return `${heading}${row}\n`;
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
