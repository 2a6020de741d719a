/**
 * Lines to a pipe that nobody may be reading.
 *
 * @module
 */

/** Where bytes go; resolves to how many were taken. */
export interface ByteWriter {
  write(data: Uint8Array): Promise<number>;
}

/** Beyond this many characters that were not taken, lines are dropped. */
const MAX_QUEUED = 1 << 20;

/** Writes lines in order without ever making anyone wait. A reader that stops loses lines; one that is gone, all. */
export class LineOutput {
  readonly #writer: ByteWriter;
  #queue: string[] = [];
  #queued = 0;
  #writing: Promise<void> | undefined;
  #gone = false;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  /** Adds a line, given without its newline. */
  line(text: string): void {
    if (this.#gone || this.#queued > MAX_QUEUED) return;
    this.#queue.push(text + "\n");
    this.#queued += text.length + 1;
    this.#writing ??= this.#write();
  }

  /** Resolves when everything was taken, or after so many milliseconds. */
  async flush(withinMs: number): Promise<void> {
    if (this.#writing === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    await Promise.race([this.#writing, promise]);
    clearTimeout(timer);
  }

  async #write(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const bytes = new TextEncoder().encode(this.#queue.join(""));
        this.#queue = [];
        this.#queued = 0;
        for (let at = 0; at < bytes.length;) at += await this.#writer.write(bytes.subarray(at));
      }
    } catch {
      this.#gone = true;
      this.#queue = [];
    }
    // Here, and not once that is told: a line that comes in between would wait for the next one.
    this.#writing = undefined;
  }
}
