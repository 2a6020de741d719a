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
  }
  | {
    readonly kind: "request";
    readonly id: string;
    readonly forMs?: number | undefined;
    readonly note?: string | undefined;
  }
  | { readonly kind: "withdraw"; readonly id: string }
  | { readonly kind: "yield"; readonly id: string; readonly note?: string | undefined }
  | {
    readonly kind: "grant";
    readonly by: string;
    readonly id: string;
    /** `null` until taken back; absent for what was asked, else five minutes. */
    readonly forMs?: number | null | undefined;
    readonly note?: string | undefined;
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
  | { readonly kind: "write"; readonly id: string; readonly bytes: Uint8Array }
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
    state.paste?.lapsesMs ?? Infinity,
    // They lapse in the order in which they were made.
    state.requests[0]?.lapsesMs ?? Infinity,
  );
  return soonest === Infinity ? undefined : soonest;
}

/** How things are, for somebody who was not there before. */
export function controlSnapshot({ requests, turn }: ControlState): ControlData {
  return {
    kind: "state",
    requests: requests.map(({ id, forMs, note }) => ({
      id,
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

/** Why what a participant types does not pass; `undefined` when it does, "gone" when there is nobody to be told. */
export function refusal(
  state: ControlState,
  id: string,
  turn: number | undefined,
): NoticeCode | "gone" | undefined {
  const member = state.members.get(id);
  if (member === undefined || !member.present) return "gone";
  if (state.readOnly) return "read-only";
  if (!member.mayType) return "role-forbids";
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
