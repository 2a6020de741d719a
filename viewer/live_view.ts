/**
 * The screens of a session that goes on: its present, which is always there, and its past, when it is looked at.
 *
 * @module
 */
import { keyframe } from "../format/delta.ts";
import type { CastEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import { LogScreen } from "../record/checkpoints.ts";
import type { EventLog } from "../record/event_log.ts";
import type { LogView } from "./display.ts";

/** After so much output a keyframe is put into the log: the past begins at one, and is dropped up to one. */
const KEYFRAME_BYTES = 512 * 1024;

/** A {@link LogView} of a log that grows and is bounded; nobody else adds to it. */
export class LiveView implements LogView, Disposable {
  readonly #log: EventLog;
  readonly #present: LogScreen;
  #past: LogScreen | undefined;

  constructor(log: EventLog) {
    this.#log = log;
    this.#present = new LogScreen(log, { spacingBytes: Infinity, ahead: false });
  }

  /** Adds what has just happened to the log, and to the present. */
  append(event: CastEvent, atMs: number): void {
    const log = this.#log, present = this.#present;
    present.append(event, atMs);
    if (log.bytesSinceKeyframe < KEYFRAME_BYTES) return;
    present.append({ kind: "keyframe", data: keyframe(present.frame()) }, log.durationMs);
  }

  moveTo(index: number): void {
    if (index >= this.#log.length) {
      this.#past?.[Symbol.dispose]();
      this.#past = undefined;
      return;
    }
    this.#past ??= new LogScreen(this.#log, { ahead: false });
    this.#past.moveTo(index);
  }

  frame(): Frame {
    return (this.#past ?? this.#present).frame();
  }

  [Symbol.dispose](): void {
    this.#present[Symbol.dispose]();
    this.#past?.[Symbol.dispose]();
  }
}
