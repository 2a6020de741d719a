/**
 * Recordings as streams, for tests.
 *
 * @module
 */
import type { CastEvent } from "../../format/events.ts";
import type { EventLog } from "../event_log.ts";
import { openRecording, type ReadOptions } from "../reader.ts";

/** A header of asciicast v3. */
export const HEADER = '{"version":3,"term":{"cols":80,"rows":24}}\n';

/** A stream of bytes, in pieces of a size. */
export function streamOf(
  content: string | Uint8Array,
  size = 64 * 1024,
): ReadableStream<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  let at = 0;
  return new ReadableStream({
    pull(controller): void {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at += size));
    },
  });
}

/** Reads a recording called "a test", in pieces of a size. */
export function read(
  content: string | Uint8Array,
  options?: ReadOptions & { readonly size?: number },
): Promise<EventLog> {
  const stream = streamOf(content, options?.size);
  return openRecording({ kind: "bytes", stream, name: "a test" }, options);
}

/** All events of a log with their times. */
export function events(log: EventLog): [number, CastEvent][] {
  return Array.from({ length: log.length }, (_, i) => [log.timeAt(i), log.eventAt(i)]);
}
