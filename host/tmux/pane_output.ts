/**
 * What panes show, each as a terminal of its own: their programs' output, as tmux hands it on.
 *
 * @module
 */
import type { WatchedPane } from "../panes.ts";
import type { SessionPty, SessionStatus } from "../session.ts";
import type { ControlClient } from "./control_client.ts";

/** What {@link PaneOutput} is made of. */
export interface PaneOutputOptions {
  /** The client that is told of output. */
  connect(): Promise<ControlClient>;
}

/** What is asked of tmux about a pane's screen. */
const PICTURE = "'#{pane_width} #{pane_height} #{cursor_x} #{cursor_y} #{alternate_on}'";
const SIZES = "list-panes -a -F '#{pane_id} #{pane_width} #{pane_height}'";
const encoder = new TextEncoder();

/**
 * Watches panes. Of each that is not watched, tmux is asked to tell no more once it has. It is asked to pause: told that a
 * pane is off, or that there is to be no output at all, while it still has some to tell, tmux 3.3a ends with a fault.
 */
export class PaneOutput {
  readonly #options: PaneOutputOptions;
  readonly #watches = new Map<string, Watch>();
  /** Panes that tmux was asked to tell nothing of. */
  readonly #quiet = new Set<string>();

  constructor(options: PaneOutputOptions) {
    this.#options = options;
  }

  /**
   * Watches a pane from what it shows now on; who watched it before does no longer.
   *
   * @throws {CollabError} `tmux-gone`, `tmux-refused` (it is not there), `tmux-busy`
   */
  async watch(pane: string): Promise<WatchedPane> {
    this.#watches.get(pane)?.end();
    const watch: Watch = new Watch(() => this.#ended(pane, watch));
    this.#watches.set(pane, watch);
    try {
      const client = await this.#options.connect();
      this.#quiet.delete(pane);
      let facts = "";
      await Promise.all([
        client.run(`refresh-client -A '${pane}:continue'`),
        client.run(`display-message -p -t ${pane} ${PICTURE}`, ([line = ""]) => facts = line),
        client.run(`capture-pane -p -e -J -t ${pane}`, (lines) => watch.begin(facts, lines)),
      ]);
      return watch;
    } catch (error) {
      watch.end();
      throw error;
    }
  }

  /** A pane's program wrote something. */
  take(client: ControlClient, pane: string, bytes: Uint8Array): void {
    const watch = this.#watches.get(pane);
    if (watch !== undefined) return watch.take(bytes);
    if (this.#quiet.has(pane)) return;
    this.#quiet.add(pane);
    client.run(`refresh-client -A '${pane}:pause'`).catch(() => {});
  }

  /** Panes may have another size. */
  measure(client: ControlClient): void {
    if (this.#watches.size === 0) return;
    client.run(SIZES, (lines) => {
      for (const line of lines) {
        const [pane = "", cols, rows] = line.split(" ");
        this.#watches.get(pane)?.resize(Number(cols), Number(rows));
      }
    }).catch(() => {});
  }

  /** Watches none any more: also when tmux has let its client go, since what was written meanwhile is not known. */
  end(): void {
    for (const watch of [...this.#watches.values()]) watch.end();
    this.#quiet.clear();
  }

  #ended(pane: string, watch: Watch): void {
    if (this.#watches.get(pane) === watch) this.#watches.delete(pane);
  }
}

/** A pane that is watched. What it is sent goes nowhere: what its program asks its terminal, tmux answers. */
class Watch implements WatchedPane {
  onResize: WatchedPane["onResize"] = () => {};
  cols = 0;
  rows = 0;
  drawn: Uint8Array = new Uint8Array();
  readonly pty: SessionPty;
  readonly #exited = Promise.withResolvers<SessionStatus>();
  readonly #onEnd: () => void;
  /** Output that was not read yet. Who reads does so before the client hears more of tmux. */
  readonly #waiting: Uint8Array[] = [];
  #wake: () => void = () => {};
  #begun = false;
  #over = false;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    this.pty = {
      read: () => this.#read(),
      write: () => Promise.resolve(),
      dropTyped: () => {},
      resize: () => {},
      kill: () => {},
      exited: this.#exited.promise,
    };
  }

  /** Draws what the pane shows: what comes from now on follows from that. */
  begin(facts: string, lines: readonly string[]): void {
    const [cols = 0, rows = 0, x = 0, y = 0, alternate] = facts.split(" ").map(Number);
    this.resize(cols, rows);
    const screen = alternate === 1 ? "\x1b[?1049h" : "";
    const picture = `${screen}${lines.join("\r\n")}\x1b[m\x1b[${y + 1};${x + 1}H`;
    this.drawn = encoder.encode(picture);
    this.#begun = true;
  }

  take(bytes: Uint8Array): void {
    if (!this.#begun || this.#over) return;
    this.#waiting.push(bytes);
    this.#wake();
  }

  resize(cols: number, rows: number): void {
    if (this.#over || cols === this.cols && rows === this.rows) return;
    this.cols = cols;
    this.rows = rows;
    this.onResize(cols, rows);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#exited.resolve({ code: 0, signal: null });
    this.#wake();
    this.#onEnd();
  }

  async #read(): Promise<Uint8Array | null> {
    while (this.#waiting.length === 0 && !this.#over) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    return this.#waiting.shift() ?? null;
  }
}
