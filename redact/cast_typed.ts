/**
 * What was typed in a recording, line by line, however many events it is spread over; and whether it was seen.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import { cellText, type Row } from "../format/row.ts";
import { MASK } from "./masks.ts";
import type { Range } from "./rule.ts";

/** A place in what was typed: the event, and where in its data. */
interface TypedPlace {
  readonly index: number;
  readonly at: number;
}

/** Text that was typed at once. */
interface TypedPiece extends TypedPlace {
  readonly text: string;
}

/** A line that was typed, as it was at one time. */
export interface TypedLine {
  readonly text: string;
  readonly atMs: number;
}

interface Line extends TypedLine {
  readonly pieces: readonly TypedPiece[];
}

/** Characters that were typed without another key between them. */
interface Run {
  readonly pieces: TypedPiece[];
  text: string;
  /** Where the cursor was: the line (of the scrollback, but on the alternate screen) and the column. */
  readonly line: number;
  readonly x: number;
  readonly alternate: boolean;
  readonly atMs: number;
  /** Whether what stood before the cursor asked for a secret. */
  readonly asked: boolean;
  /** How many of the characters were seen. */
  seen: number;
  endMs: number;
}

/** Something was typed that the terminal did not show. */
export interface Unseen {
  readonly text: string;
  readonly atMs: number;
  /** Whether the terminal asked for a secret. */
  readonly asked: boolean;
}

/** How long after it was typed something may show up. */
const ECHO_MS = 1_500;
/** Runs that are waited for at a time, and longest line. */
const MAX_PENDING = 64, MAX_LINE = 4_096;
/** How often it is remembered what a line was before something was erased. */
const MAX_KEPT = 32;
/** Texts this long are looked for wherever the screen has changed; shorter ones where the cursor was. */
const LONG = 4;

const ASKS =
  /(?:pass(?:word|phrase|code|wd)?|passwort|kennwort|secret|token|credential|pin|otp|code|api[ _-]?key|key)\b[^:?>]*[:?>]\s*$/i;

