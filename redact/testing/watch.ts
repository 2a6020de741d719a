/**
 * Looking for secrets in everything that leaves a redactor.
 *
 * @module
 */
import { blankFrame, diff } from "../../format/delta.ts";
import type { Frame } from "../../format/frame.ts";
import { CELL, CLUSTER, CODE_MASK, type Row, WIDTH_SHIFT } from "../../format/row.ts";
import { Screen } from "../../format/screen.ts";
import { type CountingRedactor, createRedactor, type SafeFrame } from "../redactor.ts";
import type { Rule } from "../rule.ts";
import type { Sample, Secret } from "./samples.ts";
import type { Step, Way } from "./ways.ts";

/** Characters in a row of a secret that nobody may see; where only parts of it are there, so many. */
export const WINDOW = 6, PART_WINDOW = 8;

/** What must not be seen of a secret: more than its beginning, and any part of the rest. */
export function forbidden({ text, shown, before }: Secret, window = WINDOW): string[] {
  const parts: string[] = [];
  // What stands before it is part of the first one, lest a single character be found anywhere.
  const beginning = (before.slice(-window) + text.slice(0, shown + 1)).trimStart();
  if (beginning.length >= window && window === WINDOW) parts.push(beginning);
  for (let i = shown; i + window <= text.length; i++) parts.push(text.slice(i, i + window));
  return parts;
}

/** A secret that was seen. */
export interface Leak {
  readonly step: number;
  readonly where: string;
  readonly part: string;
  readonly text: string;
}

/** Draws on a screen that is watched through a redactor, and reports everything secret that is to be seen. */
export class Watch {
  readonly redactor: CountingRedactor;
  readonly screen: Screen;
  /** What a viewer sees, who gets nothing but differences. */
  readonly viewer: Screen;
  readonly leaks: Leak[] = [];
  readonly #parts: readonly string[];
  readonly #history: ReturnType<CountingRedactor["history"]>;
  /** Rows that were looked at: they never change. */
  readonly #seen = new WeakSet<Row>();
  #frame: SafeFrame;
  #step = 0;
  /** Whether what is seen counts yet. */
  counts = true;

  constructor(
    rules: readonly Rule[],
    sample: Pick<Sample, "secrets">,
    size: { readonly cols: number; readonly rows: number },
    window = WINDOW,
  ) {
    this.#parts = sample.secrets.flatMap((secret) => forbidden(secret, window));
    this.redactor = createRedactor(rules);
    this.screen = new Screen({ ...size, scrollback: 300 });
    this.viewer = new Screen({ ...size, scrollback: 300 });
    this.#history = this.redactor.history(this.screen.history);
    this.#frame = this.redactor.frame(blankFrame(size.cols, size.rows));
  }

  /** Takes one step, and looks. */
  step(step: Step): void {
    if (typeof step === "string") this.screen.write(step);
    else {
      this.screen.resize(step.cols, step.rows);
      this.viewer.resize(step.cols, step.rows);
    }
    const frame = this.redactor.frame(this.screen.frame());
    const { ansi } = diff(this.#frame, frame, { history: this.#history });
    this.viewer.write(ansi);
    // deno-lint-ignore no-control-regex -- escape sequences
    this.#look("a difference", ansi.replace(/\x1b(?:\[[0-9;?]*[@-~ ]q?|\][^\x07]*\x07|.)/g, ""));
    this.#look("the bytes of a difference", ansi);
    this.#lookAtFrame(frame);
    for (let line = this.#frame.top; line < frame.top; line++) {
      const row = this.#history(line);
      if (row !== undefined) this.#lookAtRow(`line ${line}`, row);
    }
    this.#frame = frame;
    this.#step++;
  }

  /** Looks at all that a viewer can scroll back to. */
  finish(): void {
    this.#lookAtFrame(this.viewer.frame());
    for (let line = 0; line < this.viewer.top; line++) {
      const row = this.viewer.history(line);
      if (row !== undefined) this.#lookAtRow(`line ${line} of a viewer`, row);
    }
  }

  [Symbol.dispose](): void {
    this.screen[Symbol.dispose]();
    this.viewer[Symbol.dispose]();
  }

  #lookAtFrame(frame: Frame): void {
    this.#look("the title", frame.title);
    for (const [name, rows] of [["screen", frame.lines], ["under", frame.under ?? []]] as const) {
      let logical = "";
      rows.forEach((row, y) => {
        this.#lookAtRow(`${name} ${y}`, row);
        if (!row.wrapped) {
          this.#look(`lines of ${name}`, logical);
          logical = "";
        }
        logical += plainText(row);
      });
      this.#look(`lines of ${name}`, logical);
    }
  }

  #lookAtRow(where: string, row: Row): void {
    if (!this.counts || this.#seen.has(row)) return;
    this.#seen.add(row);
    this.#look(where, plainText(row));
    for (const { link } of row.extras?.values() ?? []) {
      if (link !== undefined) this.#look(`a link on ${where}`, `${link.id} ${link.uri}`);
    }
  }

  #look(where: string, text: string): void {
    if (!this.counts) return;
    const part = this.#parts.find((part) => text.includes(part));
    if (part !== undefined) this.leaks.push({ step: this.#step, where, part, text });
  }
}

/** The text of a row, without what combines with its characters. */
function plainText(row: Row): string {
  let text = "";
  for (let x = 0; x < row.used; x++) {
    const content = row.cells[x * CELL]!;
    if (content >>> WIDTH_SHIFT === 0) continue;
    const code = content & CLUSTER ? row.clusters!.get(x)!.codePointAt(0)! : content & CODE_MASK;
    text += String.fromCodePoint(code);
  }
  return text;
}

/** Draws a sample, watched. */
export function watchDrawing(rules: readonly Rule[], sample: Sample, way: Way): {
  readonly leaks: readonly Leak[];
  readonly counts: ReadonlyMap<string, number>;
} {
  const drawing = way.draw(sample.lines);
  using watch = new Watch(rules, sample, drawing, way.only === "parts" ? PART_WINDOW : WINDOW);
  drawing.steps.forEach((step, i) => {
    watch.counts = i >= (drawing.from ?? 0);
    watch.step(step);
  });
  watch.finish();
  return { leaks: watch.leaks, counts: watch.redactor.counts };
}
