/**
 * What the control state machine knows, hears and says.
 *
 * @module
 */
import {
  type ControlData,
  type ControlMode,
  PRESENTER_ID,
  type Request,
  type Turn,
} from "../format/session_data.ts";
import type { NoticeCode } from "../wire/notices.ts";
import type { PaneEnd } from "./panes.ts";
import type { RateLimit } from "./rate_limit.ts";

/** A mode in which nobody holds control. */
export type OpenMode = Exclude<ControlMode, "participant">;
/** A mode that can be chosen: one in which nobody holds control, or that an agent does as soon as one is there. */
export type ChosenMode = OpenMode | "agent";

/** How control is handled in a session. */
export interface ControlOptions {
  /** No request, no grant and no role makes a participant's byte pass. */
  readonly readOnly: boolean;
  /** A participant's paste of several lines waits for the presenter's answer. */
  readonly confirmPaste: boolean;
  /** Any key of the presenter takes control back, and is typed. */
  readonly takeOnKey: boolean;
  /** What becomes of input while the presenter's own terminal is gone. */
  readonly whenGone: "pause" | "continue";
  /** Whether there are panes of one's own to be had; absent for none. */
  readonly panes?: boolean | undefined;
  /** What becomes of a pane whose owner is gone or gives it up; absent for `close`. */
  readonly paneEnd?: PaneEnd | undefined;
  /** The first mode; absent for `presenter`. */
  readonly mode?: ChosenMode | undefined;
}

/** Somebody who waits for control. */
export interface PendingRequest extends Request {
  readonly sinceMs: number;
  /** When it ends by itself. */
  readonly lapsesMs: number;
}

/** A paste that waits for the presenter's answer. */
export interface HeldPaste {
  readonly id: string;
  readonly lines: number;
  /** It is for the pane of its own that it was typed into. */
  readonly pane?: true;
  /** As the program would get it. */
  readonly bytes: Uint8Array;
  /** When it is dropped. */
  readonly lapsesMs: number;
}

/** A participant, as far as control goes. */
export interface Member {
  /** Whether the role allows to type once control is given. */
  readonly mayType: boolean;
  /** Whether it is a program. */
  readonly agent: boolean;
  /** Whether the connection is there. */
  readonly present: boolean;
}

/** Control that the presenter has taken, and can hand back. */
export interface Taken {
  readonly id: string;
  /** How much of its time was left; `undefined` when it had no end. */
  readonly leftMs: number | undefined;
  /** Whether control belonged to an agent, whichever it is. */
  readonly agent: boolean;
}

/** What is remembered of somebody who has typed. */
export interface Typist {
  readonly limit: RateLimit;
  /** When each refusal was last told. */
  readonly toldMs: ReadonlyMap<NoticeCode, number>;
}

/** Somebody's right to type into a pane of their own. */
export interface PaneRight {
  /** The pane's name; `undefined` until it is open. */
  readonly pane: string | undefined;
  /** Who granted it. */
  readonly by: string;
  /** Counts up with every pane that is granted: what was typed for an earlier one is not typed. */
  readonly turn: number;
  readonly limit: RateLimit;
}

/** The panes that participants have of their own. */
export interface PanesState {
  /** Whether there are any to be had. */
  readonly offered: boolean;
  /** By the owners' ids. */
  readonly rights: ReadonlyMap<string, PaneRight>;
  /** The last `turn` of a right. */
  readonly turn: number;
  /** When to look at what waits. */
  readonly drainAtMs: number | undefined;
}

/** Who may type, who asks to, and what waits. Times are session time. */
export interface ControlState {
  readonly options: ControlOptions;
  readonly turn: Turn;
  /** In the order of asking; at most `REQUESTS_MAX`. */
  readonly requests: readonly PendingRequest[];
  /** At most one for all. */
  readonly paste: HeldPaste | undefined;
  readonly readOnly: boolean;
  readonly presenterPresent: boolean;
  /** Whether viewers see nothing: the presenter alone types then, whatever the mode. */
  readonly sharingPaused: boolean;
  readonly members: ReadonlyMap<string, Member>;
  readonly panes: PanesState;
  /** What the presenter took last, until control changes in another way. */
  readonly taken: Taken | undefined;
  /** The agent who held control last, as long as it is a member. */
  readonly lastAgent: string | undefined;
  /** Members who have typed, and the presenter when something was refused. */
  readonly typists: ReadonlyMap<string, Typist>;
  /** When the holder is told that time is nearly over; `undefined` when that is done or not to be done. */
  readonly warnAtMs: number | undefined;
  /** Until when the holder, whose connection is cut, can come back. */
  readonly graceUntilMs: number | undefined;
  /** When to look at what waits. */
  readonly drainAtMs: number | undefined;
}