/** Keys, and what terminals answer to programs; a string of such an answer begins so. */
const KEYS =
  // deno-lint-ignore no-control-regex -- keys are control characters and escape sequences
  /(\x1b(?:[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\[[0-9;<?]*[ -/]*[@-~]|O.|.)?|[\x00-\x1f\x7f])/;
// deno-lint-ignore no-control-regex -- an escape
const STRING = /^\x1b[\]PX^_]/, STRING_END = /(?:\x07|\x1b\\)$/;

/** Follows what is typed in a recording. */
export class TypedLines {
  readonly #lines: Line[] = [];
  readonly #unseen: Run[] = [];
  readonly #hidden: TypedPiece[] = [];
  #pending: Run[] = [];
  #run: Run | undefined;
  #line: TypedPiece[] = [];
  #lineLength = 0;
  #lineMs = 0;
  #kept = 0;
  #erasing = false;

  /** Takes what an event typed. `frame` is what was shown then. */
  input(index: number, data: string, frame: Frame, atMs: number): void {
    const parts = data.split(KEYS);
    let at = 0;
    parts.forEach((part, i) => {
      const place = { index, at };
      if (i % 2 === 1 && part.length > 2 && STRING.test(part)) this.#answer(part, place);
      else if (i % 2 === 1) this.#key(part, atMs);
      else if (part !== "") this.#text(part, place, frame, atMs);
      at += part.length;
    });
    this.#settle(atMs);
  }

  /** Takes a frame that came after. */
  frame(frame: Frame, atMs: number): void {
    for (const run of this.#pending) look(run, frame);
    if (this.#run !== undefined) look(this.#run, frame);
    this.#settle(atMs);
  }

  /** There is no more. */
  finish(): void {
    this.#endRun(0);
    this.#endLine();
    this.#settle(Infinity);
  }

  /** Every line, and what it was before something of it was erased. */
  get lines(): readonly TypedLine[] {
    return this.#lines;
  }

  /** What was typed and not shown. */
  get unseen(): readonly Unseen[] {
    return this.#unseen;
  }

  /** Works out what of each event is to be masked; `mask` masks a line. */
  plan(mask: (line: string) => string): TypedMasks {
    const masks = new TypedMasks();
    for (const { pieces } of [{ pieces: this.#hidden }, ...this.#unseen]) {
      for (const { index, at, text } of pieces) {
        masks.add(index, { from: at, to: at + text.length });
      }
    }
    for (const { text, pieces } of this.#lines) {
      const masked = mask(text);
      if (masked === text) continue;
      const aligned = masked.length === text.length;
      let start = 0;
      for (const { index, at, text } of pieces) {
        const shown = aligned ? masked.slice(start, start + text.length) : "";
        for (let i = 0; i < text.length; i++) {
          if (shown[i] !== text[i]) masks.add(index, { from: at + i, to: at + i + 1 });
        }
        start += text.length;
      }
    }
    return masks;
  }

  #text(
    text: string,
    place: TypedPlace,
    frame: Frame,
    atMs: number,
  ): void {
    this.#erasing = false;
    if (this.#line.length === 0) this.#lineMs = atMs;
    const run = this.#run ??= startRun(frame, atMs);
    const piece = { ...place, text };
    this.#line.push(piece);
    run.pieces.push(piece);
    run.text += text;
    this.#lineLength += text.length;
    if (this.#lineLength > MAX_LINE) this.#endLine();
    if (run.text.length > MAX_LINE) this.#endRun(atMs);
  }

  /** What a terminal answered with may be the clipboard. */
  #answer(answer: string, { index, at }: TypedPlace): void {
    this.#hidden.push({ index, at: at + 2, text: answer.slice(2).replace(STRING_END, "") });
  }

  #key(key: string, atMs: number): void {
    this.#endRun(atMs);
    if (key === "\r" || key === "\n" || key === "\x03" || key === "\x15") this.#endLine();
    else if (key === "\x7f" || key === "\b") {
      if (!this.#erasing && this.#kept++ < MAX_KEPT) this.#keepLine();
      this.#erasing = true;
      this.#erase();
    }
  }

  /** Takes the last character of the line away. */
  #erase(): void {
    const last = this.#line.pop();
    if (last === undefined) return;
    const text = last.text.replace(/.$/su, "");
    this.#lineLength -= last.text.length - text.length;
    if (text !== "") this.#line.push({ ...last, text });
  }

  #endRun(atMs: number): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    run.endMs = atMs;
    this.#pending.push(run);
    if (this.#pending.length > MAX_PENDING) this.#decide(this.#pending.shift()!);
  }

  #endLine(): void {
    this.#keepLine();
    [this.#line, this.#lineLength, this.#kept] = [[], 0, 0];
    this.#erasing = false;
  }

  #keepLine(): void {
    if (this.#line.length === 0) return;
    const pieces = [...this.#line];
    this.#lines.push({ pieces, text: pieces.map(({ text }) => text).join(""), atMs: this.#lineMs });
  }

  /** Runs that had their time were seen by now, or never will be. */
  #settle(nowMs: number): void {
    if (this.#pending.length === 0) return;
    this.#pending = this.#pending.filter((run) => {
      if (nowMs - run.endMs <= ECHO_MS) return true;
      this.#decide(run);
      return false;
    });
  }

  #decide(run: Run): void {
    // What was masked before is nothing new.
    if (run.text.replaceAll(MASK, "") === "") return;
    // The last keys before a line is sent may never be drawn.
    if (run.seen === 0 || run.seen * 2 < run.text.length) this.#unseen.push(run);
  }
}

/** What is to be masked of what was typed, event by event. */
export class TypedMasks {
  readonly #ranges = new Map<number, Range[]>();

  /** Masks a range of an event's data. */
  add(index: number, range: Range): void {
    const ranges = this.#ranges.get(index);
    if (ranges === undefined) this.#ranges.set(index, [range]);
    else ranges.push(range);
  }

  /** What may be seen of an event. */
  data(index: number, data: string): string {
    const ranges = this.#ranges.get(index);
    if (ranges === undefined) return data;
    const units = data.split("");
    for (const { from, to } of ranges) units.fill(MASK, from, to);
    return units.join("");
  }
}

function startRun(frame: Frame, atMs: number): Run {
  const { cursor, under, top } = frame;
  const alternate = under !== undefined;
  const before = textFrom(frame.lines[cursor.y]!, 0, cursor.x);
  return {
    pieces: [],
    text: "",
    line: alternate ? cursor.y : top + cursor.y,
    x: cursor.x,
    alternate,
    atMs,
    asked: ASKS.test(before),
    seen: 0,
    endMs: Infinity,
  };
}

/** Notes how much of a run a frame shows. */
function look(run: Run, frame: Frame): void {
  const { text } = run;
  if (run.seen === text.length || run.alternate !== (frame.under !== undefined)) return;
  const first = run.alternate ? run.line : run.line - frame.top;
  if (textBelow(frame, first, run.x).startsWith(text)) {
    run.seen = text.length;
    return;
  }
  // Where a secret was asked for, one that shows up elsewhere is one that leaks.
  if (text.length < LONG || run.asked) return;
  for (let y = run.alternate ? 0 : Math.max(0, first); y < frame.rows; y++) {
    if (frame.lines[y]!.wrapped) continue;
    if (!textBelow(frame, y, 0).includes(text)) continue;
    run.seen = text.length;
    return;
  }
}

/** The text from a place to the end of its logical line. */
function textBelow(frame: Frame, y: number, x: number): string {
  const row = frame.lines[y];
  if (row === undefined) return "";
  let text = textFrom(row, x, row.used);
  for (const below of frame.lines.slice(y + 1)) {
    if (!below.wrapped) break;
    text += textFrom(below, 0, below.used);
  }
  return text;
}

/** The text of some columns of a row. */
export function textFrom(row: Row, from: number, to: number): string {
  let text = "";
  for (let x = from; x < to; x++) text += cellText(row, x);
  return text;
}
