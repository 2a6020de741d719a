/**
 * What is typed without a pause is for one place: when keys go elsewhere meanwhile, its rest is for neither. Pure.
 *
 * @module
 */

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
