/**
 * A program in a terminal, measured from the outside: bytes are read raw and looked at as little as possible, so
 * that the measuring costs the two cores nothing that matters.
 *
 * @module
 */
import { type Pty, spawnPty } from "../host/pty/mod.ts";

/** How a program is started. */
export interface TerminalOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** Bytes kept to be searched. */
const KEPT = 1 << 16;

type Listener = (bytes: Uint8Array, atMs: number) => void;

/** A running program and the outer end of its terminal. */
export class Terminal implements AsyncDisposable {
  readonly pty: Pty;
  /** Bytes read so far. */
  bytes = 0;
  /** When the last bytes came, on the clock of `performance.now()`. */
  lastMs = 0;
  /** Whether the last bytes are kept to be searched: off during a flood, where that would cost what is measured. */
  keep = true;
  readonly #listeners = new Set<Listener>();
  readonly #ended: Promise<void>;
  #tail = "";

  constructor(command: readonly string[], options: TerminalOptions = {}) {
    const env = {
      ...Deno.env.toObject(),
      TERM: "xterm-256color",
      COLORTERM: "truecolor",
      LANG: "C.UTF-8",
    };
    const wanted = Object.entries({ ...env, ...options.env })
      .filter((entry): entry is [string, string] => entry[1] !== undefined);
    this.pty = spawnPty({
      command: [...command],
      env: Object.fromEntries(wanted),
      cols: options.cols ?? 80,
      rows: options.rows ?? 24,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.#ended = this.#read();
  }

  /** Calls `listener` with every piece read (valid only during the call); returns what stops it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async type(text: string): Promise<void> {
    await this.pty.write(new TextEncoder().encode(text));
  }

  /** The last bytes, as Latin-1. */
  get tail(): string {
    return this.#tail;
  }

  /**
   * Waits until the last bytes match and gives the match.
   *
   * @throws {Error} when they do not within `timeoutMs`, with what was there.
   */
  async waitFor(pattern: RegExp, timeoutMs = 15_000): Promise<RegExpExecArray> {
    const found = pattern.exec(this.#tail);
    if (found) return found;
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const stop = this.listen(() => {
      const match = pattern.exec(this.#tail);
      if (match) resolve(match);
    });
    const timer = setTimeout(() => {
      reject(
        new Error(
          `No ${pattern} within ${timeoutMs} ms in ${JSON.stringify(this.#tail.slice(-400))}`,
        ),
      );
    }, timeoutMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      stop();
    }
  }

  /** Waits until nothing came for `quietMs`. */
  async quiet(quietMs = 200): Promise<void> {
    for (;;) {
      const silence = performance.now() - this.lastMs;
      if (silence >= quietMs) return;
      await delay(quietMs - silence + 1);
    }
  }

  /** Forgets the bytes kept. */
  forget(): void {
    this.#tail = "";
  }

  /** Ends the program: hang-up, then kill. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const signal of ["SIGHUP", "SIGTERM", "SIGKILL"] as const) {
      const ended = await Promise.race([
        this.pty.exited.then(() => true),
        delay(0).then(() => false),
      ]);
      if (ended) break;
      this.pty.kill(signal);
      if (await Promise.race([this.pty.exited.then(() => true), delay(1500).then(() => false)])) {
        break;
      }
    }
    this.pty[Symbol.dispose]();
    await this.#ended;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder("latin1");
    for (;;) {
      const bytes = await this.pty.read();
      if (bytes === null) return;
      this.lastMs = performance.now();
      this.bytes += bytes.length;
      if (this.keep) this.#tail = (this.#tail + decoder.decode(bytes)).slice(-KEPT);
      for (const listener of this.#listeners) listener(bytes, this.lastMs);
    }
  }
}

/** Waits. For pauses that are part of what is measured, and for polling where nothing tells. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Tells what a terminal would draw from what tells it how: true once a wanted byte is drawn. */
export class Drawn {
  #state: "text" | "escape" | "csi" | "string" | "string-escape" = "text";

  /** Whether `wanted` is among the characters drawn by `bytes`. Keeps its state between calls. */
  has(bytes: Uint8Array, wanted: number): boolean {
    let found = false;
    for (const byte of bytes) {
      switch (this.#state) {
        case "text":
          if (byte === 0x1b) this.#state = "escape";
          else if (byte === wanted) found = true;
          break;
        case "escape":
          if (byte === 0x5b) this.#state = "csi";
          else if (
            byte === 0x5d || byte === 0x50 || byte === 0x5f || byte === 0x5e || byte === 0x58
          ) {
            this.#state = "string";
          } else if (byte >= 0x30) this.#state = "text";
          break;
        case "csi":
          if (byte >= 0x40 && byte < 0x7f) this.#state = "text";
          break;
        case "string":
          if (byte === 0x07) this.#state = "text";
          else if (byte === 0x1b) this.#state = "string-escape";
          break;
        case "string-escape":
          this.#state = byte === 0x5c ? "text" : "string";
          break;
      }
    }
    return found;
  }
}
