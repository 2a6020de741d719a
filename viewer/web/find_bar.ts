/**
 * Looking for text in the screen and in what has scrolled away.
 *
 * @module
 */
import { h, icon, setText } from "./dom.ts";
import { countText, findAll, type Match, stepMatch } from "./find.ts";
import type { Stage } from "./stage.ts";

/** After so long without a change of the screen, or of the text, it is looked again. */
const PAUSE_MS = 120;

/** The bar, and the marks on the screen. It is there while it is open. */
export class FindBar {
  readonly #stage: Stage;
  readonly #onClose: () => void;
  readonly #field = h("input", {
    type: "search",
    "aria-label": "Find",
    placeholder: "Find",
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  readonly #count = h("span", { class: "find-count", role: "status" });
  readonly #marks = h("div", { class: "find-marks", "aria-hidden": "true" });
  readonly element: HTMLElement;
  #matches: readonly Match[] = [];
  #current: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(stage: Stage, onClose: () => void) {
    this.#stage = stage;
    this.#onClose = onClose;
    const step = (by: 1 | -1) => (): void => this.#step(by);
    this.element = h(
      "search",
      { class: "find", hidden: true, "aria-label": "Find in the screen" },
      this.#field,
      this.#count,
      iconButton("Previous", "up", step(-1)),
      iconButton("Next", "down", step(1)),
      iconButton("Close", "close", () => this.close()),
    );
    stage.screen.append(this.#marks);
    stage.onLayout(() => this.#draw());
    this.#field.addEventListener("input", () => this.#soon());
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Opens it, with what is selected to be looked for. */
  open(): void {
    const selected = this.#stage.selection;
    if (selected !== "" && !selected.includes("\n")) this.#field.value = selected;
    this.element.hidden = false;
    this.#field.focus();
    this.#field.select();
    this.#look();
  }

  /** Closes it. */
  close(): void {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.#matches = [];
    this.#current = undefined;
    this.#draw();
    this.#onClose();
  }

  /** The screen has changed. */
  refresh(): void {
    if (this.isOpen) this.#soon();
  }

  #match(): Match | undefined {
    return this.#current === undefined ? undefined : this.#matches[this.#current];
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.isOpen) this.#look();
    }, PAUSE_MS);
  }

  #look(): void {
    const before = this.#match()?.[0];
    this.#matches = findAll(this.#stage, this.#field.value);
    const same = this.#matches.findIndex(([first]) =>
      first!.line === before?.line && first!.start === before.start
    );
    // The newest is at the bottom, and nearest to what is looked at.
    this.#current = same >= 0 ? same : stepMatch(undefined, -1, this.#matches.length);
    if (same < 0) this.#reveal();
    this.#draw();
  }

  #step(by: 1 | -1): void {
    this.#current = stepMatch(this.#current, by, this.#matches.length);
    this.#reveal();
    this.#draw();
  }

  #reveal(): void {
    const line = this.#match()?.[0]?.line;
    if (line !== undefined) this.#stage.reveal(line);
  }

  #draw(): void {
    setText(this.#count, countText(this.#current, this.#matches.length, this.#field.value));
    const { firstLine, frame } = this.#stage;
    const last = firstLine + (frame?.rows ?? 0);
    const current = this.#match();
    const marks = this.#matches.flatMap((match) =>
      match.filter(({ line }) => line >= firstLine && line < last).map((segment) => {
        const mark = h("div", { class: match === current ? "current" : "" });
        const from = this.#stage.columnOf(segment.line, segment.start);
        const to = this.#stage.columnOf(segment.line, segment.end);
        const { width, height } = this.#stage.cell;
        mark.style.left = `${from * width}px`;
        mark.style.top = `${(segment.line - firstLine) * height}px`;
        mark.style.width = `${(to - from) * width}px`;
        mark.style.height = `${height}px`;
        return mark;
      })
    );
    this.#marks.replaceChildren(...marks);
  }

  #key(event: KeyboardEvent): void {
    // What is typed here is not for the session, nor a shortcut of the page.
    event.stopPropagation();
    const { key, shiftKey, ctrlKey, metaKey } = event;
    if (key === "Escape") this.close();
    else if (key === "Enter" && event.target === this.#field) this.#step(shiftKey ? -1 : 1);
    else if ((ctrlKey || metaKey) && key.toLowerCase() === "g") this.#step(shiftKey ? -1 : 1);
    else if ((ctrlKey || metaKey) && key.toLowerCase() === "f") this.#field.select();
    else return;
    event.preventDefault();
  }
}

function iconButton(
  label: string,
  name: Parameters<typeof icon>[0],
  onclick: () => void,
): HTMLElement {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick },
    icon(name),
  );
}
