/**
 * `collab replay`: a recording played on a terminal.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { columns } from "../format/text_row.ts";
import { LogScreen } from "../record/checkpoints.ts";
import type { EventLog, Marker } from "../record/event_log.ts";
import { boxOverlay } from "./box.ts";
import type { Clock } from "./clock.ts";
import type { Overlay } from "./compose.ts";
import { type Decor, Display } from "./display.ts";
import { droveText } from "./drive_text.ts";
import { type InputEvent, KeyParser } from "./keys.ts";
import { legible } from "./legible.ts";
import { peopleBox, scrolledBy } from "./people_box.ts";
import { viewInput } from "./playback_keys.ts";
import { hasEnded, newPlayer, type PlayerState, startMs } from "./player.ts";
import { cursorMarks, pointerMarks } from "./pointers.ts";
import { openingRow, REPLAY_HELP, type ReplayFacts, replayRow } from "./replay_view.ts";
import { driver, NO_FACTS, type SessionFacts } from "./session_facts.ts";
import { SessionHistory, type Stretch } from "./session_history.ts";
import type { LocalTerminal } from "./terminal.ts";
import { type TimelineDrive, timelineDrives } from "./timeline.ts";
import { Toasts } from "./toasts.ts";
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

/** What is open over the screen. */
type Box =
  | { readonly kind: "none" | "help" }
  | { readonly kind: "people"; readonly scroll: number };

const NO_BOX: Box = { kind: "none" };

/** Who drove when, as it is drawn. */
interface Driven {
  readonly stretches: readonly Stretch[];
  readonly drives: readonly TimelineDrive[];
  /** Columns of the longest text that says who. */
  readonly cols: number;
}

/** Until so long after the start nothing is shown: most recordings are open by then. */
const OPENING_MS = 150;
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
  #history: SessionHistory | undefined;
  #view: LogScreen | undefined;
  #progress: number | undefined;
  #box: Box = NO_BOX;
  readonly #toasts: Toasts;
  #markers: { readonly length: number; readonly list: readonly Marker[] } = {
    length: -1,
    list: [],
  };
  #driven: Driven = { stretches: [], drives: [], cols: 0 };
  #cancelFlush: () => void = () => {};
  #cancelPrepare: () => void = () => {};
  readonly #cancelOpening: () => void;

  constructor(deps: ReplayDeps, options: ReplayOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#toasts = new Toasts(deps.clock);
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
    const history = this.#history = new SessionHistory(log);
    const { speed = 1, atMs } = this.#options;
    const player = newPlayer(this.#deps.clock.now(), {
      speed,
      growing,
      idleLimitMs: this.#options.idleLimitMs ?? log.header.idleTimeLimitMs,
      mode: growing && atMs === undefined ? "following" : "playing",
    });
    const [warning] = log.warnings;
    if (warning !== undefined) this.#toasts.say(warning);
    this.#display.play({ log, view, player, handoffs: () => history.handoffs });
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
    this.#toasts.say(error.message);
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

  #input(events: readonly InputEvent[]): void {
    this.#cancelFlush();
    for (const event of events) if (event.kind === "key") this.#key(event.name);
    const { holdMs } = this.#keys;
    if (holdMs === undefined) return;
    this.#cancelFlush = this.#deps.clock.after(holdMs, () => this.#input(this.#keys.flush()));
  }

  #key(name: string): void {
    const box = this.#box;
    // Who was there changes as it plays: the keys that play do not take it away.
    const input = box.kind === "help" ? undefined : viewInput(name);
    if (input !== undefined) return this.#display.viewInput(input);
    if (box.kind === "people") {
      const scroll = scrolledBy(box.scroll, name);
      this.#box = scroll === undefined ? NO_BOX : { kind: "people", scroll };
    } else if (box.kind === "help") this.#box = NO_BOX;
    else if (LEAVE.test(name)) return this.#finish({ kind: "left" });
    else if (name === "?") this.#box = { kind: "help" };
    else if (name === "w") this.#box = { kind: "people", scroll: 0 };
    else this.#toasts.say("? shows what the keys do");
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
    const facts = this.#history?.at(player.index, player.positionMs) ?? NO_FACTS;
    return {
      footer: [
        replayRow(this.#deps.terminal.size.cols, this.#replayFacts(log, player, facts), glyphs),
      ],
      overlay: this.#overlay(facts),
      pointers: [...cursorMarks(facts), ...pointerMarks(facts, player.positionMs)],
      title: `${title} (replay)`,
      refreshMs: player.mode === "playing" || this.#toasts.leftMs !== undefined
        ? REFRESH_MS
        : undefined,
    };
  }

  #replayFacts(log: EventLog, player: PlayerState, facts: SessionFacts): ReplayFacts {
    const { frame, cropped } = this.#display;
    const from = startMs(player, log);
    const stretches = this.#history?.stretches(from) ?? [];
    return {
      player,
      ended: hasEnded(player, log),
      startMs: from,
      durationMs: log.durationMs,
      markers: this.#markersOf(log),
      drives: this.#drivenOf(stretches).drives,
      // Of a recording in which nobody else drove there is nothing to tell.
      drove: stretches.length < 2 ? undefined : {
        text: droveText({ ...facts, driver: driver(facts) }),
        cols: this.#drivenOf(stretches).cols,
      },
      toast: this.#toasts.text,
      cropped: cropped && frame !== undefined ? { cols: frame.cols, rows: frame.rows } : undefined,
    };
  }

  #overlay(facts: SessionFacts): Overlay | undefined {
    const { cols, rows } = this.#deps.terminal.size;
    const area = { cols, rows: rows - 1 };
    const box = this.#box;
    switch (box.kind) {
      case "none":
        return undefined;
      case "help":
        return boxOverlay(helpBox("Keys", REPLAY_HELP), area, this.#display.glyphs);
      case "people":
        return boxOverlay(
          peopleBox(facts, { past: true, scroll: box.scroll }),
          area,
          this.#display.glyphs,
        );
      default:
        return box satisfies never;
    }
  }

  #drivenOf(stretches: readonly Stretch[]): Driven {
    if (this.#driven.stretches !== stretches) {
      const cols = stretches.reduce((most, one) => Math.max(most, columns(droveText(one))), 0);
      this.#driven = { stretches, drives: timelineDrives(stretches), cols };
    }
    return this.#driven;
  }

  #markersOf(log: EventLog): readonly Marker[] {
    if (this.#markers.length !== log.length) {
      const list = log.markers().map((marker) => ({ ...marker, label: legible(marker.label) }));
      this.#markers = { length: log.length, list };
    }
    return this.#markers.list;
  }
}
