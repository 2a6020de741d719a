/**
 * What every view of the page has: the screen, looking for text in it, its size, its colours, what is told in passing.
 *
 * @module
 */
import { askOpen, showKeys } from "./dialogs.ts";
import { h } from "./dom.ts";
import { FindBar } from "./find_bar.ts";
import type { EndModel } from "./header_model.ts";
import { copyText } from "./input/clipboard.ts";
import { urlLinks } from "./links.ts";
import type { MenuItem } from "./menu.ts";
import { readSetting, writeSetting } from "./settings.ts";
import { findsAlways, type Shortcut, shortcutOf } from "./shortcuts.ts";
import { Stage } from "./stage.ts";
import { TERMINAL_CONTRAST, TERMINAL_THEMES, Theme, type ThemeChoice } from "./theme.ts";
import { Toasts } from "./toasts.ts";
import { TouchScroll } from "./touch_scroll.ts";

/** How a {@link Shell} is made. */
export interface ShellOptions {
  /** What the screen is called for who does not see it. */
  readonly label: string;
  /** A shortcut that is not about the view alone was pressed. */
  readonly onShortcut: (shortcut: Shortcut) => void;
  /** The keyboard was given back by something that had it for a while. */
  readonly onIdle?: () => void;
  /** Finds, in the place of {@link Shell.find}. */
  readonly onFind?: () => void;
  /** Shows the keys, where they are others than those of a live session. */
  readonly onKeys?: () => void;
}

/** One step of larger or smaller. */
const ZOOM = 1.15;
/** The text size after a double tap, in CSS pixels. */
const ENLARGED_PX = 12;
/** How long the header stays in full screen after the pointer was near it. */
const AWAKE_MS = 2_500;

