/**
 * The buttons under a recording.
 *
 * @module
 */
import { h, icon, setText } from "../dom.ts";
import { type MenuItem, openMenu } from "../menu.ts";
import { formatClock } from "../../duration.ts";
import type { IconName } from "../icons.ts";

/** What the buttons do. */
export interface ControlsOptions {
  onToggle(): void;
  onMarker(by: 1 | -1): void;
  onSpeed(speed: number): void;
}

/** What the buttons show. */
export interface ControlsModel {
  readonly playing: boolean;
  readonly ended: boolean;
  readonly positionMs: number;
  readonly durationMs: number;
  readonly speed: number;
  /** The marker that was passed last. */
  readonly marker: string;
  /** Whether there are any. */
  readonly marked: boolean;
}

/** Speeds to choose from; keys know more of them. */
const SPEEDS = [0.5, 1, 1.5, 2, 3, 5, 10, 20] as const;

/** The row of buttons. */
export class Controls {
  readonly element: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  readonly #back: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  readonly #speed: HTMLButtonElement;
  readonly #at = h("span", { class: "at" });
  readonly #of = h("span", { class: "soft" });
  readonly #marker = h("span", { class: "marker-label soft" });
  #shown = "";
  #current = 1;

  constructor(options: ControlsOptions) {
    this.#toggle = h("button", {
      type: "button",
      class: "icon-button play",
      onclick: () => options.onToggle(),
    });
    this.#back = button("Marker before", "previous", () => options.onMarker(-1));
    this.#next = button("Next marker", "next", () => options.onMarker(1));
    this.#speed = h("button", {
      type: "button",
      class: "speed",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: () => openMenu(this.#speed, "Speed", this.#speeds(options)),
    });
    this.element = h(
      "div",
      { class: "replay-controls" },
      this.#back,
      this.#toggle,
      this.#next,
      h("span", { class: "clock" }, this.#at, " ", this.#of),
      this.#marker,
      this.#speed,
    );
  }

  /** Shows how things are. */
  update(model: ControlsModel): void {
    const { playing, ended, positionMs, durationMs, speed, marker, marked } = model;
    const name: IconName = playing ? "pause" : ended ? "again" : "play";
    if (name !== this.#shown) {
      this.#shown = name;
      const label = { pause: "Pause", again: "Play again", play: "Play" }[name];
      this.#toggle.replaceChildren(icon(name));
      this.#toggle.setAttribute("aria-label", label);
      this.#toggle.title = `${label} (space)`;
    }
    setText(this.#at, formatClock(positionMs));
    setText(this.#of, `/ ${formatClock(durationMs)}`);
    setText(this.#marker, marker);
    this.#back.hidden = this.#next.hidden = !marked;
    this.#current = speed;
    setText(this.#speed, `${speed}×`);
    this.#speed.setAttribute("aria-label", `Speed: ${speed} times`);
  }

  #speeds({ onSpeed }: ControlsOptions): MenuItem[] {
    return SPEEDS.map((speed) => ({
      kind: "item",
      label: speed === 1 ? "Normal" : `${speed}×`,
      checked: speed === this.#current,
      run: () => onSpeed(speed),
    }));
  }
}

function button(label: string, name: IconName, onclick: () => void): HTMLButtonElement {
  const made = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick },
    icon(name),
  );
  return made;
}
