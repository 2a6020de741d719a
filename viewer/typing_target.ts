/**
 * What is typed without a pause is for one place: when keys go elsewhere meanwhile, its rest is for neither. Pure.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";

/** Said to who uses the mouse while they type into a pane of their own: where that is on the screen is not known here. */
export const PANE_MOUSE_TEXT = "The mouse does nothing in your own pane";

/** Whether the mouse was used, and not only moved or let go. */
export function isClick(part: InputPart): boolean {
  return part.kind === "mouse" && part.action !== "move" && part.action !== "up";
}

/** A pause of this length ends what was being typed. */
const PAUSE_MS = 1_000;

/** Follows where keys go. */
export class TypingTarget {
  #target: string | undefined;
  #typedMs = -Infinity;
  #deaf = false;

  /** Something is typed, and would go to `target`: whether it may. */
  passes(target: string, nowMs: number): boolean {
    const going = nowMs - this.#typedMs < PAUSE_MS;
    this.#typedMs = nowMs;
    const moved = this.#target !== undefined && this.#target !== target;
    this.#target = target;
    this.#deaf = going && (this.#deaf || moved);
    return !this.#deaf;
  }
}
