/**
 * What one model has read of the output.
 *
 * @module
 */
import type { AgentSession, OutputChunk, OutputCursor } from "../types.ts";

/** Lines that were not read before, and where some are missing that were not read either. */
export type Unread = Pick<OutputChunk, "lines" | "from" | "gaps">;

/** Where a reader is in a session's output. */
export class Reading {
  readonly #session: Pick<AgentSession, "read">;
  #next: OutputCursor;
  /** The line at {@link #next}, as far as it was there. */
  #begun: string | undefined;

  constructor(session: Pick<AgentSession, "read">) {
    this.#session = session;
    // What was there before this reader came it may read, but what is gone it has not missed.
    this.#next = session.read(0, { maxLines: Number.MAX_SAFE_INTEGER }).from;
  }

  /** What is new: from now on it is read. */
  take(): Unread {
    const chunk = this.#read();
    const unread = this.#unread(chunk);
    this.#next = chunk.next;
    this.#begun = chunk.lines[chunk.next - chunk.from];
    return unread;
  }

  /** What is new, and stays so. */
  peek(): Unread {
    return this.#unread(this.#read());
  }

  #read(): OutputChunk {
    return this.#session.read(this.#next, { maxLines: Number.MAX_SAFE_INTEGER });
  }

  #unread({ lines, from, gaps }: OutputChunk): Unread {
    const seen = from === this.#next && lines[0] === this.#begun ? 1 : 0;
    return { lines: lines.slice(seen), from: from + seen, gaps };
  }
}
