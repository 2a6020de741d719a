/**
 * `collab watch`: a session followed from another terminal.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import type { CastEvent, TimedEvent } from "../format/events.ts";
import type { Header } from "../format/header.ts";
import { EventLog } from "../record/event_log.ts";
import type {
  Connection,
  ConnectionEvent,
  ConnectOptions,
  ViewerCommandJson,
} from "../wire/connection.ts";
import type { InputPart } from "../wire/input.ts";
import { noticeText } from "../wire/notices.ts";
import type { End, ReconnectState } from "../wire/reconnect.ts";
import type { Clock } from "./clock.ts";
import { DecorCache } from "./decor_cache.ts";
import { type Decor, Display } from "./display.ts";
import { inMessages } from "./input_parts.ts";
import { type InputEvent, KeyParser } from "./keys.ts";
import { LiveView } from "./live_view.ts";
import { newPlayer } from "./player.ts";
import { PointSender } from "./point_sender.ts";
import {
  answered,
  arrived,
  begun,
  heard,
  lagMs,
  NO_PULSE,
  painted,
  type Pulse,
  sessionNowMs,
} from "./pulse.ts";
import { learn, NO_FACTS, type SessionFacts, typingPlace } from "./session_facts.ts";
import { SessionHistory } from "./session_history.ts";
import { StreamEvents, type You } from "./stream_events.ts";
import { type LocalTerminal, SIGNAL_EXIT_CODES } from "./terminal.ts";
import { Toasts } from "./toasts.ts";
import {
  FIRST_INPUT,
  refreshInput,
  stepInput,
  type WatchEffect,
  type WatchInput,
  type WatchInputFacts,
  type WatchInputStep,
} from "./watch_input.ts";
import { newsOf, noteTo } from "./watch_news.ts";
import { watchScene } from "./watch_scene.ts";
import { controlChanged, noteCame } from "./watch_turn.ts";

/** What a {@link Watcher} needs of a connection. */
export type WatchConnection = Pick<Connection, "painted" | "send" | "close">;

/** What a {@link Watcher} needs of the world. */
export interface WatchDeps {
  readonly terminal: Pick<
    LocalTerminal,
    "size" | "capabilities" | "busy" | "idle" | "write" | "listen"
  >;
  readonly clock: Clock;
  readonly connect: (options: Pick<ConnectOptions, "onEvent">) => WatchConnection;
  /** The clock that the connection's waits are told in. */
  readonly connectionNow: () => number;
  /** The key that opens the menu, as `ctrl+]`, which is the default. */
  readonly menuKey?: string;
}

/** How watching ended. */
export type WatchEnd =
  | { readonly kind: "left" }
  | { readonly kind: "gone" }
  /** The process was asked to end. */
  | { readonly kind: "signal"; readonly exitCode: number }
  | { readonly kind: "session"; readonly end: End }
  | { readonly kind: "failed"; readonly error: CollabError };

/** The key that opens the menu. */
export const MENU_KEY = "ctrl+]";
/** How much of a session is kept to be looked at again. */
const LOG_BYTES = 32 * 1024 * 1024;
/** Until so long after the start nothing is shown: most joins are through by then. */
const CONNECTING_MS = 300;

/** Follows one session on one terminal. */
export class Watcher implements Disposable {
  /** Resolves when it is over. */
  readonly ended: Promise<WatchEnd>;
  readonly #deps: WatchDeps;
  readonly #menuKey: string;
  readonly #display: Display;
  readonly #keys = new KeyParser();
  readonly #stream = new StreamEvents();
  readonly #connection: WatchConnection;
  readonly #pointer: PointSender;
  readonly #finish: (end: WatchEnd) => void;
  #over: WatchEnd | undefined;
  #status: ReconnectState | undefined;
  #facts: SessionFacts = NO_FACTS;
  #header: Header | undefined;
  #you: You | undefined;
  #log: EventLog | undefined;
  #history: SessionHistory | undefined;
  #view: LiveView | undefined;
  #pulse: Pulse = NO_PULSE;
  #input: WatchInput = FIRST_INPUT;
  readonly #toasts: Toasts;
  /** Whether what is drawn next is more of the program's output and no other news. */
  #onlyOutput = false;
  readonly #drawn = new DecorCache();
  /** The last message of the stream, and since when something waits to be painted. */
  #taken = { seq: 0, sinceMs: undefined as number | undefined };
  #cancelFlush: () => void = () => {};
  readonly #cancelConnecting: () => void;

