/**
 * Looking for a text in all of a recording.
 *
 * @module
 */
import type { EventLog } from "../../../record/event_log.ts";
import type { Clock } from "../../clock.ts";
import { h, icon, setText } from "../dom.ts";
import type { IconName } from "../icons.ts";
import type { Stage } from "../stage.ts";
import { type Hit, matchesOn, TextSearch } from "./text_search.ts";

/** What the bar needs, and whom it tells. */
export interface RecordingFindOptions {
  readonly log: EventLog;
  readonly stage: Stage;
  readonly clock: Clock;
  /** Where the recording is: all events before this one are shown. */
  index(): number;
  /** A place was chosen. */
  onGo(hit: Hit): void;
  /** More was found, or it was given up. */
  onHits(hits: readonly Hit[]): void;
  onClose(): void;
}

/** After so long without another letter it is looked for. */
const PAUSE_MS = 200;
/** It is looked for so long, and as often: the page goes on in between. */
const LOOK_MS = 12, LOOK_PAUSE_MS = 0;

/** The bar, and the marks on the screen. It is there while it is open. */
export class RecordingFind {
  readonly element: HTMLElement;
  readonly #options: RecordingFindOptions;
  readonly #field = h("input", {
    type: "search",
    "aria-label": "Find in the recording",
    placeholder: "Find",
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "search",
  });
  readonly #count = h("span", { class: "find-count", role: "status" });
  readonly #marks = h("div", { class: "find-marks", "aria-hidden": "true" });
  #search: TextSearch | undefined;
  #part = 0;
  #cancel: () => void = () => {};
  /** A step that waits for something to be found. */
  #wanted: 1 | -1 | undefined;

  constructor(options: RecordingFindOptions) {
    this.#options = options;
    this.element = h(
      "search",
      { class: "find", hidden: true, "aria-label": "Find in the recording" },
      this.#field,
      this.#count,
      button("Earlier", "up", () => this.#step(-1)),
      button("Later", "down", () => this.#step(1)),
      button("Close", "close", () => this.close()),
    );
    options.stage.screen.append(this.#marks);
    options.stage.onLayout(() => this.draw());
    this.#field.addEventListener("input", () => this.#begin());
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Opens it, with what is selected to be looked for. */
  open(): void {
    const { selection } = this.#options.stage;
    if (selection !== "" && !selection.includes("\n")) this.#field.value = selection;
    this.element.hidden = false;
    this.#field.focus();
    this.#field.select();
    if (this.#search === undefined) this.#begin();
  }

  close(): void {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.#forget();
    this.draw();
    this.#options.onClose();
  }

  /** Marks what is looked for on the screen that is shown now. */
  draw(): void {
    const { stage } = this.#options;
    const { frame, cell } = stage;
    const query = this.isOpen ? this.#field.value : "";
    if (query === "" && this.#marks.childElementCount === 0) return;
    this.#tell();
    const marks = frame === undefined ? [] : matchesOn(frame, query).flatMap(({ x, y, cols }) => {
      const rows: HTMLElement[] = [];
      for (
        let left = cols, from = x, row = y;
        left > 0;
        left -= frame.cols - from, from = 0, row++
      ) {
        const mark = h("div", { class: "current" });
        mark.style.left = `${from * cell.width}px`;
        mark.style.top = `${row * cell.height}px`;
        mark.style.width = `${Math.min(left, frame.cols - from) * cell.width}px`;
        mark.style.height = `${cell.height}px`;
        rows.push(mark);
      }
      return rows;
    });
    this.#marks.replaceChildren(...marks);
  }

  #forget(): void {
    this.#cancel();
    this.#search?.[Symbol.dispose]();
    this.#search = undefined;
    this.#wanted = undefined;
    this.#options.onHits([]);
  }

  /** Looks for what is in the field, once nothing more is typed. */
  #begin(): void {
    const { clock, log } = this.#options;
    this.#forget();
    this.draw();
    const query = this.#field.value;
    if (query.trim() === "") return setText(this.#count, "");
    this.#cancel = clock.after(PAUSE_MS, () => {
      this.#search = new TextSearch(log, query);
      this.#look(this.#search);
    });
  }

  #look(search: TextSearch): void {
    const { clock, onHits } = this.#options;
    const stopMs = clock.now() + LOOK_MS, before = search.hits.length;
    this.#part = search.run(() => clock.now() >= stopMs);
    if (search.hits.length !== before) onHits(search.hits);
    this.#tell();
    if (this.#wanted !== undefined) this.#step(this.#wanted);
    if (!search.done) this.#cancel = clock.after(LOOK_PAUSE_MS, () => this.#look(search));
  }

  /** To the next place or the one before; around the end to the other. */
  #step(by: 1 | -1): void {
    const search = this.#search;
    this.#wanted = search === undefined ? by : undefined;
    if (search === undefined) return;
    const { hits, done } = search, index = this.#options.index();
    const next = by > 0
      ? hits.find((hit) => hit.index > index)
      : hits.findLast((hit) => hit.index < index);
    if (next === undefined && !done) {
      this.#wanted = by;
      return;
    }
    const hit = next ?? (by > 0 ? hits[0] : hits.at(-1));
    if (hit !== undefined) this.#options.onGo(hit);
  }

  #tell(): void {
    const search = this.#search;
    if (search === undefined) return;
    const { hits, done } = search;
    if (!done && hits.length === 0) {
      return setText(this.#count, `${Math.floor(this.#part * 100)} %`);
    }
    const current = hits.findLastIndex((hit) => hit.index <= this.#options.index()) + 1;
    const of = `${hits.length.toLocaleString("en")}${done ? "" : "+"}`;
    setText(
      this.#count,
      hits.length === 0 ? "Nothing found" : current === 0 ? of : `${current} of ${of}`,
    );
  }

  #key(event: KeyboardEvent): void {
    // What is typed here is not for the player.
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

function button(label: string, name: IconName, onclick: () => void): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick },
    icon(name),
  );
}
