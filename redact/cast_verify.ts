/**
 * Looks for what must not be in a recording that was redacted.
 *
 * @module
 */
import { type CastEvent, eventData } from "../format/events.ts";
import type { Frame, History } from "../format/frame.ts";
import { type Row, rowText } from "../format/row.ts";
import { TextFinder } from "./cast_finder.ts";
import { headerTexts } from "./cast_header.ts";
import { scrolled, UNSEEN_RULE } from "./cast_learning.ts";
import { type CastEvents, CastReplay, type CastStep } from "./cast_replay.ts";
import { isSpecific } from "./cast_secrets.ts";
import type { Masking } from "./engine.ts";
import { MASK } from "./masks.ts";
import { TypedLines } from "./cast_typed.ts";
import { type CountingRedactor, createRedactor } from "./redactor.ts";
import type { Rule } from "./rule.ts";

/** A secret that is still there. Its text is not to leave the process. */
export interface Leftover {
  readonly rule: string;
  readonly text: string;
  readonly atMs: number;
}

/** The name for what was found by looking for a secret that is known. */
const KNOWN = "known";
/** What a rule finds in a redacted recording is something only if so much of it is not a mask. */
const MIN_LEFT = 4;
/** Lines of the scrollback that may be one with the first row of the screen. */
const MAX_ABOVE = 32;
/** What output is drawn by. */
// deno-lint-ignore no-control-regex -- escape sequences
const SEQUENCES = /\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*\x07?|.)/g;
/** Most leftovers that are told. */
const MAX_LEFTOVERS = 100;

/**
 * Shows a recording and looks everywhere: every screen, line of the scrollback, title, link and event, and the header.
 * For the secrets, and for whatever the rules find.
 */
export class CastVerification {
  readonly #events: CastEvents;
  readonly #redactor: CountingRedactor;
  readonly #typed = new TypedLines();
  readonly #finder: TextFinder;
  readonly #leftovers = new Map<string, Leftover>();
  readonly #seen = new WeakSet<Row>();
  /** What the rules have found in what was given to them last. */
  #candidates: Masking[] = [];
  #atMs = 0;
  #title = "";

