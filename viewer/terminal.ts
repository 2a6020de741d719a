/**
 * The local terminal, taken over for as long as it is held and given back as it was.
 *
 * @module
 */
import { BUG_EXIT_CODE, bugReport } from "../format/errors.ts";
import { type Capabilities, detectCapabilities } from "./capabilities.ts";
import { openDevice, type Size, type TerminalDevice } from "./device.ts";

export type { Size } from "./device.ts";

/** What happens at the local terminal. */
export interface TerminalEvents {
  /** Bytes were typed, pasted or answered. */
  input(bytes: Uint8Array): void;
  /** The window has another size. */
  resize(size: Size): void;
  /** What is on the screen is unknown: it has to be painted anew. */
  stale?(): void;
  /** Nothing can be read from or written to it any more (it was closed, its line was cut). */
  gone?(): void;
  /**
   * The process was asked to end. The terminal is given back and the process exits with 128 and the
   * signal's number, unless this returns true: then the owner ends it.
   */
  signal?(name: "SIGINT" | "SIGTERM" | "SIGHUP"): boolean;
}

/** A terminal to paint on. */
export interface Terminal {
  readonly size: Size;
  readonly capabilities: Capabilities;
  /** Whether a write is in flight. */
  readonly busy: boolean;
  /** Resolves when no write is in flight. */
  readonly idle: Promise<void>;
  /** Writes all of it, without ever blocking the process. One write at a time. Never rejects. */
  write(data: string): Promise<void>;
}

/** How a {@link LocalTerminal} is opened. */
export interface TerminalOptions {
  /** Default: the process's own. */
  readonly device?: TerminalDevice;
  /** Default: read off the environment. */
  readonly capabilities?: Capabilities;
}

/** A write longer than this is handed over in parts, so that leaving can cut it short. */
const CHUNK_BYTES = 16 * 1024;
/** How long leaving waits for a write in flight, and for its own. */
const FLUSH_MS = 400;
const READ_BYTES = 64 * 1024;

/** What a process exits with that a signal ended: 128 and its number. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Every mode that a program or a painter could have set, as it is after a reset. */
export const RESET_MODES = "\x1b[0m\x1b(B\x0f" + // style, character set
  "\x1b[?1l\x1b>" + // cursor keys, keypad
  "\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1016l" + // mouse
  "\x1b[?1004l\x1b[?2004l" + // focus, paste
  "\x1b[4l\x1b[?6l\x1b[?7h\x1b[r" + // insert, origin, autowrap, scroll region
  "\x1b[0 q\x1b[?25h"; // cursor

/** Ends whatever sequence was cut off in the middle. */
const CANCEL = "\x18\x1b\\";
const CLEAR = `${RESET_MODES}\x1b[2J\x1b[H`;
const SYNC_OFF = "\x1b[?2026l";

/**
 * The terminal the program runs in: raw, on its alternate screen, its title kept. It is given back on every
 * way out: disposal, a throw, a signal, an error nothing caught, the process's exit.
 *
 * ```ts ignore
 * await using terminal = openTerminal();
 * terminal.listen({ input, resize });
 * await terminal.write("hello");
 * ```
 */
export class LocalTerminal implements Terminal, AsyncDisposable, Disposable {
  readonly capabilities: Capabilities;
  readonly #device: TerminalDevice;
  readonly #encoder = new TextEncoder();
  readonly #stop: (() => void)[] = [];
  #events: TerminalEvents | undefined;
  #size: Size;
  #state: "open" | "leaving" | "closed" = "open";
  #gone = false;
  #writing: Promise<void> | undefined;
  /** What has to go out before anything else: taking over the screen. */
  #prefix: string;
  /** Whether anything was written, so that there is something to give back. */
  #entered = false;
  /** Whether a write was cut in the middle, perhaps in the middle of a sequence. */
  #cut = false;
  #left: Promise<void> | undefined;

