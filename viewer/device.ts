/**
 * The process's own terminal as the operating system gives it: what {@link LocalTerminal} is made of.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";

/** Columns and rows. */
export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** Signals that end the process, and the two that change its terminal. */
export type TerminalSignal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGWINCH" | "SIGCONT";

/** A terminal's two ends, the process around it and its clock. Every method may throw. */
export interface TerminalDevice {
  /** Writes some of the data and returns how many bytes. */
  write(data: Uint8Array): Promise<number>;
  /** As {@link TerminalDevice.write}, at once; throws while an asynchronous write is in flight. */
  writeSync(data: Uint8Array): number;
  /** `null` at the end of input. A read cannot be taken back; the process ends without it. */
  read(buffer: Uint8Array): Promise<number | null>;
  setRaw(raw: boolean): void;
  size(): Size;
  /** Returns how to stop listening. */
  onSignal(signal: TerminalSignal, handler: () => void): () => void;
  /** An error that nothing caught, before it ends the process. Returns how to stop listening. */
  onCrash(handler: (error: unknown) => void): () => void;
  /** The process is about to exit. Returns how to stop listening. */
  onExit(handler: () => void): () => void;
  /** Calls back later. Returns how to cancel. */
  after(ms: number, callback: () => void): () => void;
  /** Writes to standard error and ends the process. */
  exit(code: number, message?: string): void;
  close(): void;
}

/** The size taken when the terminal does not know its own. */
const FALLBACK: Size = { cols: 80, rows: 24 };

/** Whether the program's output is a terminal. */
export function hasTerminal(): boolean {
  return Deno.stdout.isTerminal();
}

/**
 * Opens the terminal the program runs in: writes go to standard output; keys come from standard input or,
 * when that is something else, from the controlling terminal.
 *
 * @throws {CollabError} `no-terminal`.
 */
export function openDevice(): TerminalDevice {
  if (!Deno.stdout.isTerminal()) {
    throw new CollabError("no-terminal", "Cannot open the terminal: standard output is not one");
  }
  return new DenoDevice(openInput());
}

interface Input {
  read(buffer: Uint8Array): Promise<number | null>;
  setRaw(raw: boolean): void;
  close(): void;
}

function openInput(): Input {
  if (Deno.stdin.isTerminal()) return Deno.stdin;
  const path = Deno.build.os === "windows" ? "CONIN$" : "/dev/tty";
  try {
    return Deno.openSync(path, { read: true });
  } catch (cause) {
    throw new CollabError(
      "no-terminal",
      `Cannot read keys: standard input is not a terminal and "${path}" cannot be opened`,
      { cause },
    );
  }
}

class DenoDevice implements TerminalDevice {
  readonly #input: Input;

  constructor(input: Input) {
    this.#input = input;
  }

  write(data: Uint8Array): Promise<number> {
    return Deno.stdout.write(data);
  }

  writeSync(data: Uint8Array): number {
    return Deno.stdout.writeSync(data);
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#input.read(buffer);
  }

  setRaw(raw: boolean): void {
    this.#input.setRaw(raw);
  }

  size(): Size {
    try {
      const { columns, rows } = Deno.consoleSize();
      return { cols: columns || FALLBACK.cols, rows: rows || FALLBACK.rows };
    } catch {
      return FALLBACK;
    }
  }

  onSignal(signal: TerminalSignal, handler: () => void): () => void {
    try {
      Deno.addSignalListener(signal, handler);
    } catch {
      return () => {}; // not every system has every signal
    }
    return () => Deno.removeSignalListener(signal, handler);
  }

  onCrash(handler: (error: unknown) => void): () => void {
    const onError = (event: ErrorEvent): void => {
      event.preventDefault();
      handler(event.error);
    };
    const onRejection = (event: PromiseRejectionEvent): void => {
      event.preventDefault();
      handler(event.reason);
    };
    globalThis.addEventListener("error", onError);
    globalThis.addEventListener("unhandledrejection", onRejection);
    return () => {
      globalThis.removeEventListener("error", onError);
      globalThis.removeEventListener("unhandledrejection", onRejection);
    };
  }

  onExit(handler: () => void): () => void {
    globalThis.addEventListener("unload", handler);
    return () => globalThis.removeEventListener("unload", handler);
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }

  exit(code: number, message?: string): void {
    if (message !== undefined) Deno.stderr.writeSync(new TextEncoder().encode(message));
    Deno.exit(code);
  }

  close(): void {
    // Standard input stays open: a read that is under way keeps it anyway.
    if (this.#input !== Deno.stdin) this.#input.close();
  }
}
