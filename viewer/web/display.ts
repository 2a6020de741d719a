/**
 * What {@link Stage} uses of `@xterm/xterm` beyond its public interface, in one place.
 *
 * The public `write()` parses in a timer and draws in an animation frame: an echoed key would wait for both. A browser
 * test fails when one of these goes away with an update.
 *
 * @module
 */
import { WebglAddon } from "@xterm/addon-webgl";
import { type ITerminalInitOnlyOptions, type ITerminalOptions, Terminal } from "@xterm/xterm";
import { widthProvider } from "../../format/width.ts";
import type { Area } from "./fit.ts";
import { readSetting } from "./settings.ts";

/** xterm's `CoreBrowserTerminal`, as far as it is used. */
interface DisplayCore {
  readonly coreService: { isCursorInitialized: boolean };
  readonly _writeBuffer: { writeSync(data: string): void };
  readonly _viewport: {
    queueSync(): void;
    scrollToLine(line: number, disableSmoothScroll: boolean): void;
  };
  readonly _renderService: {
    readonly dimensions: { readonly css: { readonly cell: Area; readonly canvas: Area } };
    readonly _renderDebouncer: { _innerRefresh(): void };
  };
}

/** Which part of xterm draws. */
export type Renderer = "webgl" | "dom";

/** The terminal that is seen. It draws what it is given, and answers nothing. */
export class Display implements Disposable {
  readonly terminal: Terminal;
  readonly #core: DisplayCore;
  #webgl: WebglAddon | undefined;

  /** Opens a terminal in `parent`, which is part of the page. */
  constructor(parent: HTMLElement, options: ITerminalOptions & ITerminalInitOnlyOptions) {
    const terminal = new Terminal({
      ...options,
      allowProposedApi: true,
      disableStdin: true,
      logLevel: "off",
    });
    this.terminal = terminal;
    this.#core = (terminal as unknown as { readonly _core: DisplayCore })._core;
    terminal.unicode.register(
      widthProvider as unknown as Parameters<typeof terminal.unicode.register>[0],
    );
    terminal.unicode.activeVersion = widthProvider.version;
    // Keys are for the page, or for the session's program; xterm would encode them for itself.
    terminal.attachCustomKeyEventHandler(() => false);
    terminal.open(parent);
    // Otherwise there is no cursor until somebody types.
    this.#core.coreService.isCursorInitialized = true;
    if (chosenRenderer() === "webgl") this.#useWebgl();
  }

  /**
   * Draws with WebGL from here on where that is faster; returns whether it does. Finding out takes as long as some first
   * screens do to arrive.
   */
  useBestRenderer(): boolean {
    const best = this.#webgl === undefined && chosenRenderer() === undefined && hasGraphics();
    if (best) this.#useWebgl();
    return best && this.renderer === "webgl";
  }

  /** What draws now. */
  get renderer(): Renderer {
    return this.#webgl === undefined ? "dom" : "webgl";
  }

  /** A cell's size, in CSS pixels. */
  get cell(): Area {
    return this.#core._renderService.dimensions.css.cell;
  }

  /** Takes in ANSI now. */
  write(ansi: string): void {
    this.#core._writeBuffer.writeSync(ansi);
  }

  /** Draws now what was taken in. A page that is not seen draws when it is. */
  render(): void {
    if (!document.hidden) this.#core._renderService._renderDebouncer._innerRefresh();
  }

  /** Draws in another size: xterm's scroll bar would keep the old one, and jump when it is used. */
  setFontSize(sizePx: number): void {
    const { options, buffer } = this.terminal;
    options.fontSize = sizePx;
    this.scrollTo(buffer.active.viewportY);
  }

  /** Brings a line to the top of the view, now: the scroll bar must know of all lines before. */
  scrollTo(line: number): void {
    const { _viewport, _renderService } = this.#core;
    const { baseY } = this.terminal.buffer.active;
    _viewport.queueSync();
    _renderService._renderDebouncer._innerRefresh();
    _viewport.scrollToLine(Math.max(0, Math.min(line, baseY)), true);
    this.render();
  }

  [Symbol.dispose](): void {
    this.terminal.dispose();
  }

  #useWebgl(): void {
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => {
        this.#webgl = undefined;
        webgl.dispose();
      });
      this.terminal.loadAddon(webgl);
      this.#webgl = webgl;
    } catch {
      // xterm's own renderer stays.
    }
  }
}

/** What is to draw, for who has trouble with what would be found. */
function chosenRenderer(): Renderer | undefined {
  const chosen = readSetting("renderer");
  return chosen === "webgl" || chosen === "dom" ? chosen : undefined;
}

/** Whether a graphics processor draws WebGL; in software it is slower than the page's own text. */
function hasGraphics(): boolean {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (gl === null) return false;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !SOFTWARE.test(String(name));
}

/** What software that stands in for a graphics processor calls itself; not every browser counts it as a caveat. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
