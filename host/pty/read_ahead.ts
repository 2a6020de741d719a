/**
 * Reading on another thread while output is looked at on this one.
 *
 * @module
 */
import { cString, type Libc, memory } from "./libc.ts";
import { DUPLICATE_CLOSE_ON_EXEC, NO_BUFFER } from "./platform.ts";

/** A `FILE *`. */
type Stream = NonNullable<Deno.PointerValue>;

/**
 * Fetches a terminal's next output on one of Deno's threads for foreign calls. The kernel hands out at most 4 KiB
 * a call, and slowly; `fread` on a stream without a buffer of its own calls it until the memory is full or there
 * is nothing left. The descriptor does not block, so neither does a fetch.
 *
 * How it went at the end (nothing there for now, or nobody there any more) is not known here: whoever gets less
 * than a full buffer looks for himself.
 */
export class ReadAhead {
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #bytes: number;
  readonly #fetched: () => void;
  /** `null`: it cannot be had, so that nothing is ever fetched. */
  #stream: Stream | null | undefined;
  /** One is filled while the other one is looked at. */
  #next = memory(0);
  #current = memory(0);
  #busy = false;
  #count = 0;
  #whenIdle: (() => void) | undefined;

  /** `fetched` is called on the event loop when a fetch is done, unless it was closed in the meantime. */
  constructor(libc: Libc, fd: number, bytes: number, fetched: () => void) {
    this.#libc = libc;
    this.#fd = fd;
    this.#bytes = bytes;
    this.#fetched = fetched;
  }

  /** Whether a thread reads now: nobody else may. */
  get busy(): boolean {
    return this.#busy;
  }

  /** How many fetched bytes wait to be taken. */
  get waitingBytes(): number {
    return this.#count;
  }

  /** Starts to fetch; returns whether it did. */
  start(): boolean {
    if (this.#busy || this.#count > 0 || this.#whenIdle !== undefined) return false;
    if (this.#stream === undefined) this.#stream = this.#open();
    const stream = this.#stream;
    if (stream === null) return false;
    this.#busy = true;
    void this.#fetch(stream);
    return true;
  }

  /** What was fetched, valid until the fetch after the next one starts. */
  take(): Uint8Array {
    const chunk = this.#next.subarray(0, this.#count);
    [this.#next, this.#current] = [this.#current, this.#next];
    this.#count = 0;
    return chunk;
  }

  /** Drops what was fetched, and calls back once no thread uses the descriptor any more. */
  close(whenIdle: () => void): void {
    this.#count = 0;
    this.#whenIdle = whenIdle;
    if (!this.#busy) this.#close();
  }

  async #fetch(stream: Stream): Promise<void> {
    const { call } = this.#libc;
    const count = await call.fread!(this.#next, 1n, BigInt(this.#next.length), stream);
    this.#busy = false;
    if (this.#whenIdle !== undefined) return this.#close();
    if (count < this.#next.length) call.clearerr!(stream); // an error would stick
    this.#count = count;
    this.#fetched();
  }

  /** A stream of its own descriptor, as closing the one closes the other. */
  #open(): Stream | null {
    const { call, platform } = this.#libc;
    if (platform.os !== "linux" || call.fdopen === null || call.setvbuf === null) return null;
    if (call.fread === null || call.clearerr === null || call.fclose === null) return null;
    const fd = this.#libc.fcntl(this.#fd, DUPLICATE_CLOSE_ON_EXEC, 0);
    if (fd < 0) return null;
    const stream = call.fdopen(fd, cString("r"));
    if (stream === null) call.close(fd);
    else {
      call.setvbuf(stream, null, NO_BUFFER, 0n);
      this.#next = memory(this.#bytes);
      this.#current = memory(this.#bytes);
    }
    return stream;
  }

  #close(): void {
    if (this.#stream !== null && this.#stream !== undefined) this.#libc.call.fclose!(this.#stream);
    this.#stream = null;
    this.#whenIdle?.();
  }
}
