/**
 * The session's screen on the page: draws frames, at a size that fits, and says where on it something is.
 *
 * @module
 */
import type { IDisposable, ILinkProvider, ITheme } from "@xterm/xterm";
import { blankFrame, diff } from "../../format/delta.ts";
import { DEFAULT_MODES, type Frame, type History } from "../../format/frame.ts";
import { rowText } from "../../format/row.ts";
import { h } from "./dom.ts";
import { Display, type Renderer } from "./display.ts";
import { ACTUAL_FONT_PX, type Area, type CellRules, clampFontSize, fitFontSize } from "./fit.ts";
import { fontMeasure, FONTS } from "./fonts.ts";

/** A cell of the session's screen, from 0. */
export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** How large the screen is drawn: to fit the space, at the usual text size, or at one that was chosen. */
export type Scale =
  | { readonly kind: "fit" }
  | { readonly kind: "actual" }
  | { readonly kind: "size"; readonly fontPx: number };

/** How a {@link Stage} is made. */
export interface StageOptions {
  /** What it is called for who does not see it. */
  readonly label: string;
  /** Its colours until others are set. */
  readonly theme: ITheme;
  readonly minimumContrast: number;
  /** A link was clicked; it is http or https. */
  readonly onLink: (uri: string) => void;
  /** Finds further links. */
  readonly links?: (stage: Stage) => ILinkProvider;
}

/** When it is found out what draws best: after the first screen is there. */
const RENDERER_AFTER_MS = 300;
/** How many lines that scrolled away can be looked at again. */
export const SCROLLBACK = 5_000;

/**
 * The screen. It has the session's own size always, and is never typed into: it only draws. Give it to the page with
 * {@link element}; layers go into {@link screen}.
 */
export class Stage implements Disposable {
  /** Fills the space that the page gives it, and scrolls what is larger. */
  readonly element: HTMLElement;
  /** Covers the cells exactly, from the first one's upper left corner; things can be placed over the screen in it. */
  readonly screen: HTMLElement;
  readonly #holder = h("div", { class: "stage-screen" });
  readonly #display: Display;
  readonly #measure = fontMeasure();
  readonly #listeners = new Set<() => void>();
  readonly #observer: ResizeObserver;
  #frame: Frame | undefined;
  #shown: Frame;
  #scale: Scale = { kind: "fit" };
  #size: Area = { width: 0, height: 0 };

  /** Makes it part of `parent`, which is part of the page. */
  constructor(parent: HTMLElement, options: StageOptions) {
    this.element = h("div", { class: "stage" }, this.#holder);
    parent.append(this.element);
    this.#display = new Display(this.#holder, {
      cols: 80,
      rows: 24,
      scrollback: SCROLLBACK,
      fontFamily: FONTS,
      fontSize: ACTUAL_FONT_PX,
      theme: options.theme,
      minimumContrastRatio: options.minimumContrast,
      cursorInactiveStyle: "block",
      rescaleOverlappingGlyphs: true,
      linkHandler: { activate: (_event, uri) => options.onLink(uri), allowNonHttpProtocols: false },
    });
    const { terminal } = this.#display;
    this.#shown = blankFrame(terminal.cols, terminal.rows);
    this.#setGround(options.theme);
    this.screen = h("div", { class: "stage-layers" });
    this.#holder.append(this.screen);
    this.textarea.setAttribute("aria-label", options.label);
    if (options.links !== undefined) terminal.registerLinkProvider(options.links(this));
    terminal.onScroll(() => this.#changed());
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(this.element);
    this.#watchPixelRatio();
  }

  /** What is shown; `undefined` before the first frame. */
  get frame(): Frame | undefined {
    return this.#frame;
  }

  /**
   * Gets the focus and what is typed, and is where the cursor is. It is read-only: whoever takes input makes it
   * writable for as long as it does.
   */
  get textarea(): HTMLTextAreaElement {
    return this.#display.terminal.textarea!;
  }

  /** What draws. */
  get renderer(): Renderer {
    return this.#display.renderer;
  }

  /** A cell's size, in CSS pixels. */
  get cell(): Area {
    return this.#display.cell;
  }

  /** The text size, in CSS pixels. */
  get fontPx(): number {
    return this.#display.terminal.options.fontSize!;
  }

  get scale(): Scale {
    return this.#scale;
  }

  set scale(scale: Scale) {
    this.#scale = scale;
    this.#fit();
  }

  /** The selected text, empty when nothing is. */
  get selection(): string {
    return this.#display.terminal.getSelection();
  }