/** What happens. `by` has been found to be allowed to do it. */
export type ControlInput =
  /** A participant came. An id keeps its role: for a known one this is `back`. */
  | {
    readonly kind: "join";
    readonly id: string;
    readonly mayType: boolean;
    /** It is a program. */
    readonly agent?: boolean | undefined;
  }
  /** The connection was cut, or came back. */
  | { readonly kind: "away" | "back"; readonly id: string }
  /** The connection is gone for good. `removed`: because somebody wanted it to be. */
  | { readonly kind: "leave"; readonly id: string; readonly removed?: boolean | undefined }
  | {
    readonly kind: "type";
    /** `PRESENTER_ID` for the presenter. */
    readonly id: string;
    /** The turn that a participant saw; the presenter has none. */
    readonly turn?: number | undefined;
    /** As the program gets it. */
    readonly bytes: Uint8Array;
    readonly paste?: { readonly lines: number } | undefined;
    /** Into the typist's own pane, in that pane's turn. */
    readonly pane?: true | undefined;
  }
  /** A pane is open that was to be opened; could not be; or is gone. */
  | { readonly kind: "pane-opened"; readonly id: string; readonly pane: string }
  | { readonly kind: "pane-failed"; readonly id: string }
  | { readonly kind: "pane-gone"; readonly id: string }
  | { readonly kind: "close-pane"; readonly by: string; readonly id: string }
  | {
    readonly kind: "request";
    readonly id: string;
    readonly forMs?: number | undefined;
    readonly note?: string | undefined;
    readonly pane?: true | undefined;
  }
  | { readonly kind: "withdraw"; readonly id: string }
  | {
    readonly kind: "yield";
    readonly id: string;
    readonly note?: string | undefined;
    /** Their pane, and not control. */
    readonly pane?: true | undefined;
  }
  | {
    readonly kind: "grant";
    readonly by: string;
    readonly id: string;
    /** `null` until taken back; absent for what was asked, else five minutes. */
    readonly forMs?: number | null | undefined;
    readonly note?: string | undefined;
    /** Not control, but a pane, until it is given up or taken. So it is for who asked for one. */
    readonly pane?: true | undefined;
  }
  | { readonly kind: "deny"; readonly by: string; readonly id: string }
  | { readonly kind: "take"; readonly by: string; readonly note?: string | undefined }
  /** Gives control back to the one from whom the presenter took it. */
  | { readonly kind: "hand-back"; readonly by: string; readonly note?: string | undefined }
  | { readonly kind: "mode"; readonly by: string; readonly mode: ChosenMode }
  | { readonly kind: "paste"; readonly by: string; readonly allow: boolean }
  | { readonly kind: "sharing"; readonly paused: boolean }
  /** The presenter's own terminal went away or came back. */
  | { readonly kind: "presenter"; readonly present: boolean }
  | { readonly kind: "tick" };

/** One kind of input. */
export type InputOf<Kind extends ControlInput["kind"]> = Extract<ControlInput, { kind: Kind }>;

/** What is to be done, in this order. */
export type ControlEffect =
  /** Goes to the program. */
  | {
    readonly kind: "write";
    readonly id: string;
    readonly bytes: Uint8Array;
    /** Not to the program: to that participant's own pane. */
    readonly pane?: true;
  }
  /** A pane is to be opened, and this state machine told. */
  | { readonly kind: "open-pane"; readonly id: string }
  /** Nobody types into this pane from now on. */
  | { readonly kind: "release-pane"; readonly id: string; readonly end: PaneEnd }
  /** What somebody typed into their pane and has not got there is to be forgotten. */
  | { readonly kind: "drop-pane"; readonly id: string }
  /** What participants typed and the program has not taken yet is to be forgotten. */
  | { readonly kind: "drop" }
  /** Told to one participant, or to the presenter. */
  | { readonly kind: "notice"; readonly id: string; readonly code: NoticeCode }
  /** Told to everyone and recorded. */
  | { readonly kind: "event"; readonly data: ControlData };

