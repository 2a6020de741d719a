/**
 * What the presenter's controls remember, and what they lead to.
 *
 * @module
 */
import type { Person } from "../format/session_data.ts";
import type { Menu } from "../viewer/menu.ts";
import type { HostAction } from "../wire/actions.ts";
import type { AgentClient } from "./agent_config.ts";

/** What a menu's item leads to: something done, another panel. */
export interface Choice {
  readonly effects?: readonly ControlsEffect[];
  /** Default: nothing is open any more. */
  readonly panel?: Panel;
}

/** A place in a list that changes: on what it was, as long as that is there. */
export interface Selection {
  readonly at: number;
  readonly id: string | undefined;
}

/** What somebody said when they gave control back, until the first key, which goes to the program. */
export interface Said {
  readonly kind: "said";
  readonly from: string;
  readonly text: string;
}

/** What is open over the session. */
export type Panel =
  | { readonly kind: "none" }
  /** The link, until the first key, which goes to the program. */
  | { readonly kind: "notice" }
  | Said
  /** `main` is made anew when things change. */
  | { readonly kind: "menu"; readonly main: boolean; readonly menu: Menu<Choice> }
  /** Who is there; or those to choose a driver from. */
  | ({ readonly kind: "people"; readonly only: "all" | "drivers" } & Selection)
  /** Somebody is about to be removed. */
  | { readonly kind: "kick"; readonly id: string; readonly name: string }
  | ({ readonly kind: "links" } & Selection)
  /** A link is about to be withdrawn. */
  | { readonly kind: "withdraw"; readonly id: string }
  /** What brings an agent in; the link is made when it is not there yet. */
  | { readonly kind: "agent"; readonly client: AgentClient; readonly url: string | undefined }
  | { readonly kind: "qr"; readonly url: string; readonly back: Selection }
  | { readonly kind: "marker"; readonly label: string }
  /** What is said to who gets control: next, or after it was said for how long. */
  | {
    readonly kind: "note";
    readonly text: string;
    readonly person: Person;
    readonly then: "hand-back" | "grant";
  }
  | { readonly kind: "stop" };

/** What the controls remember. */
export interface ControlsState {
  readonly panel: Panel;
  /** What becomes of the paste that is under way. */
  readonly paste: "typed" | "dropped" | undefined;
}

/** What a key leads to. */
export type ControlsEffect =
  | { readonly kind: "type"; readonly bytes: Uint8Array }
  | { readonly kind: "act"; readonly action: HostAction }
  /** A link goes to the clipboard. */
  | { readonly kind: "copy"; readonly url: string }
  /** What brings an agent in goes to the clipboard. */
  | { readonly kind: "copy-agent"; readonly client: AgentClient; readonly url: string }
  /** What was typed could not be. */
  | { readonly kind: "blocked" }
  /** Somebody was chosen who cannot be given control. */
  | { readonly kind: "cannot-type"; readonly name: string };

/** A step's outcome. */
export interface ControlsStep {
  readonly state: ControlsState;
  readonly effects: readonly ControlsEffect[];
}

/** Nothing is open. */
export const CLOSED: Panel = { kind: "none" };
/** The top of a list. */
export const AT_TOP: Selection = { at: 0, id: undefined };

/** Nothing changes. */
export function stay(state: ControlsState): ControlsStep {
  return { state, effects: [] };
}

/** A panel is open from now on. */
export function open(
  state: ControlsState,
  panel: Panel,
  ...effects: ControlsEffect[]
): ControlsStep {
  return { state: { ...state, panel }, effects };
}

/** Nothing is open any more. */
export function close(state: ControlsState, ...effects: ControlsEffect[]): ControlsStep {
  return open(state, CLOSED, ...effects);
}

/** What a menu's item leads to. */
export function choose(state: ControlsState, { panel, effects }: Choice): ControlsStep {
  return open(state, panel ?? CLOSED, ...effects ?? []);
}

/** Where a selection is in a list as it is now; at the end when its place is gone. */
export function settle(
  { at, id }: Selection,
  list: readonly { readonly id: string }[],
): Selection {
  const same = list.findIndex((entry) => entry.id === id);
  const now = same >= 0 ? same : Math.max(0, Math.min(at, list.length - 1));
  return { at: now, id: list[now]?.id };
}

/** How keys move a selection; `undefined` for other keys. */
export function move(
  selection: Selection,
  key: string,
  list: readonly { readonly id: string }[],
  ends: "stop" | "around" = "stop",
): Selection | undefined {
  const { at } = settle(selection, list);
  const last = list.length - 1;
  const to: Readonly<Record<string, number>> = {
    "up": at - 1,
    "ctrl+p": at - 1,
    "shift+tab": at - 1,
    "down": at + 1,
    "ctrl+n": at + 1,
    "tab": at + 1,
    "page-up": at - 10,
    "page-down": at + 10,
    "home": 0,
    "end": last,
  };
  const wanted = Object.hasOwn(to, key) ? to[key] : undefined;
  if (wanted === undefined) return undefined;
  const now = ends === "around"
    ? (wanted + list.length) % list.length
    : Math.max(0, Math.min(wanted, last));
  return { at: now, id: list[now]?.id };
}

/** Whether a key closes what is open. */
export function isLeaving(key: string, { menuKey }: { readonly menuKey: string }): boolean {
  return key === "escape" || key === "ctrl+c" || key === menuKey;
}
