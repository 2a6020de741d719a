/**
 * The output as it comes.
 *
 * @module
 */
import type { OutputChunk, OutputCursor } from "./types.ts";
import { type WaitRoom, waitUntil } from "./waiting.ts";

/** Yields each line once, when it is complete, from now on. Who reads slowly finds what the output log still has. */
export function outputOf(room: WaitRoom): AsyncIterableIterator<OutputChunk> {
  return outputFrom(room, room.feed.log.end);
}

async function* outputFrom(
  room: WaitRoom,
  begin: OutputCursor,
): AsyncIterableIterator<OutputChunk> {
  const { log } = room.feed;
  let from = begin;
  while (true) {
    const start = from;
    const over = await waitUntil(room, () => {
      if (log.end > start) return { kind: "met", value: false };
      return room.over() === undefined ? { kind: "no" } : { kind: "met", value: true };
    }, { timeoutMs: Infinity });
    const chunk = log.read(start);
    if (over) {
      if (chunk.lines.length > 0) yield chunk;
      return;
    }
    from = chunk.next;
    // The cursor's line is not complete yet.
    const lines = chunk.lines.slice(0, chunk.next - chunk.from);
    yield { ...chunk, lines, text: lines.join("\n") };
  }
}
