/**
 * The page of a recording that plays.
 *
 * @module
 */
import type { EventLog } from "../../../record/event_log.ts";
import { systemClock } from "../../clock.ts";
import { legible } from "../../legible.ts";
import type { ViewInput } from "../../playback_keys.ts";
import type { PlayerInput } from "../../player.ts";
import { NO_PULSE } from "../../pulse.ts";
import type { ReplayInfo } from "../../replay_info.ts";
import { h } from "../dom.ts";
import { Header } from "../header.ts";
import { InputSource } from "../input/input_source.ts";
import { type MenuItem, openMenu } from "../menu.ts";
import { PeoplePanel } from "../people_panel.ts";
import { PointersLayer } from "../pointers_layer.ts";
import { Shell } from "../shell.ts";
import { Controls } from "./controls.ts";
import { RecordingFind } from "./find_bar.ts";
import { showKeys } from "./help.ts";
import { type PageAction, replayKey, sliderKey } from "./keys.ts";
import { Playback } from "./playback.ts";
import { replayHeader, saidOf } from "./said.ts";
import { TimelineBar } from "./timeline_bar.ts";

/** One step of larger or smaller. */
const ZOOM = 1.15;
/** Keys that do the same here as in a live session. */
const SHARED_KEYS = /^(?:Ctrl-F|\?|\+|-)$/;

/** Shows a recording and plays it. */
export class ReplayView {
  readonly #log: EventLog;
  readonly #info: ReplayInfo;
  readonly #shell: Shell;
  readonly #playback: Playback;
  readonly #pointers: PointersLayer;
  readonly #header: Header;
  readonly #people: PeoplePanel;
  readonly #timeline: TimelineBar;
  readonly #controls: Controls;
  readonly #find: RecordingFind;
  /** What is said to who does not see it, when somebody did something. */
  readonly #said = h("div", { class: "unseen", role: "status" });
  #drawing = false;
  /** Whether it played when the timeline was taken hold of. */
  #heldPlaying = false;
  #followsCursor = true;

