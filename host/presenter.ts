/**
 * The presenter's terminal: the session as it is, a status line, and the controls.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import type { Row } from "../format/row.ts";
import { type Glyphs, glyphsFor, statusRow } from "../viewer/chrome.ts";
import { Composer } from "../viewer/compose.ts";
import { formatSpan } from "../viewer/duration.ts";
import { type InputEvent, KeyParser } from "../viewer/keys.ts";
import { Painter } from "../viewer/painter.ts";
import { COLOR_QUERY, type Reply } from "../viewer/replies.ts";
import type { LocalTerminal } from "../viewer/terminal.ts";
import type { Clock } from "./clock.ts";
import { type ControlsEffect, FIRST_CONTROLS, refresh, step } from "./controls.ts";
import { describe } from "./headless.ts";
import type { HostEvent } from "./events.ts";
import type { Stage } from "./host.ts";
import type { Live } from "./live.ts";
import { placeMouse } from "./mouse.ts";
import type { Size } from "./options.ts";
import { linkRows, overLastRows, panelOverlay, statusLine } from "./presenter_view.ts";
import { type Colors, DEFAULT_COLORS } from "./queries.ts";
import { quoteCommand } from "./shell_words.ts";

/** What a presenter's terminal is made of. */
export interface PresenterOptions {
  /** The terminal's size now; {@link openTerminal} is called later. */
  readonly terminalSize: Size;
  openTerminal(): LocalTerminal;
  /** What one types to run this program. */
  readonly program: string;
  /** Prints on the normal screen, before the terminal is taken over and after it was given back. */
  print(line: string): void;
  readonly clock: Clock;
  /** The session's size; without it that of the terminal. */
  readonly size?: Size | undefined;
  readonly title?: string | undefined;
  readonly menuKey: string;
  /** Where the session is recorded. */
  readonly record?: string | undefined;
}

/** How long the terminal may take to tell its colours; a program that asks meanwhile waits as long. */
const COLORS_MS = 300;
/** How long something that happened stands in the status line. */
const TOAST_MS = 4_000;
const STATUS_ROWS = 1;
/** Asks for the 16 named colours. */
const PALETTE_QUERY = Array.from({ length: 16 }, (_, i) => `\x1b]4;${i};?\x1b\\`).join("");

/** Something that has just happened, told for a while. */
interface Toast {
  readonly text: string;
  readonly bad: boolean;
}

/** Shows a session to who presents it, and takes what they type. */
export class PresenterStage implements Stage {
  readonly size: Size;
  readonly #options: PresenterOptions;
  readonly #clock: Clock;
  readonly #parser = new KeyParser();
  #terminal: LocalTerminal | undefined;
  #painter: Painter | undefined;
  #composer = new Composer();
  #glyphs: Glyphs = glyphsFor({ unicode: true });
  #live: Live | undefined;
  #hangUp: () => void = () => {};
  #url = "";
  #controls = FIRST_CONTROLS;
  #frame: Frame | undefined;
  /** The status row that was drawn last, and what it says. */
  #footer:
    | { readonly key: string; readonly toast: Toast | undefined; readonly row: Row }
    | undefined;
  #link: { readonly cols: number; readonly notice: boolean; readonly rows: Row[] } | undefined;
  #recordingFailed = false;
  #toast: Toast | undefined;
  #exit: Extract<HostEvent, { event: "exit" }> | undefined;
  #colors: { foreground?: Colors["foreground"]; background?: Colors["background"] } = {};
  readonly #palette = new Map<number, Colors["foreground"]>();
  #colorsKnown = false;
  #cancelToast: () => void = () => {};
  #cancelTick: () => void = () => {};
  #cancelFlush: () => void = () => {};
  #cancelColors: () => void = () => {};

  constructor(options: PresenterOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.size = options.size ?? sessionSize(options.terminalSize);
  }

