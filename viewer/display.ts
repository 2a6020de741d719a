/**
 * What is on the local terminal while something is played: the screen at the player's place, and what is drawn around it.
 *
 * @module
 */
import { DEFAULT_CURSOR, DEFAULT_MODES, type Frame, type Modes } from "../format/frame.ts";
import type { Row } from "../format/row.ts";
import type { Clock } from "./clock.ts";
import { Composer, type Overlay, type Scene } from "./compose.ts";
import { type Glyphs, glyphsFor } from "./glyphs.ts";
import { Painter } from "./painter.ts";
import type { ViewInput } from "./playback_keys.ts";
import {
  type Place,
  type PlayerInput,
  type PlayerLog,
  type PlayerState,
  startMs,
  step,
} from "./player.ts";
import type { Cell } from "./point_sender.ts";
import type { PointerMark } from "./pointers.ts";
import type { Terminal } from "./terminal.ts";
import { isCropped, type Pan, panBy, type Viewport } from "./viewport.ts";

/** A screen that can be taken to any place of a log. */
export interface LogView {
  /** Goes to where all events before `index` were applied. */
  moveTo(index: number): void;
  frame(): Frame;
}

/** What is played: a log, the screen that shows it, and where to begin. */
export interface Playing {
  readonly log: PlayerLog;
  readonly view: LogView;
  readonly player: PlayerState;
  /** Where control changed hands, in order. */
  readonly handoffs?: () => readonly Place[];
}

/** What is drawn around the screen. */
export interface Decor {
  readonly footer: readonly Row[];
  readonly overlay?: Overlay | undefined;
  /** Where people point, on the session's screen. */
  readonly pointers?: readonly PointerMark[] | undefined;
  /** Where the cursor is on the session's screen, when not where its program has it. */
  readonly cursor?: Cell | undefined;
  /** The modes of the local terminal. Default {@link OWN_MODES}: what a session prints changes none. */
  readonly modes?: Modes | undefined;
  readonly title: string;
  /** What is drawn changes by itself after so long. */
  readonly refreshMs?: number | undefined;
}

/** What a {@link Display} needs. */
export interface DisplayOptions {
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Asked each time that something is drawn. */
  readonly decorate: (display: Display) => Decor;
  /** A frame that was drawn after {@link Display.draw} was called with this tag is on the terminal. */
  readonly onPainted?: (tag: number) => void;
}

/** Events nearer to each other than this are shown together. */
const PACE_MS = 8;

/** The modes of a terminal on which something is shown: what is pasted must not count as keys. */
export const OWN_MODES: Modes = { ...DEFAULT_MODES, bracketedPaste: true };

/** Plays on a terminal. Whatever changes it draws at once; the painter skips what the terminal is too slow for. */
export class Display implements Disposable {
  readonly glyphs: Glyphs;
  readonly #options: DisplayOptions;
  readonly #painter: Painter;
  readonly #composer: Composer;
  #playing: Playing | undefined;
  /** What the view shows; asking it costs as much as drawing. */
  #frame: Frame | undefined;
  #pan: Pan = { kind: "follow" };
  #cancelWake: () => void = () => {};
  #cancelRefresh: () => void = () => {};
  /** Bells that rang while it played; those that were jumped over did not. */
  #bells = 0;
  #bellsSeen = 0;
  readonly #tags = new WeakMap<Frame, number>();
  #tag = 0;

