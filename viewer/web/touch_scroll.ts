/**
 * A finger that moves over the screen scrolls through what has scrolled away, where the browser has nothing to scroll.
 *
 * @module
 */
import type { Stage } from "./stage.ts";

/** Scrolls a stage's lines by touch. */
export class TouchScroll {
  readonly #stage: Stage;
  #lastY: number | undefined;
  #rest = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    const { element } = stage;
    element.addEventListener("touchstart", ({ touches }) => {
      this.#lastY = touches.length === 1 ? touches[0]!.clientY : undefined;
      this.#rest = 0;
    }, { passive: true });
    element.addEventListener("touchmove", ({ touches }) => this.#move(touches), { passive: true });
    element.addEventListener("touchend", () => this.#lastY = undefined, { passive: true });
  }

  #move(touches: TouchList): void {
    const [touch] = touches;
    const { element, cell } = this.#stage;
    const scrolls = element.scrollHeight > element.clientHeight;
    if (this.#lastY === undefined || touches.length !== 1 || touch === undefined || scrolls) return;
    this.#rest += this.#lastY - touch.clientY;
    this.#lastY = touch.clientY;
    const lines = Math.trunc(this.#rest / cell.height);
    if (lines === 0) return;
    this.#rest -= lines * cell.height;
    this.#stage.scrollBy(lines);
  }
}
