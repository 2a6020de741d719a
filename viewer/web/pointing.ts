/**
 * Pointing at the session's screen with the mouse or a finger.
 *
 * @module
 */
import type { PointSender } from "../point_sender.ts";
import { readSetting, writeSetting } from "./settings.ts";
import type { Cell, Stage } from "./stage.ts";

/** A pointer that moves further than this between down and up selects text. */
const CLICK_PX = 5;

/** Tells where one points: with each click, and with each move while that is {@link on}. */
export class Pointing {
  readonly #stage: Stage;
  readonly #sender: PointSender;
  /** Whether clicks are for the session's program. */
  readonly #types: () => boolean;
  #on = readSetting("pointing") === "on";
  #down: { readonly x: number; readonly y: number } | undefined;
  #last: Cell | undefined;

  constructor(stage: Stage, sender: PointSender, types: () => boolean) {
    this.#stage = stage;
    this.#sender = sender;
    this.#types = types;
    const { element } = stage;
    element.addEventListener("pointermove", (event) => {
      if (this.#on && event.pointerType === "mouse") this.#sender.point(stage.cellAt(event));
    });
    element.addEventListener("pointerleave", (event) => {
      if (this.#on && event.pointerType === "mouse") this.#sender.point(undefined);
    });
    element.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => this.#down = { x, y });
    element.addEventListener("click", (event) => this.#click(event));
  }

  /** Whether the others see where the mouse is. */
  get on(): boolean {
    return this.#on;
  }

  set on(on: boolean) {
    this.#on = on;
    writeSetting("pointing", on ? "on" : undefined);
    if (!on) this.#sender.point(undefined);
  }

  #click(event: MouseEvent): void {
    const down = this.#down;
    const moved = down === undefined ||
      Math.hypot(event.clientX - down.x, event.clientY - down.y) > CLICK_PX;
    if (moved || event.button !== 0 || this.#types()) return;
    const cell = this.#stage.cellAt(event);
    if (cell === undefined) return;
    const again = cell.x === this.#last?.x && cell.y === this.#last.y;
    this.#last = cell;
    // It may have faded: the same place is told once more.
    if (again) this.#sender.point(undefined);
    this.#sender.point(cell);
  }
}
