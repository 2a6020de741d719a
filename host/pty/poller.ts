/**
 * One `poll()` for every PTY of the process.
 *
 * Deno runs non-blocking foreign calls on a pool of 32 threads that file and DNS calls need too, so all
 * descriptors share one such call. It is woken through an `eventfd` (a pipe on macOS) when the set
 * changes, and it ends when the set is empty: without PTYs there is no thread, no descriptor and nothing
 * that keeps the process alive.
 *
 * @module
 */
import { Libc, memory } from "./libc.ts";
import {
  CLOSE_ON_EXEC,
  Errno,
  EVENT_FD_FLAGS,
  POLL_IN,
  POLL_OUT,
  SET_FD_FLAGS,
  SET_FILE_FLAGS,
} from "./platform.ts";

/** A write that waits looks again after this long: a lost wake-up of the kernel costs a moment, not the session. */
const RECHECK_WRITABLE_MS = 100;

/** A descriptor to wait for. */
export interface Watch {
  readonly fd: number;
  /** `POLL_IN | POLL_OUT`, or 0 to leave it out of the set (a hung-up descriptor would be ready for ever). */
  readonly events: number;
  /** Called on the event loop with the events that happened; must take away their cause, or ask for less. */
  ready(happened: number): void;
}

/** What wakes the poll: the end that is polled, and the end that is written to. */
interface WakeUp {
  readonly readFd: number;
  readonly writeFd: number;
}

/** See the module's text. There is one a thread: {@link poller}. */
export class Poller {
  readonly #watches = new Set<Watch>();
  #running = false;
  #libc: Libc | undefined;
  #wakeUp: WakeUp | undefined;
  /** What the call under way waits for, in the order of its set; empty when none is. */
  #flight: { readonly watch: Watch; readonly events: number }[] = [];
  #inFlight = false;
  #woken = false;
  #afterFlight: (() => void)[] = [];
  #set = new Int32Array(new ArrayBuffer(16 * 8));

  /** Starts to wait for a descriptor. */
  add(watch: Watch): void {
    this.#watches.add(watch);
    if (this.#running) this.#wake();
    else {
      this.#running = true;
      queueMicrotask(() => void this.#run());
    }
  }

  /** Stops waiting. The descriptor may be closed in {@link whenIdle}, not before. */
  remove(watch: Watch): void {
    if (this.#watches.delete(watch)) this.#wake();
  }

  /** Tells that a watch asks for more events now. Asking for fewer needs no call. */
  changed(watch: Watch): void {
    if (!this.#inFlight || this.#woken || !this.#watches.has(watch)) return;
    const polled = this.#flight.find((entry) => entry.watch === watch)?.events ?? 0;
    if ((watch.events & ~polled) !== 0) this.#wake();
  }

  /** Calls back once no call under way can be looking at a descriptor removed before. */
  whenIdle(callback: () => void): void {
    if (this.#inFlight) {
      this.#afterFlight.push(callback);
      this.#wake();
    } else callback();
  }

  #wake(): void {
    if (!this.#inFlight || this.#woken || this.#wakeUp === undefined) return;
    this.#woken = true;
    const one = new Uint8Array(8);
    one[0] = 1;
    this.#libc?.call.write(this.#wakeUp.writeFd, one, 8n);
  }

  async #run(): Promise<void> {
    const libc = this.#libc = Libc.acquire();
    const wakeUp = this.#wakeUp = openWakeUp(libc);
    try {
      while (this.#watches.size > 0) {
        const count = this.#fill(wakeUp.readFd);
        this.#inFlight = true;
        const happened = await libc.call.poll(this.#set, BigInt(count), this.#timeoutMs());
        this.#inFlight = false;
        this.#runAfterFlight();
        if (happened < 0) this.#checkFailure(libc, count);
        if (happened > 0) this.#dispatch(libc, wakeUp.readFd);
      }
    } finally {
      this.#inFlight = this.#running = this.#woken = false;
      this.#flight = [];
      this.#wakeUp = this.#libc = undefined;
      libc.call.close(wakeUp.readFd);
      if (wakeUp.writeFd !== wakeUp.readFd) libc.call.close(wakeUp.writeFd);
      libc.release();
      this.#runAfterFlight();
    }
  }

  /** Writes the `pollfd` array: the descriptor, then events (low half) and results (high half). */
  #fill(wakeFd: number): number {
    this.#flight = [];
    if (this.#set.length < 2 * (this.#watches.size + 1)) {
      this.#set = new Int32Array(new ArrayBuffer(32 * (this.#watches.size + 1)));
    }
    const set = this.#set;
    set[0] = wakeFd;
    set[1] = POLL_IN;
    let at = 2;
    for (const watch of this.#watches) {
      const events = watch.events;
      if (events === 0) continue;
      this.#flight.push({ watch, events });
      set[at++] = watch.fd;
      set[at++] = events;
    }
    return at / 2;
  }

  #timeoutMs(): number {
    return this.#flight.some(({ events }) => (events & POLL_OUT) !== 0) ? RECHECK_WRITABLE_MS : -1;
  }

  #dispatch(libc: Libc, wakeFd: number): void {
    const set = this.#set;
    if (set[1]! >>> 16 !== 0) {
      libc.call.read(wakeFd, new Uint8Array(8), 8n);
      this.#woken = false;
    }
    const flight = this.#flight;
    for (let i = 0; i < flight.length; i++) {
      const happened = set[2 * i + 3]! >>> 16;
      const watch = flight[i]!.watch;
      if (happened !== 0 && this.#watches.has(watch)) watch.ready(happened);
    }
  }

  #runAfterFlight(): void {
    const callbacks = this.#afterFlight;
    if (callbacks.length === 0) return;
    this.#afterFlight = [];
    for (const callback of callbacks) callback();
  }

  /** The pool thread's `errno` is out of reach: ask again on this one. A signal's interruption is no failure. */
  #checkFailure(libc: Libc, count: number): void {
    if (libc.call.pollNow(this.#set, BigInt(count), 0) >= 0) return;
    const errno = libc.errno();
    if (errno !== Errno.interrupted) libc.fail("wait for the terminals", errno);
  }
}

function openWakeUp(libc: Libc): WakeUp {
  if (libc.platform.os === "linux" && libc.call.eventfd !== null) {
    const fd = libc.call.eventfd(0, EVENT_FD_FLAGS);
    if (fd < 0) libc.fail("open a wake-up descriptor");
    return { readFd: fd, writeFd: fd };
  }
  const ends = new Int32Array(memory(8).buffer);
  if (libc.call.pipe(ends) < 0) libc.fail("open a wake-up pipe");
  for (const fd of ends) {
    libc.fcntl(fd, SET_FD_FLAGS, CLOSE_ON_EXEC);
    libc.fcntl(fd, SET_FILE_FLAGS, libc.platform.nonBlock);
  }
  return { readFd: ends[0]!, writeFd: ends[1]! };
}

/** The poller of this thread. */
export const poller: Poller = new Poller();
