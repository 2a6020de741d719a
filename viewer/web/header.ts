/**
 * The page's header: what the session is at, who drives, and what one can do about it.
 *
 * @module
 */
import type { ControlButton } from "./controls_model.ts";
import { timeText } from "./controls_model.ts";
import { h, icon, setChildrenOnce, setText } from "./dom.ts";
import type { HeaderModel } from "./header_model.ts";
import { openMenu } from "./menu.ts";
import { setPersonColor } from "./pointers_layer.ts";

/** What the header tells. */
export interface HeaderOptions {
  readonly onControl: (button: ControlButton, forMs: number | undefined) => void;
  readonly onPeople: () => void;
  readonly onMenu: (anchor: HTMLElement) => void;
}

/** The header. */
export class Header {
  readonly element: HTMLElement;
  /** Where the menu opens. */
  readonly menuButton: HTMLButtonElement;
  readonly peopleButton: HTMLButtonElement;
  readonly #options: HeaderOptions;
  readonly #state = h("span", { class: "state-text", role: "status" });
  readonly #dot = h("span", { class: "state", "data-tone": "calm" }, this.#state);
  readonly #detail = h("span", { class: "detail soft" });
  readonly #title = h("h1", {});
  readonly #driveText = h("span", {});
  readonly #driveBadge = h("span", { class: "drive-dot", "aria-hidden": "true" });
  readonly #drive = h("div", { class: "drive" }, this.#driveBadge, this.#driveText);
  readonly #controls = h("div", { class: "controls", role: "group", "aria-label": "Control" });
  readonly #watching = h("span", { class: "watching" });

  constructor(options: HeaderOptions) {
    this.#options = options;
    this.peopleButton = h(
      "button",
      {
        type: "button",
        class: "icon-button with-text",
        title: "Who is here",
        "aria-label": "Who is here",
        "aria-expanded": "false",
        "aria-controls": "people",
        onclick: () => options.onPeople(),
      },
      icon("people"),
      this.#watching,
    );
    this.menuButton = h("button", {
      type: "button",
      class: "icon-button",
      title: "Menu",
      "aria-label": "Menu",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: () => options.onMenu(this.menuButton),
    }, icon("more"));
    this.element = h(
      "header",
      { class: "header" },
      h("div", { class: "session" }, this.#dot, this.#title, this.#detail),
      this.#drive,
      this.#controls,
      h("div", { class: "tools" }, this.peopleButton, this.menuButton),
    );
  }

  /** Shows how things are. */
  update(model: HeaderModel, buttons: readonly ControlButton[]): void {
    const { state, detail, title, drive, driver, yours, urgent, watching } = model;
    setText(this.#state, state.text);
    this.#dot.dataset.tone = state.tone;
    setText(this.#detail, detail);
    setText(this.#title, title);
    this.#title.title = title;
    setText(this.#driveText, drive);
    this.#drive.hidden = drive === "";
    this.#drive.classList.toggle("yours", yours);
    this.#drive.classList.toggle("urgent", urgent);
    setPersonColor(this.#driveBadge, driver?.color ?? 0);
    this.#driveBadge.hidden = driver === undefined;
    setText(this.#watching, watching === undefined ? "" : String(watching));
    const count = watching === undefined ? "" : `: ${watching} watching`;
    this.peopleButton.setAttribute("aria-label", `Who is here${count}`);
    this.#updateControls(buttons);
  }

  #updateControls(buttons: readonly ControlButton[]): void {
    // A button that has the focus keeps it while another one takes its place.
    const focused = this.#controls.contains(document.activeElement);
    setChildrenOnce(
      this.#controls,
      JSON.stringify(buttons),
      () => buttons.map((button) => this.#button(button)),
    );
    if (focused && !this.#controls.contains(document.activeElement)) {
      (this.#controls.querySelector("button") ?? this.menuButton).focus();
    }
  }

  #button(button: ControlButton): HTMLElement {
    const { label, hint, primary, pressed, times } = button;
    const main = h("button", {
      type: "button",
      class: primary && "primary",
      title: hint,
      "data-control": button.kind,
      "aria-pressed": pressed === undefined ? undefined : String(pressed),
      onclick: () => this.#options.onControl(button, undefined),
    }, label);
    if (times === undefined) return main;
    const how = `${label}: for how long`;
    const choose: HTMLButtonElement = h("button", {
      type: "button",
      class: primary ? "primary icon-button" : "icon-button",
      title: how,
      "aria-label": how,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: () =>
        openMenu(choose, how, [
          { kind: "title", label: "For how long" },
          ...times.map((forMs) => ({
            kind: "item" as const,
            label: timeText(forMs),
            run: () => this.#options.onControl(button, forMs),
          })),
        ]),
    }, icon("down"));
    return h("span", { class: "split" }, main, choose);
  }
}
