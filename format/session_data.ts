/**
 * What the events `p`, `c`, `u` and `h` say: who is there, who may type, where people point, and what the shell is at.
 * Written by hosts, and read from files and streams of anybody: what is read is checked, and what is odd is `undefined`.
 *
 * @module
 */
/** The presenter's id in every session. */
export const PRESENTER_ID = "host";
/** The presenter's role in every session. */
export const PRESENTER_ROLE = "presenter";

/** What somebody is. */
export const PERSON_TYPES = ["person", "agent"] as const;
/** One of {@link PERSON_TYPES}. */
export type PersonType = typeof PERSON_TYPES[number];

/**
 * Who may type: the presenter, the one who was given control, everyone whose role allows it, or nobody.
 */
export const CONTROL_MODES = ["presenter", "participant", "collaborative", "paused"] as const;
/** One of {@link CONTROL_MODES}. */
export type ControlMode = typeof CONTROL_MODES[number];

/** Somebody in a session, as events name them. */
export interface Person {
  /** `host` or `p1`, `p2` … */
  readonly id: string;
  readonly name: string;
  /** `presenter`, or the role of the link that they came with. */
  readonly role: string;
  readonly type: PersonType;
  /** Their colour: an index into `PERSON_COLORS`. */
  readonly color: number;
}

/** Who may type at some time. `turn` counts up each time that this changes. */
export interface Turn {
  readonly mode: ControlMode;
  /** Who was given control; set if and only if the mode is `participant`. */
  readonly holder?: string;
  /** Session time at which control returns by itself; absent when it does not. */
  readonly untilMs?: number;
  /** Control belongs to an agent: the holder is one, or, while the presenter drives, the next that comes gets it. */
  readonly agent?: true;
  readonly turn: number;
}

/** Somebody waits for control. */
export interface Request {
  readonly id: string;
  /** For how long they want it; absent when they did not say. */
  readonly forMs?: number;
  /** Why, in their own words. */
  readonly note?: string;
  /** Not for control: for a pane of their own. */
  readonly pane?: true;
}

/** A pane that a participant has of their own. */
export interface Pane {
  /** As the program that divides the screen names it: `%3`. */
  readonly pane: string;
  /** Counts up with every pane that is granted: what is typed into one says it. */
  readonly turn: number;
}

/** Why control went back to the presenter. */
export const REVOKE_REASONS = ["taken", "yielded", "expired", "left", "paused", "mode"] as const;
/** One of {@link REVOKE_REASONS}. */
export type RevokeReason = typeof REVOKE_REASONS[number];

/** The data of a `c` event. */
export type ControlData =
  /** How things are, for someone who was not there before. */
  | ({
    readonly kind: "state";
    readonly requests: readonly Request[];
    /** Absent where there are none to be had. */
    readonly panes?: readonly ({ readonly id: string } & Pane)[];
  } & Turn)
  | ({ readonly kind: "request" } & Request)
  /** A request that ended without a grant. */
  | { readonly kind: "withdraw" | "lapse"; readonly id: string }
  | { readonly kind: "deny"; readonly id: string; readonly by: string }
  /** Control was given, or given for longer. `id` is the holder. */
  | (
    & { readonly kind: "grant"; readonly id: string; readonly by: string; readonly note?: string }
    & Turn
  )
  /** Control was given back, or taken. `id` is the former holder. */
  | ({
    readonly kind: "revoke";
    readonly id: string;
    readonly by: string;
    readonly why: RevokeReason;
    readonly note?: string;
  } & Turn)
  | ({ readonly kind: "mode"; readonly by: string } & Turn)
  /** Somebody has a pane of their own to type into; or no longer, which may go on without them. */
  | (
    & { readonly kind: "pane"; readonly id: string; readonly open: true; readonly by: string }
    & Pane
  )
  | {
    readonly kind: "pane";
    readonly id: string;
    readonly open: false;
    readonly by: string;
    readonly pane: string;
  }
  /** The holder's time is nearly over. */
  | { readonly kind: "warn"; readonly id: string; readonly leftMs: number }
  /** Sharing is paused: viewers see nothing of the screen. And it goes on again. */
  | { readonly kind: "pause" | "resume" };

/** The data of a `p` event. */
export type ParticipantData =
  /** Everybody, for someone who was not there before; `count` includes those who are not named. */
  | { readonly kind: "roster"; readonly count: number; readonly participants: readonly Person[] }
  | ({ readonly kind: "join" } & Person)
  | { readonly kind: "leave"; readonly id: string; readonly name: string };

/** The data of a `u` event: a cell of the session's screen, from 0; without one the pointer is gone. */
export interface PointerData {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
  /** Not where they point: where the cursor is in the pane of their own. */
  readonly cursor?: true;
}

/** What a shell is at: it shows its prompt, waits for a command line, runs it, and has run it. */
export const SHELL_MARK_KINDS = ["prompt", "input", "output", "done"] as const;
/** One of {@link SHELL_MARK_KINDS}. */
export type ShellMarkKind = typeof SHELL_MARK_KINDS[number];

/** The data of an `h` event: what the shell said of itself, and where the cursor was then. */
export interface ShellMark {
  readonly kind: ShellMarkKind;
  /** What the command exited with, 0 to 255; only with `done`, and only where the shell said so. */
  readonly status?: number;
  /** The line of the normal screen, counted from the session's first one: a frame's `top` and the row in it. */
  readonly line: number;
  /** The column, from 0; as many as the screen has when the last one was just written. */
  readonly x: number;
  /**
   * Which line is the first row of the screen that the event comes after: for a reader that came later, and counts lines
   * from there, the mark is at the row `line - top` of its own screen, above it when that is negative.
   */
  readonly top: number;
}
