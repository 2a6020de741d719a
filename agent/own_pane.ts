/**
 * A program's own pane: asking for one, and typing into it whoever has control.
 *
 * @module
 */
import type { Pane } from "../format/session_data.ts";
import { inMessages } from "../viewer/input_parts.ts";
import type { NoticeCode } from "../wire/notices.ts";
import { AgentError, type AgentErrorCode } from "./errors.ts";
import { keyPart } from "./key_parts.ts";
import type { Lane } from "./outbox.ts";
import type { PaneView } from "./pane_view.ts";
import { type Answer, ask, type AskOptions, type AskRoom } from "./requesting.ts";
import { runCommand } from "./running.ts";
import { snapshot, type SnapshotFacts } from "./snapshot.ts";
import { textParts } from "./text_pieces.ts";
import type {
  AgentPane,
  Condition,
  OutputChunk,
  OutputCursor,
  RunOptions,
  RunResult,
  ScreenSnapshot,
  Waited,
} from "./types.ts";
import { type Look, waitForAny, waitUntil } from "./waiting.ts";

/** What a pane needs of a session. */
export interface PaneRoom extends AskRoom {
  /** What the program's own pane shows, while it has one. */
  readonly pane: PaneView | undefined;
}

/** How long the host may take to show a pane, and its shell to begin. */
const SHOWN_MS = 10_000, BEGUN_MS = 2_000;

/** Why there is no pane, also when it was granted. */
const REFUSALS: Readonly<Partial<Record<NoticeCode, AgentErrorCode>>> = {
  "no-panes": "no-panes",
  "pane-failed": "pane-failed",
};

/** A pane that the host has not shown yet. */
const NOTHING: Omit<ScreenSnapshot, keyof SnapshotFacts> = {
  cols: 0,
  rows: 0,
  lines: [],
  text: "",
  cursor: { x: 0, y: 0, visible: false },
  title: "",
  fullScreen: false,
};

const PANES = new WeakMap<PaneView, AgentPane>();

/** The program's pane, if it has one; the same for as long as it is. */
export function ownPane(room: PaneRoom): AgentPane | undefined {
  const right = rightOf(room);
  if (right === undefined || room.pane?.turn !== right.turn) return undefined;
  const there = PANES.get(room.pane);
  if (there !== undefined) return there;
  const pane = new OwnPane(room, room.pane, right.pane);
  PANES.set(room.pane, pane);
  return pane;
}

/** How something is typed into the pane that became the program's in a turn. */
export function paneLane(room: RightRoom, turn: number): Lane {
  return {
    pane: true,
    turn: () => rightOf(room)?.turn ?? -1,
    refusal: () => room.over() ?? pauseOf(room) ?? paneOver(room, turn),
    lost: gone,
  };
}

/** Why nothing more comes of that pane, once that is so. */
export function paneOver(room: RightRoom, turn: number): AgentError | undefined {
  return rightOf(room)?.turn === turn ? undefined : gone();
}

type RightRoom = Pick<PaneRoom, "feed" | "you" | "over">;

function rightOf({ feed, you }: RightRoom): Pane | undefined {
  return feed.facts.panes.get(you.id);
}

function pauseOf({ feed }: RightRoom): AgentError | undefined {
  const { sharingPaused, turn } = feed.facts;
  if (!sharingPaused && turn.mode !== "paused") return undefined;
  return new AgentError(
    "input-paused",
    "Cannot type: the presenter has paused input; wait for it to resume",
  );
}

/** Asks for a pane and waits for it. See `AgentSession.openPane`. */
export async function askForPane(room: PaneRoom, options: AskOptions): Promise<AgentPane> {
  return ownPane(room) ?? await ask(room, options, {
    what: "a pane",
    request: { pane: true },
    refusals: REFUSALS,
    // It is of use once it shows something.
    find: () => room.pane?.feed.frame === undefined ? undefined : ownPane(room),
    refused,
  });
}

function refused(answer: Answer): AgentError | undefined {
  switch (answer) {
    case "granted":
      return undefined;
    case "denied":
      return new AgentError("control-denied", "Asked for a pane, and the presenter said no");
    case "lapsed":
      return new AgentError(
        "control-lapsed",
        "Asked for a pane, and nobody has answered: ask again later",
      );
    default:
      return answer satisfies never;
  }
}

class OwnPane implements AgentPane {
  readonly name: string;
  readonly #room: PaneRoom;
  readonly #view: PaneView;

  constructor(room: PaneRoom, view: PaneView, name: string) {
    this.name = name;
    this.#room = room;
    this.#view = view;
  }

  get isOpen(): boolean {
    return paneOver(this.#room, this.#view.turn) === undefined;
  }

  get end(): OutputCursor {
    return this.#view.feed.log.end;
  }

  screen(): ScreenSnapshot {
    const { feed } = this.#view;
    const { sharingPaused } = this.#room.feed.facts;
    const { frame, revision, atMs } = feed;
    const facts = { sharingPaused, revision, atMs };
    return frame === undefined ? { ...NOTHING, ...facts } : snapshot(frame, facts);
  }

  tail(lines: number): OutputChunk {
    return this.#view.feed.log.tail(lines);
  }

  read(from: OutputCursor, { maxLines }: { readonly maxLines?: number } = {}): OutputChunk {
    return this.#view.feed.log.read(from, maxLines);
  }

  waitFor(
    condition: Condition | readonly Condition[],
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<Waited> {
    return waitForAny(this.#view, condition, options);
  }

  async type(text: string): Promise<void> {
    if (text !== "") await this.#view.type(textParts(text));
  }

  async press(...keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#view.type(inMessages(keys.map(keyPart)));
  }

  async run(command: string, options: RunOptions = {}): Promise<RunResult> {
    await this.#begun(options.signal);
    return await runCommand(this.#view, command, options);
  }

  async close(): Promise<void> {
    if (this.isOpen) await this.#room.command({ kind: "yield", pane: true });
  }

  /** Waits for the pane to be shown, and for its shell, which begins when the pane does. */
  async #begun(signal: AbortSignal | undefined): Promise<void> {
    const view = this.#view;
    const look = (isThere: () => boolean) => (): Look<boolean> => {
      const over = view.over() ?? view.interrupted();
      if (over !== undefined) throw over;
      return isThere() ? { kind: "met", value: true } : { kind: "no" };
    };
    const unseen = new AgentError(
      "pane-failed",
      `Cannot run a command in a pane: the host has not shown it for ${SHOWN_MS} ms`,
    );
    const isShown = look(() => view.feed.frame !== undefined);
    await waitUntil(view, isShown, { timeoutMs: SHOWN_MS, signal, late: () => unseen });
    const hasBegun = look(() => (view.shell.beforeCursor() ?? "-").trim() !== "");
    const late = new AgentError("timeout", "The shell shows no prompt");
    await waitUntil(view, hasBegun, { timeoutMs: BEGUN_MS, signal, late: () => late })
      .catch((error) => {
        // A program that shows nothing may well read commands.
        if (error !== late) throw error;
      });
  }
}

function gone(): AgentError {
  return new AgentError(
    "no-pane",
    "Cannot use a pane of your own: there is none, or it was closed; call openPane()",
  );
}
