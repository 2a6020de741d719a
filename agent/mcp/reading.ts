/**
 * What one model has read of the output.
 *
 * @module
 */
import type { AgentSession, OutputChunk, OutputCursor } from "../types.ts";

/** Lines that were not read before. */
export interface Unread {
  readonly lines: readonly string[];
  /** The number of the first of them. */
  readonly from: OutputCursor;
  /** Lines before it that were not read either, and are gone. */
  readonly missing: number;
}

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

  /** The number of the first line that was not read to its end. */
  get next(): OutputCursor {
    return this.#next;
  }

  /** What is new: from now on it is read. */
  take(): Unread {
    const chunk = this.#session.read(this.#next, { maxLines: Number.MAX_SAFE_INTEGER });
    const seen = chunk.from === this.#next && chunk.lines[0] === this.#begun ? 1 : 0;
    this.#move(chunk);
    return {
      lines: chunk.lines.slice(seen),
      from: chunk.from + seen,
      missing: chunk.missing,
    };
  }

  /** Counts all as read. Gives how many lines before `from` were not, from which on. */
  skip(from: OutputCursor): { readonly from: OutputCursor; readonly lines: number } {
    const { lines, from: first } = this.take();
    const before = lines.slice(0, Math.max(0, from - first));
    return { from: first, lines: before.some((line) => line !== "") ? before.length : 0 };
  }

  #move({ from, lines, next }: OutputChunk): void {
    this.#next = next;
    this.#begun = lines[next - from];
  }
}