  constructor(log: EventLog, info: ReplayInfo) {
    this.#log = log;
    this.#info = info;
    const shell = this.#shell = new Shell({
      label: "The recorded screen",
      onShortcut: () => {},
      onFind: () => this.#find.open(),
      onKeys: showKeys,
    });
    this.#header = this.#makeHeader();
    this.#people = new PeoplePanel({
      act: () => {},
      onKick: () => {},
      madeLinks: () => [],
      onMadeLink: () => {},
      onClose: () => this.#togglePeople(),
    });
    this.#timeline = new TimelineBar({
      onSeek: (toMs) => this.#playback.input({ kind: "seek", toMs }),
      onHold: (held) => this.#hold(held),
    });
    this.#controls = new Controls({
      onToggle: () => this.#do({ kind: "toggle" }),
      onMarker: (by) => this.#do({ kind: "marker", by }),
      onSpeed: (speed) => this.#speed(speed),
    });
    this.#pointers = new PointersLayer(shell.stage);
    this.#playback = new Playback(log, {
      clock: systemClock,
      speed: info.speed,
      idleLimitMs: info.idleLimitMs,
      atMs: info.atMs,
      onChange: () => this.#changed(),
    });
    this.#find = this.#makeFind();
    this.#timeline.facts = this.#playback;
    this.#layOut();
    this.#listen();
    for (const text of info.warnings) shell.toasts.tell({ text, tone: "warn" });
    this.#draw();
    shell.ready();
  }

  #makeHeader(): Header {
    const header = new Header({
      onControl: () => {},
      onPeople: () => this.#togglePeople(),
      onMenu: (anchor) => openMenu(anchor, "Menu", this.#menu()),
    });
    header.peopleButton.hidden = this.#log.peopleIndexes.length === 0;
    return header;
  }

  #makeFind(): RecordingFind {
    return new RecordingFind({
      log: this.#log,
      stage: this.#shell.stage,
      clock: systemClock,
      index: () => this.#playback.player.index,
      onGo: ({ atMs }) => {
        this.#playback.input({ kind: "pause" });
        this.#do({ kind: "seek", toMs: atMs });
      },
      onHits: (hits) => this.#timeline.finds = hits.map(({ atMs }) => atMs),
      onClose: () => this.#timeline.element.focus(),
    });
  }

  #layOut(): void {
    const { top, side, bottom, stage } = this.#shell;
    top.append(this.#header.element);
    side.append(this.#people.element);
    bottom.append(
      h(
        "div",
        { class: "replay-footer" },
        this.#timeline.element,
        this.#controls.element,
        this.#said,
      ),
    );
    stage.element.parentElement?.append(this.#find.element);
  }

  #listen(): void {
    const { stage } = this.#shell;
    // Before the page's own keys, most of which are others here.
    document.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    document.addEventListener("visibilitychange", () => this.#changed());
    for (const type of ["wheel", "touchmove"] as const) {
      stage.element.addEventListener(type, () => this.#followsCursor = false, { passive: true });
    }
    // Nothing is typed here, but two fingers zoom.
    new InputSource({
      stage,
      onInput: () => {},
      onLeave: () => {},
      copySelection: () => false,
      onZoom: (factor, x, y) => this.#shell.zoom(factor, x, y),
      say: () => {},
    });
  }

  #key(event: KeyboardEvent): void {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof Element)) return;
    const { textarea } = this.#shell.stage;
    if (target !== textarea && target.closest("input, textarea, dialog, .menu") !== null) return;
    // A button is pressed by these itself.
    if (/^(?:Enter| )$/.test(event.key) && target.closest("button") !== null) return;
    const onSlider = target === this.#timeline.element;
    const found = (onSlider ? sliderKey(event) : undefined) ?? replayKey(event);
    if (found === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (found.kind === "page") this.#page(found.action);
    else this.#view(found.input);
  }

  #page(action: PageAction): void {
    switch (action) {
      case "find":
        return this.#find.open();
      case "help":
        return showKeys();
      case "people":
        return this.#togglePeople();
      case "larger":
        return this.#shell.zoom(ZOOM);
      case "smaller":
        return this.#shell.zoom(1 / ZOOM);
      case "fit":
        this.#shell.stage.scale = { kind: "fit" };
        return;
      default:
        return action satisfies never;
    }
  }

  #view(input: ViewInput): void {
    switch (input.kind) {
      case "player":
        return this.#do(input.input);
      case "tenth":
        this.#playback.toTenth(input.tenth);
        return this.#say("seek");
      case "handoff":
        this.#playback.toHandoff(input.by);
        return this.#say("seek");
      case "pan": {
        const { cell, element } = this.#shell.stage;
        this.#followsCursor = false;
        element.scrollBy(input.cols * cell.width, input.rows * cell.height);
        return;
      }
      case "follow-cursor":
        this.#followsCursor = true;
        return this.#changed();
      default:
        return input satisfies never;
    }
  }

  #togglePeople(): void {
    const { peopleButton } = this.#header;
    if (peopleButton.hidden) return;
    const open = !this.#people.isOpen;
    this.#people.isOpen = open;
    peopleButton.setAttribute("aria-expanded", String(open));
    if (!open) peopleButton.focus();
  }

  /** Does something to the player that somebody asked for. */
  #do(input: PlayerInput): void {
    this.#playback.input(input);
    this.#say(input.kind);
  }

  #say(kind: PlayerInput["kind"]): void {
    this.#said.textContent = saidOf(kind, this.#playback);
  }

  /** Step by step, as keys do. */
  #speed(wanted: number): void {
    const { player } = this.#playback;
    const by = wanted > player.speed ? 1 : -1;
    const isThere = (speed: number): boolean => by > 0 ? speed >= wanted : speed <= wanted;
    let last: number | undefined;
    while (last !== this.#playback.player.speed && !isThere(this.#playback.player.speed)) {
      last = this.#playback.player.speed;
      this.#playback.input({ kind: "speed", by });
    }
    this.#say("speed");
  }

  /** While the timeline is held the recording stands still. */
  #hold(held: boolean): void {
    if (held) this.#heldPlaying = this.#playback.player.mode === "playing";
    if (this.#heldPlaying) this.#playback.input({ kind: held ? "pause" : "play" });
    if (!held) this.#say("seek");
  }

  #menu(): MenuItem[] {
    return this.#shell.viewItems().map((item) => {
      if (item.kind !== "item" || item.note === undefined || SHARED_KEYS.test(item.note)) {
        return item;
      }
      const { note: _, ...rest } = item;
      return rest;
    });
  }

  /** Draws when the browser does, once for all that happens until then. */
  #changed(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { frame, player, facts, ended, durationMs, markers } = this.#playback;
    const header = replayHeader(this.#playback, this.#info.name);
    this.#shell.stage.show(frame);
    this.#pointers.update(facts, player.positionMs, undefined);
    this.#header.update(header, []);
    this.#people.update({
      facts,
      status: undefined,
      header: this.#log.header,
      you: undefined,
      pulse: NO_PULSE,
      fault: undefined,
      windowTitle: legible(frame.title),
    });
    this.#timeline.update(player.positionMs);
    this.#controls.update({
      playing: player.mode === "playing",
      ended,
      positionMs: player.positionMs,
      durationMs,
      speed: player.speed,
      marker: markers.findLast(({ index }) => index < player.index)?.label ?? "",
      marked: markers.length > 0,
    });
    this.#find.draw();
    this.#revealCursor();
    const title = `${header.title} (recording)`;
    if (document.title !== title) document.title = title;
  }

  /** Scrolls a screen that is larger than its space to where something happens. */
  #revealCursor(): void {
    const { element, frame } = this.#shell.stage;
    if (!this.#followsCursor || frame === undefined) return;
    const { clientWidth, clientHeight, scrollLeft, scrollTop } = element;
    const { left, top, width, height } = this.#shell.stage.boxOf(frame.cursor);
    const x = nearest(scrollLeft, { from: left, to: left + width, length: clientWidth });
    const y = nearest(scrollTop, { from: top, to: top + height, length: clientHeight });
    if (x !== scrollLeft || y !== scrollTop) element.scrollTo(x, y);
  }
}

/** The scroll position nearest to `now` that shows what is between two places. */
function nearest(
  now: number,
  { from, to, length }: { readonly from: number; readonly to: number; readonly length: number },
): number {
  return Math.max(0, Math.min(from, Math.max(now, to - length)));
}
