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
import type { Row } from "../format/row.ts";
import { Engine, type Masking } from "./engine.ts";
import { safeEvent } from "./event.ts";
import type { MaskedSpan } from "./masks.ts";
import type { Rule } from "./rule.ts";
import { ScrollGuess } from "./scroll_guess.ts";
import { Tape } from "./tape.ts";
import { TypedText } from "./typed_text.ts";

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
  /** The frames of one screen, in order. */
  frame(frame: Frame): SafeFrame;
  /** The scrollback of that screen; to be given before the first frame. */
  history(history: History): SafeHistory;
  text(text: string): SafeText;
  /** A frame of our own making: nothing of the session is in it. */
  notice(frame: Frame): SafeFrame;
  /** Throws a `RangeError` for output: what is drawn leaves as frames. */
  event(event: CastEvent): SafeEvent;
  /** A redactor for one more screen of the session: what one has found, both mask. */
  another(): Redactor;
}

/** Masked columns of a row of a frame. */
export interface FrameSpan extends MaskedSpan {
  /** The row, from 0. */
  readonly y: number;
}

/** A {@link Redactor} that tells what it masked. */
export interface CountingRedactor extends Redactor {
  /** Distinct secrets that were masked so far, by the name of the rule. One that grows counts once. */
  readonly counts: ReadonlyMap<string, number>;
  /** The sum of {@link counts}. */
  readonly total: number;
  /** What is masked of a row that was part of a frame, for who sees the row as it is. */
  spans(row: Row): readonly MaskedSpan[];
  /** What is masked of a frame, from top to bottom. */
  frameSpans(frame: Frame): readonly FrameSpan[];
}

/** How a {@link CountingRedactor} is made. */
export interface RedactorOptions {
  /** Is told of every text when it is masked first. It must not let it out of the process. */
  readonly onMasking?: (masking: Masking) => void;
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
    notice: (frame) => frame as SafeFrame,
    event: (event) => event as SafeEvent,
    another: passThroughRedactor,
  };
}

/**
 * A redactor for one session.
 *
 * @example
 * ```ts
 * import { DEFAULT_RULES } from "./rules.ts";
 * import assert from "node:assert/strict";
 *
 * const redactor = createRedactor(DEFAULT_RULES);
 * assert.equal(redactor.text("psql postgres://ada:s3cret@db/prod"), "psql postgres://ada:••••••@db/prod");
 * assert.deepEqual([...redactor.counts], [["url", 1]]);
 * ```
 */
export function createRedactor(
  rules: readonly Rule[],
  options: RedactorOptions = {},
): CountingRedactor {
  return new RuleRedactor(new Engine(rules, options.onMasking));
}

class RuleRedactor implements CountingRedactor {
  readonly #engine: Engine;
  readonly #normal: Tape;
  readonly #alternate: Tape;
  readonly #scroll = new ScrollGuess();
  readonly #typed: TypedText;
  #history: History = () => undefined;
  #last: { readonly frame: Frame; readonly safe: SafeFrame } | undefined;
  #title = { raw: "", safe: "" };

  constructor(engine: Engine) {
    this.#engine = engine;
    const screen = ++engine.screens;
    this.#normal = new Tape(engine, `normal ${screen}`, (line) => this.#history(line));
    this.#alternate = new Tape(engine, `alternate ${screen}`, (line) => this.#scroll.row(line));
    this.#typed = new TypedText(this.#engine);
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#engine.counts;
  }

  get total(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  notice(frame: Frame): SafeFrame {
    return frame as SafeFrame;
  }

  history(history: History): SafeHistory {
    this.#history = history;
    return ((line) => this.#normal.line(line)) as SafeHistory;
  }

  frame(frame: Frame): SafeFrame {
    if (frame === this.#last?.frame) return this.#last.safe;
    const { cursor, top } = frame;
    let lines: readonly Row[], under: readonly Row[] | undefined;
    if (frame.under === undefined) {
      this.#scroll.leave();
      lines = this.#normal.update(frame.lines, top, { line: top + cursor.y, x: cursor.x });
    } else {
      under = this.#normal.update(frame.under, top, undefined);
      this.#scroll.update(frame.lines);
      const first = this.#scroll.top;
      lines = this.#alternate.update(frame.lines, first, { line: first + cursor.y, x: cursor.x });
    }
    if (frame.title !== this.#title.raw) {
      this.#title = { raw: frame.title, safe: this.#engine.text(frame.title, "title") };
    }
    const title = this.#title.safe;
    const same = lines === frame.lines && under === frame.under && title === frame.title;
    const safe = (same ? frame : { ...frame, lines, under, title }) as SafeFrame;
    this.#last = { frame, safe };
    return safe;
  }

  text(text: string): SafeText {
    return this.#engine.text(text, "text") as SafeText;
  }

  event(event: CastEvent): SafeEvent {
    return safeEvent(event, (text) => this.#engine.text(text, "text"), this.#typed) as SafeEvent;
  }

  another(): Redactor {
    return new RuleRedactor(this.#engine);
  }

  spans(row: Row): readonly MaskedSpan[] {
    return this.#engine.masks.spans(row);
  }

  frameSpans(frame: Frame): readonly FrameSpan[] {
    return frame.lines.flatMap((row, y) => this.spans(row).map((span) => ({ ...span, y })));
  }
}