  /** By how many lines the view is scrolled back; 0 when it shows the present. */
  get scrolledBack(): number {
    const { active } = this.#display.terminal.buffer;
    return active.baseY - active.viewportY;
  }

  /** Shows a frame, now. `history` are the lines that have scrolled off the top of its screen. */
  show(frame: Frame, history?: History): void {
    const display = this.#display, { terminal } = display;
    if (this.#frame === undefined) setTimeout(() => this.#useBestRenderer(), RENDERER_AFTER_MS);
    this.#frame = frame;
    const next = displayed(frame);
    const resized = frame.cols !== terminal.cols || frame.rows !== terminal.rows;
    if (resized) terminal.resize(frame.cols, frame.rows);
    const { ansi } = diff(this.#shown, next, {
      maxLines: SCROLLBACK,
      ...(history && { history }),
    });
    this.#shown = next;
    this.#showCursor(next);
    if (ansi !== "") display.write(ansi);
    if (resized) this.#fit();
    display.render();
    if (resized) this.#changed();
  }

  /** The cell under a point of the window, or `undefined` outside the screen and over lines that have scrolled away. */
  cellAt(point: { readonly clientX: number; readonly clientY: number }): Cell | undefined {
    const box = this.screen.getBoundingClientRect();
    const { width, height } = this.cell;
    const x = Math.floor((point.clientX - box.left) / width);
    const y = Math.floor((point.clientY - box.top) / height) - this.scrolledBack;
    const { cols, rows } = this.#shown;
    return x < 0 || y < 0 || x >= cols || y >= rows ? undefined : { x, y };
  }

  /** Where a cell is drawn, in CSS pixels from the upper left of {@link screen}. */
  boxOf(cell: Cell): Area & { readonly left: number; readonly top: number } {
    const { width, height } = this.cell;
    return { width, height, left: cell.x * width, top: (cell.y + this.scrolledBack) * height };
  }

  /** Calls `listener` whenever cells have another place or size: after scrolling, zooming and resizing. */
  onLayout(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls `listener` when another text is selected, or none. */
  onSelection(listener: () => void): IDisposable {
    return this.#display.terminal.onSelectionChange(listener);
  }

  /** Gives the keyboard to the screen. */
  focus(): void {
    this.#display.terminal.focus();
  }

  clearSelection(): void {
    this.#display.terminal.clearSelection();
  }

  selectAll(): void {
    this.#display.terminal.selectAll();
  }

  /** Selects text; lines count from the oldest that can be looked at. */
  select(line: number, col: number, length: number): void {
    this.#display.terminal.select(col, line, length);
  }

  /** The first line that is in view. */
  get firstLine(): number {
    return this.#display.terminal.buffer.active.viewportY;
  }

  /** Brings a line into view. */
  reveal(line: number): void {
    const { terminal } = this.#display;
    const { firstLine } = this;
    if (line >= firstLine && line < firstLine + terminal.rows) return;
    this.#display.scrollTo(line - Math.floor(terminal.rows / 2));
  }

  /** Scrolls through the lines that have scrolled away. */
  scrollBy(lines: number): void {
    this.#display.scrollTo(this.firstLine + lines);
  }

  scrollToPresent(): void {
    if (this.scrolledBack > 0) this.#display.scrollTo(Infinity);
  }

  /** The text of all that can be looked at is too much to be copied by accident: this is the screen's. */
  get text(): string {
    return this.#frame?.lines.map(rowText).join("\n").trimEnd() ?? "";
  }

  /** Scrolls to the cursor where the screen is larger than its space. */
  revealCursor(): void {
    const { cursor } = this.#shown;
    const { element, screen } = this;
    const box = this.boxOf(cursor);
    const [outer, inner] = [element.getBoundingClientRect(), screen.getBoundingClientRect()];
    const by = (at: number, size: number, start: number, end: number): number =>
      Math.min(0, at - size - start) + Math.max(0, at + 2 * size - end);
    element.scrollLeft += by(inner.left + box.left, box.width, outer.left, outer.right);
    element.scrollTop += by(inner.top + box.top, box.height, outer.top, outer.bottom);
  }

  /** Changes the text size so that what is at a place of the window stays there. */
  zoomAround(fontPx: number, at: { readonly clientX: number; readonly clientY: number }): void {
    const before = this.screen.getBoundingClientRect();
    const part = {
      x: (at.clientX - before.left) / before.width,
      y: (at.clientY - before.top) / before.height,
    };
    this.scale = { kind: "size", fontPx };
    const after = this.screen.getBoundingClientRect();
    this.element.scrollLeft += after.left + part.x * after.width - at.clientX;
    this.element.scrollTop += after.top + part.y * after.height - at.clientY;
  }

  /** How many lines there are: those that have scrolled away and the screen's. */
  get lineCount(): number {
    return this.#display.terminal.buffer.active.length;
  }

  /** A line's text and whether it goes on from the one before. @param line 0 is the oldest */
  lineAt(line: number): { readonly text: string; readonly wrapped: boolean } | undefined {
    const found = this.#display.terminal.buffer.active.getLine(line);
    return found && { text: found.translateToString(false), wrapped: found.isWrapped };
  }

  /** The column at which the character at an index of {@link lineAt}'s text is: wide ones take two. */
  columnOf(line: number, index: number): number {
    const found = this.#display.terminal.buffer.active.getLine(line);
    if (found === undefined) return index;
    let seen = 0;
    for (let x = 0; x < found.length; x++) {
      if (seen >= index) return x;
      const cell = found.getCell(x)!;
      seen += cell.getWidth() === 0 ? 0 : cell.getChars().length || 1;
    }
    return found.length;
  }

  /** Changes the colours, and the contrast that text is brought up to. */
  setTheme(theme: ITheme, minimumContrast: number): void {
    const { options } = this.#display.terminal;
    options.theme = theme;
    options.minimumContrastRatio = minimumContrast;
    this.#setGround(theme);
  }

  /** Whether the screen is told to screen readers, line by line. */
  set screenReader(on: boolean) {
    this.#display.terminal.options.screenReaderMode = on;
  }

  [Symbol.dispose](): void {
    this.#observer.disconnect();
    this.#display[Symbol.dispose]();
    this.element.remove();
  }

  /** Nobody types into it, so it is never in focus for xterm: the cursor looks as the session's program has it. */
  #showCursor({ cursor }: Frame): void {
    const { options } = this.#display.terminal;
    const style = cursor.shape === "default" ? "block" : cursor.shape;
    if (options.cursorInactiveStyle !== style) options.cursorInactiveStyle = style;
  }

