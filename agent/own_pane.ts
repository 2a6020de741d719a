/**
 * A program's own pane: asking for one, and typing into it whoever has control.
 *
 * @module
 */
import type { Pane } from "../format/session_data.ts";
import type { InputPart } from "../wire/input.ts";
import { inMessages } from "../viewer/input_parts.ts";
import { NOTE_MAX_LENGTH } from "../wire/limits.ts";
import { type NoticeCode, noticeText } from "../wire/notices.ts";
import { AgentError, type AgentErrorCode } from "./errors.ts";
import { keyPart } from "./key_parts.ts";
import type { Lane } from "./outbox.ts";
import type { AskOptions, AskRoom } from "./requesting.ts";
import { piecesOf } from "./text_pieces.ts";
import type { AgentPane } from "./types.ts";
import { waitUntil } from "./waiting.ts";

/** What a pane needs of a session. */
export interface PaneRoom extends AskRoom {
  /** Types into a lane. */
  typeInto(
    lane: Lane,
    messages: readonly (readonly InputPart[])[],
  ): Promise<readonly NoticeCode[]>;
}

const REFUSALS: Readonly<Partial<Record<NoticeCode, AgentErrorCode>>> = {
  "role-forbids": "role-forbids",
  "read-only": "read-only",
  "queue-full": "queue-full",
  "no-panes": "no-panes",
  "pane-failed": "pane-failed",
};

/** The program's pane, if it has one. */
export function ownPane(room: PaneRoom): AgentPane | undefined {
  const pane = room.feed.facts.panes.get(room.you.id);
  return pane === undefined ? undefined : new OwnPane(room, pane);
}

/** Asks for a pane and waits for it. See `AgentSession.openPane`. */
export async function askForPane(room: PaneRoom, options: AskOptions): Promise<AgentPane> {
  const { reason, timeoutMs = Infinity, signal } = options;
  const there = ownPane(room);
  if (there !== undefined) return there;
  let refusal: AgentError | undefined;
  const unlisten = room.onMoment(({ event }) => {
    if (event.kind !== "control" || event.data.id !== room.you.id) return;
    if (event.data.kind === "deny") refusal ??= refused("control-denied");
    if (event.data.kind === "lapse") refusal ??= refused("control-lapsed");
  });
  try {
    const notices = await room.command({
      kind: "request",
      pane: true,
      ...(reason !== undefined && { note: reason.slice(0, NOTE_MAX_LENGTH) }),
    });
    for (const notice of notices) {
      const code = REFUSALS[notice];
      if (code !== undefined) {
        throw new AgentError(code, `Cannot have a pane: ${noticeText(notice)}`);
      }
    }
    return await waitUntil(room, () => {
      const pane = ownPane(room);
      if (pane !== undefined) return { kind: "met", value: pane };
      const over = room.over() ?? refusal;
      if (over !== undefined) throw over;
      return { kind: "no" };
    }, {
      timeoutMs,
      signal,
      late: () =>
        new AgentError(
          "timeout",
          `Asked for a pane, and nobody has answered for ${timeoutMs} ms: the request was taken back`,
        ),
    });
  } catch (error) {
    const gaveUp = error instanceof AgentError &&
      (error.code === "timeout" || error.code === "aborted");
    if (gaveUp) await room.command({ kind: "withdraw" }).catch(() => {});
    throw error;
  } finally {
    unlisten();
  }
}

function refused(code: "control-denied" | "control-lapsed"): AgentError {
  return new AgentError(
    code,
    code === "control-denied"
      ? "Asked for a pane, and the presenter said no"
      : "Asked for a pane, and nobody has answered: ask again later",
  );
}

class OwnPane implements AgentPane {
  readonly name: string;
  readonly #room: PaneRoom;
  readonly #lane: Lane;
  readonly #turn: number;

  constructor(room: PaneRoom, { pane, turn }: Pane) {
    this.name = pane;
    this.#room = room;
    this.#turn = turn;
    this.#lane = {
      pane: true,
      turn: () => this.#right?.turn ?? -1,
      refusal: () => this.#refusal(),
      lost: gone,
    };
  }

  get isOpen(): boolean {
    return this.#right?.turn === this.#turn;
  }

  async type(text: string): Promise<void> {
    if (text === "") return;
    const messages = piecesOf(text).map((piece) => [{ kind: "text" as const, text: piece }]);
    await this.#room.typeInto(this.#lane, messages);
  }

  async press(...keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#room.typeInto(this.#lane, inMessages(keys.map(keyPart)));
  }

  async close(): Promise<void> {
    if (this.isOpen) await this.#room.command({ kind: "yield", pane: true });
  }

  get #right(): Pane | undefined {
    return this.#room.feed.facts.panes.get(this.#room.you.id);
  }

  #refusal(): AgentError | undefined {
    const over = this.#room.over();
    if (over !== undefined) return over;
    const { sharingPaused, turn } = this.#room.feed.facts;
    if (sharingPaused || turn.mode === "paused") {
      return new AgentError(
        "input-paused",
        "Cannot type: the presenter has paused input; wait for it to resume",
      );
    }
    return this.isOpen ? undefined : gone();
  }
}

function gone(): AgentError {
  return new AgentError(
    "no-pane",
    "Cannot type into a pane of your own: there is none, or it was closed; call openPane()",
  );
}
