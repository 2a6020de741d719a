/**
 * The presenter's terminal: the session as it is, a status line, and the controls.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import type { Row } from "../format/row.ts";
import { PRESENTER_ID } from "../format/session_data.ts";
import { Tint } from "./tint.ts";
import { type Glyphs, glyphsFor } from "../viewer/chrome.ts";
import { Composer } from "../viewer/compose.ts";
import { type InputEvent, KeyParser } from "../viewer/keys.ts";
import { Painter } from "../viewer/painter.ts";
import type { LocalTerminal } from "../viewer/terminal.ts";
import type { HostAction } from "../wire/actions.ts";
import { concat } from "../wire/bytes.ts";
import { noticeText } from "../wire/notices.ts";
import type { Clock } from "./clock.ts";
import {
  agentJoined,
  type ControlsEffect,
  FIRST_CONTROLS,
  refresh,
  showAgent,
  showLink,
  showSaid,
  step,
} from "./controls.ts";
import { tmuxText } from "./event_texts.ts";
import type { HostEvent } from "./events.ts";
import type { Stage } from "./host.ts";
import type { IssuedLink } from "./links.ts";
import { overLastRows } from "./link_rows.ts";
import type { Live } from "./live.ts";
import { placeMouse } from "./mouse.ts";
import type { Size } from "./options.ts";
import { Attention } from "./presenter_attention.ts";
import { PresenterClipboard } from "./presenter_clipboard.ts";
import { ColorQuestion } from "./presenter_colors.ts";
import { type ControlsFacts, factsOf, promptKey } from "./presenter_facts.ts";
import { wideRows } from "./presenter_links.ts";
import { farewell, type PresenterOptions, sessionSize, STATUS_ROWS } from "./presenter_options.ts";
import { panelOverlay } from "./presenter_panels.ts";
import { PresenterPointers } from "./presenter_pointers.ts";
import { blockedText, ToastLine, toastOf } from "./presenter_toasts.ts";
import { StatusRow } from "./presenter_view.ts";
import { TakeKey } from "./take_key.ts";

/** Shows a session to who presents it, and takes what they type. */
export class PresenterStage implements Stage {
  readonly size: Size;
  readonly #options: PresenterOptions;
  readonly #clock: Clock;
  readonly #parser = new KeyParser();
  readonly #attention: Attention;
  readonly #colors: ColorQuestion;
  readonly #pointers = new PresenterPointers(() => this.#render());
  #terminal: LocalTerminal | undefined;
  #painter: Painter | undefined;
  #composer = new Composer();
  #glyphs: Glyphs = glyphsFor({ unicode: true });
  #status = new StatusRow(this.#glyphs);
  #live: Live | undefined;
  #url = "";
  #controls = FIRST_CONTROLS;
  #frame: Frame | undefined;
  readonly #tint = new Tint((row) => this.#live?.masks(row) ?? []);
  #recordingFailed = false;
  readonly #toast: ToastLine;
  readonly #clipboard: PresenterClipboard;
  readonly #takeKey = new TakeKey();
  #gone = false;
  /** How things are with a tmux session that was shared. */
  #left = "";
  #exit: Extract<HostEvent, { event: "exit" }> | undefined;
  #cancelTick: () => void = () => {};
  #cancelFlush: () => void = () => {};

