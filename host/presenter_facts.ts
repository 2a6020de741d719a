/**
 * What the presenter has to know of a session: who drives, who asks, what waits for an answer. Pure.
 *
 * @module
 */
import { type Person, PRESENTER_ID, type Request, type Turn } from "../format/session_data.ts";
import type { HostAction } from "../wire/actions.ts";
import type { AgentClient } from "./agent_config.ts";
import { type ControlState, presenterTypes } from "./control_state.ts";
import type { IssuedLink } from "./links.ts";
import type { Participant } from "./participants.ts";

/** Who drives, as the presenter sees it. */
export type Driver =
  | { readonly kind: "presenter" }
  | {
    readonly kind: "participant";
    readonly person: Person;
    /** Session time at which control returns by itself. */
    readonly untilMs: number | undefined;
  }
  | { readonly kind: "everyone" }
  | { readonly kind: "nobody" };

/** What waits for a yes or a no of the presenter. */
export type Prompt =
  | {
    readonly kind: "request";
    readonly person: Person;
    readonly forMs: number | undefined;
    readonly note: string | undefined;
    /** Whether they drive already, and ask for longer. */
    readonly longer: boolean;
    /** Whether it is a pane of their own that they ask for. */
    readonly pane?: boolean;
  }
  | {
    readonly kind: "paste";
    readonly person: Person;
    readonly lines: number;
    /** The beginning of what would be typed. */
    readonly first: string;
  };

/** What becomes of the presenter's own keys: typed, typed after taking control back, or not typed. */
export type Typing = "typed" | "takes" | "blocked";

/** What is known of the session that keys and panels depend on. */
export interface ControlsFacts {
  /** As `KeyEvent` names it. */
  readonly menuKey: string;
  /** The key that takes control back. */
  readonly takeKey: string;
  /** Whose configuration is shown for an agent at first. */
  readonly agentClient: AgentClient;
  /** Whether sharing is paused. */
  readonly paused: boolean;
  readonly watching: number;
  /** Whether nobody but the presenter can ever type. */
  readonly readOnly: boolean;
  readonly driver: Driver;
  readonly typing: Typing;
  /** Whether control is an agent's: the driver's, or, while the presenter drives, the next one's that comes. */
  readonly agent: boolean;
  /** From whom the presenter took control, if it can be handed back. */
  readonly takenFrom: Person | undefined;
  /** Whether control has come back only just: who wanted to take it may press the key once too often. */
  readonly cameBack: boolean;
  /** How many may type into panes of their own; `undefined` where there are none to be had. */
  readonly panes?: number | undefined;
  /** What is asked, when it is shown. */
  readonly prompt: Prompt | undefined;
  /** Whether it has been shown for long enough to be what an answering key answers. */
  readonly armed: boolean;
  readonly people: readonly Participant[];
  /** The links that let people in, the first one first. */
  readonly links: readonly IssuedLink[];
  /** The session's own link, while it lets people in. */
  readonly ownLink: IssuedLink | undefined;
}

/** How long control is given where nobody said. */
export const DEFAULT_GRANT_MS = 5 * 60_000;
/** How much of a paste is looked at. */
const FIRST_BYTES = 400;
/** How a program that wants to know is told of a paste. */
const PASTE_START = "\x1b[200~";

/** What facts are taken from: a session, as far as it matters here. */
export interface FactsSource {
  readonly paused: boolean;
  readonly control: ControlState;
  readonly participants: {
    readonly list: readonly Participant[];
    readonly watching: number;
    get(id: string): Participant | undefined;
  };
  readonly links: {
    readonly list: readonly IssuedLink[];
    readonly primary: IssuedLink | undefined;
  };
}