  #setGround({ background }: ITheme): void {
    this.element.style.setProperty("--terminal-background", background!);
  }

  #useBestRenderer(): void {
    if (this.#display.useBestRenderer()) this.#fit();
  }

  /** The window may go to another screen. */
  #watchPixelRatio(): void {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const changed = (): void => {
      this.#watchPixelRatio();
      this.#fit();
    };
    query.addEventListener("change", changed, { once: true });
  }

  #resized(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    this.#fit();
  }

  #fit(): void {
    const { terminal } = this.#display;
    const size = this.#fontSize();
    if (size !== terminal.options.fontSize) this.#display.setFontSize(size);
    this.#changed();
  }

  #fontSize(): number {
    const scale = this.#scale;
    switch (scale.kind) {
      case "fit": {
        const room = this.#room();
        return room.width <= 0 ? this.fontPx : fitFontSize(room, this.#shown, this.#rules);
      }
      case "actual":
        return ACTUAL_FONT_PX;
      case "size":
        return clampFontSize(scale.fontPx);
      default:
        return scale satisfies never;
    }
  }

  /** The space for cells. Scroll bars come and go with what is inside: they do not count. */
  #room(): Area {
    const { width, height } = this.element.getBoundingClientRect();
    let [x, y] = [0, 0];
    for (const element of [this.element, this.#holder]) {
      const style = getComputedStyle(element);
      for (const part of ["padding", "border"] as const) {
        const edge = (side: string): number =>
          parseFloat(style.getPropertyValue(`${part}-${side}${part === "border" ? "-width" : ""}`));
        x += edge("left") + edge("right");
        y += edge("top") + edge("bottom");
      }
    }
    return { width: width - x, height: height - y };
  }

  get #rules(): CellRules {
    return {
      measure: this.#measure,
      pixelRatio: devicePixelRatio,
      wholePixels: this.renderer === "webgl",
    };
  }

  #changed(): void {
    const { width, height } = this.cell;
    const { cols, rows } = this.#shown;
    this.screen.style.width = `${width * cols}px`;
    this.screen.style.height = `${height * rows}px`;
    for (const listener of this.#listeners) listener();
  }
}

/** A frame as it is drawn here: the modes are the session's business, and the title the page's. */
function displayed(frame: Frame): Frame {
  return { ...frame, modes: DEFAULT_MODES, title: "", bells: 0 };
}
