/**
 * A host without a terminal: what it says on its standard output and error.
 *
 * @module
 */
import { formatSpan } from "../viewer/duration.ts";
import type { HostEvent, Reporter } from "./events.ts";

/** Where lines go. */
export interface Lines {
  out(line: string): void;
  err(line: string): void;
}

/** One JSON object a line, on standard output. */
export class JsonReporter implements Reporter {
  readonly #lines: Lines;

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  report(event: HostEvent): void {
    this.#lines.out(JSON.stringify(event));
  }
}

/** The link on standard output, everything else in quiet lines on standard error. */
export class TextReporter implements Reporter {
  readonly #lines: Lines;

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  report(event: HostEvent): void {
    if (event.event === "ready") this.#lines.out(event.url);
    const line = describe(event);
    if (line !== undefined) this.#lines.err(line);
  }
}

/** A line for people, or `undefined` for what they need not know. */
export function describe(event: HostEvent): string | undefined {
  switch (event.event) {
    case "ready":
      return `Sharing as ${event.cols}x${event.rows}${
        event.record === undefined ? "" : `, recording to "${event.record}"`
      }`;
    case "join":
      return `${event.name} joined (${event.watching} watching)`;
    case "leave":
      return `${event.name} left (${event.watching} watching)`;
    case "refused":
      return `Somebody was not let in: ${event.code}`;
    case "pause":
      return "Sharing is paused";
    case "resume":
      return "Sharing goes on";
    case "recording-error":
      return event.message;
    case "exit":
      return `The session has ended after ${formatSpan(event.durationMs)} with status ${event.code}`;
    case "resize":
    case "marker":
      return undefined;
    default:
      return event satisfies never;
  }
}
