/**
 * Recordings in memory: to be redacted, and what comes of it.
 *
 * @module
 */
import { blankFrame, diff } from "../../format/delta.ts";
import type { CastEvent } from "../../format/events.ts";
import type { Frame, History } from "../../format/frame.ts";
import type { Header } from "../../format/header.ts";
import { rowText } from "../../format/row.ts";
import { CastRedaction, type CastSink } from "../cast_redaction.ts";
import { type CastEvents, CastReplay } from "../cast_replay.ts";
import { CastVerification, type Leftover } from "../cast_verify.ts";
import type { Rule } from "../rule.ts";

/** A recording with an event every tenth of a second. */
export function recording(
  events: readonly CastEvent[],
  header: Partial<Header> = {},
  times: readonly number[] = events.map((_, i) => (i + 1) * 100),
): CastEvents {
  return {
    header: { version: 2, cols: 80, rows: 24, extra: {}, ...header },
    length: events.length,
    durationMs: times.at(-1) ?? 0,
    timeAt: (index) => times[index]!,
    eventAt: (index) => events[index]!,
  };
}

/** Output, a step at a time. */
export function output(...steps: readonly string[]): CastEvent[] {
  return steps.map((data) => ({ kind: "output", data }));
}

/** What was written, as a recording again: differences, as a recorder writes them. */
export class Written implements CastSink, CastEvents {
  readonly header: Header;
  readonly events: { readonly event: CastEvent; readonly atMs: number }[] = [];
  #last: Frame;

  constructor(header: Header) {
    this.header = header;
    this.#last = blankFrame(header.cols, header.rows);
  }

  get length(): number {
    return this.events.length;
  }

  get durationMs(): number {
    return this.events.at(-1)?.atMs ?? 0;
  }

  timeAt(index: number): number {
    return this.events[index]!.atMs;
  }

  eventAt(index: number): CastEvent {
    return this.events[index]!.event;
  }

  frame(frame: Frame, history: History, atMs: number): void {
    const last = this.#last;
    const { cols, rows } = frame;
    this.#last = frame;
    if (cols !== last.cols || rows !== last.rows) this.event({ kind: "resize", cols, rows }, atMs);
    const { ansi } = diff(last, frame, { history });
    if (ansi !== "") this.event({ kind: "output", data: ansi }, atMs);
  }

  event(event: CastEvent, atMs: number): void {
    this.events.push({ event, atMs });
  }
}

/** Everything that is to be seen in a recording at any time, row by row and line by line, and its own texts. */
export function outputOf(cast: CastEvents): string {
  const seen = new Set<string>([JSON.stringify(cast.header)]);
  using replay = new CastReplay(cast);
  let { top } = replay.frame;
  for (const step of replay.steps()) {
    if (step.kind === "event") {
      seen.add(JSON.stringify(step.event));
      continue;
    }
    const { frame } = step;
    seen.add(frame.title);
    for (; top < frame.top; top++) {
      const row = replay.history(top);
      if (row !== undefined) seen.add(rowText(row));
    }
    let line = "";
    for (const row of [...frame.lines, ...frame.under ?? []]) {
      const text = rowText(row);
      if (!row.wrapped) {
        seen.add(line);
        line = "";
      }
      line += text;
      seen.add(text);
      for (const { link } of row.extras?.values() ?? []) if (link) seen.add(link.uri);
    }
    seen.add(line);
  }
  return [...seen].join("\n");
}

/** Redacts a recording, as the command does: again with what is found in the result, twice at most. */
export function redactCast(cast: CastEvents, rules: readonly Rule[]): {
  readonly redaction: CastRedaction;
  readonly written: Written;
  readonly leftovers: readonly Leftover[];
} {
  const redaction = new CastRedaction(cast, rules);
  run(redaction.learn());
  for (let round = 0;; round++) {
    run(redaction.place());
    const written = new Written(redaction.header().header);
    run(redaction.write(written));
    const verification = new CastVerification(written, rules, redaction.secrets);
    run(verification.run());
    const { leftovers } = verification;
    if (leftovers.length === 0 || round === 2) return { redaction, written, leftovers };
    for (const { rule, text, atMs } of leftovers) redaction.insist(rule, text, atMs);
  }
}

function run(steps: Generator<number>): void {
  let part = 0;
  for (part of steps);
  if (part < 0 || part > 1) throw new RangeError(`Not a part: ${part}`);
}