  constructor(options: PresenterOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.size = options.size ?? sessionSize(options.terminalSize);
    this.#attention = new Attention(options.clock, () => this.#render());
    this.#toast = new ToastLine(options.clock, () => this.#render());
    this.#clipboard = new PresenterClipboard({
      launch: options.agentLaunch,
      send: (sequence) => this.#painter?.send(sequence),
      say: (toast) => this.#toast.say(toast),
    });
    this.#colors = new ColorQuestion((colors) => this.#live?.session.answers.settle(colors));
  }

  announce(url: string): void {
    this.#url = url;
    this.#options.print(
      `Sharing this terminal. Others can watch with:\n\n  ${this.#options.program} watch '${url}'\n`,
    );
    const terminal = this.#terminal = this.#options.openTerminal();
    this.#glyphs = glyphsFor(terminal.capabilities);
    this.#composer = new Composer(this.#glyphs);
    this.#status = new StatusRow(this.#glyphs);
    this.#painter = new Painter(terminal, { sharesModes: true, links: "all" });
    this.#render();
  }

  begin(live: Live, hangUp: () => void): void {
    this.#live = live;
    this.#colors.ask(this.#clock, {
      rich: this.#terminal?.capabilities.colors === "rgb",
      send: (query) => this.#painter?.send(query),
    });
    this.#terminal?.listen({
      input: (bytes) => this.#input(bytes),
      resize: (size) => this.#resize(size),
      stale: () => this.#painter?.repaint(),
      gone: () => this.#lost(),
      signal: (name) => {
        // A terminal that is closed says so with this signal, or by an end of its input.
        if (name === "SIGHUP") this.#lost();
        else hangUp();
        return true;
      },
    });
    live.session.present({
      frame: (frame) => {
        this.#frame = this.#tint.apply(frame);
        this.#render();
      },
    });
    live.session.add(this.#pointers);
    const { size } = this.#terminal ?? {};
    if (size !== undefined) this.#resize(size);
    this.#tick();
  }

  report(event: HostEvent): void {
    switch (event.event) {
      case "exit":
        this.#exit = event;
        return;
      case "tmux":
        this.#left = tmuxText(event);
        return;
      case "recording-error":
        this.#recordingFailed = true;
        break;
      case "request":
      case "paste-held":
        this.#attention.ring();
        break;
      case "control":
        this.#controlChanged(event);
        break;
      case "new-link":
        this.#url = event.url;
        break;
      case "agent":
        this.#controls = showAgent(this.#controls, event.client, event.url);
        break;
      case "join":
        if (event.type === "agent") this.#controls = agentJoined(this.#controls);
        break;
      default:
    }
    const toast = toastOf(event);
    if (toast !== undefined) this.#toast.say(toast);
    else this.#render();
  }

  #controlChanged({ mode, why, from = "", note }: Extract<HostEvent, { event: "control" }>): void {
    if (mode === "presenter") this.#takeKey.cameBack(this.#clock.now());
    if (why === "yielded" && note !== undefined) {
      this.#controls = showSaid(this.#controls, { from, text: note });
    }
  }

  async end(): Promise<void> {
    this.#cancelTick();
    this.#toast.end();
    this.#cancelFlush();
    this.#colors.cancel();
    this.#attention.end();
    if (this.#terminal === undefined) return;
    await this.#terminal.close();
    if (this.#exit === undefined || this.#gone) return;
    const { program, print, record } = this.#options;
    const lastedMs = this.#live?.session.nowMs ?? 0;
    const recording = { record, failed: this.#recordingFailed };
    print(farewell({ program, lastedMs, left: this.#left, ...recording }));
  }

  /** The terminal is gone: nothing is painted any more. Signals still end the session. */
  #lost(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#painter = undefined;
    this.#cancelTick();
    this.#options.alone(() => void this.#live?.act(PRESENTER_ID, { kind: "stop" }));
    // It may be there after all, as after a SIGHUP that somebody sent: it is given back.
    void this.#terminal?.close();
    this.#live?.presenterGone();
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
    if (kind !== "none" && kind !== "notice" && kind !== "said") return false;
    const { driver, prompt } = this.#facts();
    return driver.kind === "presenter" && prompt === undefined && this.#colors.known &&
      (this.#frame?.modes.mouse ?? "none") === "none";
  }

  #take(events: readonly InputEvent[]): void {
    const before = this.#controls;
    let facts = this.#facts();
    let acted = false;
    const typed: Uint8Array[] = [];
    for (const event of events) {
      if (event.kind === "reply") this.#colors.learn(event.reply);
      const placed = event.kind === "mouse" ? this.#place(event.raw) : event.raw;
      if (placed === undefined) continue;
      if (event.kind === "key" && event.name === facts.takeKey) {
        this.#takeKey.pressed(this.#clock.now());
      }
      const { state, effects } = step(this.#controls, { ...event, raw: placed }, facts);
      this.#controls = state;
      for (const effect of effects) {
        if (effect.kind === "type") {
          typed.push(effect.bytes);
          continue;
        }
        // What was typed before is typed before.
        this.#type(typed.splice(0));
        this.#run(effect);
        facts = this.#facts();
        acted = true;
      }
    }
    this.#type(typed);
    if (acted || this.#controls !== before) this.#render();
  }

  #place(raw: Uint8Array): Uint8Array | undefined {
    const { viewport } = this.#composer;
    const encoding = this.#frame?.modes.mouseEncoding ?? "bytes";
    return viewport && placeMouse(raw, encoding, viewport);
  }

  #type(parts: readonly Uint8Array[]): void {
    if (parts.length > 0 && this.#live?.type(concat(...parts)) === false) this.#sayBlocked();
  }

  #run(effect: Exclude<ControlsEffect, { kind: "type" }>): void {
    switch (effect.kind) {
      case "act":
        return void this.#act(effect.action);
      case "copy":
        return this.#clipboard.copy(effect.url, "The link");
      case "copy-agent":
        return this.#clipboard.copyAgent(effect);
      case "blocked":
        return this.#sayBlocked();
      case "cannot-type":
        return this.#toast.say({
          text: `The link of ${effect.name} allows no typing`,
          tone: "bad",
        });
      default:
        return effect satisfies never;
    }
  }

  /** What is done is done when this returns; what came of it may be known later. */
  async #act(action: HostAction): Promise<void> {
    const outcome = await this.#live?.act(PRESENTER_ID, action);
    switch (outcome?.kind) {
      case "refused":
        return this.#toast.say({ text: noticeText(outcome.code), tone: "bad" });
      case "link":
        this.#controls = showLink(this.#controls, outcome.link);
        return this.#linkMade(outcome.link);
      case "done":
      case undefined:
        return;
      default:
        return outcome satisfies never;
    }
  }

  #linkMade({ url }: IssuedLink): void {
    const { panel } = this.#controls;
    return panel.kind === "agent" && panel.url === url
      ? this.#clipboard.copyAgent({ client: panel.client, url })
      : this.#clipboard.copy(url, "The new link");
  }

  #resize(size: Size): void {
    if (this.#options.size === undefined) {
      const { cols, rows } = sessionSize(size);
      this.#live?.resize(cols, rows);
    }
    this.#render();
  }

  #sayBlocked(): void {
    const text = blockedText(this.#facts().driver, this.#options.takeKey);
    this.#toast.say({ text, tone: "bad" });
  }

  /** Once a second, when the clock shows another time. */
  #tick(): void {
    const nowMs = this.#live?.session.nowMs ?? 0;
    this.#cancelTick = this.#clock.after(1_000 - nowMs % 1_000 + 1, () => this.#tick());
    this.#render();
  }

  #facts(): ControlsFacts {
    const { menuKey, takeKey, agentClient = "json" } = this.#options;
    return factsOf(this.#live, {
      menuKey,
      takeKey,
      agentClient,
      cameBack: this.#takeKey.isIdle(this.#clock.now()),
      // What nobody can see is not asked.
      asks: (this.#terminal?.size.rows ?? 0) > STATUS_ROWS,
      armed: this.#attention.armed,
    });
  }

  #render(): void {
    const size = this.#terminal?.size;
    if (size === undefined || this.#painter === undefined) return;
    let facts = this.#facts();
    if (this.#attention.ask(promptKey(facts.prompt))) facts = this.#facts();
    this.#controls = refresh(this.#controls, facts);
    const { panel } = this.#controls;
    const below = size.rows > STATUS_ROWS ? STATUS_ROWS : 0;
    const area = { cols: size.cols, rows: size.rows - below };
    const nowMs = this.#live?.session.nowMs ?? 0;
    const composed = this.#composer.compose({
      size,
      frame: this.#frame,
      footer: [this.#statusRow(size.cols, facts)],
      overlay: panelOverlay(
        panel,
        { facts, nowMs, asking: this.#live?.control.requests ?? [] },
        area,
        this.#glyphs,
      ),
      pointers: this.#pointers.marks(nowMs),
      bells: (this.#frame?.bells ?? 0) + this.#attention.rings,
    });
    const over = wideRows(panel, {
      url: this.#url,
      links: panel.kind === "links" ? facts.links : [],
      nowMs: this.#options.now(),
      launch: this.#options.agentLaunch,
      cols: area.cols,
      room: area.rows,
    });
    if (over === undefined) return this.#painter.paint(composed);
    this.#painter.paint({ ...composed, lines: overLastRows(composed.lines, over, below) });
  }

  #statusRow(cols: number, facts: ControlsFacts): Row {
    const { record, title } = this.#options;
    const { menuKey, takeKey, paused, watching, driver, agent, takenFrom, panes, prompt } = facts;
    return this.#status.row(cols, {
      title,
      menuKey,
      takeKey,
      paused,
      watching,
      driver,
      agent,
      takenFrom,
      panes,
      prompt,
      asking: this.#live?.control.requests.length ?? 0,
      recording: record === undefined ? "off" : this.#recordingFailed ? "failed" : "on",
      redactions: this.#live?.masked ?? 0,
      elapsedMs: this.#live?.session.nowMs ?? 0,
      toast: this.#toast.told,
    });
  }
}
