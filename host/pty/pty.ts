/**
 * A command in a pseudo-terminal.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import { Child, type ExitStatus } from "./child.ts";
import { echoOf, type EchoState } from "./echo.ts";
import { InputQueue, type WriteOptions } from "./input.ts";
import { Libc, memory } from "./libc.ts";
import { Errno, POLL_IN, POLL_OUT } from "./platform.ts";
import { poller, type Watch } from "./poller.ts";
import { ReadAhead } from "./read_ahead.ts";
import { signalNumber } from "./signals.ts";
import {
  openTerminal,
  setWindowSize,
  type SpawnOptions,
  startCommand,
  type TerminalPair,
} from "./spawn.ts";

/**
 * The most that one {@link Pty.read} returns. In a flood the kernel makes a reader wait for each 4 KiB, so a large
 * bound stops the event loop and a small one costs a `poll()` a chunk. Measured with `seq 1 2000000` on two cores: 16 KiB is
 * as fast as a blocking reader in C and holds the loop for 0.4 ms (p99 1.3 ms); 64 KiB holds it for 2.4 ms (p99 4.7 ms).
 */
export const MAX_READ_BYTES = 16 * 1024;
/** The kernel gives at most 4,095 bytes a call. */
const KERNEL_READ_BYTES = 4096;
const KERNEL_READ_SIZE = BigInt(KERNEL_READ_BYTES);
/** What is still read after the command's exit when others keep writing to its terminal. */
const MAX_BYTES_AFTER_EXIT = 1024 * 1024;
/** How long a hung-up terminal is left alone. */
const LOOK_AGAIN_MS = 50;
/** A command that ignores the hang-up this long is killed. */
const HANG_UP_GRACE_MS = 2000;

/**
 * Starts a command in a new pseudo-terminal, as the leader of its own session.
 *
 * @throws {CollabError} `command-not-found`, `command-not-executable`, `directory-not-found`, `spawn-failed`,
 * `pty-bad-size`, `pty-failed` (no terminal to be had), `ffi-not-allowed`, `host-unsupported`
 *
 * @example
 * ```ts
 * import { childEnvironment, spawnPty } from "./mod.ts";
 *
 * await using pty = spawnPty({
 *   command: ["echo", "hello"],
 *   env: childEnvironment(Deno.env.toObject(), { session: "example" }),
 *   cols: 80,
 *   rows: 24,
 * });
 * const decoder = new TextDecoder();
 * let text = "";
 * for (let chunk = await pty.read(); chunk !== null; chunk = await pty.read()) text += decoder.decode(chunk, { stream: true });
 * console.assert(text === "hello\r\n" && (await pty.exited).code === 0);
 * ```
 */
export function spawnPty(options: SpawnOptions): Pty {
  const libc = Libc.acquire();
  let terminal: TerminalPair | undefined;
  try {
    terminal = openTerminal(libc, options.cols, options.rows);
    return new Pty(libc, terminal, startCommand(libc, terminal.path, options));
  } catch (error) {
    if (terminal !== undefined) {
      libc.call.close(terminal.slave);
      libc.call.close(terminal.master);
    }
    libc.release();
    throw error;
  }
}

/**
 * A command in its terminal. Dispose of it to hang up; when the command ended and all was read it has released
 * everything by itself.
 */
export class Pty {
  readonly pid: number;
  /** Resolves when the command ended, whether or not its output was read. Never rejects. */
  readonly exited: Promise<ExitStatus>;
  readonly #libc: Libc;
  readonly #terminal: TerminalPair;
  readonly #child: Child;
  readonly #input: InputQueue;
  readonly #watch: Watch;
  readonly #released = Promise.withResolvers<void>();
  readonly #ahead: ReadAhead;
  #buffer: Uint8Array<ArrayBuffer> | undefined;
  #reader: ((chunk: Uint8Array | null) => void) | undefined;
  /** There is output that nobody has asked for yet. */
  #readable = false;
  /** The kernel says that the other end is gone. It may come back: `login` hangs up and opens it anew. */
  #hungUp = false;
  #lookAgainTimer: ReturnType<typeof setTimeout> | undefined;
  #bytesAfterExit = 0;
  #ended = false;
  #closed = false;
  #descriptorsClosed = false;
  #killTimer: ReturnType<typeof setTimeout> | undefined;

