/**
 * A recording that plays, without anything to be seen of it.
 *
 * @module
 */
import type { Frame } from "../../../format/frame.ts";
import { LogScreen } from "../../../record/checkpoints.ts";
import type { EventLog, Marker } from "../../../record/event_log.ts";
import type { Clock } from "../../clock.ts";
import { legible } from "../../legible.ts";
import {
  hasEnded,
  newPlayer,
  type PlayerInput,
  type PlayerState,
  startMs,
  step,
} from "../../player.ts";
import type { SessionFacts } from "../../session_facts.ts";
import { SessionHistory, type Stretch } from "../../session_history.ts";

/** How a recording is played. */
export interface PlaybackOptions {
  readonly clock: Clock;
  readonly speed?: number | undefined;
  /** Default: what the recording asks for. */
  readonly idleLimitMs?: number | undefined;
  readonly atMs?: number | undefined;
  /** Something that is shown has changed, or the time has. */
  onChange(): void;
}

/** Events nearer to each other than this are shown together. */
const PACE_MS = 8;
/** How often the time is shown while it plays. */
const REFRESH_MS = 100;
/** Checkpoints are made ahead for so long, and as often. */
const PREPARE_MS = 6, PREPARE_PAUSE_MS = 10;

/** Plays a log: what is shown when, and what was known of the session then. */
export class Playback implements Disposable {
  readonly log: EventLog;
  /** The markers, with labels that are legible. */
  readonly markers: readonly Marker[];
  readonly #options: PlaybackOptions;
  readonly #view: LogScreen;
  readonly #history: SessionHistory;
  #player: PlayerState;
  #cancelWake: () => void = () => {};
  #cancelPrepare: () => void = () => {};

  constructor(log: EventLog, options: PlaybackOptions) {
    this.log = log;
    this.#options = options;
    this.#view = new LogScreen(log);
    this.#history = new SessionHistory(log);
    this.markers = log.markers().map((marker) => ({ ...marker, label: legible(marker.label) }));
    this.#player = newPlayer(options.clock.now(), {
      ...(options.speed !== undefined && { speed: options.speed }),
      idleLimitMs: options.idleLimitMs ?? log.header.idleTimeLimitMs,
    });
    this.input({ kind: "seek", toMs: options.atMs ?? 0 });
    this.#prepare();
  }

  /** Where it is. */
  get player(): PlayerState {
    return this.#player;
  }

  /** What is shown there. */
  get frame(): Frame {
    return this.#view.frame();
  }

  /** Who was there and who drove, and where people pointed. */
  get facts(): SessionFacts {
    return this.#history.at(this.#player.index, this.#player.positionMs);
  }

  /** Who drove when. */
  get stretches(): readonly Stretch[] {
    return this.#history.stretches(this.startMs);
  }

  /** Where the timeline begins, in the session's time. */
  get startMs(): number {
    return startMs(this.#player, this.log);
  }

  get durationMs(): number {
    return this.log.durationMs;
  }

  /** Whether all of it is shown. */
  get ended(): boolean {
    return hasEnded(this.#player, this.log);
  }

  /** What the recorded command ended with; `undefined` where that was not recorded. */
  get exitStatus(): number | undefined {
    const { length, firstIndex } = this.log;
    const last = length > firstIndex ? this.log.eventAt(length - 1) : undefined;
    return last?.kind === "exit" ? last.status : undefined;
  }

  /** Does something to the player. */
  input(input: PlayerInput): void {
    const { clock, onChange } = this.#options;
    this.#cancelWake();
    const { state, effects } = step(this.#player, input, { log: this.log, nowMs: clock.now() });
    this.#player = state;
    let wakeMs = state.mode === "playing" ? REFRESH_MS : Infinity;
    for (const effect of effects) {
      if (effect.kind === "show") this.#view.moveTo(effect.index);
      else wakeMs = Math.min(wakeMs, Math.max(PACE_MS, effect.atMs - clock.now()));
    }
    if (wakeMs < Infinity) {
      this.#cancelWake = clock.after(wakeMs, () => this.input({ kind: "tick" }));
    }
    onChange();
  }

  /** To a tenth of the timeline. */
  toTenth(tenth: number): void {
    this.input({
      kind: "seek",
      toMs: this.startMs + (this.durationMs - this.startMs) * tenth / 10,
    });
  }

  /** To where control changed hands next, or before. */
  toHandoff(by: 1 | -1): void {
    this.input({ kind: "place", by, places: this.#history.handoffs });
  }

  [Symbol.dispose](): void {
    this.#cancelWake();
    this.#cancelPrepare();
    this.#view[Symbol.dispose]();
  }

  /** Makes checkpoints in the pauses, so that every place can be gone to at once. */
  #prepare(): void {
    const { clock } = this.#options;
    const stopMs = clock.now() + PREPARE_MS;
    if (this.#view.prepare(() => clock.now() >= stopMs) >= 1) return;
    this.#cancelPrepare = clock.after(PREPARE_PAUSE_MS, () => this.#prepare());
  }
}