/** The facts of a session; before there is one, those of a session of nobody. */
export function factsOf(
  source: FactsSource | undefined,
  own: Pick<ControlsFacts, "menuKey" | "takeKey" | "agentClient" | "cameBack" | "armed"> & {
    /** Whether questions can be shown. */
    readonly asks: boolean;
  },
): ControlsFacts {
  const { asks, ...common } = own;
  if (source === undefined) {
    return {
      ...common,
      paused: false,
      watching: 0,
      readOnly: false,
      driver: { kind: "presenter" },
      typing: "typed",
      agent: false,
      takenFrom: undefined,
      prompt: undefined,
      people: [],
      links: [],
      ownLink: undefined,
    };
  }
  const { control, participants, links } = source;
  const find = (id: string): Person | undefined => {
    const found = participants.get(id);
    if (found === undefined) return undefined;
    const { name, role, type, color } = found;
    return { id, name, role, type, color };
  };
  return {
    ...common,
    paused: source.paused,
    watching: participants.watching,
    readOnly: control.readOnly,
    driver: driverOf(control.turn, find),
    typing: typingOf(control),
    agent: control.turn.agent ?? false,
    takenFrom: takenFrom(control, find),
    panes: control.panes.offered ? control.panes.rights.size : undefined,
    prompt: asks ? promptOf(control, find) : undefined,
    // Needed while lists are open only; a key that is typed does not wait for them.
    get people() {
      return participants.list;
    },
    get links() {
      return links.list;
    },
    get ownLink() {
      const { primary, list } = links;
      return primary !== undefined && list.includes(primary) ? primary : undefined;
    },
  };
}

function takenFrom(
  { taken, members }: ControlState,
  find: (id: string) => Person | undefined,
): Person | undefined {
  return taken !== undefined && members.get(taken.id)?.present ? find(taken.id) : undefined;
}

function typingOf(control: ControlState): Typing {
  if (presenterTypes(control)) return "typed";
  return control.options.takeOnKey && control.turn.mode === "participant" ? "takes" : "blocked";
}

/** Who drives at a turn; `find` knows who is there. */
export function driverOf(turn: Turn, find: (id: string) => Person | undefined): Driver {
  switch (turn.mode) {
    case "presenter":
      return { kind: "presenter" };
    case "participant": {
      const id = turn.holder ?? "";
      const person = find(id) ?? someone(id);
      return { kind: "participant", person, untilMs: turn.untilMs };
    }
    case "collaborative":
      return { kind: "everyone" };
    case "paused":
      return { kind: "nobody" };
    default:
      return turn.mode satisfies never;
  }
}

/** What is asked first: a paste that is held back goes before requests, which go in their order. */
function promptOf(
  asked: {
    readonly turn: Turn;
    readonly requests: readonly Request[];
    readonly paste:
      | { readonly id: string; readonly lines: number; readonly bytes: Uint8Array }
      | undefined;
  },
  find: (id: string) => Person | undefined,
): Prompt | undefined {
  const { turn, requests: [request], paste } = asked;
  if (paste !== undefined) {
    const { id, lines, bytes } = paste;
    return { kind: "paste", person: find(id) ?? someone(id), lines, first: firstLine(bytes) };
  }
  if (request === undefined) return undefined;
  const { id, forMs, note, pane } = request;
  return {
    kind: "request",
    person: find(id) ?? someone(id),
    forMs,
    note: note === "" ? undefined : note,
    longer: turn.holder === id && pane !== true,
    ...(pane && { pane }),
  };
}

/** The first line of what would be typed that says something. */
function firstLine(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, FIRST_BYTES));
  const pasted = text.startsWith(PASTE_START) ? text.slice(PASTE_START.length) : text;
  return pasted.trimStart().split(/[\r\n]/, 1)[0]!;
}

/** The same text for the same question: what the presenter has seen of it. */
export function promptKey(prompt: Prompt | undefined): string {
  if (prompt === undefined) return "";
  return prompt.kind === "paste"
    ? `paste ${prompt.person.id} ${prompt.lines} ${prompt.first}`
    : `request ${prompt.person.id} ${prompt.pane ? "pane" : prompt.forMs} ${prompt.note ?? ""}`;
}

/** What answering a prompt does. */
export function answerTo(prompt: Prompt, yes: boolean): HostAction {
  if (prompt.kind === "paste") return { kind: "paste", allow: yes };
  const { person: { id }, forMs } = prompt;
  if (yes && prompt.pane) return { kind: "grant", id, pane: true };
  return yes ? { kind: "grant", id, forMs: forMs ?? DEFAULT_GRANT_MS } : { kind: "deny", id };
}

/** What somebody is called, with their kind where it is not a person. */
export function titleOf({ name, type }: Person): string {
  return type === "agent" ? `agent ${name}` : name;
}

/** Somebody who is gone already. */
function someone(id: string): Person {
  return {
    id,
    name: id === PRESENTER_ID ? "you" : "somebody",
    role: "",
    type: "person",
    color: 0,
  };
}
