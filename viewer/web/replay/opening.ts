/**
 * What is seen before a recording plays: how far it is read, or why it cannot be played.
 *
 * @module
 */
import { h, setText } from "../dom.ts";

/** Until so long after the start nothing is shown: most recordings are open by then. */
const OPENING_MS = 150;

/** The text in the middle of the page. */
export class Opening {
  readonly element: HTMLElement;
  readonly #title = h("h1", {}, "Opening the recording");
  readonly #progress = h("progress", { "aria-label": "Read so far" });
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor() {
    this.element = h("main", { class: "alone", hidden: true }, this.#title, this.#progress);
    this.#timer = setTimeout(() => this.element.hidden = false, OPENING_MS);
  }

  /** Shows how much is read, from 0 to 1, and of what. */
  update(part: number, name: string): void {
    setText(this.#title, `Opening ${name}`);
    this.#progress.value = part;
  }

  /** Shows, in one line, why there is nothing to be played. */
  fail(message: string): void {
    clearTimeout(this.#timer);
    setText(this.#title, "This recording cannot be played");
    this.#progress.replaceWith(h("p", { role: "alert" }, `${message}.`));
    this.element.hidden = false;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.element.remove();
  }
}
