/**
 * Paints frames on the local terminal. Nothing else writes to it.
 *
 * @module
 */
import { blankFrame, diff } from "../format/delta.ts";
import { DEFAULT_MODES, type Frame } from "../format/frame.ts";
import { Adapter, type LinkPolicy } from "./adapt.ts";
import { legible } from "./legible.ts";
import { RESET_MODES, type Terminal } from "./terminal.ts";

/** How a {@link Painter} paints. */
export interface PainterOptions {
  /**
   * Whether the terminal takes on the modes of the frame (mouse, paste, cursor keys). Only for who types into
   * the session: a spectator's terminal stays as it is. Default false.
   */
  readonly sharesModes?: boolean;
  /** Default `web`. */
  readonly links?: LinkPolicy;
  /** Called when a frame given to {@link Painter.paint} is on the terminal. Those skipped are not told. */
  readonly onPainted?: (frame: Frame) => void;
}

/** An update longer than this is shown at once (DECSET 2026), with the cursor out of the way. */
const SYNC_CHARS = 200;
const CLEAR = `${RESET_MODES}\x1b[2J\x1b[H`;

/**
 * Keeps what the terminal shows and writes the difference to what it should show. While a write is in flight
 * only the newest frame is kept: a slow terminal skips frames, and no queue grows.
 */
export class Painter {
  readonly #terminal: Terminal;
  readonly #adapter: Adapter;
  readonly #options: PainterOptions;
  /** What the terminal shows once what was written has arrived; `undefined` when that is not known. */
  #shown: Frame | undefined;
  #next: Frame | undefined;
  #last: Frame | undefined;
  #extra = "";
  #waiting = false;

  constructor(terminal: Terminal, options: PainterOptions = {}) {
    this.#terminal = terminal;
    this.#options = options;
    this.#adapter = new Adapter(terminal.capabilities, options.links ?? "web");
  }

  /** Shows a frame: at once, or as soon as the write in flight has ended unless a newer one came. */
  paint(frame: Frame): void {
    this.#next = this.#last = frame;
    this.#pump();
  }

  /** Paints everything anew: what is on the terminal is not known any more. */
  repaint(): void {
    this.#shown = undefined;
    this.#next ??= this.#last;
    this.#pump();
  }

  /** Writes a sequence that draws nothing (a question, the clipboard), before the next paint. */
  send(sequence: string): void {
    this.#extra += sequence;
    this.#pump();
  }

  /** Resolves when all is written. */
  async idle(): Promise<void> {
    while (this.#waiting || this.#terminal.busy) await this.#terminal.idle;
  }

  #pump(): void {
    if (this.#waiting) return;
    if (this.#terminal.busy) return this.#wait(this.#terminal.idle);
    const frame = this.#next;
    this.#next = undefined;
    const data = this.#extra + (frame === undefined ? "" : this.#draw(frame));
    this.#extra = "";
    if (data === "") {
      if (frame !== undefined) this.#options.onPainted?.(frame);
      return;
    }
    this.#wait(this.#terminal.write(data), frame);
  }

  #wait(done: Promise<void>, frame?: Frame): void {
    this.#waiting = true;
    void done.then(() => {
      this.#waiting = false;
      if (frame !== undefined) this.#options.onPainted?.(frame);
      if (this.#next !== undefined || this.#extra !== "") this.#pump();
    });
  }

  #draw(source: Frame): string {
    const { lines, cols, rows, cursor, bells, top } = this.#adapter.frame(source);
    const frame: Frame = {
      cols,
      rows,
      lines,
      under: undefined, // the local terminal's own normal screen lies under what is painted
      cursor,
      modes: this.#options.sharesModes ? source.modes : DEFAULT_MODES,
      // Whoever composed the frame: a title is text and nothing else.
      title: this.#terminal.capabilities.titles ? legible(source.title) : "",
      bells,
      top,
    };
    const { shown, prefix } = this.#from(frame);
    this.#shown = frame;
    const ansi = diff({ ...shown, top }, frame).ansi;
    if (prefix.length + ansi.length < SYNC_CHARS) return prefix + ansi;
    const hide = shown.cursor.visible ? "\x1b[?25l" : "";
    const show = frame.cursor.visible ? "\x1b[?25h" : "";
    return `\x1b[?2026h${hide}${prefix}${ansi}${show}\x1b[?2026l`;
  }

  /** What there is to start from: what is shown, or a terminal that is cleared first. */
  #from(frame: Frame): { readonly shown: Frame; readonly prefix: string } {
    const shown = this.#shown;
    if (shown !== undefined && shown.cols === frame.cols && shown.rows === frame.rows) {
      return { shown, prefix: "" };
    }
    const { cols, rows } = frame;
    const bells = shown?.bells ?? frame.bells;
    return { shown: { ...blankFrame(cols, rows), bells }, prefix: CLEAR };
  }
}
