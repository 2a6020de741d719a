/**
 * Tells everyone where the cursors of panes are.
 *
 * @module
 */
import type { CastEvent } from "../format/events.ts";
import type { Frame } from "../format/frame.ts";
import type { PaneCell, PaneHost } from "./panes.ts";
import type { Sink } from "./session.ts";

/** What {@link PaneCursors} are made of. */
export interface PaneCursorsOptions {
  readonly panes: PaneHost;
  /** Whether nobody sees the session's screen now. */
  paused(): boolean;
  /** Tells everyone. */
  note(event: CastEvent): void;
}

/** A sink that has cursors looked for with each frame, and tells of those that have moved. */
export class PaneCursors implements Sink {
  readonly name = "cursors";
  readonly #options: PaneCursorsOptions;
  #told: ReadonlyMap<string, PaneCell> = new Map();

  constructor(options: PaneCursorsOptions) {
    this.#options = options;
    options.panes.onCursors = (cursors) => this.#tell(cursors);
  }

  frame({ cols, rows }: Pick<Frame, "cols" | "rows">): void {
    if (!this.#options.paused()) this.#options.panes.changed({ cols, rows });
  }

  event(): void {}

  close(): void {
    this.#options.panes.onCursors = () => {};
  }

  #tell(cursors: ReadonlyMap<string, PaneCell>): void {
    const { paused, note } = this.#options;
    if (paused()) return;
    const before = this.#told;
    this.#told = cursors;
    for (const [id, { x, y }] of cursors) {
      const known = before.get(id);
      if (known?.x !== x || known.y !== y) {
        note({ kind: "pointer", data: { id, x, y, cursor: true } });
      }
    }
    for (const id of before.keys()) {
      if (!cursors.has(id)) note({ kind: "pointer", data: { id, cursor: true } });
    }
  }
}
