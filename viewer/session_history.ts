/**
 * Who was there, who drove and where people pointed, at any place of a log.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { Person, Turn } from "../format/session_data.ts";
import type { EventLog } from "../record/event_log.ts";
import {
  driver,
  learn,
  NO_FACTS,
  POINTER_MS,
  type SessionFacts,
  shownPointers,
} from "./session_facts.ts";

/** What a {@link SessionHistory} needs of a log. */
export type HistoryLog = Pick<
  EventLog,
  | "firstIndex"
  | "durationMs"
  | "timeAt"
  | "indexAt"
  | "eventAt"
  | "peopleIndexes"
  | "pointerIndexes"
>;

/** Control came to somebody else. */
export interface Handoff {
  readonly index: number;
  readonly atMs: number;
  readonly turn: Turn;
  /** Who drives from here on; `undefined` when nobody or everybody does. */
  readonly driver: Person | undefined;
}

/** A time during which the same one drove. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly turn: Turn;
  readonly driver: Person | undefined;
}

/** Settings of a {@link SessionHistory}. */
export interface HistoryOptions {
  /** Whether the log drops its oldest events: what they said is remembered then. Default false. */
  readonly drops?: boolean;
}

interface Entry {
  readonly index: number;
  readonly atMs: number;
  /** Decoded anew each time where the log will have it. */
  readonly event: CastEvent | undefined;
}

/** So many events are learned at most to know the facts at a place. */
const MARK_EVERY = 64;
/** So many places of pointers and cursors are read at most to know where the cursors of panes are. */
const CURSOR_EVENTS = 500;
/** No session has more to tell of its people; a file that does could hold up who replays it. */
const MAX_ENTRIES = 200_000;

/**
 * The facts of a session by the place in its log. What there is of people is read once, as the log grows; a place is then
 * looked up in the time of a few events.
 */
export class SessionHistory {
  readonly #log: HistoryLog;
  readonly #drops: boolean;
  readonly #entries: Entry[] = [];
  /** The facts before each {@link MARK_EVERY}th entry. */
  #marks: SessionFacts[] = [NO_FACTS];
  #latest: SessionFacts = NO_FACTS;
  #handoffs: Handoff[] = [];
  /** The log's first event when it was looked at last, and the last one that was read. */
  #first = 0;
  #seen = -1;
  /** The facts after so many entries. */
  #known: { readonly count: number; readonly facts: SessionFacts } | undefined;
  /** Where people pointed before `index`, of the pointers from `from` on. */
  #pointing = { from: 0, index: 0, facts: NO_FACTS };

  #drawn = { startMs: NaN, durationMs: 0, length: 0, stretches: [] as readonly Stretch[] };

  constructor(log: HistoryLog, options: HistoryOptions = {}) {
    this.#log = log;
    this.#drops = options.drops ?? false;
  }

  /** Where control changed hands, in order. */
  get handoffs(): readonly Handoff[] {
    this.#update();
    return this.#handoffs;
  }

  /** What was known after all events before `index`, and where people pointed at session time `atMs`. */
  at(index: number, atMs: number): SessionFacts {
    this.#update();
    const facts = this.#peopleAt(index);
    const { pointers, cursors } = this.#pointersAt(index, atMs, facts.panes.size > 0);
    return pointers.size + cursors.size === 0 ? facts : { ...facts, pointers, cursors };
  }

