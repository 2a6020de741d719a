/**
 * A program in a terminal, as its user sees it: a real PTY with a real emulator at the outer end.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import { Screen } from "../format/screen.ts";
import { type ExitStatus, type Pty, spawnPty } from "../host/pty/mod.ts";
import { rowText } from "../format/text_row.ts";

/** How long anything may take before a test gives up; generous, for two busy cores. */
export const DEADLINE_MS = 30_000;

/** How a program is started. */
export interface TerminalOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly cwd?: string;
  /** Goes over the test's own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How long a program may take to end when its terminal hangs up. */
const HANG_UP_MS = 5000;

interface Waiter {
  readonly check: () => boolean;
  readonly resolve: () => void;
}

/** A program and the terminal it runs in. Disposing of it ends the program. */
export class Terminal implements AsyncDisposable {
  /** What the terminal shows. */
  readonly screen: Screen;
  /** All that was written to the terminal. */
  raw = "";
  /** What the terminal answered to queries. */
  replies = "";
  readonly #pty: Pty;
  readonly #ended: Promise<void>;
  readonly #waiters = new Set<Waiter>();
  #over = false;

  constructor(command: readonly string[], options: TerminalOptions = {}) {
    const { cols = 80, rows = 24 } = options;
    this.screen = new Screen({ cols, rows, onReply: (reply) => this.#answer(reply) });
    this.#pty = spawnPty({
      command: [...command],
      env: environment(options.env),
      cols,
      rows,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    this.#ended = this.#read();
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** How the program ended; rejects at the deadline, with what is shown. */
  get exited(): Promise<ExitStatus> {
    return this.#exit();
  }

  /** What is drawn now. */
  get frame(): Frame {
    return this.screen.frame();
  }

  /** The lines shown, without trailing blanks. */
  get text(): string {
    return this.frame.lines.map(rowText).join("\n");
  }

  /** What the line discipline does with keys: `editor` while the program has it raw. */
  get echo(): string {
    return this.#pty.echo();
  }

  async type(text: string): Promise<void> {
    await this.#pty.write(new TextEncoder().encode(text));
  }

  resize(cols: number, rows: number): void {
    this.screen.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  kill(signal: Deno.Signal): void {
    Deno.kill(this.pid, signal);
  }

  /** Waits until the text shown matches. */
  async waitForText(pattern: RegExp | string, deadlineMs: number = DEADLINE_MS): Promise<void> {
    const shown = (): boolean => {
      const text = this.text;
      return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
    };
    await this.waitFor(shown, `the text ${pattern}`, deadlineMs);
  }

  /**
   * Waits until `check` holds; it is asked after every piece of output, and at the end of it.
   *
   * @throws {Error} at the deadline or when the program ended, with what is shown.
   */
  async waitFor(
    check: () => boolean,
    what: string,
    deadlineMs: number = DEADLINE_MS,
  ): Promise<void> {
    if (check()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (why: string): void =>
      reject(new Error(`${why} while waiting for ${what}; the terminal shows:\n${this.text}`));
    const waiter: Waiter = { check, resolve };
    this.#waiters.add(waiter);
    const timer = setTimeout(() => fail(`${deadlineMs} ms went by`), deadlineMs);
    if (this.#over) fail("The program ended");
    else this.#ended.then(() => check() ? resolve() : fail("The program ended"));
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) {
      // A host needs a moment to end its own command, which might need to be killed.
      this.#pty.kill("SIGHUP");
      await within(this.#ended, HANG_UP_MS);
    }
    await this.#pty[Symbol.asyncDispose]();
    await this.#ended;
    this.screen[Symbol.dispose]();
  }

  async #exit(): Promise<ExitStatus> {
    if (await within(this.#ended, DEADLINE_MS)) return await this.#pty.exited;
    throw new Error(
      `The program has not ended within ${DEADLINE_MS} ms; the terminal shows:\n${this.text}`,
    );
  }

  #answer(reply: string): void {
    this.replies += reply;
    this.#pty.write(new TextEncoder().encode(reply)).catch(() => {});
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const bytes = await this.#pty.read();
      if (bytes === null) break;
      this.raw += decoder.decode(bytes, { stream: true });
      this.screen.write(bytes);
      for (const waiter of [...this.#waiters]) if (waiter.check()) waiter.resolve();
    }
    this.#over = true;
  }
}

/** Waits for `work`, but not longer than `ms`; whether it was done. */
export async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), ms));
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}

/** The test's environment as a modern terminal's, with changes. */
export function environment(changes: TerminalOptions["env"] = {}): Record<string, string> {
  const env: Record<string, string | undefined> = {
    ...Deno.env.toObject(),
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    TMUX: undefined,
    NO_COLOR: undefined,
    COLLAB_SESSION: undefined,
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
