/**
 * What is told in passing, at the edge of the screen.
 *
 * @module
 */
import { h } from "./dom.ts";
import type { Told } from "./told.ts";

/** So long something is shown; what concerns the reader stays longer. */
const SHOWN_MS = 4_000, MINE_MS = 7_000;
/** As much longer for each character of a long text, as of a note. */
const READ_MS = 40, LONG_TEXT = 80;
/** As many at a time; the oldest gives way. */
const MAX_SHOWN = 4;

/** The toasts. Screen readers are told of each once. */
export class Toasts {
  readonly element: HTMLElement = h("div", {
    class: "toasts",
    role: "log",
    "aria-live": "polite",
    "aria-label": "What happens",
  });

  /** Tells something. The same as what is shown already is not told again. */
  tell({ text, tone }: Told): void {
    const last = this.element.lastElementChild;
    if (last?.textContent === text) return;
    const toast = h("div", { class: `toast ${tone}` }, h("p", {}, text));
    this.element.append(toast);
    while (this.element.childElementCount > MAX_SHOWN) this.element.firstElementChild!.remove();
    const shownMs = (tone === "info" ? SHOWN_MS : MINE_MS) +
      READ_MS * Math.max(0, text.length - LONG_TEXT);
    setTimeout(() => toast.classList.add("going"), shownMs);
    setTimeout(() => toast.remove(), shownMs + 300);
    toast.addEventListener("click", () => toast.remove());
  }
}
