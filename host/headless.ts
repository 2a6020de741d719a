/**
 * A host without a terminal: what it says on its standard output and error, and what it types.
 *
 * @module
 */
import { formatSpan } from "../viewer/duration.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import {
  inviteText,
  leaveText,
  paneText,
  refusedText,
  relayText,
  revokeText,
  tmuxText,
} from "./event_texts.ts";
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
    if (event.event === "ready" || event.event === "new-link") this.#lines.out(event.url);
    if (event.event === "agent") this.#lines.out(event.text);
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
      }${event.metricsUrl === undefined ? "" : `, metrics at ${event.metricsUrl}`}${
        event.apiUrl === undefined ? "" : `, admin API at ${event.apiUrl}`
      }`;
    case "join":
      return `${event.name} joined (${event.watching} watching)`;
    case "leave":
      return leaveText(event);
    case "refused":
      return refusedText(event);
    case "pause":
      return "Sharing is paused";
    case "resume":
      return "Sharing goes on";
    case "recording-error":
      return event.message;
    case "request":
      if (event.pane) {
        return `${event.name} asks for a pane${event.note === undefined ? "" : `: ${event.note}`}`;
      }
      return `${event.name} asks for control${
        event.forMs === undefined ? "" : ` for ${formatSpan(event.forMs)}`
      }${event.note === undefined ? "" : `: ${event.note}`}`;
    case "request-ended":
      return `${event.name} ${ENDINGS[event.how]}`;
    case "control":
      return describeControl(event);
    case "warn":
      return `${event.name} has ${formatSpan(event.leftMs)} left`;
    case "paste-held":
      return `${event.name} pastes ${event.lines} lines: they wait for your answer`;
    case "invite":
      return inviteText(event, PRESENTER_ID);
    case "revoke-link":
      return revokeText(event);
    case "agent":
      return `For ${event.title}, ${event.where}: it lets in one agent, once`;
    case "new-link":
      return `There is a new link: role ${event.role}`;
    case "presenter-gone":
      return GONE[event.then];
    case "relay":
      return relayText(event);
    case "ctl-unavailable":
    case "audit-error":
      return event.message;
    case "pane":
      return paneText(event);
    case "tmux":
      return tmuxText(event);
    case "exit":
      return `The session has ended with status ${event.code}`;
    case "kick":
    case "slow":
    case "resize":
    case "marker":
    case "stop":
      return undefined;
    default:
      return event satisfies never;
  }
}

const ENDINGS = {
  withdraw: "no longer asks for control",
  lapse: "was not answered",
  deny: "is not given control",
} as const;

const GONE = {
  pause: "The presenter's terminal is gone: nobody types",
  continue: "The presenter's terminal is gone: who has control goes on",
  stop: "The presenter's terminal is gone, and nobody watches",
} as const;

const REASONS = {
  taken: "control was taken back",
  yielded: "gave control back",
  expired: "the time is over",
  left: "is gone",
  paused: "input is paused",
  mode: "the mode has changed",
} as const;

/** Who may type now, in a line for people. */
function describeControl(event: Extract<HostEvent, { event: "control" }>): string {
  const { mode, name, leftMs, from, why, note } = event;
  const words = note === undefined ? "" : `: ${note}`;
  const before = from === undefined || why === undefined ? "" : `${from}: ${REASONS[why]}. `;
  switch (mode) {
    case "presenter":
      return `${before}The presenter drives${event.agent ? " until an agent comes" : ""}${words}`;
    case "participant":
      return `${before}${name ?? "Somebody"} drives${
        leftMs === undefined ? "" : ` for ${formatSpan(leftMs)}`
      }${words}`;
    case "collaborative":
      return `${before}Everyone may type`;
    case "paused":
      return `${before}Nobody types`;
    default:
      return mode satisfies never;
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

/** Input that breaks off, as that of a terminal that is closed, has ended. */
async function* untilItBreaks(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* input;
  } catch { /* there is no more of it */ }
}

/** Ends the input of a program that reads lines. */
const END_OF_FILE = new Uint8Array([4]);

/** Runs a session that nobody presents. */
export class HeadlessStage implements Stage {
  readonly size: Size;
  readonly #options: HeadlessOptions;
  /** Resolves when control changes next. */
  #change = Promise.withResolvers<void>();

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
    if (event.event !== "control") return;
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  end(): Promise<void> {
    return this.#options.flush();
  }

  async #type(live: Live, stdin: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const bytes of untilItBreaks(stdin)) await this.#typeAll(live, bytes);
    await this.#typeAll(live, END_OF_FILE);
  }

  /** Waits until it may be typed, while somebody else has control, and until the program has taken it. */
  async #typeAll(live: Live, bytes: Uint8Array): Promise<void> {
    while (!live.type(bytes)) await this.#change.promise;
    await live.typed;
  }
}