  constructor(deps: WatchDeps) {
    this.#deps = deps;
    this.#menuKey = deps.menuKey ?? MENU_KEY;
    this.#toasts = new Toasts(deps.clock);
    const { promise, resolve } = Promise.withResolvers<WatchEnd>();
    this.ended = promise;
    this.#finish = (end) => {
      this.#over ??= end;
      resolve(this.#over);
    };
    this.#display = new Display({
      terminal: deps.terminal,
      clock: deps.clock,
      decorate: () => this.#decorate(),
      onPainted: (seq) => this.#painted(seq),
    });
    this.#pointer = new PointSender(deps.clock, (at) => {
      this.#connection.send({ kind: "point", ...(at !== undefined && { at }) });
    });
    this.#connection = deps.connect({ onEvent: (event) => this.#receive(event) });
    this.#cancelConnecting = deps.clock.after(CONNECTING_MS, () => this.#display.draw());
    deps.terminal.listen({
      input: (bytes) => this.#typed(this.#keys.feed(bytes)),
      resize: () => this.#display.draw(),
      stale: () => this.#display.repaint(),
      gone: () => this.#finish({ kind: "gone" }),
      signal: (name) => {
        this.#finish({ kind: "signal", exitCode: SIGNAL_EXIT_CODES[name] });
        return true;
      },
    });
  }

  [Symbol.dispose](): void {
    this.#finish({ kind: "left" });
    this.#cancelConnecting();
    this.#cancelFlush();
    this.#pointer[Symbol.dispose]();
    this.#connection.close();
    this.#display[Symbol.dispose]();
    this.#view?.[Symbol.dispose]();
  }

  #receive(event: ConnectionEvent): void {
    if (this.#over !== undefined) return;
    const nowMs = this.#deps.clock.now();
    switch (event.kind) {
      case "status":
        return this.#linkChanged(event.status);
      case "notice":
        this.#toasts.say(noticeText(event.code));
        this.#display.ring();
        return this.#redraw();
      case "link":
      case "pane":
        return;
      case "latency":
        this.#pulse = answered(this.#pulse, event.latencyMs, nowMs);
        return this.#redraw();
      case "welcome":
        this.#pulse = begun(this.#pulse, nowMs);
        return this.#deliver(event);
      case "state":
        this.#pulse = arrived(this.#pulse, event.atMs, nowMs);
        return this.#deliver(event);
      case "lines":
        this.#pulse = heard(this.#pulse, nowMs);
        return this.#deliver(event);
      default:
        return event satisfies never;
    }
  }

  #deliver(event: Extract<ConnectionEvent, { kind: "welcome" | "state" | "lines" }>): void {
    try {
      const delivery = this.#stream.receive(event);
      if (delivery.kind === "events") return this.#take(delivery.seq, delivery.events);
      this.#header = delivery.header;
      this.#you = delivery.you;
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      const said = new CollabError(error.code, `Cannot follow the session: ${error.message}`);
      this.#finish({ kind: "failed", error: said });
    }
  }

  #take(seq: number, events: readonly TimedEvent[]): void {
    const nowMs = this.#deps.clock.now();
    const first = this.#view === undefined;
    const log = this.#log ??= new EventLog(this.#header!, { maxBytes: LOG_BYTES });
    const facts = this.#facts;
    const view = this.#view ??= new LiveView(log);
    for (const { atMs, event } of events) {
      this.#learn(event, atMs);
      if (event.kind === "skipped") this.#toasts.leaveOut(event.lines);
      else view.append(event, atMs);
    }
    const last = events.at(-1);
    const lag = lagMs(this.#pulse, nowMs);
    if (last !== undefined) this.#pulse = arrived(this.#pulse, last.atMs, nowMs);
    this.#taken = { seq, sinceMs: this.#taken.sinceMs ?? nowMs };
    if (first) this.#begin(log, view);
    this.#onlyOutput = this.#facts === facts && this.#display.player?.mode === "following" &&
      lag === undefined && lagMs(this.#pulse, nowMs) === undefined;
    this.#display.input({ kind: "grown" }, seq);
    this.#onlyOutput = false;
  }

  #learn(event: CastEvent, atMs: number): void {
    const before = this.#facts, you = this.#you;
    this.#facts = learn(before, event, atMs);
    if (event.kind !== "control") return;
    const change = { before, after: this.#facts, nowMs: atMs };
    const news = newsOf(event.data, change, you);
    if (news !== undefined) this.#toasts.say(news.text);
    if (news?.rings) this.#display.ring();
    const nowMs = this.#deps.clock.now(), ended = this.#hasEnded;
    this.#run(controlChanged(this.#input, event.data, { ...change, you, ended, nowMs }));
    const said = noteTo(event.data, change, you);
    if (said !== undefined) this.#input = noteCame(this.#input, said.title, said.text);
  }

  #begin(log: EventLog, view: LiveView): void {
    this.#cancelConnecting();
    const history = this.#history = new SessionHistory(log, { drops: true });
    const player = newPlayer(this.#deps.clock.now(), {
      mode: "following",
      growing: true,
      startMs: this.#stream.startMs ?? 0,
    });
    this.#display.play({ log, view, player, handoffs: () => history.handoffs });
  }

  get #hasEnded(): boolean {
    return this.#status?.kind === "ended";
  }

  #linkChanged(status: ReconnectState): void {
    this.#status = status;
    if (status.kind !== "ended") return this.#redraw();
    // There is nothing to look at: a link that leads nowhere is told at once.
    const nothing = this.#log === undefined || status.end.code === "left";
    if (nothing) return this.#finish({ kind: "session", end: status.end });
    this.#input = { ...this.#input, pointing: undefined, paste: undefined };
    this.#display.input({ kind: "complete" });
  }

  /** Something is on the terminal: up to which message, and how long that took. */
  #painted(seq: number): void {
    const { sinceMs, seq: taken } = this.#taken;
    const nowMs = this.#deps.clock.now();
    if (sinceMs !== undefined) {
      this.#pulse = painted(this.#pulse, nowMs - sinceMs, nowMs);
      this.#taken = { seq: taken, sinceMs: seq < taken ? nowMs : undefined };
    }
    this.#connection.painted(seq);
  }

  /** Draws again if anything was drawn yet. */
  #redraw(): void {
    if (this.#log !== undefined) this.#display.draw();
  }

  #typed(events: readonly InputEvent[]): void {
    this.#cancelFlush();
    const before = this.#input;
    const effects: WatchEffect[] = [];
    const parts: InputPart[] = [];
    for (const event of events) {
      if (this.#over !== undefined) return;
      const step = stepInput(this.#input, event, this.#inputFacts());
      this.#input = step.state;
      for (const effect of step.effects) {
        // What arrived at once is told at once.
        if (effect.kind === "type") parts.push(effect.part);
        else {
          this.#type(parts.splice(0));
          this.#effect(effect);
        }
        effects.push(effect);
      }
    }
    this.#type(parts);
    if (effects.some(({ kind }) => kind !== "type") || before.panel !== this.#input.panel) {
      this.#display.draw();
    }
    const { holdMs } = this.#keys;
    if (holdMs === undefined) return;
    this.#cancelFlush = this.#deps.clock.after(holdMs, () => this.#typed(this.#keys.flush()));
  }

  #inputFacts(): WatchInputFacts {
    const { viewport, frame, player } = this.#display;
    return {
      session: this.#facts,
      you: this.#you,
      player,
      ended: this.#hasEnded,
      menuKey: this.#menuKey,
      viewport,
      screen: frame,
      nowMs: this.#deps.clock.now(),
    };
  }

  #run({ state, effects }: WatchInputStep): void {
    this.#input = state;
    for (const effect of effects) this.#effect(effect);
  }

  #effect(effect: WatchEffect): void {
    switch (effect.kind) {
      case "send":
        return this.#send(effect.command);
      case "type":
        return this.#type([effect.part]);
      case "point":
        if (effect.at !== undefined) this.#display.reveal(effect.at);
        return this.#pointer.point(effect.at);
      case "view":
        return this.#display.viewInput(effect.input);
      case "say":
        return this.#toasts.say(effect.text);
      case "leave":
        return this.#leave();
      default:
        return effect satisfies never;
    }
  }

  #type(parts: readonly InputPart[]): void {
    const place = typingPlace(this.#facts, this.#you);
    for (const message of inMessages(parts)) {
      this.#send({ kind: "input", ...place, parts: message });
    }
  }

  #send(command: ViewerCommandJson): void {
    if (this.#connection.send(command)) return;
    this.#toasts.say("Not sent: there is no connection");
    this.#redraw();
  }

  #leave(): void {
    const status = this.#status;
    this.#finish(
      status?.kind === "ended" ? { kind: "session", end: status.end } : { kind: "left" },
    );
  }

  #decorate(): Decor {
    const { size } = this.#deps.terminal;
    const { frame, player } = this.#display;
    const nowMs = this.#deps.clock.now();
    const place = { size, frame, nowMs };
    // The way of a key: nothing changed that is told around the session's screen.
    const kept = this.#onlyOutput ? this.#drawn.get(place) : undefined;
    if (kept !== undefined) return kept;
    const facts = { session: this.#facts, you: this.#you, ended: this.#hasEnded, player };
    this.#input = refreshInput(this.#input, facts);
    const decor = watchScene({
      ...facts,
      display: this.#display,
      size,
      input: this.#input,
      status: this.#status,
      header: this.#header,
      log: this.#log,
      history: this.#history,
      pulse: this.#pulse,
      toasts: this.#toasts,
      menuKey: this.#menuKey,
      nowMs,
      connectionNowMs: this.#deps.connectionNow(),
      sessionNowMs: sessionNowMs(this.#pulse, nowMs),
    });
    return this.#drawn.keep(decor, place);
  }
}
