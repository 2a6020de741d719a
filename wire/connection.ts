/**
 * A viewer's connection to a session: joins, comes back after a cut, says why it is over.
 *
 * @module
 */
import { Call } from "./call.ts";
import { ClientSession, type Received, type Resume, type Welcome } from "./client_session.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Link, socketUrl } from "./link.ts";
import type { ViewerMessageJson } from "./messages.ts";
import {
  firstStep,
  nextTickMs,
  type ReconnectEffect,
  type ReconnectInput,
  type ReconnectState,
  type ReconnectStep,
  step,
} from "./reconnect.ts";
import { type Dial, dialWebSocket } from "./socket.ts";

/** What a viewer gets. */
export type ConnectionEvent =
  /** The connection's own state has changed. */
  | { readonly kind: "status"; readonly status: ReconnectState }
  /** The viewer is in, for the first time or again. A state follows. */
  | Welcome
  /** What takes the viewer to the state as of stream message `seq`. */
  | Extract<Received, { kind: "state" }>
  /** Stream message `seq`: what happened next. */
  | Extract<Received, { kind: "lines" }>
  /** What this viewer's own pane shows, after it has asked for it. */
  | Extract<Received, { kind: "pane" }>
  /** What came of something that this viewer asked for or typed. */
  | Extract<Received, { kind: "notice" | "link" }>
  /** A ping took so long. */
  | { readonly kind: "latency"; readonly latencyMs: number };

/** What the viewer may send of its own accord. */
export type ViewerCommandJson = Exclude<
  ViewerMessageJson,
  { kind: "join" | "ack" | "ping" | "leave" }
>;

/** How to connect. */
export interface ConnectOptions {
  /** What the viewer wants to be called. */
  readonly name: string;
  /** Whether the viewer is a program that acts by itself. */
  readonly agent?: boolean;
  /** Called with each event, in order. */
  readonly onEvent: (event: ConnectionEvent) => void;
  /** Opens transports; by default the runtime's WebSockets, which only the browser's tab sets a bound to. */
  readonly dial?: Dial;
  readonly clock?: Clock;
  /** Random numbers from 0 to 1. */
  readonly random?: () => number;
}

/**
 * Connects to the session of a link, and again after each cut, until it is over: the status is `ended` then, and says
 * why. The first event comes after this has returned.
 */
export function connect(link: Link, options: ConnectOptions): Connection {
  return new Connection(link, options);
}

/** How long a host may take to hear that a viewer leaves. */
const GOODBYE_MS = 500;

/** See {@link connect}. */
export class Connection {
  readonly #link: Link;
  readonly #options: ConnectOptions;
  readonly #clock: Clock;
  readonly #dial: Dial;
  readonly #random: () => number;
  #state: ReconnectState;
  #call: Call | undefined;
  #resume: Resume | undefined;
  #tickMs: number | undefined;
  #cancelTimer: () => void = () => {};

  constructor(link: Link, options: ConnectOptions) {
    this.#link = link;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#dial = options.dial ?? dialWebSocket;
    this.#random = options.random ?? Math.random;
    const first = firstStep(this.#clock.now());
    this.#state = first.state;
    queueMicrotask(() => {
      if (this.#state === first.state) this.#take(first);
    });
  }

  /** Where the connection is. */
  get status(): ReconnectState {
    return this.#state;
  }

  /** Tells the host that all up to stream message `seq` was taken in; it knows by this who lags. */
  painted(seq: number): void {
    this.#call?.painted(seq);
  }

  /** Sends a command. Returns whether it could be sent: nothing is kept for later while there is no connection. */
  send(command: ViewerCommandJson): boolean {
    return this.#call?.send(command) ?? false;
  }

  /**
   * Resolves once the host has taken in all that was sent before, and all that it said of it came here: to `false` when
   * the connection was cut first, or there is none.
   *
   * @param onAnswer called at once when the host has, before anything that it said later is told: where several messages
   * come in one piece, a promise is too late for that
   */
  answered(onAnswer: () => void = () => {}): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#call === undefined) return resolve(false);
      this.#call.ping((answered) => {
        if (answered) onAnswer();
        resolve(answered);
      });
    });
  }

  /** Tries at once what would be tried later: after the network came back, or when a person asks for it. */
  retry(): void {
    this.#input({ kind: "retry" });
  }

  /** Leaves the session. */
  close(): void {
    this.#call?.send({ kind: "leave" });
    this.#input({ kind: "over", end: { code: "left" } });
  }

  /** Leaves the session. Resolves when the host knows, or when it has not answered for a while. */
  async leave(): Promise<void> {
    this.close();
    if (this.#call === undefined) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.after(GOODBYE_MS, resolve);
    await Promise.race([this.#call.closed, late]);
    cancel();
  }

  #input(input: ReconnectInput): void {
    const next = step(this.#state, input, this.#clock.now());
    if (next.state !== this.#state || next.effects.length > 0) this.#take(next);
  }

  #take({ state, effects }: ReconnectStep): void {
    const wasLive = this.#state.kind === "live";
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    this.#arm();
    // That something was heard, and when to ping next, is of no interest outside.
    if (!wasLive || state.kind !== "live") this.#emit({ kind: "status", status: state });
  }

  #run(effect: ReconnectEffect): void {
    switch (effect.kind) {
      case "dial":
        return this.#open();
      case "hang-up":
        return this.#call?.hangUp(effect.why);
      case "ping":
        return this.#call?.ping();
      default:
        return effect satisfies never;
    }
  }

  #open(): void {
    const { name, agent } = this.#options;
    const join = {
      name,
      ...(agent === true && { agent }),
      ...(this.#resume && { resume: this.#resume }),
    };
    const call = new Call(new ClientSession(this.#link, join), this.#clock, {
      onReceived: (received) => this.#receive(received),
      onLost: (why) => this.#input({ kind: "lost", why, jitter: this.#random() }),
      onLatency: (latencyMs) => this.#emit({ kind: "latency", latencyMs }),
    });
    this.#call = call;
    call.start(this.#dial, socketUrl(this.#link));
  }

  #receive(received: Exclude<Received, { kind: "reply" }>): void {
    this.#input({ kind: received.kind === "welcome" ? "welcomed" : "heard" });
    switch (received.kind) {
      case "welcome":
        this.#resume = { ticket: received.ticket, seq: this.#resume?.seq ?? 0 };
        return this.#emit(received);
      case "state":
      case "lines":
        if (this.#resume !== undefined) this.#resume = { ...this.#resume, seq: received.seq };
        return this.#emit(received);
      case "bye": {
        const { code, status } = received;
        const end = { code, ...(status === undefined ? {} : { status }) };
        return this.#input({ kind: "over", end });
      }
      case "pane":
      case "notice":
      case "link":
        return this.#emit(received);
      case "epoch":
      case "pong":
        return;
      default:
        return received satisfies never;
    }
  }

  /** Sees to it that the next `tick` comes. */
  #arm(): void {
    const dueMs = nextTickMs(this.#state);
    if (dueMs === this.#tickMs) return;
    this.#cancelTimer();
    this.#tickMs = dueMs;
    if (dueMs === undefined) return;
    this.#cancelTimer = this.#clock.after(Math.max(0, dueMs - this.#clock.now()), () => {
      this.#tickMs = undefined;
      this.#input({ kind: "tick", jitter: this.#random() });
      // The clock may have been early.
      this.#arm();
    });
  }

  #emit(event: ConnectionEvent): void {
    this.#options.onEvent(event);
  }
}
