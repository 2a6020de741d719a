/**
 * Recordings of asciicast v1: one JSON object with the output in it.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { checkInterval } from "../format/events.ts";
import { isJsonObject } from "../format/json.ts";
import { LineError } from "../format/line_error.ts";
import type { EventLog } from "./event_log.ts";

/** Adds the output of a parsed v1 recording to a log. Throws a {@link CollabError} that names the element. */
export function appendV1(log: EventLog, recording: unknown): void {
  const stdout = isJsonObject(recording) ? recording.stdout : undefined;
  if (!Array.isArray(stdout)) {
    throw new CollabError("recording-bad-event", "its stdout is not an array");
  }
  let atUs = 0;
  for (const [i, element] of (stdout as unknown[]).entries()) {
    const [delay, data] = Array.isArray(element) && element.length === 2 ? element : [];
    if (typeof delay !== "number" || typeof data !== "string") {
      throw new CollabError(
        "recording-bad-event",
        `element ${i + 1} of its stdout is not an event: expected an array of a delay and text`,
      );
    }
    try {
      checkInterval(delay);
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      throw new CollabError(error.code, `element ${i + 1} of its stdout ${error.predicate}`, {
        cause: error,
      });
    }
    atUs += Math.round(delay * 1e6);
    log.append({ kind: "output", data }, atUs / 1000);
  }
}
