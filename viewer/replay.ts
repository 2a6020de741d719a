/**
 * `collab replay`: a recording played on a terminal.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { LogScreen } from "../record/checkpoints.ts";
import type { EventLog, Marker } from "../record/event_log.ts";
import { boxOverlay } from "./box.ts";
import type { Clock } from "./clock.ts";
import type { Overlay } from "./compose.ts";
import { type Decor, Display } from "./display.ts";
import { type InputEvent, KeyParser } from "./keys.ts";
import { legible } from "./legible.ts";
import { viewInput } from "./playback_keys.ts";
import { hasEnded, newPlayer, type PlayerState, startMs } from "./player.ts";
import { openingRow, REPLAY_HELP, replayRow } from "./replay_view.ts";
import type { LocalTerminal } from "./terminal.ts";
import { helpBox } from "./watch_panels.ts";

/** What a {@link Replayer} needs of the world. */
export interface ReplayDeps {
  readonly terminal: Pick<
    LocalTerminal,
    "size" | "capabilities" | "busy" | "idle" | "write" | "listen"
  >;
  readonly clock: Clock;
}

/** How a recording is played. */
export interface ReplayOptions {
  /** What the recording is called. */
  readonly name: string;
  readonly speed?: number;
  /** Default: what the recording asks for. */
  readonly idleLimitMs?: number;
  readonly atMs?: number;
}