/** A state, and what it takes to get there. */
export interface ControlStep {
  readonly state: ControlState;
  readonly effects: readonly ControlEffect[];
}

/** Control when the session begins. */
export function firstControl(options: ControlOptions): ControlState {
  return {
    options,
    turn: { ...firstTurn(options), turn: 0 },
    requests: [],
    paste: undefined,
    readOnly: options.readOnly,
    presenterPresent: true,
    sharingPaused: false,
    members: new Map(),
    panes: { offered: options.panes ?? false, rights: new Map(), turn: 0, drainAtMs: undefined },
    taken: undefined,
    lastAgent: undefined,
    typists: new Map(),
    warnAtMs: undefined,
    graceUntilMs: undefined,
    drainAtMs: undefined,
  };
}

function firstTurn({ readOnly, mode = "presenter" }: ControlOptions): Omit<Turn, "turn"> {
  if (mode === "agent") return { mode: "presenter", ...(!readOnly && { agent: true }) };
  return { mode: readOnly && mode === "collaborative" ? "presenter" : mode };
}

/** When the next `tick` is due; `undefined` when none is. */
export function nextTickMs(state: ControlState): number | undefined {
  const soonest = Math.min(
    state.turn.untilMs ?? Infinity,
    state.warnAtMs ?? Infinity,
    state.graceUntilMs ?? Infinity,
    state.drainAtMs ?? Infinity,
    state.panes.drainAtMs ?? Infinity,
    state.paste?.lapsesMs ?? Infinity,
    // They lapse in the order in which they were made.
    state.requests[0]?.lapsesMs ?? Infinity,
  );
  return soonest === Infinity ? undefined : soonest;
}

/** How things are, for somebody who was not there before. */
export function controlSnapshot({ requests, turn, panes }: ControlState): ControlData {
  const open = [...panes.rights].flatMap(([id, { pane, turn }]) =>
    pane === undefined ? [] : [{ id, pane, turn }]
  );
  return {
    kind: "state",
    ...(panes.offered && { panes: open }),
    requests: requests.map(({ id, forMs, note, pane }) => ({
      id,
      ...(pane === true && { pane }),
      ...(forMs !== undefined && { forMs }),
      ...(note !== undefined && { note }),
    })),
    ...turn,
  };
}

/** Whether what the presenter types passes. */
export function presenterTypes({ sharingPaused, turn }: ControlState): boolean {
  return sharingPaused || turn.mode === "presenter" || turn.mode === "collaborative";
}

/** Why a participant could not type whoever had control; "gone" when there is nobody to be told. */
export function neverTypes(
  { members, readOnly }: ControlState,
  id: string,
): NoticeCode | "gone" | undefined {
  const member = members.get(id);
  if (member === undefined || !member.present) return "gone";
  if (readOnly) return "read-only";
  return member.mayType ? undefined : "role-forbids";
}

/** Why what a participant types does not pass; `undefined` when it does, "gone" when there is nobody to be told. */
export function refusal(
  state: ControlState,
  id: string,
  turn: number | undefined,
): NoticeCode | "gone" | undefined {
  const never = neverTypes(state, id);
  if (never !== undefined) return never;
  if (turn !== state.turn.turn) return "out-of-turn";
  if (state.sharingPaused) return "input-paused";
  switch (state.turn.mode) {
    case "presenter":
      return "not-in-control";
    case "participant":
      return state.turn.holder === id ? undefined : "not-in-control";
    case "collaborative":
      return undefined;
    case "paused":
      return "input-paused";
    default:
      return state.turn.mode satisfies never;
  }
}

/** Whether somebody, the presenter included, may type now. */
export function mayTypeNow(state: ControlState, id: string): boolean {
  if (id === PRESENTER_ID) return presenterTypes(state);
  return refusal(state, id, state.turn.turn) === undefined;
}
