/**
 * Gets the recording that a page is to play.
 *
 * @module
 */
import { CollabError } from "../../../format/errors.ts";
import { CastParser } from "../../../record/cast_parser.ts";
import type { EventLog } from "../../../record/event_log.ts";
import { INFO_HEADER, type ReplayInfo } from "../../replay_info.ts";

/** A recording that is ready to be played. */
export interface Opened {
  readonly log: EventLog;
  readonly info: ReplayInfo;
}

/** How a recording is opened. */
export interface OpenOptions {
  /** Where the recording is. */
  readonly url: string;
  /** What the server wants to be shown, from the fragment of the page's address. */
  readonly key: string;
  /** Told how much is read, from 0 to 1, and of what. */
  onProgress(part: number, info: ReplayInfo): void;
}

/** What the server checked the recording with already, and this page has the memory for. */
const MAX_BYTES = 1 << 30;

/**
 * Reads the recording.
 *
 * @throws {CollabError} `replay-gone`, `replay-key`, or why the recording cannot be played.
 */
export async function openReplay({ url, key, onProgress }: OpenOptions): Promise<Opened> {
  const response = await get(url, key);
  const info = infoOf(response);
  const parser = new CastParser({ name: `recording "${info.name}"`, maxBytes: MAX_BYTES });
  let read = 0;
  onProgress(0, info);
  for await (const chunk of chunksOf(response)) {
    parser.push(chunk);
    read += chunk.length;
    onProgress(info.bytes > 0 ? Math.min(1, read / info.bytes) : 1, info);
  }
  if (read < info.bytes) throw gone();
  return { log: parser.end(), info };
}

async function get(url: string, key: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { headers: { authorization: `Bearer ${key}` }, cache: "no-store" });
  } catch (cause) {
    throw gone(cause);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 403) {
    throw new CollabError(
      "replay-key",
      "Cannot open the recording: open the whole address that collab replay printed, with what follows the #",
    );
  }
  throw gone();
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read().catch((cause) => {
        throw gone(cause);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function gone(cause?: unknown): CollabError {
  return new CollabError(
    "replay-gone",
    "Cannot read the recording: collab replay has ended; start it again and open its new address",
    cause === undefined ? undefined : { cause },
  );
}

function infoOf(response: Response): ReplayInfo {
  // It comes from the program that this page is a part of.
  return JSON.parse(decodeURIComponent(response.headers.get(INFO_HEADER) ?? "null"));
}
