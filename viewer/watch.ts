/**
 * `collab watch`: a session followed from another terminal.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import type { TimedEvent } from "../format/events.ts";
import type { Header } from "../format/header.ts";
import { EventLog } from "../record/event_log.ts";
import type { Connection, ConnectionEvent, ConnectOptions } from "../wire/connection.ts";
import { noticeText } from "../wire/notices.ts";
import { type End, type ReconnectState } from "../wire/reconnect.ts";
import { boxOverlay } from "./box.ts";
import type { Clock } from "./clock.ts";
import type { Overlay } from "./compose.ts";
import { type Decor, Display } from "./display.ts";
import { type InputEvent, KeyParser } from "./keys.ts";
import { LiveView } from "./live_view.ts";
import { type Menu, menuContent, openMenu, refreshMenu, stepMenu } from "./menu.ts";
import { viewInput } from "./playback_keys.ts";
import { newPlayer, startMs } from "./player.ts";
import { learn, NO_FACTS, type SessionFacts } from "./session_facts.ts";
import { StreamEvents } from "./stream_events.ts";
import type { LocalTerminal } from "./terminal.ts";
import {
  helpBox,
  linkOf,
  peopleBox,
  WATCH_HELP,
  type WatchAction,
  type WatchFacts,
  watchItems,
  watchRow,
} from "./watch_view.ts";

/** What a {@link Watcher} needs of a connection. */
export type WatchConnection = Pick<Connection, "painted" | "close">;

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
}

/** How watching ended. */
export type WatchEnd =
  | { readonly kind: "left" }
  | { readonly kind: "gone" }
  | { readonly kind: "session"; readonly end: End }
  | { readonly kind: "failed"; readonly error: CollabError };

type Panel =
  | { readonly kind: "none" }
  | { readonly kind: "menu"; readonly menu: Menu<WatchAction> }
  | { readonly kind: "people" | "help" };

/** What is drawn around a session's screen, and the facts of that screen which it tells. */
interface Drawn {
  readonly decor: Decor;
  readonly size: LocalTerminal["size"];
  readonly title: string | undefined;
  readonly cols: number | undefined;
  readonly rows: number | undefined;
}

/** How much of a session is kept to be looked at again. */
const LOG_BYTES = 32 * 1024 * 1024;
/** Until so long after the start nothing is shown: most joins are through by then. */
const CONNECTING_MS = 300;
const TOAST_MS = 4_000;
/** Ctrl-C twice within this time leaves. */
const LEAVE_MS = 2_000;
const BACK_MS = 5_000;

/** Follows one session on one terminal. */
export class Watcher implements Disposable {
  /** Resolves when it is over. */
  readonly ended: Promise<WatchEnd>;
  readonly #deps: WatchDeps;
  readonly #display: Display;
  readonly #keys = new KeyParser();
  readonly #stream = new StreamEvents();
  readonly #connection: WatchConnection;
  readonly #finish: (end: WatchEnd) => void;
  #over: WatchEnd | undefined;
  #status: ReconnectState | undefined;
  #facts: SessionFacts = NO_FACTS;
  #header: Header | undefined;
  #you: string | undefined;
  #log: EventLog | undefined;
  #view: LiveView | undefined;
  #latencyMs: number | undefined;
  #panel: Panel = { kind: "none" };
  #toast: { readonly text: string; readonly untilMs: number } | undefined;
  #leftOut = { lines: 0, untilMs: -Infinity };
  #leaveUntilMs = -Infinity;
  /** Whether what is drawn next is more of the program's output and no other news. */
  #onlyOutput = false;
  /** What was drawn last around the session's screen, and what it was drawn for. */
  #drawn: Drawn | undefined;
  #markersMs: { readonly length: number; readonly at: readonly number[] } = { length: -1, at: [] };
  #cancelFlush: () => void = () => {};
  readonly #cancelConnecting: () => void;

