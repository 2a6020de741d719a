/**
 * Tells of viewers on slow lines, and not too often.
 *
 * @module
 */
import type { Clock } from "./clock.ts";
import type { Reporter } from "./events.ts";

/** The same viewer is told of this often at most. */
export const QUIET_MS = 60_000;

/** Reports each viewer that cannot follow, at most once a minute. */
export class SlowViewers {
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #toldMs = new Map<string, number>();

  constructor(clock: Clock, reporter: Reporter) {
    this.#clock = clock;
    this.#reporter = reporter;
  }

  /** A viewer gets nothing until it has caught up. */
  slow(
    viewer: { readonly id: string; readonly name: string; readonly waitingBytes: number },
  ): void {
    const nowMs = this.#clock.now();
    const toldMs = this.#toldMs.get(viewer.id);
    if (toldMs !== undefined && nowMs - toldMs < QUIET_MS) return;
    this.#toldMs.set(viewer.id, nowMs);
    this.#reporter.report({ event: "slow", ...viewer });
  }

  /** Somebody is gone. */
  forget(id: string): void {
    this.#toldMs.delete(id);
  }
}
