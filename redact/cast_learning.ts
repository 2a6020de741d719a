/**
 * Finds out what is secret in a recording, from its beginning to its end.
 *
 * @module
 */
import type { Frame, History } from "../format/frame.ts";
import { headerTexts } from "./cast_header.ts";
import { type CastEvents, CastReplay, type CastStep } from "./cast_replay.ts";
import type { CastSecrets } from "./cast_secrets.ts";
import { textFrom, type TypedLines } from "./cast_typed.ts";
import type { Masking } from "./engine.ts";
import { PEM_RULE } from "./pem.ts";
import { type CountingRedactor, createRedactor } from "./redactor.ts";
import type { Rule } from "./rule.ts";

/** The name under which it is reported that something was typed and not shown. */
export const UNSEEN_RULE = "typed-unseen";

/** Shows a recording once and gathers its secrets. */
export class CastLearning {
  readonly #events: CastEvents;
  readonly #secrets: CastSecrets;
  readonly #typed: TypedLines;
  readonly #redactor: CountingRedactor;
  /** Looks at what may be growing when it has stopped to: then it is a secret only if it is one without the cursor. */
  readonly #judge: CountingRedactor;
  readonly #growing: GrowingLine;
  #atMs = 0;
  /** The frame that is looked at, and whether something was found in it that may be growing. */
  #shown: Frame | undefined;
  #grows = false;

  constructor(
    events: CastEvents,
    rules: readonly Rule[],
    secrets: CastSecrets,
    typed: TypedLines,
  ) {
    [this.#events, this.#secrets, this.#typed] = [events, secrets, typed];
    this.#redactor = createRedactor(rules, { onMasking: (masking) => this.#found(masking) });
    this.#judge = createRedactor(rules, { onMasking: (masking) => this.#take(masking) });
    this.#growing = new GrowingLine((line, sinceMs) => {
      this.#atMs = sinceMs;
      this.#judge.text(line);
    });
  }

  /** Looks at everything; yields how far it is, from 0 to 1. */
  *run(): Generator<number> {
    const redactor = this.#redactor;
    for (const text of headerTexts(this.#events.header)) redactor.text(text);
    using replay = new CastReplay(this.#events);
    const history = redactor.history(replay.history);
    let { frame } = replay;
    for (const step of replay.steps()) {
      this.#atMs = step.atMs;
      if (step.kind === "frame") {
        this.#frame(step.frame, step.atMs);
        scrolled(frame, step.frame, history);
        ({ frame } = step);
      } else this.#event(step, frame);
      yield replay.part;
    }
    this.#growing.finish();
    this.#learnTyped();
  }

  #frame(frame: Frame, atMs: number): void {
    this.#grows = false;
    this.#shown = frame;
    this.#redactor.frame(frame);
    this.#shown = undefined;
    this.#growing.step(frame, this.#grows, atMs);
    this.#atMs = atMs;
    this.#typed.frame(frame, atMs);
  }

  #event({ event, index, atMs }: CastStep & { readonly kind: "event" }, frame: Frame): void {
    if (event.kind === "input") this.#typed.input(index, event.data, frame, atMs);
    else if (event.kind !== "other") this.#redactor.event(event);
  }

  #learnTyped(): void {
    this.#typed.finish();
    for (const { text, atMs } of this.#typed.lines) {
      this.#atMs = atMs;
      this.#judge.text(text);
    }
    for (const { text, atMs, asked } of this.#typed.unseen) {
      if (asked) this.#secrets.add(UNSEEN_RULE, text, atMs);
    }
  }

  #found(masking: Masking): void {
    const shown = this.#shown;
    if (shown !== undefined && endsAtCursor(shown, masking)) this.#grows = true;
    else this.#take(masking);
  }

  #take({ rule, secret }: Masking): void {
    this.#secrets.add(rule, secret, this.#atMs);
  }
}

/** Looks at the lines that scrolled off between two frames. */
export function scrolled(from: Frame, to: Frame, history: History): void {
  for (let line = from.top; line < to.top; line++) history(line);
}

/** How much of a secret before the cursor tells that it is this one. */
const TAIL = 4;

/** Whether a secret stands right before the cursor, where it may be growing. */
function endsAtCursor(frame: Frame, { rule, secret }: Masking): boolean {
  // Of the lines of a key only the lines above tell that they are.
  if (rule === PEM_RULE) return false;
  const { x, y } = frame.cursor;
  const row = frame.lines[y]!;
  // A cursor that waits to wrap stands on the last character.
  const before = [x, x + 1].map((to) => textFrom(row, 0, Math.min(to, row.used)).trimEnd());
  return before.some((text) => text !== "" && secret.endsWith(text.slice(-TAIL)));
}

/** A line that a secret may be growing on, until it is left or changed in another way. */
class GrowingLine {
  readonly #settle: (line: string, sinceMs: number) => void;
  #line: { readonly number: number; readonly text: string; readonly sinceMs: number } | undefined;

  constructor(settle: (line: string, sinceMs: number) => void) {
    this.#settle = settle;
  }

  /** Takes the next frame; `grows` says whether something was found in it that may be growing. */
  step(frame: Frame, grows: boolean, atMs: number): void {
    const before = this.#line;
    if (before === undefined && !grows) return;
    const now = lineAtCursor(frame);
    if (before !== undefined && now.number === before.number && now.text.startsWith(before.text)) {
      this.#line = { ...before, text: now.text };
      return;
    }
    this.finish();
    if (grows) this.#line = { ...now, sinceMs: atMs };
  }

  /** It does not go on. */
  finish(): void {
    if (this.#line !== undefined) this.#settle(this.#line.text, this.#line.sinceMs);
    this.#line = undefined;
  }
}

/** The logical line that the cursor is on, and its number; one on the alternate screen has a negative one. */
function lineAtCursor(
  { lines, cursor, top, under }: Frame,
): { readonly number: number; readonly text: string } {
  let from = cursor.y, to = cursor.y;
  while (from > 0 && lines[from]!.wrapped) from--;
  while (lines[to + 1]?.wrapped === true) to++;
  const text = lines.slice(from, to + 1).map((row) => textFrom(row, 0, row.used)).join("")
    .trimEnd();
  return { number: under === undefined ? top + from : -1 - from, text };
}