  constructor(deps: WatchDeps) {
    this.#deps = deps;
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
      onPainted: (seq) => this.#connection.painted(seq),
    });
    this.#connection = deps.connect({ onEvent: (event) => this.#receive(event) });
    this.#cancelConnecting = deps.clock.after(CONNECTING_MS, () => this.#display.draw());
    deps.terminal.listen({
      input: (bytes) => this.#input(this.#keys.feed(bytes)),
      resize: () => this.#display.draw(),
      stale: () => this.#display.repaint(),
      gone: () => this.#finish({ kind: "gone" }),
    });
  }

  [Symbol.dispose](): void {
    this.#finish({ kind: "left" });
    this.#cancelConnecting();
    this.#cancelFlush();
    this.#connection.close();
    this.#display[Symbol.dispose]();
    this.#view?.[Symbol.dispose]();
  }

  #receive(event: ConnectionEvent): void {
    if (this.#over !== undefined) return;
    switch (event.kind) {
      case "status":
        return this.#linkChanged(event.status);
      case "notice":
        this.#say(noticeText(event.code));
        return this.#redraw();
      case "link":
        return;
      case "latency":
        this.#latencyMs = event.latencyMs;
        return this.#redraw();
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
      this.#header = delivery.header;
      this.#you = delivery.you;
    } catch (error) {
      if (!(error instanceof CollabError)) throw error;
      const said = new CollabError(error.code, `Cannot follow the session: ${error.message}`);
      this.#finish({ kind: "failed", error: said });
    }
  }

  #take(seq: number, events: readonly TimedEvent[]): void {
    const first = this.#view === undefined;
    const log = this.#log ??= new EventLog(this.#header!, { maxBytes: LOG_BYTES });
    const facts = this.#facts;
    const view = this.#view ??= new LiveView(log);
    for (const { atMs, event } of events) {
      this.#facts = learn(this.#facts, event, atMs);
      if (event.kind === "skipped") this.#leaveOut(event.lines);
      else view.append(event, atMs);
    }
    if (first) this.#begin(log, view);
    this.#onlyOutput = this.#facts === facts && this.#display.player?.mode === "following";
    this.#display.input({ kind: "grown" }, seq);
    this.#onlyOutput = false;
  }

  #begin(log: EventLog, view: LiveView): void {
    this.#cancelConnecting();
    const player = newPlayer(this.#deps.clock.now(), {
      mode: "following",
      growing: true,
      startMs: this.#stream.startMs ?? 0,
    });
    this.#display.play({ log, view, player });
  }

  #linkChanged(status: ReconnectState): void {
    this.#status = status;
    if (status.kind !== "ended") return this.#redraw();
    // There is nothing to look at: a link that leads nowhere is told at once.
    const nothing = this.#log === undefined || status.end.code === "left";
    if (nothing) return this.#finish({ kind: "session", end: status.end });
    this.#display.input({ kind: "complete" });
  }

  /** Draws again if anything was drawn yet. */
  #redraw(): void {
    if (this.#log !== undefined) this.#display.draw();
  }

  #say(text: string): void {
    this.#toast = { text, untilMs: this.#deps.clock.now() + TOAST_MS };
  }

  /** Lines left out in a row are told as one number. */
  #leaveOut(lines: number): void {
    const now = this.#deps.clock.now();
    const before = now < this.#leftOut.untilMs ? this.#leftOut.lines : 0;
    this.#leftOut = { lines: before + lines, untilMs: now + TOAST_MS };
    this.#say(`${this.#leftOut.lines.toLocaleString("en")} lines left out`);
  }

  #input(events: readonly InputEvent[]): void {
    this.#cancelFlush();
    for (const event of events) {
      if (event.kind === "key") this.#key(event.name);
      else if (event.kind === "paste" && event.part === "start") this.#hint();
    }
    const { holdMs } = this.#keys;
    if (holdMs === undefined) return;
    this.#cancelFlush = this.#deps.clock.after(holdMs, () => this.#input(this.#keys.flush()));
  }

  #key(name: string): void {
    if (this.#over !== undefined) return;
    const panel = this.#panel;
    if (panel.kind === "menu") this.#menuKey(panel.menu, name);
    else if (panel.kind !== "none") this.#panel = { kind: "none" };
    else this.#viewKey(name);
    this.#display.draw();
  }

  #viewKey(name: string): void {
    const ended = this.#status?.kind === "ended";
    if (name === "ctrl+]") {
      const items = watchItems(this.#display.player, this.#facts);
      this.#panel = { kind: "menu", menu: openMenu("collab watch", items, "Esc goes back") };
    } else if (ended && /^(?:q|enter|escape|ctrl\+[cd])$/.test(name)) this.#leave();
    else if (name === "ctrl+c") this.#interrupt();
    else if (name === "?") this.#panel = { kind: "help" };
    else {
      const input = viewInput(name);
      if (input === undefined) this.#hint();
      else this.#display.viewInput(input);
    }
  }

  /** Someone who types wants something: that it goes nowhere, and what does something. */
  #hint(): void {
    if (this.#status?.kind !== "ended") this.#say("You are watching: Ctrl-] opens the menu");
  }

  #interrupt(): void {
    const now = this.#deps.clock.now();
    if (now <= this.#leaveUntilMs) return this.#leave();
    this.#leaveUntilMs = now + LEAVE_MS;
    this.#say("Ctrl-C again leaves");
  }

  #menuKey(menu: Menu<WatchAction>, name: string): void {
    const step = stepMenu(menu, name);
    this.#panel = step.kind === "open" ? { kind: "menu", menu: step.menu } : { kind: "none" };
    if (step.kind === "chosen") this.#act(step.value);
  }

  #act(action: WatchAction): void {
    switch (action) {
      case "leave":
        return this.#leave();
      case "pause":
        return this.#display.input({ kind: "toggle" });
      case "back":
        return this.#display.input({ kind: "seek-by", ms: -BACK_MS });
      case "live":
        return this.#display.input({ kind: "edge", edge: "end" });
      case "people":
      case "help":
        this.#panel = { kind: action };
        return;
      default:
        return action satisfies never;
    }
  }

  #leave(): void {
    const status = this.#status;
    this.#finish(
      status?.kind === "ended" ? { kind: "session", end: status.end } : { kind: "left" },
    );
  }

  #decorate(): Decor {
    const { size } = this.#deps.terminal;
    const { frame } = this.#display;
    const drawn = this.#drawn;
    // The way of a key: nothing changed that is told around the session's screen.
    if (
      this.#onlyOutput && drawn?.decor.refreshMs === undefined && drawn?.size === size &&
      drawn.title === frame?.title && drawn.cols === frame?.cols && drawn.rows === frame?.rows
    ) return drawn.decor;
    const facts = this.#watchFacts();
    const decor = {
      footer: [watchRow(size.cols, facts, this.#display.glyphs)],
      overlay: this.#overlay(),
      title: `${facts.title || "collab"} (watching)`,
      refreshMs: this.#refreshMs(facts),
    };
    this.#drawn = { decor, size, title: frame?.title, cols: frame?.cols, rows: frame?.rows };
    return decor;
  }

  #overlay(): Overlay | undefined {
    const { cols, rows } = this.#deps.terminal.size;
    const area = { cols, rows: rows - 1 };
    const { glyphs, player } = this.#display;
    const panel = this.#panel;
    switch (panel.kind) {
      case "none":
        return undefined;
      case "menu": {
        const menu = refreshMenu(panel.menu, watchItems(player, this.#facts));
        this.#panel = { kind: "menu", menu };
        return boxOverlay(menuContent(menu), area, glyphs);
      }
      case "people":
        return boxOverlay(peopleBox(this.#facts, this.#you), area, glyphs);
      case "help":
        return boxOverlay(helpBox("Keys", WATCH_HELP), area, glyphs);
      default:
        return panel satisfies never;
    }
  }

  #watchFacts(): WatchFacts {
    const { player, frame, cropped } = this.#display;
    const log = this.#log;
    const toast = this.#toast;
    const header = this.#header;
    return {
      link: linkOf(this.#status, this.#deps.connectionNow()),
      session: this.#facts,
      player,
      timeline: {
        positionMs: player?.positionMs ?? 0,
        startMs: player !== undefined && log !== undefined ? startMs(player, log) : 0,
        durationMs: log?.durationMs ?? 0,
        // Looked up when they are shown: a live session is drawn often.
        markersMs: log === undefined || player?.mode === "following" ? [] : this.#markersOf(log),
      },
      title: header?.title ?? (frame?.title || header?.command || ""),
      latencyMs: this.#latencyMs,
      toast: toast !== undefined && this.#deps.clock.now() < toast.untilMs ? toast.text : undefined,
      cropped: cropped && frame !== undefined ? { cols: frame.cols, rows: frame.rows } : undefined,
    };
  }

  #markersOf(log: EventLog): readonly number[] {
    if (this.#markersMs.length !== log.length) {
      this.#markersMs = { length: log.length, at: log.markers().map(({ atMs }) => atMs) };
    }
    return this.#markersMs.at;
  }

  /** When something that is shown changes by itself. */
  #refreshMs({ link, player, toast }: WatchFacts): number | undefined {
    const playing = player?.mode === "playing";
    if (link.kind === "reconnecting" || playing) return 500;
    if (toast === undefined || this.#toast === undefined) return undefined;
    return Math.max(1, this.#toast.untilMs - this.#deps.clock.now());
  }
}
