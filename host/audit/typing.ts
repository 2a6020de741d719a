/**
 * What people type becomes entries of the log: a line of input is one. Pure.
 *
 * @module
 */
import type { TypedEntry } from "./entry.ts";
import { type Mask, type MaskedUnits, maskUnits } from "./masks.ts";
import { endsLine, type Unit } from "./typist.ts";

/** A line that nobody goes on with is written after this long. */
export const QUIET_MS = 2_000;
/** And one that is gone on with after this long. */
export const LONGEST_MS = 10_000;
/** Longest text of an entry, before its keys are named, in UTF-16 units. */
export const TEXT_MAX_LENGTH = 2_048;
/** Longest text of a paste that is written, in UTF-16 units. */
export const PASTE_MAX_LENGTH = 4_096;
/**
 * How much of what was written is looked at again with what comes after it, in UTF-16 units: the line that it belongs to,
 * and those before it while a secret of many lines goes on, as a PEM key does.
 */
const CONTEXT_LENGTH = 16 * 1_024;

/** What somebody has typed since the last entry. */
interface Pending {
  readonly id: string;
  readonly as: "text" | "hidden" | "flood";
  readonly sinceMs: number;
  readonly lastMs: number;
  /** UTF-16 units of a text, else what an entry calls its length. */
  readonly length: number;
}

/** What was typed of late. */
export interface TypingState {
  /** What was written, as far as it may be needed, and then what is pending. */
  readonly units: readonly Unit[];
  /** How many of the units were written. */
  readonly written: number;
  readonly pending: Pending | undefined;
}

/** Nothing was typed. */
export const NOTHING_TYPED: TypingState = Object.freeze({
  units: [],
  written: 0,
  pending: undefined,
});

/** What happens. */
export type TypingInput =
  /** `hidden`: the terminal does not show what is typed. */
  | {
    readonly kind: "typed";
    readonly id: string;
    readonly units: readonly Unit[];
    readonly hidden: boolean;
  }
  /** What is pending was not shown after all: its length is all that is told. */
  | { readonly kind: "unseen" }
  /** What is pending is to be written. */
  | { readonly kind: "flush" };

/** A state, and what is to be written. */
export interface TypingStep {
  readonly state: TypingState;
  readonly entries: readonly TypedEntry[];
}

/** Something happened. */
export function step(
  state: TypingState,
  input: TypingInput,
  { nowMs, mask }: { readonly nowMs: number; readonly mask: Mask },
): TypingStep {
  const lines = new Lines(state, nowMs);
  switch (input.kind) {
    case "typed":
      for (const unit of input.units) lines.add(input.id, unit, input.hidden);
      break;
    case "unseen":
      lines.hide();
      break;
    case "flush":
      lines.flush();
      break;
    default:
      input satisfies never;
  }
  return lines.end(mask);
}

/** What is pending, without its keys; empty when it is told by its length. */
export function pendingText({ units, written, pending }: TypingState): string {
  if (pending?.as !== "text") return "";
  return units.slice(written).map((unit) => "text" in unit ? unit.text : "").join("");
}

/** When what is pending is to be flushed, whatever comes. */
export function dueMs({ pending }: TypingState): number | undefined {
  return pending && Math.min(pending.lastMs + QUIET_MS, pending.sinceMs + LONGEST_MS);
}

/** An entry whose text is not known before the masks are. */
type Due =
  | {
    readonly kind: "units";
    readonly pending: Pending;
    readonly from: number;
    readonly to: number;
  }
  | { readonly kind: "length"; readonly pending: Pending };

/** One step: collects entries, and masks once for all of them. */
class Lines {
  readonly #units: Unit[];
  readonly #nowMs: number;
  readonly #due: Due[] = [];
  #written: number;
  #pending: Pending | undefined;

  constructor({ units, written, pending }: TypingState, nowMs: number) {
    this.#units = [...units];
    this.#written = written;
    this.#pending = pending;
    this.#nowMs = nowMs;
  }

