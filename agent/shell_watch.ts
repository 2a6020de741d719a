/**
 * Where the shell is: by its own marks, or by what the cursor's line looks like.
 *
 * @module
 */
import { textBefore } from "../format/row.ts";
import type { Feed, PlacedMark } from "./feed.ts";
import { looksLikePrompt, PROMPT_QUIET_MS } from "./prompt.ts";

/** How the session was when the host took something that a shell acts on. */
interface Entered {
  readonly revision: number;
  /** The number of the last mark that was there before; `Infinity` until the host takes it. */
  readonly mark: number;
  /** Something runs in the shell already, and gets what is typed: its prompts have no marks. */
  readonly nested: boolean;
  readonly atMs: number;
}

/** After so long without any change what was typed has changed nothing: a clear of an empty screen. */
const UNCHANGED_MS = 1_000;

/** Whether the shell waits for a command: how that is known, or when it may be. */
export type AtPrompt =
  | { readonly kind: "yes"; readonly by: "marks" | "prompt" }
  /** Unless something changes until then. */
  | { readonly kind: "later"; readonly inMs: number }
  | { readonly kind: "no" };

const NO: AtPrompt = { kind: "no" };

/** Follows a shell. Reads no clock. */
export class ShellWatch {
  readonly #feed: Feed;
  #learned: string | undefined;
  #learnedLine = -1;
  #entered: Entered | undefined;
  #markNumber = 0;
  /** What tells that the shell waits: not every one marks where its prompt begins. */
  #promptKind: "prompt" | "input" = "input";
  #promptNumber = 0;
  #changedMs = 0;
  #revision = -1;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** The text before the cursor at the last prompt that was typed at. */
  get learned(): string | undefined {
    return this.#learned;
  }

  /** When something on the screen changed last. */
  get changedMs(): number {
    return this.#changedMs;
  }

  /** Whether the shell says where it is: not what runs in it. */
  get hasMarks(): boolean {
    const { mark } = this.#feed, entered = this.#entered;
    if (mark === undefined) return false;
    return entered?.nested !== true || mark.number > entered.mark;
  }

  /** Something came. */
  delivered(nowMs: number): void {
    if (this.#feed.revision === this.#revision) return;
    this.#revision = this.#feed.revision;
    this.#changedMs = nowMs;
  }

  /** Whether the shell marks where its prompts begin, and not only where input does. */
  get marksPrompts(): boolean {
    return this.#promptKind === "prompt";
  }

  /** Whether a mark is of what was typed last, and not from before. */
  isNew(mark: PlacedMark): boolean {
    return mark.number > (this.#entered?.mark ?? 0);
  }

  /** The shell made a mark. */
  marked({ kind, number }: PlacedMark): void {
    if (kind === "prompt") this.#promptKind = "prompt";
    this.#markNumber = number;
    if (kind === this.#promptKind) this.#promptNumber = number;
  }

  /** Something is about to be typed. Returns what undoes that. @param enters whether a line is */
  typing(enters: boolean, nowMs: number): () => void {
    const text = this.beforeCursor();
    const { end } = this.#feed.log;
    if (text !== undefined && text.trim() !== "" && end !== this.#learnedLine) {
      this.#learned = text;
      this.#learnedLine = end;
    }
    const before = this.#entered, { revision } = this.#feed;
    if (!enters) return () => {};
    const waiting = { revision, mark: Infinity, nested: false, atMs: nowMs };
    this.#entered = waiting;
    return () => {
      if (this.#entered === waiting) this.#entered = before;
    };
  }

  /** The host takes what enters: what comes from now on is of that. */
  entering(nowMs: number): void {
    const { mark, revision } = this.#feed;
    this.#entered = {
      revision,
      mark: this.#markNumber,
      nested: mark?.kind === "output",
      atMs: nowMs,
    };
  }

  /** The host has taken what was typed. */
  typed(nowMs: number): void {
    if (this.#entered !== undefined) this.#entered = { ...this.#entered, atMs: nowMs };
  }

  /** What stands in the cursor's line before the cursor; `undefined` in a program on the whole screen. */
  beforeCursor(): string | undefined {
    const { frame, log } = this.#feed;
    if (frame === undefined || frame.under !== undefined || !this.#feed.isShared) return undefined;
    const { x, y } = frame.cursor;
    const row = frame.lines[y]!;
    const at = log.position(frame.top + y, 0);
    const above = at === undefined ? "" : (log.line(at.line) ?? "").slice(0, at.offset);
    return above + textBefore(row, x);
  }

  /** Whether the shell waits for the next command, after all that was typed. */
  atPrompt(nowMs: number): AtPrompt {
    const { mark, revision } = this.#feed;
    const entered = this.#entered;
    if (mark !== undefined && this.hasMarks) {
      const waits = mark.kind === "prompt" || mark.kind === "input";
      return waits && this.#promptNumber > (entered?.mark ?? 0) ? { kind: "yes", by: "marks" } : NO;
    }
    const text = this.beforeCursor();
    if (text === undefined || !looksLikePrompt(text, this.#learned)) return NO;
    const sinceMs = Math.max(this.#changedMs, entered?.atMs ?? -Infinity);
    const unchanged = entered !== undefined && revision <= entered.revision;
    const inMs = sinceMs + (unchanged ? UNCHANGED_MS : PROMPT_QUIET_MS) - nowMs;
    return inMs <= 0 ? { kind: "yes", by: "prompt" } : { kind: "later", inMs };
  }
}