  constructor(events: CastEvents, rules: readonly Rule[], secrets: Iterable<string>) {
    this.#events = events;
    this.#redactor = createRedactor(rules, {
      onMasking: (found) => this.#candidates.push(found),
    });
    this.#finder = new TextFinder(secrets);
  }

  /** What was found so far; nothing, if all is well. */
  get leftovers(): readonly Leftover[] {
    return [...this.#leftovers.values()];
  }

  /** Looks; yields how far it is, from 0 to 1. */
  *run(): Generator<number> {
    const redactor = this.#redactor;
    for (const text of headerTexts(this.#events.header)) this.#lookAtText(text);
    this.#look(JSON.stringify(this.#events.header.extra));
    using replay = new CastReplay(this.#events);
    const history = redactor.history(replay.history);
    let { frame } = replay;
    for (const step of replay.steps()) {
      this.#atMs = step.atMs;
      if (step.kind === "frame") {
        redactor.frame(step.frame);
        scrolled(frame, step.frame, history);
        this.#settle(() => textOf(frame, step.frame, replay.history));
        this.#lookAtFrame(frame, step.frame, replay.history);
        ({ frame } = step);
        this.#typed.frame(frame, step.atMs);
      } else this.#lookAtEvent(step, frame);
      yield replay.part;
    }
    this.#lookAtTyped();
    yield* this.#lookAtData();
  }

  #lookAtText(text: string): void {
    this.#redactor.text(text);
    this.#settle(() => text);
    this.#look(text);
  }

  #lookAtEvent(
    { event, index, atMs }: CastStep & { readonly kind: "event" },
    frame: Frame,
  ): void {
    if (event.kind === "input") this.#typed.input(index, event.data, frame, atMs);
    else if (event.kind !== "other") this.#redactor.event(event);
    this.#settle(() => dataOf(event));
    this.#look(dataOf(event));
  }

  #lookAtTyped(): void {
    this.#typed.finish();
    for (const { text } of this.#typed.lines) this.#lookAtText(text);
    // What is masked in one of the two places is shown otherwise in the other.
    for (const { text } of this.#typed.unseen) {
      if (!text.includes(MASK)) this.#found(UNSEEN_RULE, text);
    }
  }

  /** Decides on what the rules have found in a text. */
  #settle(textOf: () => string): void {
    if (this.#candidates.length === 0) return;
    const text = plain(textOf());
    for (const { rule, secret } of this.#candidates) {
      for (const part of leftOf(secret)) {
        if (!onlyBeforeMasks(text, part)) this.#found(rule, part);
      }
    }
    this.#candidates = [];
  }

  #found(rule: string, text: string): void {
    if (this.#leftovers.size >= MAX_LEFTOVERS || this.#leftovers.has(text)) return;
    this.#leftovers.set(text, { rule, text, atMs: this.#atMs });
  }

  #look(text: string): void {
    const found = this.#finder.find(text);
    if (found !== undefined) this.#found(KNOWN, found);
  }

  /** The text of output, with what it is drawn by and without: a title is never on the screen. */
  *#lookAtData(): Generator<number> {
    const events = this.#events;
    for (let i = 0; i < events.length; i++) {
      const event = events.eventAt(i);
      this.#atMs = events.timeAt(i);
      if (event.kind === "output" || event.kind === "keyframe") {
        this.#look(event.data);
        this.#look(event.data.replace(SEQUENCES, ""));
      }
      yield 1;
    }
  }

  #lookAtFrame(before: Frame, frame: Frame, history: History): void {
    if (frame.title !== this.#title) this.#look(this.#title = frame.title);
    const from = frame.under === undefined ? before.top : frame.top;
    const rows: Row[] = [];
    if (frame.under === undefined) {
      for (let line = from - MAX_ABOVE; line < frame.top; line++) {
        const row = history(line);
        if (row !== undefined) rows.push(row);
      }
    }
    rows.push(...frame.lines);
    this.#lookAtRows(rows);
  }

  /** Every logical line that has a new row in it. */
  #lookAtRows(rows: readonly Row[]): void {
    for (let first = 0; first < rows.length;) {
      let end = first + 1, isNew = !this.#seen.has(rows[first]!);
      for (; rows[end]?.wrapped === true; end++) isNew ||= !this.#seen.has(rows[end]!);
      if (isNew) this.#lookAtLine(rows.slice(first, end));
      first = end;
    }
  }

  #lookAtLine(rows: readonly Row[]): void {
    let text = "";
    for (const row of rows) {
      this.#seen.add(row);
      text += rows.length === 1 ? rowText(row) : rowText(row).padEnd(row.cells.length / 3);
      for (const { link } of row.extras?.values() ?? []) {
        if (link !== undefined) this.#look(`${link.uri} ${link.id}`);
      }
    }
    this.#look(text);
  }
}

/** What of a text that a rule has found is something: all of it, or what stands beside masks. */
function leftOf(found: string): string[] {
  if (found.includes(MASK)) return found.split(MASK).filter(isSpecific);
  const letters = found.replaceAll(/[\s\p{P}\p{S}]/gu, "");
  return letters.length >= MIN_LEFT ? [found] : [];
}

/** A text without what combines with its characters: rules do not see it. */
function plain(text: string): string {
  return text.replaceAll(/\p{M}/gu, "");
}

/** Whether a text stands only before masks: then it is the part of a secret that stays readable. */
function onlyBeforeMasks(text: string, found: string): boolean {
  let at = text.indexOf(found);
  if (at < 0) return false;
  for (; at >= 0; at = text.indexOf(found, at + 1)) {
    if (!text.startsWith(MASK, at + found.length)) return false;
  }
  return true;
}

/** What a frame shows, with what scrolled off since the one before. */
function textOf(before: Frame, frame: Frame, history: History): string {
  const rows: Row[] = [];
  for (let line = before.top; line < frame.top; line++) {
    const row = history(line);
    if (row !== undefined) rows.push(row);
  }
  const text = [...rows, ...frame.lines, ...frame.under ?? []]
    .map((row) => (row.wrapped ? "" : "\n") + rowText(row)).join("");
  const links = rows.concat(frame.lines).flatMap((row) => [...row.extras?.values() ?? []])
    .map(({ link }) => `\n${link?.uri ?? ""} ${link?.id ?? ""}`.replaceAll("*", MASK));
  return `${frame.title}\n${text}${links.join("")}`;
}

function dataOf(event: CastEvent): string {
  const data = eventData(event);
  return typeof data === "string" ? data : JSON.stringify(data) ?? "";
}