  add(id: string, unit: Unit, hidden: boolean): void {
    const as = hidden ? "hidden" : unit.kind === "flood" ? "flood" : "text";
    if (this.#pending?.id !== id || this.#pending.as !== as) this.flush();
    if (as !== "text") this.#pend(id, as, lengthOf(unit));
    else if (unit.kind === "paste") {
      this.flush();
      this.#append(id, unit, 0);
      this.flush();
    } else if (unit.kind === "text") {
      for (const text of pieces(unit.text)) this.#append(id, { kind: "text", text }, text.length);
    } else this.#append(id, unit, 1);
    if (unit.kind === "key" && endsLine(unit.name)) this.flush();
  }

  /** What is pending becomes a length. */
  hide(): void {
    if (this.#pending?.as !== "text") return;
    const length = this.#units.splice(this.#written).reduce((sum, unit) => sum + lengthOf(unit), 0);
    this.#pending = { ...this.#pending, as: "hidden", length };
  }

  /** What is pending becomes an entry. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    if (pending.as !== "text") {
      this.#due.push({ kind: "length", pending });
      return;
    }
    this.#due.push({ kind: "units", pending, from: this.#written, to: this.#units.length });
    this.#written = this.#units.length;
  }

  end(mask: Mask): TypingStep {
    const needsMasks = this.#due.some(({ kind }) => kind === "units");
    const masked = needsMasks ? maskUnits(this.#units, mask) : undefined;
    const entries = this.#due.map((due) => this.#entry(due, masked));
    const from = masked === undefined ? 0 : this.#contextStart(masked);
    return {
      entries,
      state: {
        units: this.#units.slice(from),
        written: this.#written - from,
        pending: this.#pending,
      },
    };
  }

  #append(id: string, unit: Unit, length: number): void {
    const last = this.#units.length > this.#written ? this.#units.at(-1) : undefined;
    if (unit.kind === "text" && last?.kind === "text") {
      this.#units[this.#units.length - 1] = { ...unit, text: last.text + unit.text };
    } else if (!isPointing(unit) || !isPointing(last)) this.#units.push(unit);
    this.#pend(id, "text", length);
    if (this.#pending!.length >= TEXT_MAX_LENGTH) this.flush();
  }

  #pend(id: string, as: Pending["as"], length: number): void {
    const { sinceMs = this.#nowMs, length: before = 0 } = this.#pending ?? {};
    this.#pending = { id, as, sinceMs, lastMs: this.#nowMs, length: before + length };
  }

  #entry(due: Due, masked: MaskedUnits | undefined): TypedEntry {
    const { id, as, length, sinceMs } = due.pending;
    const tookMs = Math.round(this.#nowMs - sinceMs);
    if (due.kind === "length") {
      return { kind: "length", id, length, why: as === "hidden" ? "hidden" : "flood", tookMs };
    }
    const first = this.#units[due.from];
    if (first?.kind === "paste") {
      const text = cut(masked!.textOf(due.from), PASTE_MAX_LENGTH);
      return { kind: "paste", id, text, length: first.length, tookMs };
    }
    let text = "";
    for (let i = due.from; i < due.to; i++) text += shown(this.#units[i]!, masked!.textOf(i));
    return { kind: "text", id, text, tookMs };
  }

  /** From where on what was written may still be needed. */
  #contextStart(masked: MaskedUnits): number {
    const units = this.#units;
    const lineStart = (end: number): number =>
      units.slice(0, end).findLastIndex((unit) => unit.kind === "key" && endsLine(unit.name)) + 1;
    const current = lineStart(this.#written);
    const goesOn = current > 0 && masked.isOpen(lineStart(current - 1), current);
    let from = this.#written;
    for (let length = 0; from > (goesOn ? 0 : current); from--) {
      const unit = units[from - 1]!;
      length += "text" in unit ? unit.text.length : 1;
      // One paste alone may be longer.
      if (length > CONTEXT_LENGTH && from < this.#written) break;
    }
    return from;
  }
}

/** A unit as the log has it: keys are in angle brackets, and a bracket that was typed is `<lt>`. */
function shown(unit: Unit, text: string): string {
  if (unit.kind !== "key") return text.replaceAll("<", "<lt>");
  return `<${unit.name.replace("<", "lt").replace(">", "gt")}>`;
}

function lengthOf(unit: Unit): number {
  switch (unit.kind) {
    case "text":
      return [...unit.text].length;
    case "key":
      return endsLine(unit.name) ? 0 : 1;
    case "paste":
      return unit.length;
    case "flood":
      return unit.bytes;
    default:
      return unit satisfies never;
  }
}

/** The mouse and the focus: many of them say no more than one. */
function isPointing(unit: Unit | undefined): boolean {
  return unit?.kind === "key" && ["mouse", "focus", "blur"].includes(unit.name);
}

/** Text in parts that fit in an entry, none of which ends in the middle of a character. */
function* pieces(text: string): Generator<string> {
  for (let rest = text; rest !== "";) {
    const piece = cut(rest, TEXT_MAX_LENGTH);
    yield piece;
    rest = rest.slice(piece.length);
  }
}

/** The beginning of a text, without half a character at its end. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const half = (text.charCodeAt(maxLength - 1) & 0xfc00) === 0xd800;
  return text.slice(0, half ? maxLength - 1 : maxLength);
}
