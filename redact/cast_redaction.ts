/**
 * Takes the secrets out of a recording: through the screen, with what is known only in hindsight.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { Frame, History } from "../format/frame.ts";
import { columns } from "../format/width.ts";
import { EarlyMasks } from "./cast_early.ts";
import { type SafeHeader, safeHeader } from "./cast_header.ts";
import { CastLearning, scrolled } from "./cast_learning.ts";
import { type CastEvents, CastReplay, type CastStep } from "./cast_replay.ts";
import { CastSecrets } from "./cast_secrets.ts";
import { TypedLines, TypedMasks } from "./cast_typed.ts";
import { createRedactor } from "./redactor.ts";
import type { Rule } from "./rule.ts";

/** Where a recording goes that nothing secret is in. */
export interface CastSink {
  frame(frame: Frame, history: History, atMs: number): void;
  event(event: CastEvent, atMs: number): void;
}

/** Something that was masked. */
export interface CastMasking {
  /** When it was seen first, in milliseconds since the start of the session. */
  readonly atMs: number;
  readonly rule: string;
  /** How many cells of the screen it takes. */
  readonly cells: number;
}

/**
 * One recording on its way. It is shown three times, in this order: {@link learn}, {@link place}, {@link write}; the last
 * two may come again after {@link insist}. Each yields how far it is, from 0 to 1, after every event.
 */
export class CastRedaction {
  readonly #events: CastEvents;
  readonly #rules: readonly Rule[];
  readonly #secrets = new CastSecrets();
  readonly #typed = new TypedLines();
  #masks = new TypedMasks();
  #early = new EarlyMasks();
  #dropped = new Map<string, number>();

  constructor(events: CastEvents, rules: readonly Rule[]) {
    this.#events = events;
    this.#rules = rules;
  }

  /** What was found, by time. */
  get maskings(): readonly CastMasking[] {
    return this.#secrets.distinct().map(({ atMs, rule, text }) => ({
      atMs,
      rule,
      cells: columns(text),
    }));
  }

  /** How many characters were typed that the terminal did not show, though it had asked for nothing. */
  get unseenKeys(): number {
    return this.#typed.unseen.reduce(
      (sum, { asked, text }) => asked ? sum : sum + [...text].length,
      0,
    );
  }

  /** The secrets that may stand nowhere. Not to leave the process. */
  get secrets(): readonly string[] {
    return this.#secrets.everywhere().map(({ text }) => text);
  }

  /** How many events were left out, by their codes: nobody here knows what they mean. */
  get dropped(): ReadonlyMap<string, number> {
    return this.#dropped;
  }

  /** Finds out what is secret. */
  *learn(): Generator<number> {
    yield* new CastLearning(this.#events, this.#rules, this.#secrets, this.#typed).run();
  }

  /** Finds out where secrets were before they could be recognised. */
  *place(): Generator<number> {
    const early = this.#early = new EarlyMasks();
    if (this.#secrets.size > 0) {
      let atMs = 0;
      const redactor = createRedactor([...this.#rules, ...this.#secrets.rules()], {
        onMasking: ({ secret }) => this.#secrets.seen(secret, atMs),
      });
      this.header(redactor.text.bind(redactor));
      using replay = new CastReplay(this.#events);
      const history = redactor.history(replay.history);
      let { frame } = replay;
      for (const step of replay.steps()) {
        ({ atMs } = step);
        if (step.kind === "frame") {
          redactor.frame(step.frame);
          scrolled(frame, step.frame, history);
          ({ frame } = step);
          early.watch(frame, step.number, (row) => redactor.spans(row));
        } else if (step.event.kind !== "input" && step.event.kind !== "other") {
          redactor.event(step.event);
        }
        yield replay.part;
      }
    }
    early.seal();
  }

  /** The header as it may be seen. */
  header(safe?: (text: string) => string): SafeHeader {
    const mask = safe ?? ((text: string) => this.#redactor().text(text));
    return safeHeader(this.#events.header, mask);
  }

  /** Writes the recording as it may be seen, but for its header. */
  *write(sink: CastSink): Generator<number> {
    const { durationMs } = this.#events;
    const redactor = this.#redactor();
    this.header((text) => redactor.text(text));
    this.#masks = this.#typed.plan((line) => redactor.text(line));
    this.#dropped = new Map();
    this.#early.rewind();
    using replay = new CastReplay(this.#events);
    const history = redactor.history(replay.history);
    const early: History = (line) => this.#early.line(history(line), line);
    let lastMs = 0;
    for (const step of replay.steps()) {
      if (step.kind === "frame") {
        this.#early.moveTo(step.number);
        sink.frame(this.#early.frame(redactor.frame(step.frame)), early, step.atMs);
        lastMs = step.atMs;
      } else {
        const event = this.#visible(step);
        if (event !== undefined) {
          sink.event(redactor.event(event), step.atMs);
          lastMs = step.atMs;
        }
      }
      yield replay.part;
    }
    // What is not seen may have been the last that happened.
    if (lastMs < durationMs) sink.event({ kind: "output", data: "" }, durationMs);
  }

  /** Masks a text wherever it stands from now on. Returns whether that changes anything. */
  insist(rule: string, text: string, atMs: number): boolean {
    return this.#secrets.insist(rule, text, atMs);
  }

  #redactor(): ReturnType<typeof createRedactor> {
    return createRedactor([...this.#rules, ...this.#secrets.rules()]);
  }

  /** An event that is not drawn, without what was typed and is secret; `undefined` for one that is left out. */
  #visible({ event, index }: CastStep & { readonly kind: "event" }): CastEvent | undefined {
    switch (event.kind) {
      case "input":
        return { kind: "input", data: this.#masks.data(index, event.data) };
      case "other":
        this.#dropped.set(event.code, (this.#dropped.get(event.code) ?? 0) + 1);
        return undefined;
      default:
        return event;
    }
  }
}