  /** @internal use {@link openTerminal} */
  constructor(device: TerminalDevice, capabilities: Capabilities) {
    this.#device = device;
    this.capabilities = capabilities;
    this.#size = device.size();
    device.setRaw(true);
    this.#stop.push(
      device.onSignal("SIGWINCH", () => this.#resized()),
      device.onSignal("SIGCONT", () => this.#continued()),
      device.onSignal("SIGINT", () => this.#signalled("SIGINT")),
      device.onSignal("SIGTERM", () => this.#signalled("SIGTERM")),
      device.onSignal("SIGHUP", () => this.#signalled("SIGHUP")),
      device.onCrash((error) => this.#crashed(error)),
      device.onExit(() => this[Symbol.dispose]()),
    );
    this.#prefix = `\x1b[?1049h${capabilities.titles ? "\x1b[22;0t" : ""}${CLEAR}`;
  }

  get size(): Size {
    return this.#size;
  }

  get busy(): boolean {
    return this.#writing !== undefined;
  }

  get idle(): Promise<void> {
    return this.#writing ?? Promise.resolve();
  }

  /** Starts to read. Until then nothing is taken from the terminal's input. */
  listen(events: TerminalEvents): void {
    if (this.#events !== undefined) throw new Error("The terminal is listened to already");
    this.#events = events;
    void this.#read();
  }

  write(data: string): Promise<void> {
    if (this.#writing !== undefined) throw new Error("A write to the terminal is in flight");
    if (this.#state !== "open" || this.#gone || data === "") return Promise.resolve();
    const bytes = this.#encoder.encode(this.#prefix + data);
    this.#prefix = "";
    this.#entered = true;
    this.#writing = this.#writeAll(bytes).finally(() => this.#writing = undefined);
    return this.#writing;
  }

  /**
   * Gives the terminal back. Bounded: a terminal that takes no more output is left as it is, raw mode and all, after
   * less than a second. Called twice, it does it once.
   */
  close(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** As {@link close}, at once: for when the process is exiting. */
  [Symbol.dispose](): void {
    if (this.#state === "closed") return;
    const writing = this.#writing !== undefined;
    this.#finish(true);
    try {
      // While a write is in flight this throws: what can be done then is the raw mode.
      if (!writing && this.#entered) {
        this.#device.writeSync(this.#encoder.encode(this.#leaveSequence()));
      }
    } catch { /* the terminal is gone */ }
  }

  async #leave(): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "leaving";
    if (this.#writing !== undefined) await this.#within(this.#writing);
    if (this.#writing === undefined && this.#entered && !this.#gone) {
      const data = (this.#cut ? CANCEL : "") + this.#leaveSequence();
      await this.#within(this.#writeAll(this.#encoder.encode(data), true));
    }
    // Changing the mode waits for a write in flight: for ever, when the terminal takes nothing.
    this.#finish(this.#writing === undefined);
  }

  #finish(cooked: boolean): void {
    this.#state = "closed";
    for (const stop of this.#stop.splice(0)) stop();
    try {
      if (cooked) this.#device.setRaw(false);
    } catch { /* the terminal is gone */ }
    this.#device.close();
  }

  /** Waits for `work`, but not longer than {@link FLUSH_MS}. */
  async #within(work: Promise<void>): Promise<void> {
    const { promise: timeout, resolve } = Promise.withResolvers<void>();
    const cancel = this.#device.after(FLUSH_MS, resolve);
    await Promise.race([work, timeout]);
    cancel();
  }

  async #writeAll(data: Uint8Array, leaving = false): Promise<void> {
    let at = 0;
    try {
      while (at < data.length) {
        if (this.#state !== "open" && !leaving) {
          this.#cut = true;
          return;
        }
        at += await this.#device.write(data.subarray(at, at + CHUNK_BYTES));
      }
    } catch {
      this.#lost();
    }
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    while (this.#state === "open") {
      // A terminal that was hung up gives EIO, a closed one an end: either way it is gone.
      const length = await this.#device.read(buffer).catch(() => null);
      if (this.#state !== "open") return;
      if (length === null) return this.#lost();
      this.#events?.input(buffer.slice(0, length));
    }
  }

  #lost(): void {
    if (this.#gone || this.#state !== "open") return;
    this.#gone = true;
    this.#events?.gone?.();
  }

  #resized(): void {
    const size = this.#device.size();
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return;
    this.#size = size;
    this.#events?.resize(size);
  }

  /** After a stop, whoever ran meanwhile (a shell) has changed everything. */
  #continued(): void {
    if (this.#state !== "open") return;
    try {
      this.#device.setRaw(true);
      this.#resized();
    } catch {
      // A process whose terminal is closed is continued as well, to hear of it.
      return this.#lost();
    }
    // Off first: whether the alternate screen is still on is not known.
    this.#prefix = `\x1b[?1049l\x1b[?1049h${CLEAR}`;
    this.#events?.stale?.();
  }

  #signalled(name: keyof typeof SIGNAL_EXIT_CODES): void {
    if (this.#state === "open" && this.#events?.signal?.(name) === true) return;
    void this.close().then(() => this.#device.exit(SIGNAL_EXIT_CODES[name]));
  }

  #crashed(error: unknown): void {
    void this.close().then(() => this.#device.exit(BUG_EXIT_CODE, `${bugReport(error)}\n`));
  }

  #leaveSequence(): string {
    const { titles, links } = this.capabilities;
    return `${SYNC_OFF}${links ? "\x1b]8;;\x1b\\" : ""}${RESET_MODES}\x1b[?1049l` +
      (titles ? "\x1b[23;0t" : "");
  }
}

/**
 * Takes over the terminal the program runs in.
 *
 * @throws {CollabError} `no-terminal` when there is none.
 */
export function openTerminal(options: TerminalOptions = {}): LocalTerminal {
  const device = options.device ?? openDevice();
  const capabilities = options.capabilities ??
    detectCapabilities((name) => Deno.env.get(name));
  return new LocalTerminal(device, capabilities);
}
