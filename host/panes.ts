/**
 * Panes of one's own, as a session uses them. What they are panes of is for others to know.
 *
 * @module
 */

import { DEFAULT_MODES, type Modes } from "../format/frame.ts";
import type { PersonType } from "../format/session_data.ts";
import type { PaneEnd, Size } from "./options.ts";
import type { SessionPty } from "./session.ts";

export type { PaneEnd };

/** How what is typed into a pane is encoded: who opens panes knows the modes that a pane's program has set. */
export const PANE_MODES: Modes = Object.freeze({ ...DEFAULT_MODES, bracketedPaste: true });

/** Whose a pane is. */
export interface PaneOwner {
  readonly id: string;
  readonly name: string;
  /** An index into `PERSON_COLORS`. */
  readonly color: number;
  /** An agent is told by its shell how its commands end. Default `person`. */
  readonly type?: PersonType;
}

/** A pane that was opened for somebody. */
export interface PaneInfo {
  /** As `tmux` names it: `%3`. */
  readonly pane: string;
  /** Whom it was opened for, who may be gone. */
  readonly id: string;
  readonly name: string;
}

/** A cell of the session's screen, from 0. */
export interface PaneCell {
  readonly x: number;
  readonly y: number;
}

/** A pane whose output is read. */
export interface WatchedPane {
  /** Its size in the beginning. */
  readonly cols: number;
  readonly rows: number;
  /** Draws what it shows in the beginning. */
  readonly drawn: Uint8Array;
  /** What its program writes from then on. What is written to this goes nowhere. */
  readonly pty: SessionPty;
  /** Called when it has another size. */
  onResize: (cols: number, rows: number) => void;
  /** Ends the watch: its output ends. */
  end(): void;
}

/** Opens panes and types into them. */
export interface PaneHost {
  /** All that are there, those of owners who are gone too. */
  readonly list: readonly PaneInfo[];
  /** Called when the pane of somebody is gone, whoever ended it. */
  onGone: (id: string) => void;
  /** Called with where the cursors of owners are, by their ids; without those that cannot be seen. */
  onCursors: (cursors: ReadonlyMap<string, PaneCell>) => void;
  /**
   * Opens a pane for somebody, or finds the one that was kept for them; resolves to its name.
   *
   * @throws {CollabError} `pane-no-room`, `tmux-gone` and others
   */
  open(owner: PaneOwner): Promise<string>;
  /** Types into somebody's pane what they typed at once, encoded for no modes but bracketed pastes. `false` when too much waits. */
  write(id: string, bytes: Uint8Array): boolean;
  /** The session's screen has changed, which has this size: cursors may be elsewhere. */
  changed(size: Size): void;
  /**
   * Reads what somebody's pane shows, from now on.
   *
   * @throws {CollabError} `tmux-gone`, `tmux-refused` and others
   */
  watch(id: string): Promise<WatchedPane>;
  /** Forgets what was written and has not got there. */
  drop(id: string): void;
  /** Somebody has no right to their pane any more: it ends with what runs in it, or stays for them to come back to. */
  release(id: string, end: PaneEnd): void;
  /** Ends every pane but those to be kept, and gives everything back as it was; those that stay. */
  end(keep: PaneEnd): Promise<readonly PaneInfo[]>;
}