  constructor(options: DisplayOptions) {
    this.#options = options;
    this.glyphs = glyphsFor(options.terminal.capabilities);
    this.#composer = new Composer(this.glyphs);
    this.#painter = new Painter(options.terminal, {
      // Those of what is composed: never the session's own.
      sharesModes: true,
      onPainted: (frame) => options.onPainted?.(this.#tags.get(frame) ?? 0),
    });
  }

  /** Where the player is; `undefined` before there is anything to play. */
  get player(): PlayerState | undefined {
    return this.#playing?.player;
  }

  /** The log that is played. */
  get log(): PlayerLog | undefined {
    return this.#playing?.log;
  }

  /** The session's screen as it is shown. */
  get frame(): Frame | undefined {
    return this.#frame;
  }

  /** Where the session's screen is on the terminal. */
  get viewport(): Viewport | undefined {
    return this.#composer.viewport;
  }

  /** Whether the session's screen is larger than the space for it. */
  get cropped(): boolean {
    const { viewport } = this.#composer;
    const { frame } = this;
    return viewport !== undefined && frame !== undefined && isCropped(viewport, frame);
  }

  /** Whether the view follows the cursor rather than staying where it was put. */
  get followsCursor(): boolean {
    return this.#pan.kind === "follow";
  }

  /** Begins to play something. */
  play(playing: Playing): void {
    this.#playing = playing;
    this.#frame = playing.view.frame();
    this.#bellsSeen = this.#frame.bells;
    this.input({ kind: "tick" });
  }

  /** Does something to the player, and draws. See {@link Display.draw} for the tag. */
  input(input: PlayerInput, tag: number = this.#tag): void {
    const playing = this.#playing;
    if (playing === undefined) return;
    const { log, view } = playing;
    const { clock } = this.#options;
    const { state, effects } = step(playing.player, input, { log, nowMs: clock.now() });
    this.#playing = { ...playing, player: state };
    this.#cancelWake();
    for (const effect of effects) {
      if (effect.kind === "show") {
        view.moveTo(effect.index);
        this.#frame = view.frame();
        this.#countBells(this.#frame, input.kind === "tick" || input.kind === "grown");
      } else {
        const delayMs = Math.max(PACE_MS, effect.atMs - clock.now());
        this.#cancelWake = clock.after(delayMs, () => this.input({ kind: "tick" }));
      }
    }
    this.draw(tag);
  }

  /** Does what a key asks for. */
  viewInput(input: ViewInput): void {
    switch (input.kind) {
      case "player":
        return this.input(input.input);
      case "tenth":
        return this.#toTenth(input.tenth);
      case "pan":
        return this.#panBy(input.cols, input.rows);
      case "follow-cursor":
        this.#pan = { kind: "follow" };
        return this.draw();
      case "handoff":
        return this.input({
          kind: "place",
          by: input.by,
          places: this.#playing?.handoffs?.() ?? [],
        });
      default:
        return input satisfies never;
    }
  }

  /** Moves the view of a larger screen as far as it takes to see a cell of it; the next drawing shows it. */
  reveal({ x, y }: Cell): void {
    const { viewport } = this.#composer;
    const { frame } = this;
    if (viewport === undefined || frame === undefined) return;
    const beyond = (at: number, { from, length }: Viewport["x"]): number =>
      Math.min(0, at - from) + Math.max(0, at - from - length + 1);
    const cols = beyond(x, viewport.x), rows = beyond(y, viewport.y);
    if (cols !== 0 || rows !== 0) this.#pan = panBy(viewport, frame, cols, rows);
  }

  /** Rings the local terminal's bell with the next drawing. */
  ring(): void {
    this.#bells++;
  }

  /** Draws what there is to be seen now. `tag` comes back when it, or something newer, is on the terminal. */
  draw(tag: number = this.#tag): void {
    this.#tag = tag;
    const { terminal, decorate } = this.#options;
    const frame = this.frame;
    const { footer, overlay, pointers, cursor, modes, title, refreshMs } = decorate(this);
    this.#refreshAfter(refreshMs);
    const scene: Scene = {
      size: terminal.size,
      frame: cursor === undefined || frame === undefined
        ? frame
        : { ...frame, cursor: { ...DEFAULT_CURSOR, x: cursor.x, y: cursor.y } },
      footer,
      overlay,
      pointers,
      modes: modes ?? OWN_MODES,
      pan: this.#pan,
      title,
      bells: this.#bells,
    };
    const composed = this.#composer.compose(scene);
    this.#tags.set(composed, tag);
    this.#painter.paint(composed);
  }

  /** Paints everything anew: what is on the terminal is not known. */
  repaint(): void {
    this.draw();
    this.#painter.repaint();
  }

  /** Resolves when all is written. */
  idle(): Promise<void> {
    return this.#painter.idle();
  }

  [Symbol.dispose](): void {
    this.#cancelWake();
    this.#cancelRefresh();
  }

  #refreshAfter(ms: number | undefined): void {
    this.#cancelRefresh();
    this.#cancelRefresh = () => {};
    if (ms === undefined) return;
    this.#cancelRefresh = this.#options.clock.after(
      ms,
      () => this.#playing === undefined ? this.draw() : this.input({ kind: "tick" }),
    );
  }

  #countBells(frame: Frame, played: boolean): void {
    if (played && frame.bells > this.#bellsSeen) this.#bells++;
    this.#bellsSeen = frame.bells;
  }

  #toTenth(tenth: number): void {
    const playing = this.#playing;
    if (playing === undefined) return;
    const { player, log } = playing;
    const from = startMs(player, log);
    this.input({ kind: "seek", toMs: from + (log.durationMs - from) * tenth / 10 });
  }

  #panBy(cols: number, rows: number): void {
    const { viewport } = this.#composer;
    const { frame } = this;
    if (viewport === undefined || frame === undefined) return;
    this.#pan = panBy(viewport, frame, cols, rows);
    this.draw();
  }
}
