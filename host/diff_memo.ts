/**
 * Differences of frames, worked out once for all who need the same.
 *
 * @module
 */
import { type Delta, diff } from "../format/delta.ts";
import type { Frame } from "../format/frame.ts";
import type { SafeFrame, SafeHistory } from "../redact/redactor.ts";

/** Most differences kept: one a sink, and those of viewers that catch up at the same time. */
const MAX_KEPT = 64;

/** Differences to one frame at a time, the newest. */
export class DiffMemo {
  readonly #history: SafeHistory;
  #to: Frame | undefined;
  #kept = new Map<Frame, Map<number, Delta>>();
  #count = 0;

  constructor(history: SafeHistory) {
    this.#history = history;
  }

  /** As {@link diff}, with at most `maxLines` scrolled lines. Lines that are gone by now count as omitted. */
  diff(from: SafeFrame, to: SafeFrame, maxLines = Infinity): Delta {
    if (to !== this.#to || this.#count >= MAX_KEPT) {
      this.#to = to;
      this.#kept = new Map();
      this.#count = 0;
    }
    let deltas = this.#kept.get(from);
    if (deltas === undefined) this.#kept.set(from, deltas = new Map());
    // A budget for more lines than scrolled by is the same as one for exactly those.
    const lines = Math.min(maxLines, Math.max(to.top - from.top, 0));
    let delta = deltas.get(lines);
    if (delta === undefined) {
      delta = diff(from, to, { history: this.#history, maxLines: lines });
      deltas.set(lines, delta);
      this.#count++;
    }
    return delta;
  }
}
