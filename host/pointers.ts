/**
 * Where participants point, gathered: however fast they move, everybody is told a bounded number of times.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { JsonObject } from "../format/json.ts";
import type { PointerData } from "../format/session_data.ts";
import type { Clock } from "./clock.ts";

/** How long pointers wait for one another, and how much longer for each of them: fifty are told ten times a second. */
const GATHER_MS = 40, GATHER_MS_A_POINTER = 1.2;

/** What pointers are made of. */
export interface PointersOptions {
  readonly clock: Clock;
  /** Tells everyone, all at once. */
  note(events: readonly CastEvent[]): void;
}

/** Gathers pointers. */
export class Pointers {
  readonly #options: PointersOptions;
  /** Where people point that nobody was told yet. */
  readonly #waiting = new Map<string, PointerData & JsonObject>();
  /** Where they point as everybody knows. */
  readonly #told = new Map<string, string>();
  #cancel: (() => void) | undefined;
  #lastMs = -Infinity;

  constructor(options: PointersOptions) {
    this.#options = options;
  }

  /** Somebody points at a cell, or no longer. The first after a pause is told at once. */
  point(id: string, at: { readonly x: number; readonly y: number } | undefined): void {
    this.#waiting.set(id, { id, ...(at !== undefined && { x: at.x, y: at.y }) });
    if (this.#cancel !== undefined) return;
    const { clock } = this.#options;
    const gatherMs = GATHER_MS + this.#told.size * GATHER_MS_A_POINTER;
    const delayMs = Math.max(0, this.#lastMs + gatherMs - clock.now());
    if (delayMs === 0) return this.#flush();
    this.#cancel = clock.after(delayMs, () => this.#flush());
  }

  /** Somebody is gone, and their pointer with them. */
  forget(id: string): void {
    this.#waiting.delete(id);
    this.#told.delete(id);
  }

  /** Tells nobody anything any more. */
  end(): void {
    this.#cancel?.();
    this.#waiting.clear();
  }

  #flush(): void {
    this.#cancel = undefined;
    this.#lastMs = this.#options.clock.now();
    const events: CastEvent[] = [];
    for (const [id, data] of this.#waiting) {
      const place = `${data.x} ${data.y}`;
      if (data.x === undefined) {
        if (!this.#told.delete(id)) continue;
      } else if (this.#told.get(id) === place) continue;
      else this.#told.set(id, place);
      events.push({ kind: "pointer", data });
    }
    this.#waiting.clear();
    if (events.length > 0) this.#options.note(events);
  }
}
