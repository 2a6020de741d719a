/**
 * Where viewers point, and where the cursors of their panes are, for the presenter to see.
 *
 * @module
 */
import { cursorMarks, type PointerMark, pointerMarks } from "../viewer/pointers.ts";
import { learn, NO_FACTS, type SessionFacts } from "../viewer/session_facts.ts";
import type { Sink } from "./session.ts";

/** Hears what viewers hear, and keeps where they point. */
export class PresenterPointers implements Sink {
  readonly name = "presenter";
  readonly #onPointer: () => void;
  #facts: SessionFacts = NO_FACTS;

  /** `onPointer`: somebody points elsewhere, or no longer. */
  constructor(onPointer: () => void) {
    this.#onPointer = onPointer;
  }

  /** The pointers to be seen at session time `nowMs`. */
  marks(nowMs: number): readonly PointerMark[] {
    const { pointers, cursors } = this.#facts;
    if (pointers.size + cursors.size === 0) return [];
    return [...cursorMarks(this.#facts), ...pointerMarks(this.#facts, nowMs)];
  }

  frame(): void {}

  event(event: Parameters<Sink["event"]>[0], atMs: number): void {
    this.#facts = learn(this.#facts, event, atMs);
    if (event.kind === "pointer") this.#onPointer();
  }

  close(): void {}
}
