/**
 * The process in a PTY: learns of its exit, reaps it once, and signals it only while it is there.
 *
 * @module
 */
import type { Libc } from "./libc.ts";
import { NO_HANG, PIDFD_OPEN, POLL_IN } from "./platform.ts";
import { poller, type Watch } from "./poller.ts";
import { signalName, signalNumber } from "./signals.ts";

/** How a command ended: its exit code, or 128 + n and the name of signal n. */
export interface ExitStatus {
  readonly code: number;
  /** As `SIGTERM`; `null` when the command exited by itself. */
  readonly signal: string | null;
}

/** Reads the status of `waitpid`. */
export function decodeStatus(status: number, system: "linux" | "darwin"): ExitStatus {
  const signal = status & 0x7f;
  return signal === 0
    ? { code: (status >> 8) & 0xff, signal: null }
    : { code: 128 + signal, signal: signalName(signal, system) };
}

/** Children that no descriptor stands for (macOS, Linux before 5.3): looked at on every SIGCHLD. */
const unwatched = new Set<Child>();
const lookAtUnwatched = (): void => unwatched.forEach((child) => child.reapIfDead());

/** A spawned process, until it is reaped. */
export class Child {
  readonly pid: number;
  /** Resolves once, when the process was reaped. */
  readonly exited: Promise<ExitStatus>;
  readonly #libc: Libc;
  readonly #onExit: () => void;
  readonly #resolve: (status: ExitStatus) => void;
  #status: ExitStatus | undefined;
  #watch: Watch | undefined;

  /** Starts to wait. `onExit` is called after the process was reaped, before `exited` resolves. */
  constructor(
    libc: Libc,
    pid: number,
    options: { readonly onExit: () => void; readonly pidfd: boolean },
  ) {
    this.pid = pid;
    this.#libc = libc;
    this.#onExit = options.onExit;
    const { promise, resolve } = Promise.withResolvers<ExitStatus>();
    this.exited = promise;
    this.#resolve = resolve;
    const fd = options.pidfd && libc.platform.os === "linux"
      ? libc.call.syscall?.(PIDFD_OPEN, BigInt(pid), 0n) ?? -1
      : -1;
    if (fd >= 0) this.#watchDescriptor(fd);
    else this.#watchSignal();
  }

  /** How it ended; `undefined` while it runs. */
  get status(): ExitStatus | undefined {
    return this.#status;
  }

  /**
   * Signals the process. Does nothing after its end.
   *
   * @throws {TypeError} when there is no such signal.
   */
  kill(signal: string): void {
    const number = signalNumber(signal, this.#libc.platform.os);
    if (this.#status === undefined) this.#libc.call.kill(this.pid, number);
  }

  /** Takes the exit status if the process is dead. */
  reapIfDead(): void {
    if (this.#status !== undefined) return;
    const status = new Int32Array(new ArrayBuffer(4));
    const pid = this.#libc.call.waitpid(this.pid, status, NO_HANG);
    if (pid === 0) return;
    // -1: the status went elsewhere, as when the host was started with SIGCHLD ignored.
    this.#status = pid < 0
      ? { code: 255, signal: null }
      : decodeStatus(status[0]!, this.#libc.platform.os);
    this.#unwatch();
    this.#onExit();
    this.#resolve(this.#status);
  }

  #watchDescriptor(fd: number): void {
    this.#watch = { fd, events: POLL_IN, ready: () => this.reapIfDead() };
    poller.add(this.#watch);
  }

  #watchSignal(): void {
    if (unwatched.size === 0) Deno.addSignalListener("SIGCHLD", lookAtUnwatched);
    unwatched.add(this);
    queueMicrotask(() => this.reapIfDead()); // it may have died before we listened
  }

  #unwatch(): void {
    const watch = this.#watch;
    if (watch !== undefined) {
      poller.remove(watch);
      poller.whenIdle(() => this.#libc.call.close(watch.fd));
    } else if (unwatched.delete(this) && unwatched.size === 0) {
      Deno.removeSignalListener("SIGCHLD", lookAtUnwatched);
    }
  }
}