  /** Use {@link spawnPty}. */
  constructor(libc: Libc, terminal: TerminalPair, pid: number) {
    this.#libc = libc;
    this.#terminal = terminal;
    this.#ahead = new ReadAhead(libc, terminal.master, MAX_READ_BYTES, () => this.#onFetched());
    this.#input = new InputQueue((data) => this.#accept(data));
    const wanted = (): number => this.#wantedEvents();
    this.#watch = {
      fd: terminal.master,
      get events(): number {
        return wanted();
      },
      ready: (happened) => this.#onReady(happened),
    };
    this.#child = new Child(libc, pid, { onExit: () => this.#onExit(), pidfd: true });
    poller.add(this.#watch);
    this.pid = pid;
    this.exited = this.#child.exited;
  }

  /**
   * The next output: what there is, up to 16 KiB, as soon as there is any; `null` when the command ended and all
   * it wrote was read, or when this was disposed of. Processes that it left behind are not waited for.
   *
   * **The array is valid until the next call of `read`**, which may fill the same memory. One read at a time.
   */
  read(): Promise<Uint8Array | null> {
    if (this.#reader !== undefined) {
      return Promise.reject(new Error("Cannot read from the terminal: another read is pending"));
    }
    if (this.#ahead.waitingBytes > 0) return Promise.resolve(this.#takeFetched());
    if (this.#readable && !this.#ahead.busy) {
      this.#readable = false;
      const chunk = this.#drain();
      poller.changed(this.#watch); // waits for the next output while this one is looked at
      if (chunk !== undefined) return Promise.resolve(chunk);
    }
    if (this.#ended) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    this.#reader = resolve;
    poller.changed(this.#watch);
    return promise;
  }

  /**
   * Types `data`: all of it, after what was written before, and without ever blocking. Resolves when the kernel
   * took the last byte. `data` may be reused as soon as this returns.
   *
   * At most 8 MiB wait for a program that does not read: a write beyond that rejects as a whole
   * (`input-queue-full`). Rejects with `pty-closed` once the session is over; that rejection may go unhandled.
   */
  write(data: Uint8Array, options?: WriteOptions): Promise<void> {
    const written = this.#input.write(data, options);
    if (this.#input.waitingBytes > 0) poller.changed(this.#watch);
    return written;
  }

  /** How many bytes of writes the kernel has not taken. */
  get waitingBytes(): number {
    return this.#input.waitingBytes;
  }

  /** Forgets what waits of droppable writes: the kernel gets none of it any more. */
  dropTyped(): void {
    this.#input.drop();
  }

  /**
   * Sets the size; the foreground programs get SIGWINCH if it is another one. Does nothing after the end.
   *
   * @throws {CollabError} `pty-bad-size`: not 1 to 65535.
   */
  resize(cols: number, rows: number): void {
    if (!this.#closed) setWindowSize(this.#libc, this.#terminal.master, cols, rows);
  }

  /** Who shows what is typed now. Costs about a microsecond: ask before each key. */
  echo(): EchoState {
    return (this.#closed ? undefined : echoOf(this.#libc, this.#terminal.master)) ?? "echo";
  }

  /**
   * Sends a signal, as `SIGTERM`, to the command itself; `SIGHUP` goes to the foreground job as well. Does
   * nothing after its end.
   *
   * @throws {TypeError} when there is no such signal.
   */
  kill(signal: string): void {
    if (signal === "SIGHUP") this.#hangUp();
    else this.#child.kill(signal);
  }

  /**
   * Hangs up: a pending read ends, what waits to be written is dropped, the session gets SIGHUP, and SIGKILL
   * if the command is still there two seconds later. {@link exited} still resolves.
   */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    if (this.#child.status === undefined) {
      this.#hangUp();
      this.#killTimer = setTimeout(() => this.#child.kill("SIGKILL"), HANG_UP_GRACE_MS);
    }
    this.#end();
    this.#close();
  }

  /** Like disposing, and waits until the command ended and every descriptor is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    await this.#released.promise;
  }

  #wantedEvents(): number {
    if (this.#hungUp || this.#child.status !== undefined) return 0;
    const looking = this.#readable || this.#ahead.busy || this.#ahead.waitingBytes > 0;
    return (looking ? 0 : POLL_IN) | (this.#input.waitingBytes > 0 ? POLL_OUT : 0);
  }

  #onReady(happened: number): void {
    if ((happened & POLL_OUT) !== 0) this.#input.flush();
    if ((happened & ~POLL_OUT) !== 0) this.#onOutput();
  }

  #onOutput(): void {
    if (this.#ahead.busy || this.#ahead.waitingBytes > 0) return; // its end looks again
    if (this.#reader === undefined) {
      this.#readable = true;
      return;
    }
    const chunk = this.#drain();
    if (chunk !== undefined) this.#deliver(chunk);
  }

  /** Another thread has read: goes on like that while output pours, and else looks here what the matter is. */
  #onFetched(): void {
    if (this.#ahead.waitingBytes === 0) {
      if (this.#child.status !== undefined) this.#readable = true; // and then the end
      this.#onOutput();
      poller.changed(this.#watch);
    } else if (this.#reader !== undefined) this.#deliver(this.#takeFetched());
  }

  #takeFetched(): Uint8Array {
    const chunk = this.#ahead.take();
    // A short one is followed by a look here: by then there is more, or the poll is asked for it.
    if (this.#child.status !== undefined || chunk.length < MAX_READ_BYTES) this.#readable = true;
    else if (!this.#ahead.start()) poller.changed(this.#watch);
    return chunk;
  }

  #onExit(): void {
    clearTimeout(this.#killTimer);
    clearTimeout(this.#lookAgainTimer);
    if (this.#closed) {
      this.#release();
      return;
    }
    this.#input.close(endedError());
    this.#readable = true; // whoever reads next finds what is left, and then the end
    if (this.#reader !== undefined) this.#onOutput();
  }

  /** A hung-up terminal is always ready, so it is left alone for a while instead of polled. */
  #onHangUp(): void {
    if (this.#hungUp || this.#child.status !== undefined) return;
    this.#hungUp = true;
    this.#lookAgainTimer = setTimeout(() => {
      this.#hungUp = false;
      poller.changed(this.#watch);
    }, LOOK_AGAIN_MS);
  }

  #deliver(chunk: Uint8Array | null): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.(chunk);
  }

  /** Reads what there is; `undefined` when that is nothing, `null` at the end. */
  #drain(): Uint8Array | null | undefined {
    const { call, platform } = this.#libc;
    const buffer = this.#buffer ??= memory(MAX_READ_BYTES);
    const exited = this.#child.status !== undefined;
    let total = 0;
    let empty = false;
    while (total <= MAX_READ_BYTES - KERNEL_READ_BYTES && !empty) {
      const count = call.read(this.#terminal.master, buffer.subarray(total), KERNEL_READ_SIZE);
      if (count > 0) {
        total += count;
        continue;
      }
      const errno = count < 0 ? this.#libc.errno() : Errno.io;
      if (errno === Errno.interrupted) continue;
      empty = true;
      if (errno !== platform.again) this.#onHangUp();
    }
    if (exited) {
      this.#bytesAfterExit += total;
      this.#readable = total > 0;
      if (total === 0 || this.#bytesAfterExit > MAX_BYTES_AFTER_EXIT) {
        this.#end();
        this.#close();
        if (total === 0) return null;
      }
    } else if (!empty) this.#ahead.start();
    return total > 0 ? buffer.subarray(0, total) : undefined;
  }

  #accept(data: Uint8Array): number {
    for (;;) {
      const count = this.#libc.call.write(
        this.#terminal.master,
        data as Uint8Array<ArrayBuffer>,
        BigInt(data.length),
      );
      if (count >= 0) return count;
      const errno = this.#libc.errno();
      if (errno === Errno.interrupted) continue;
      if (errno !== this.#libc.platform.again) this.#onHangUp();
      return 0;
    }
  }

  #hangUp(): void {
    if (this.#closed || this.#child.status !== undefined) return;
    const { call, platform } = this.#libc;
    const answer = new Int32Array(new ArrayBuffer(4));
    const asked = this.#libc.ioctl(
      this.#terminal.master,
      platform.getForegroundGroup,
      new Uint8Array(answer.buffer),
    );
    const group = answer[0]!;
    for (const signal of ["SIGHUP", "SIGCONT"]) { // a stopped job must run to see it
      if (asked === 0 && group > 1 && group !== this.pid) {
        call.kill(-group, signalNumber(signal, platform.os));
      }
      this.#child.kill(signal);
    }
  }

  /** No more output, no more input. */
  #end(): void {
    this.#ended = true;
    this.#readable = false;
    this.#input.close(endedError());
    this.#deliver(null);
  }

  #close(): void {
    this.#closed = true;
    clearTimeout(this.#lookAgainTimer);
    poller.remove(this.#watch);
    this.#ahead.close(() =>
      poller.whenIdle(() => {
        this.#libc.call.close(this.#terminal.slave);
        this.#libc.call.close(this.#terminal.master);
        this.#descriptorsClosed = true;
        this.#release();
      })
    );
  }

  /** Lets go of the library once there is nothing left to call it for. */
  #release(): void {
    if (!this.#descriptorsClosed || this.#child.status === undefined) return;
    this.#libc.release();
    this.#released.resolve();
  }
}

function endedError(): CollabError {
  return new CollabError("pty-closed", "Cannot type into the terminal: the command has ended");
}