/** How replaying ended. */
export type ReplayEnd =
  | { readonly kind: "left" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Until so long after the start nothing is shown: most recordings are open by then. */
const OPENING_MS = 150;
const TOAST_MS = 4_000;
/** How often what changes with time is drawn. */
const REFRESH_MS = 250;
/** Checkpoints are made ahead for so long, and as often. */
const PREPARE_MS = 6, PREPARE_PAUSE_MS = 10;
const LEAVE = /^(?:q|escape|ctrl\+[cd])$/;

/** Plays one recording on one terminal. */
export class Replayer implements Disposable {
  /** Resolves when it is over. */
  readonly ended: Promise<ReplayEnd>;
  readonly #deps: ReplayDeps;
  readonly #options: ReplayOptions;
  readonly #display: Display;
  readonly #keys = new KeyParser();
  readonly #finish: (end: ReplayEnd) => void;
  #log: EventLog | undefined;
  #view: LogScreen | undefined;
  #progress: number | undefined;
  #helping = false;
  #toast: { readonly text: string; readonly untilMs: number } | undefined;
  #markers: { readonly length: number; readonly list: readonly Marker[] } = {
    length: -1,
    list: [],
  };
  #cancelFlush: () => void = () => {};
  #cancelPrepare: () => void = () => {};
  readonly #cancelOpening: () => void;

  constructor(deps: ReplayDeps, options: ReplayOptions) {
    this.#deps = deps;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<ReplayEnd>();
    this.ended = promise;
    this.#finish = resolve;
    this.#display = new Display({
      terminal: deps.terminal,
      clock: deps.clock,
      decorate: () => this.#decorate(),
    });
    this.#cancelOpening = deps.clock.after(OPENING_MS, () => this.#display.draw());
    deps.terminal.listen({
      input: (bytes) => this.#input(this.#keys.feed(bytes)),
      resize: () => this.#display.draw(),
      stale: () => this.#display.repaint(),
      gone: () => this.#finish({ kind: "left" }),
    });
  }

  /** Whether there is a log that plays. */
  get began(): boolean {
    return this.#log !== undefined;
  }

  /** How much of the recording is read, from 0 to 1. */
  reading(progress: number): void {
    this.#progress = progress;
  }

  /** Begins to play a log, at its end when it still grows and nothing else was asked for. */
  begin(log: EventLog, growing = false): void {
    this.#cancelOpening();
    this.#log = log;
    const view = this.#view = new LogScreen(log);
    const { speed = 1, atMs } = this.#options;
    const player = newPlayer(this.#deps.clock.now(), {
      speed,
      growing,
      idleLimitMs: this.#options.idleLimitMs ?? log.header.idleTimeLimitMs,
      mode: growing && atMs === undefined ? "following" : "playing",
    });
    const [warning] = log.warnings;
    if (warning !== undefined) this.#say(warning);
    this.#display.play({ log, view, player });
    if (atMs !== undefined) this.#display.input({ kind: "seek", toMs: atMs });
    this.#prepare(view);
  }

  /** The log has more events. */
  grown(): void {
    this.#display.input({ kind: "grown" });
  }

  /** The log will have no more events. */
  complete(): void {
    this.#display.input({ kind: "complete" });
  }

  /** Reading went wrong. What was read before goes on playing. */
  fail(error: unknown): void {
    if (this.#log === undefined || !(error instanceof CollabError)) {
      return this.#finish({ kind: "failed", error });
    }
    this.#say(error.message);
    this.complete();
  }

  [Symbol.dispose](): void {
    this.#finish({ kind: "left" });
    this.#cancelOpening();
    this.#cancelFlush();
    this.#cancelPrepare();
    this.#display[Symbol.dispose]();
    this.#view?.[Symbol.dispose]();
  }

  /** Makes checkpoints in the pauses, so that every place can be gone to at once. */
  #prepare(view: LogScreen): void {
    const { clock } = this.#deps;
    const stopMs = clock.now() + PREPARE_MS;
    if (view.prepare(() => clock.now() >= stopMs) >= 1) return;
    this.#cancelPrepare = clock.after(PREPARE_PAUSE_MS, () => this.#prepare(view));
  }

  #say(text: string): void {
    this.#toast = { text, untilMs: this.#deps.clock.now() + TOAST_MS };
  }

  #input(events: readonly InputEvent[]): void {
    this.#cancelFlush();
    for (const event of events) if (event.kind === "key") this.#key(event.name);
    const { holdMs } = this.#keys;
    if (holdMs === undefined) return;
    this.#cancelFlush = this.#deps.clock.after(holdMs, () => this.#input(this.#keys.flush()));
  }

  #key(name: string): void {
    if (this.#helping) this.#helping = false;
    else if (LEAVE.test(name)) return this.#finish({ kind: "left" });
    else if (name === "?") this.#helping = true;
    else {
      const input = viewInput(name);
      if (input !== undefined) return this.#display.viewInput(input);
      this.#say("? shows what the keys do");
    }
    this.#display.draw();
  }

  #decorate(): Decor {
    const { size } = this.#deps.terminal;
    const { glyphs, player } = this.#display;
    const log = this.#log;
    const { name } = this.#options;
    if (log === undefined || player === undefined) {
      const footer = [openingRow(size.cols, { name, progress: this.#progress }, glyphs)];
      return { footer, title: name, refreshMs: REFRESH_MS };
    }
    const title = this.#display.frame?.title || log.header.title || name;
    return {
      footer: [this.#row(log, player)],
      overlay: this.#overlay(),
      title: `${title} (replay)`,
      refreshMs: player.mode === "playing" || this.#shownToast !== undefined
        ? REFRESH_MS
        : undefined,
    };
  }

  #row(log: EventLog, player: PlayerState): ReturnType<typeof replayRow> {
    const { frame, cropped, glyphs } = this.#display;
    return replayRow(this.#deps.terminal.size.cols, {
      player,
      ended: hasEnded(player, log),
      startMs: startMs(player, log),
      durationMs: log.durationMs,
      markers: this.#markersOf(log),
      toast: this.#shownToast,
      cropped: cropped && frame !== undefined ? { cols: frame.cols, rows: frame.rows } : undefined,
    }, glyphs);
  }

  get #shownToast(): string | undefined {
    const toast = this.#toast;
    return toast !== undefined && this.#deps.clock.now() < toast.untilMs ? toast.text : undefined;
  }

  #overlay(): Overlay | undefined {
    if (!this.#helping) return undefined;
    const { cols, rows } = this.#deps.terminal.size;
    return boxOverlay(helpBox("Keys", REPLAY_HELP), { cols, rows: rows - 1 }, this.#display.glyphs);
  }

  #markersOf(log: EventLog): readonly Marker[] {
    if (this.#markers.length !== log.length) {
      const list = log.markers().map((marker) => ({ ...marker, label: legible(marker.label) }));
      this.#markers = { length: log.length, list };
    }
    return this.#markers.list;
  }
}
