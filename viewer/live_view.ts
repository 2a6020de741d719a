/**
 * The screens of a session that goes on: its present, which is always there, and its past, when it is looked at.
 *
 * @module
 */
import { keyframe } from "../format/delta.ts";
import type { Frame } from "../format/frame.ts";
import { LogScreen } from "../record/checkpoints.ts";
import type { EventLog } from "../record/event_log.ts";
import type { LogView } from "./display.ts";

/** After so much output a keyframe is put into the log: the past begins at one, and is dropped up to one. */
const KEYFRAME_BYTES = 512 * 1024;

/** A {@link LogView} of a log that grows and is bounded. */
export class LiveView implements LogView, Disposable {
  readonly #log: EventLog;
  readonly #present: LogScreen;
  #past: LogScreen | undefined;

  constructor(log: EventLog) {
    this.#log = log;
    this.#present = new LogScreen(log, { spacingBytes: Infinity, ahead: false });
  }

  /** Takes in what was added to the log. To be called after each addition. */
  grown(): void {
    const log = this.#log;
    this.#present.moveTo(log.length);
    if (log.bytesSinceKeyframe < KEYFRAME_BYTES) return;
    log.append({ kind: "keyframe", data: keyframe(this.#present.frame()) }, log.durationMs);
    this.#present.moveTo(log.length);
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