/** The page's frame. Headers, panels and bars are put into its places. */
export class Shell {
  readonly stage: Stage;
  readonly theme = new Theme();
  readonly toasts = new Toasts();
  readonly find: FindBar;
  /** Above the screen. */
  readonly top: HTMLElement = h("div", { class: "top" });
  /** Beside the screen, or over it where there is little room. */
  readonly side: HTMLElement = h("div", { class: "side" });
  /** Over the screen's upper edge. */
  readonly notices: HTMLElement = h("div", { class: "notices" });
  /** Below the screen. */
  readonly bottom: HTMLElement = h("footer", { class: "bottom" });
  readonly #options: ShellOptions;
  readonly #main = h("main", { class: "main" });
  readonly #app = h("div", { class: "app waiting" });
  readonly #present: HTMLButtonElement;
  #end: HTMLElement | undefined;
  #awake: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#app.append(this.top, this.#main, this.side, this.bottom);
    document.body.append(this.#app);
    this.stage = new Stage(this.#main, {
      label: options.label,
      theme: TERMINAL_THEMES[this.theme.name],
      minimumContrast: TERMINAL_CONTRAST[this.theme.name],
      onLink: (uri) => void askOpen(uri),
      links: (stage) => urlLinks(stage, (uri) => void askOpen(uri)),
    });
    this.find = new FindBar(this.stage, () => this.#options.onIdle?.());
    this.#present = h("button", {
      type: "button",
      class: "to-present",
      hidden: true,
      onclick: () => this.stage.scrollToPresent(),
    }, "Back to the present");
    this.#main.append(this.notices, this.find.element, this.#present, this.toasts.element);
    new TouchScroll(this.stage);
    this.#listen();
  }

  /** Shows that something is there to be seen. */
  ready(): void {
    this.#app.classList.remove("waiting");
  }

  /** Shows whether what is seen may be old. */
  set stale(stale: boolean) {
    this.#app.classList.toggle("stale", stale);
  }

  /** Says that nothing more comes, over the last screen or in its place. */
  showEnd(end: EndModel | undefined, onAgain: () => void): void {
    this.#end?.remove();
    this.#end = undefined;
    if (end === undefined) return;
    const whole = this.#app.classList.contains("waiting");
    this.#end = h(
      "section",
      { class: whole ? "end whole" : "end", role: "alert" },
      h("h2", {}, end.title),
      h("p", {}, end.text),
      end.again && h("button", { type: "button", class: "primary", onclick: onAgain }, "Try again"),
    );
    (whole ? this.#main : this.top).append(this.#end);
  }

  /** Copies what is selected, and says whether anything was. */
  copySelection(): boolean {
    const { selection } = this.stage;
    if (selection === "") return false;
    void this.#copy(selection, "Copied");
    this.stage.clearSelection();
    return true;
  }

  /** Grows or shrinks the text, around a place of the window. */
  zoom(factor: number, clientX = innerWidth / 2, clientY = innerHeight / 2): void {
    this.stage.zoomAround(this.stage.fontPx * factor, { clientX, clientY });
  }

  /** What the menu has of the view. */
  viewItems(): readonly MenuItem[] {
    const { stage, theme } = this;
    const { kind } = stage.scale;
    const item = (label: string, run: () => void, more: Partial<MenuItem> = {}): MenuItem =>
      ({ kind: "item", label, run, ...more }) as MenuItem;
    const themeItem = (choice: ThemeChoice, label: string): MenuItem =>
      item(label, () => theme.choice = choice, { checked: theme.choice === choice });
    const reader = readSetting("reader") === "on";
    const typing = stage.element.classList.contains("typing");
    return [
      item("Find", () => this.#view("find"), { note: typing ? "Ctrl-Shift-F" : "Ctrl-F" }),
      item(
        "Copy the screen's text",
        () => void this.#copy(stage.text, "The screen's text is copied"),
      ),
      { kind: "line" },
      item("Fit the window", () => this.#view("fit"), { checked: kind === "fit", note: "0" }),
      item("Actual size", () => this.#view("actual"), { checked: kind === "actual", note: "1" }),
      item("Larger", () => this.zoom(ZOOM), { note: "+" }),
      item("Smaller", () => this.zoom(1 / ZOOM), { note: "-" }),
      ...(document.fullscreenEnabled
        ? [item("Full screen", () => this.#view("full"), {
          checked: document.fullscreenElement !== null,
          note: "f",
        })]
        : []),
      { kind: "line" },
      themeItem("auto", "Colours of the system"),
      themeItem("light", "Light"),
      themeItem("dark", "Dark"),
      item("Read the screen aloud", () => this.#setReader(!reader), { checked: reader }),
      { kind: "line" },
      item("Keys", () => this.#view("help"), { note: "?" }),
    ];
  }

  async #copy(text: string, done: string): Promise<void> {
    const copied = await copyText(text);
    this.toasts.tell(
      copied
        ? { text: done, tone: "info" }
        : { text: "The browser does not let this page copy", tone: "warn" },
    );
  }

  #setReader(on: boolean): void {
    writeSetting("reader", on ? "on" : undefined);
    this.stage.screenReader = on;
  }

  #listen(): void {
    const { stage } = this;
    this.theme.subscribe((name) => stage.setTheme(TERMINAL_THEMES[name], TERMINAL_CONTRAST[name]));
    stage.screenReader = readSetting("reader") === "on";
    stage.onLayout(() => {
      this.#present.hidden = stage.scrolledBack === 0;
      this.find.refresh();
    });
    // Before anybody else: the session's program gets every other key.
    addEventListener("keydown", (event) => {
      if (!findsAlways(event) || document.querySelector("dialog:modal") !== null) return;
      event.preventDefault();
      event.stopPropagation();
      this.find.open();
    }, { capture: true });
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("copy", (event) => {
      const { selection } = stage;
      if (selection === "" || event.defaultPrevented || isField(event.target, stage)) return;
      if (getSelection()?.isCollapsed === false) return;
      event.clipboardData?.setData("text/plain", selection);
      event.preventDefault();
    });
    stage.element.addEventListener("dblclick", (event) => {
      const typing = stage.element.classList.contains("typing");
      if (!typing && matchMedia("(pointer: coarse)").matches) this.#enlarge(event);
    });
    document.addEventListener("pointermove", ({ clientY }) => {
      if (document.fullscreenElement !== null && clientY < 80) this.#wake();
    });
    document.addEventListener("fullscreenchange", () => {
      this.#app.classList.toggle("full", document.fullscreenElement !== null);
      this.#wake();
    });
  }

  /** A double tap: text that can be read, and back to all of it. */
  #enlarge(at: MouseEvent): void {
    const { stage } = this;
    stage.clearSelection();
    if (stage.scale.kind === "fit") stage.zoomAround(Math.max(ENLARGED_PX, stage.fontPx * 2), at);
    else stage.scale = { kind: "fit" };
  }

  #wake(): void {
    clearTimeout(this.#awake);
    this.#app.classList.add("awake");
    this.#awake = setTimeout(() => this.#app.classList.remove("awake"), AWAKE_MS);
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || isField(event.target, this.stage)) return;
    if (document.querySelector("dialog:modal") !== null) return;
    // A button takes the letters that open menus for itself; Space and Enter press it.
    const shortcut = shortcutOf(event);
    if (shortcut === undefined) return;
    event.preventDefault();
    this.#view(shortcut);
  }

  #view(shortcut: Shortcut): void {
    const { stage } = this;
    const { onFind, onKeys } = this.#options;
    const page = Math.max(1, (stage.frame?.rows ?? 24) - 1);
    switch (shortcut) {
      case "help":
        return onKeys === undefined ? void showKeys() : onKeys();
      case "find":
        return onFind === undefined ? this.find.open() : onFind();
      case "larger":
        return this.zoom(ZOOM);
      case "smaller":
        return this.zoom(1 / ZOOM);
      case "fit":
      case "actual":
        stage.scale = { kind: shortcut };
        return;
      case "full":
        return void toggleFullScreen();
      case "back":
        return stage.scrollBy(-page);
      case "forward":
        return stage.scrollBy(page);
      case "oldest":
        return stage.scrollBy(-stage.lineCount);
      case "present":
        return stage.scrollToPresent();
      case "menu":
      case "people":
      case "request":
      case "point":
        return this.#options.onShortcut(shortcut);
      default:
        return shortcut satisfies never;
    }
  }
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement !== null) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}

/** Whether something is typed there that is not for the session. */
function isField(target: EventTarget | null, stage: Stage): boolean {
  if (target === stage.textarea) return false;
  return target instanceof Element && target.closest("input, textarea, select, dialog") !== null;
}
