/**
 * A host without a terminal: what it says on its standard output and error, and what it types.
 *
 * @module
 */
import type { HostEvent, Reporter } from "./events.ts";
import type { Stage } from "./host.ts";
import type { Live } from "./live.ts";
import type { Size } from "./options.ts";
import { DEFAULT_COLORS } from "./queries.ts";

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
      return `The session has ended with status ${event.code}`;
    case "resize":
    case "marker":
      return undefined;
    default:
      return event satisfies never;
  }
}

/** What a {@link HeadlessStage} is made of. */
export interface HeadlessOptions {
  readonly size: Size;
  readonly reporter: Reporter;
  /** What is typed into the session. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  /** Resolves when everything reported is out. */
  flush(): Promise<void>;
}

/** Ends the input of a program that reads lines. */
const END_OF_FILE = new Uint8Array([4]);

/** Runs a session that nobody presents. */
export class HeadlessStage implements Stage {
  readonly size: Size;
  readonly #options: HeadlessOptions;

  constructor(options: HeadlessOptions) {
    this.#options = options;
    this.size = options.size;
  }

  announce(): void {}

  begin(live: Live): void {
    live.session.answers.settle(DEFAULT_COLORS);
    if (this.#options.stdin !== undefined) void this.#type(live, this.#options.stdin);
  }

  report(event: HostEvent): void {
    this.#options.reporter.report(event);
  }

  end(): Promise<void> {
    return this.#options.flush();
  }

  async #type(live: Live, stdin: AsyncIterable<Uint8Array>): Promise<void> {
    // Each part waits until the program has taken the one before.
    for await (const bytes of stdin) await live.session.type(bytes);
    await live.session.type(END_OF_FILE);
  }
}
