/**
 * What a person can do about who drives, by their role and as things are: pure.
 *
 * @module
 */
import { shownName } from "../drive_text.ts";
import type { SessionState } from "./session.ts";

/** Something to be done about who drives. */
export type ControlKind =
  | "request"
  | "withdraw"
  | "yield"
  | "more"
  | "take"
  | "agent"
  | "collaborative"
  | "pause";

/** A button. */
export interface ControlButton {
  readonly kind: ControlKind;
  readonly label: string;
  /** What it does, in a sentence. */
  readonly hint: string;
  /** Whether it stands out: at most one does. */
  readonly primary: boolean;
  /** For what is on or off: which of it. */
  readonly pressed?: boolean;
  /** For how long, in milliseconds, can be chosen. */
  readonly times?: readonly number[];
  /** Whom it is about. */
  readonly id?: string;
}

/** Somebody who waits for an answer. */
export interface WaitingRequest {
  readonly id: string;
  readonly name: string;
  readonly color: number;
  readonly forMs: number | undefined;
  readonly note: string | undefined;
  /** Whether it is a pane of their own that they ask for. */
  readonly pane?: true;
}

/** For how long control can be asked for, in milliseconds; the first is the usual one. */
export const REQUEST_TIMES: readonly number[] = [300_000, 60_000, 900_000];
/** For how long it can be given: `null` is until it is taken back. */
export const GRANT_TIMES: readonly (number | null)[] = [...REQUEST_TIMES, null];

/** The buttons, as things are. */
export function controlButtons(state: SessionState): readonly ControlButton[] {
  const { status, you, facts } = state;
  if (status?.kind !== "live" || you === undefined || you.role === "view") return [];
  return you.role === "admin" ? adminButtons(state, you.id) : guestButtons(facts, you.id);
}

function guestButtons(
  { turn, requests }: SessionState["facts"],
  you: string,
): readonly ControlButton[] {
  const asked = requests.some(({ id }) => id === you);
  if (turn.holder === you) {
    const back = button("yield", "Give back", "Give control back to the presenter", true);
    const more = button("more", "More time", "Ask the presenter for more time", false, {
      times: REQUEST_TIMES,
    });
    if (asked) return [back, WITHDRAW];
    return turn.untilMs === undefined ? [back] : [more, back];
  }
  if (asked) return [WITHDRAW];
  if (turn.mode === "collaborative") return [];
  return [
    button("request", "Request control", "Ask the presenter to let you type", true, {
      times: REQUEST_TIMES,
    }),
  ];
}

function adminButtons({ facts }: SessionState, you: string): readonly ControlButton[] {
  const { turn, people } = facts;
  const buttons: ControlButton[] = [
    turn.holder === you
      ? button("yield", "Give back", "Give control back to the presenter", true)
      : button("take", "Take control", "Type into the session yourself, at once", true),
  ];
  const agents = [...people.values()].filter(({ type, id }) => type === "agent" && id !== you);
  for (const agent of agents.filter(({ id }) => id !== turn.holder).slice(0, 2)) {
    const label = agents.length === 1 ? "Let the agent drive" : `Let ${agent.name} drive`;
    const hint = `Give control to ${shownName(agent)}`;
    buttons.push(button("agent", label, hint, false, { id: agent.id }));
  }
  buttons.push(
    button("collaborative", "Collaborative", "Let everyone with the right link type", false, {
      pressed: turn.mode === "collaborative",
    }),
    button("pause", "Pause input", "Let nobody type until it is resumed", false, {
      pressed: turn.mode === "paused",
    }),
  );
  return buttons;
}

/** What a person can do about a pane of their own. */
export function paneChoice({ status, you, facts }: SessionState): "ask" | "give-up" | "none" {
  if (status?.kind !== "live" || you === undefined || !facts.offersPanes) return "none";
  if (facts.panes.has(you.id)) return "give-up";
  const asked = facts.requests.some(({ id }) => id === you.id);
  return you.role === "view" || asked ? "none" : "ask";
}

const WITHDRAW = button("withdraw", "Withdraw request", "You have asked; take it back", false);

function button(
  kind: ControlKind,
  label: string,
  hint: string,
  primary: boolean,
  more: Pick<ControlButton, "pressed" | "times" | "id"> = {},
): ControlButton {
  return { kind, label, hint, primary, ...more };
}

/** Who waits for an answer that this person can give. */
export function waitingRequests({ status, you, facts }: SessionState): readonly WaitingRequest[] {
  if (status?.kind !== "live" || you?.role !== "admin") return [];
  return facts.requests.filter(({ id }) => id !== you.id).map(({ id, forMs, note, pane }) => {
    const person = facts.people.get(id);
    const name = person === undefined ? "Somebody" : shownName(person);
    return { id, name, color: person?.color ?? 0, forMs, note, ...(pane && { pane }) };
  });
}

/** A length of control, in words: `5 minutes`, `until taken back`. */
export function timeText(forMs: number | null): string {
  if (forMs === null) return "until taken back";
  const minutes = Math.max(1, Math.round(forMs / 60_000));
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
