/**
 * Where the cursors of panes are on the screen that all see: tmux draws that of its active pane alone.
 *
 * @module
 */
import type { Size } from "../options.ts";
import type { PaneCell } from "../panes.ts";

/** Asks for all that {@link readCursors} needs, of the window that is shown. */
export const LIST_CURSORS = "list-panes -F '#{pane_id} #{status} #{status-position} " +
  "#{pane_left} #{pane_top} #{pane_width} #{cursor_x} #{cursor_y} " +
  "#{?pane_in_mode,0,#{?window_zoomed_flag,#{&&:#{pane_active},#{cursor_flag}},#{cursor_flag}}} " +
  "#{window_width} #{window_height}'";

/**
 * Where cursors are on a screen of a size, by the names of their panes; without those that cannot be seen. Where the window is
 * larger than the screen, nobody knows which part of it is there: then it is none.
 */
export function readCursors(lines: readonly string[], size: Size): Map<string, PaneCell> {
  const cursors = new Map<string, PaneCell>();
  for (const line of lines) {
    const [pane = "", status = "", position, ...rest] = line.split(" ");
    const [left, top, width, x, y, shown, cols, rows] = rest.map(Number) as Numbers;
    const below = status === "off" ? 0 : status === "on" ? 1 : Number(status);
    if (shown !== 1 || !(cols <= size.cols) || !(rows + below <= size.rows)) continue;
    // In the last column, the cursor of a line that is about to wrap is past it.
    const at = { x: left + Math.min(x, width - 1), y: top + y + (position === "top" ? below : 0) };
    if (at.x < size.cols && at.y < size.rows) cursors.set(pane, at);
  }
  return cursors;
}

type Numbers = [number, number, number, number, number, number, number, number];

/** What {@link CursorWatch} is made of. */
export interface CursorWatchOptions {
  /** Has tmux carry out a command. */
  run(command: string): Promise<readonly string[]>;
  /** Told where cursors are, by the names of their panes. */
  onCursors(cursors: ReadonlyMap<string, PaneCell>): void;
}

/** Looks for cursors, once at a time: while it does so, once more is enough for whatever happens. */
export class CursorWatch {
  readonly #options: CursorWatchOptions;
  #wanted: Size | undefined;
  #looking = false;

  constructor(options: CursorWatchOptions) {
    this.#options = options;
  }

  /** Looks where they are, on a screen of a size. */
  look(size: Size): void {
    this.#wanted = size;
    if (!this.#looking) void this.#look();
  }

  /** Looks no more. */
  end(): void {
    this.#wanted = undefined;
  }

  async #look(): Promise<void> {
    this.#looking = true;
    while (this.#wanted !== undefined) {
      const size = this.#wanted;
      this.#wanted = undefined;
      try {
        this.#options.onCursors(readCursors(await this.#options.run(LIST_CURSORS), size));
      } catch {
        // tmux is gone, or stopped: whoever watches over it learns that too.
      }
    }
    this.#looking = false;
  }
}