  announce(url: string): void {
    this.#url = url;
    this.#options.print(
      `Sharing this terminal. Others can watch with:\n\n  ${this.#options.program} watch '${url}'\n`,
    );
    const terminal = this.#terminal = this.#options.openTerminal();
    this.#glyphs = glyphsFor(terminal.capabilities);
    this.#composer = new Composer(this.#glyphs);
    this.#painter = new Painter(terminal, { sharesModes: true, links: "all" });
    this.#render();
  }

  begin(live: Live, hangUp: () => void): void {
    this.#live = live;
    this.#hangUp = hangUp;
    this.#askColors();
    this.#terminal?.listen({
      input: (bytes) => this.#input(bytes),
      resize: (size) => this.#resize(size),
      stale: () => this.#painter?.repaint(),
      gone: hangUp,
      signal: () => {
        hangUp();
        return true;
      },
    });
    live.session.present({
      frame: (frame) => {
        this.#frame = frame;
        this.#render();
      },
    });
    const { size } = this.#terminal ?? {};
    if (size !== undefined) this.#resize(size);
    this.#tick();
  }

  report(event: HostEvent): void {
    switch (event.event) {
      case "ready":
      case "resize":
        return;
      case "exit":
        this.#exit = event;
        return;
      case "recording-error":
        this.#recordingFailed = true;
        return this.#say(event.message, true);
      case "marker":
        return this.#say(event.label === "" ? "Marker set" : `Marker set: ${event.label}`);
      case "pause":
        return this.#say("Viewers see a notice, and nothing of the screen");
      case "join":
      case "leave":
      case "refused":
      case "resume":
        return this.#say(describe(event) ?? "");
      default:
        return event satisfies never;
    }
  }

  async end(): Promise<void> {
    this.#cancelTick();
    this.#cancelToast();
    this.#cancelFlush();
    this.#cancelColors();
    if (this.#terminal === undefined) return;
    await this.#terminal.close();
    if (this.#exit !== undefined) this.#options.print(this.#farewell());
  }

  /** One line: how long it was, and where the recording is. */
  #farewell(): string {
    const { record } = this.#options;
    const shared = `Shared for ${formatSpan(this.#live?.session.nowMs ?? 0)}.`;
    if (record === undefined) return shared;
    const how = this.#recordingFailed ? "The recording ended early" : "Recorded";
    return `${shared} ${how}: ${this.#options.program} replay ${quoteCommand([record])}`;
  }

  #input(bytes: Uint8Array): void {
    this.#take(this.#parser.feed(bytes));
    this.#cancelFlush();
    const { holdMs } = this.#parser;
    if (holdMs === undefined) return;
    // What goes to the program as it is does not wait to be understood.
    if (this.#passesRaw()) this.#take(this.#parser.flush());
    else {
      this.#cancelFlush = this.#clock.after(holdMs, () => this.#take(this.#parser.flush()));
    }
  }

  #passesRaw(): boolean {
    const { kind } = this.#controls.panel;
    return (kind === "none" || kind === "notice") && this.#colorsKnown &&
      (this.#frame?.modes.mouse ?? "none") === "none";
  }

  #take(events: readonly InputEvent[]): void {
    const before = this.#controls;
    const typed: Uint8Array[] = [];
    for (const event of events) {
      if (event.kind === "reply") this.#learn(event.reply);
      const placed = event.kind === "mouse" ? this.#place(event.raw) : event.raw;
      if (placed === undefined) continue;
      const { state, effects } = step(this.#controls, { ...event, raw: placed }, this.#facts());
      this.#controls = state;
      for (const effect of effects) {
        if (effect.kind === "type") typed.push(effect.bytes);
        else this.#run(effect);
      }
    }
    if (typed.length > 0) void this.#live?.session.type(join(typed));
    if (this.#controls !== before) this.#render();
  }

  #place(raw: Uint8Array): Uint8Array | undefined {
    const { viewport } = this.#composer;
    const encoding = this.#frame?.modes.mouseEncoding ?? "bytes";
    return viewport && placeMouse(raw, encoding, viewport);
  }

  #run(effect: Exclude<ControlsEffect, { kind: "type" }>): void {
    switch (effect.kind) {
      case "copy":
        this.#painter?.send(`\x1b]52;c;${btoa(this.#url)}\x07`);
        return this.#say("The link is on the clipboard, if the terminal allows it");
      case "pause":
        return this.#live?.pause();
      case "resume":
        return this.#live?.resume();
      case "mark":
        return this.#live?.mark(effect.label);
      case "stop":
        return this.#hangUp();
      default:
        return effect satisfies never;
    }
  }

  #resize(size: Size): void {
    if (this.#options.size === undefined) {
      const { cols, rows } = sessionSize(size);
      this.#live?.resize(cols, rows);
    }
    this.#render();
  }

  #askColors(): void {
    const rich = this.#terminal?.capabilities.colors === "rgb";
    this.#painter?.send((rich ? PALETTE_QUERY : "") + COLOR_QUERY);
    this.#cancelColors = this.#clock.after(COLORS_MS, () => this.#settleColors());
  }

  #learn(reply: Reply): void {
    switch (reply.type) {
      case "color":
        if (reply.which !== "cursor") this.#colors[reply.which] = reply.rgb;
        return;
      case "palette":
        this.#palette.set(reply.index, reply.rgb);
        return;
      case "attributes":
        // Every terminal answers this one, and it was asked last.
        return this.#settleColors();
      case "other":
        return;
      default:
        return reply satisfies never;
    }
  }

  #settleColors(): void {
    if (this.#colorsKnown) return;
    this.#colorsKnown = true;
    this.#cancelColors();
    const foreground = this.#colors.foreground ?? DEFAULT_COLORS.foreground;
    const background = this.#colors.background ?? DEFAULT_COLORS.background;
    this.#live?.session.answers.settle({
      foreground,
      background,
      cursor: foreground,
      palette: this.#palette,
    });
  }

  /** Shows something that has just happened, for a while. */
  #say(text: string, bad = false): void {
    this.#toast = { text, bad };
    this.#cancelToast();
    this.#cancelToast = this.#clock.after(TOAST_MS, () => {
      this.#toast = undefined;
      this.#render();
    });
    this.#render();
  }

  /** Once a second, when the clock shows another time. */
  #tick(): void {
    const nowMs = this.#live?.session.nowMs ?? 0;
    this.#cancelTick = this.#clock.after(1_000 - nowMs % 1_000 + 1, () => this.#tick());
    this.#render();
  }

  #facts(): { readonly menuKey: string; readonly paused: boolean; readonly watching: number } {
    return {
      menuKey: this.#options.menuKey,
      paused: this.#live?.session.paused ?? false,
      watching: this.#live?.participants.watching ?? 0,
    };
  }

  #render(): void {
    const size = this.#terminal?.size;
    if (size === undefined || this.#painter === undefined) return;
    this.#controls = refresh(this.#controls, this.#facts());
    const { panel } = this.#controls;
    const area = { cols: size.cols, rows: Math.max(1, size.rows - STATUS_ROWS) };
    const composed = this.#composer.compose({
      size,
      frame: this.#frame,
      footer: [this.#statusRow(size.cols)],
      overlay: panelOverlay(
        panel,
        {
          participants: this.#live?.participants.list ?? [],
          nowMs: this.#live?.session.nowMs ?? 0,
          menuKey: this.#options.menuKey,
        },
        area,
        this.#glyphs,
      ),
    });
    const notice = panel.kind === "notice";
    if (!notice && panel.kind !== "link") return this.#painter.paint(composed);
    const below = size.rows > STATUS_ROWS ? STATUS_ROWS : 0;
    const lines = overLastRows(composed.lines, this.#linkRows(size.cols, notice), below);
    this.#painter.paint({ ...composed, lines });
  }

  #linkRows(cols: number, notice: boolean): Row[] {
    if (this.#link?.cols !== cols || this.#link.notice !== notice) {
      this.#link = { cols, notice, rows: linkRows(this.#url, cols, { notice }) };
    }
    return this.#link.rows;
  }

  /** The status line; the same row while it says the same. */
  #statusRow(cols: number): Row {
    const facts = this.#facts();
    const elapsedMs = this.#live?.session.nowMs ?? 0;
    const { record, title } = this.#options;
    const recording = record === undefined ? "off" : this.#recordingFailed ? "failed" : "on";
    const key = `${cols} ${
      Math.floor(elapsedMs / 1_000)
    } ${facts.paused} ${facts.watching} ${recording}`;
    const toast = this.#toast;
    if (this.#footer?.key !== key || this.#footer.toast !== toast) {
      const line = statusLine({ title, ...facts, recording, elapsedMs, toast }, this.#glyphs);
      this.#footer = { key, toast, row: statusRow(cols, line, this.#glyphs) };
    }
    return this.#footer.row;
  }
}

/** The size of a session on a terminal of a size: one row less, where there is more than one. */
export function sessionSize({ cols, rows }: Size): Size {
  return { cols: Math.max(2, cols), rows: Math.max(1, rows - (rows > 1 ? STATUS_ROWS : 0)) };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
