/**
 * A session as the page follows it: the connection, what it delivers, and what is known from that. It draws nothing.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import type { CastEvent, TimedEvent } from "../../format/events.ts";
import type { Frame, History } from "../../format/frame.ts";
import type { Header } from "../../format/header.ts";
import { Screen } from "../../format/screen.ts";
import type { HostAction } from "../../wire/actions.ts";
import type {
  Connection,
  ConnectionEvent,
  ConnectOptions,
  ViewerCommandJson,
} from "../../wire/connection.ts";
import { noticeText } from "../../wire/notices.ts";
import type { ReconnectState } from "../../wire/reconnect.ts";
import type { Clock } from "../clock.ts";
import { answered, arrived, begun, NO_PULSE, painted, type Pulse, sessionNowMs } from "../pulse.ts";
import { keysGo, type KeysGoTo, learn, NO_FACTS, type SessionFacts } from "../session_facts.ts";
import { StreamEvents, type You } from "../stream_events.ts";
import { gatherings, type Told, toldOf } from "./told.ts";

/** All that is known of a session but for its screen. */
export interface SessionState {
  /** `undefined` before the first attempt. */
  readonly status: ReconnectState | undefined;
  readonly header: Header | undefined;
  readonly you: You | undefined;
  readonly facts: SessionFacts;
  readonly pulse: Pulse;
  /** Why it cannot be followed any further, when the host sent what makes no sense. */
  readonly fault: string | undefined;
  /** The title that the session's program has set. */
  readonly windowTitle: string;
}

/** What a {@link Session} uses of a connection. */
export type SessionConnection = Pick<Connection, "painted" | "send" | "close" | "retry">;

/** What a {@link Session} needs, and whom it tells. */
export interface SessionOptions {
  readonly connect: (options: Pick<ConnectOptions, "onEvent">) => SessionConnection;
  readonly clock: Clock;
  /** The screen has changed. When it returns, the frame counts as painted. */
  readonly onFrame: (frame: Frame, history: History) => void;
  /** Anything else has changed. */
  readonly onState: (state: SessionState) => void;
  /** Something is to be told in passing. */
  readonly onTold: (told: Told) => void;
  /** A link that was asked for. */
  readonly onLink?: (url: string, role: string) => void;
}

/** Scrolled lines kept beside the screen: more than one delivery brings. */
const SCROLLBACK = 1_000;

/** Follows one session. */
export class Session implements Disposable {
  readonly #options: SessionOptions;
  readonly #connection: SessionConnection;
  readonly #stream = new StreamEvents();
  #screen: Screen | undefined;
  #state: SessionState = {
    status: undefined,
    header: undefined,
    you: undefined,
    facts: NO_FACTS,
    pulse: NO_PULSE,
    fault: undefined,
    windowTitle: "",
  };

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#connection = options.connect({ onEvent: (event) => this.#receive(event) });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Where what this person types goes; `undefined` when it goes nowhere. */
  get keysGo(): KeysGoTo | undefined {
    const { status, facts, you } = this.#state;
    return status?.kind === "live" ? keysGo(facts, you) : undefined;
  }

  /** Whether what this person types goes to the session, or to a pane in it. */
  get mayType(): boolean {
    return this.keysGo !== undefined;
  }

  /** What time it is in the session; `undefined` before anything came. */
  get nowMs(): number | undefined {
    return sessionNowMs(this.#state.pulse, this.#options.clock.now());
  }

  /** Sends something, and says whether it could: nothing is kept for later. */
  send(command: ViewerCommandJson): boolean {
    return this.#connection.send(command);
  }

  /** Asks the host to do something. */
  act(action: HostAction): boolean {
    return this.send({ kind: "act", action });
  }

  /** Tries at once what would be tried later. */
  retry(): void {
    this.#connection.retry();
  }

  [Symbol.dispose](): void {
    this.#connection.close();
    this.#screen?.[Symbol.dispose]();
  }

  #receive(event: ConnectionEvent): void {
    if (this.#state.fault !== undefined) return;
    const now = this.#options.clock.now();
    switch (event.kind) {
      case "status":
        return this.#set({ status: event.status });
      case "latency":
        return this.#set({ pulse: answered(this.#state.pulse, event.latencyMs, now) });
      case "notice":
        return this.#options.onTold({ text: noticeText(event.code), tone: "warn" });
      case "link":
        return this.#options.onLink?.(event.url, event.role);
      case "pane":
        return;
      case "welcome":
      case "state":
      case "lines":
        return this.#deliver(event);
      default:
        return event satisfies never;
    }
  }

  #deliver(event: Extract<ConnectionEvent, { kind: "welcome" | "state" | "lines" }>): void {
    try {
      const delivery = this.#stream.receive(event);
      if (delivery.kind === "events") return this.#take(delivery.seq, delivery.events);
      const { header, you } = delivery;
      this.#set({ header, you, pulse: begun(this.#state.pulse, this.#options.clock.now()) });
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      this.#connection.close();
      this.#set({ fault: `This page cannot follow the session: ${error.message}` });
    }
  }

  #take(seq: number, events: readonly TimedEvent[]): void {
    const { header, pulse, facts } = this.#state;
    const screen = this.#screen ??= newScreen(header!);
    const now = this.#options.clock.now();
    const before = this.#state;
    let after = facts;
    const told: Told[] = [];
    for (const { event, atMs } of events) {
      applyTo(screen, event);
      const learned = learn(after, event, atMs);
      // A warning that time is nearly over changes nothing that is known.
      if (learned === after && event.kind !== "control") continue;
      told.push(...toldOf(event, { before: after, after: learned, nowMs: atMs }, before.you));
      after = learned;
    }
    const frame = screen.frame();
    this.#options.onFrame(frame, screen.history);
    const last = events.at(-1);
    const heard = last === undefined ? pulse : arrived(pulse, last.atMs, now);
    const paintMs = this.#options.clock.now() - now;
    this.#connection.painted(seq);
    this.#set({ facts: after, pulse: painted(heard, paintMs, now), windowTitle: frame.title });
    for (const item of gatherings(told)) this.#options.onTold(item);
  }

  /** Tells of what has changed; that time went by is none of it. */
  #set(change: Partial<SessionState>): void {
    const before = this.#state;
    const after = this.#state = { ...before, ...change };
    const changed = after.status !== before.status || after.header !== before.header ||
      after.you !== before.you || after.facts !== before.facts || after.fault !== before.fault ||
      after.windowTitle !== before.windowTitle ||
      after.pulse.latencyMs !== before.pulse.latencyMs;
    if (changed) this.#options.onState(after);
  }
}

function newScreen({ cols, rows }: Header): Screen {
  return new Screen({ cols: Math.max(2, cols), rows, scrollback: SCROLLBACK });
}

/** Does to a screen what an event does to a terminal. */
function applyTo(screen: Screen, event: CastEvent): void {
  if (event.kind === "output") return screen.write(event.data);
  if (event.kind !== "resize") return;
  const cols = Math.max(2, event.cols);
  if (cols !== screen.cols || event.rows !== screen.rows) screen.resize(cols, event.rows);
}
