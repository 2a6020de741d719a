/**
 * The door between what is on the presenter's screen and what leaves the process.
 *
 * A sink takes a {@link SafeFrame}, a {@link SafeHistory}, {@link SafeText} and {@link SafeEvent}, and only a
 * {@link Redactor} makes them: handing out something unmasked does not compile.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { Frame, History } from "../format/frame.ts";

/**
 * Marks a value that went through a {@link Redactor}. It exists in the types alone; being a private name, it is lost
 * when a value is spread into another one.
 */
declare class Safe {
  readonly #safe: true;
}

/** A frame that may be seen outside the process. */
export type SafeFrame = Frame & Safe;
/** Scrollback that may be seen outside the process. */
export type SafeHistory = History & Safe;
/** Text (a title, a command line, a label) that may be seen outside the process. */
export type SafeText = string & Safe;
/** An event that may be seen outside the process. */
export type SafeEvent = CastEvent & Safe;

/** Masks what must not be seen. Frames keep their size, and rows that need no mask stay the same objects. */
export interface Redactor {
  frame(frame: Frame): SafeFrame;
  history(history: History): SafeHistory;
  text(text: string): SafeText;
  event(event: CastEvent): SafeEvent;
}

/**
 * A redactor without rules: everything passes as it is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(passThroughRedactor().text("make test"), "make test");
 * ```
 */
export function passThroughRedactor(): Redactor {
  return {
    frame: (frame) => frame as SafeFrame,
    history: (history) => history as SafeHistory,
    text: (text) => text as SafeText,
    event: (event) => event as SafeEvent,
  };
}