  /** Who drove when, from `startMs` to the end, without gaps. */
  stretches(startMs: number): readonly Stretch[] {
    this.#update();
    const { durationMs } = this.#log, { length } = this.#handoffs;
    const known = this.#drawn;
    if (known.startMs === startMs && known.durationMs === durationMs && known.length === length) {
      return known.stretches;
    }
    const before = this.#marks[0]!;
    const first: Handoff = { index: 0, atMs: startMs, turn: before.turn, driver: driver(before) };
    const all = [first, ...this.#handoffs];
    const stretches = all.map(({ atMs, turn, driver }, i) => {
      const toMs = all[i + 1]?.atMs ?? durationMs;
      return { fromMs: Math.max(startMs, atMs), toMs: Math.max(startMs, toMs), turn, driver };
    });
    this.#drawn = { startMs, durationMs, length, stretches };
    return stretches;
  }

  #peopleAt(index: number): SessionFacts {
    const entries = this.#entries;
    const count = lowerBound(entries.length, (i) => entries[i]!.index >= index);
    if (this.#known?.count === count) return this.#known.facts;
    const mark = Math.floor(count / MARK_EVERY);
    let facts = this.#marks[mark]!;
    for (let i = mark * MARK_EVERY; i < count; i++) {
      facts = this.#learn(facts, entries[i]!);
    }
    this.#known = { count, facts };
    return facts;
  }

  #pointersAt(
    index: number,
    atMs: number,
    panes: boolean,
  ): Pick<SessionFacts, "pointers" | "cursors"> {
    const log = this.#log, indexes = log.pointerIndexes;
    const to = lowerBound(indexes.length, (i) => indexes[i]! >= index);
    const recent = log.indexAt(atMs - POINTER_MS);
    // Cursors stay where they were told to be last.
    const wanted = panes
      ? Math.min(recent, indexes[Math.max(0, to - CURSOR_EVENTS)] ?? recent)
      : recent;
    const { from, index: before, facts: known } = this.#pointing;
    // As it plays, only what is new is read.
    const goesOn = from <= wanted && wanted <= before && before <= index;
    let facts = goesOn ? known : NO_FACTS;
    const first = goesOn ? before : wanted;
    for (let i = lowerBound(indexes.length, (i) => indexes[i]! >= first); i < to; i++) {
      facts = learn(facts, log.eventAt(indexes[i]!), log.timeAt(indexes[i]!));
    }
    this.#pointing = { from: goesOn ? from : wanted, index, facts };
    return { pointers: shownPointers(facts.pointers, atMs), cursors: facts.cursors };
  }

  /** Reads what was added to the log, and forgets what it has dropped. */
  #update(): void {
    const log = this.#log, indexes = log.peopleIndexes;
    if (this.#drops && log.firstIndex !== this.#first) this.#forget(log.firstIndex);
    const seen = this.#seen;
    if (indexes.length === 0 || indexes.at(-1)! <= seen) return;
    this.#seen = indexes.at(-1)!;
    for (let i = lowerBound(indexes.length, (i) => indexes[i]! > seen); i < indexes.length; i++) {
      if (this.#entries.length >= MAX_ENTRIES) return;
      const index = indexes[i]!;
      const event = this.#drops ? log.eventAt(index) : undefined;
      this.#add({ index, atMs: log.timeAt(index), event });
    }
  }

  #learn(facts: SessionFacts, { index, atMs, event }: Entry): SessionFacts {
    return learn(facts, event ?? this.#log.eventAt(index), atMs);
  }

  #add(entry: Entry): void {
    const before = this.#latest;
    const facts = this.#latest = this.#learn(before, entry);
    this.#entries.push(entry);
    if (this.#entries.length % MARK_EVERY === 0) this.#marks.push(facts);
    if (isHandoff(before.turn, facts.turn)) {
      const { index, atMs } = entry;
      this.#handoffs.push({ index, atMs, turn: facts.turn, driver: driver(facts) });
    }
  }

  /** What the log has dropped is known as what it led to. */
  #forget(first: number): void {
    this.#first = first;
    const entries = this.#entries.splice(0);
    const handoffs = this.#handoffs.filter(({ index }) => index >= first);
    let base = this.#marks[0]!;
    for (const entry of entries) if (entry.index < first) base = this.#learn(base, entry);
    this.#marks = [base];
    this.#latest = base;
    for (const entry of entries) if (entry.index >= first) this.#add(entry);
    this.#handoffs = handoffs;
    this.#known = undefined;
    this.#drawn = { startMs: NaN, durationMs: 0, length: 0, stretches: [] };
  }
}

function isHandoff(before: Turn, after: Turn): boolean {
  return before.mode !== after.mode || before.holder !== after.holder;
}

/** The first of so many places where something is so, given that it stays so; `length` when there is none. */
function lowerBound(length: number, isSo: (i: number) => boolean): number {
  let low = 0, high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
