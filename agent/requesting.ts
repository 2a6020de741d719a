/**
 * Asking for control.
 *
 * @module
 */
import { CONTROL_MAX_MS, NOTE_MAX_LENGTH } from "../wire/limits.ts";
import { type NoticeCode, noticeText } from "../wire/notices.ts";
import type { ViewerCommandJson } from "../wire/connection.ts";
import { AgentError, type AgentErrorCode } from "./errors.ts";
import type { Moment } from "./feed.ts";
import type { Grant, Holder, OutputChunk, SessionEvent, You } from "./types.ts";
import { type WaitRoom, waitUntil } from "./waiting.ts";

/** What asking needs of a session. */
export interface AskRoom extends WaitRoom {
  readonly you: You;
  readonly holder: Holder;
  readonly nowMs: number;
  /** What was said when this program was given the control that it has. */
  readonly grantNote: string | undefined;
  takeMissed(): OutputChunk;
  command(command: ViewerCommandJson): Promise<readonly NoticeCode[]>;
  events(): AsyncIterableIterator<SessionEvent>;
  /** Calls back with each event of the stream; the return value ends that. */
  onMoment(listener: (moment: Moment) => void): () => void;
}

/** How to ask. */
export interface AskOptions {
  readonly reason?: string | undefined;
  readonly forMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const REFUSALS: Readonly<Partial<Record<NoticeCode, AgentErrorCode>>> = {
  "role-forbids": "role-forbids",
  "read-only": "read-only",
  "queue-full": "queue-full",
};

type Answer = "granted" | "denied" | "lapsed";

/** Asks for control and waits for the answer. See `AgentSession.requestControl`. */
export async function askForControl(room: AskRoom, options: AskOptions): Promise<Grant> {
  const { reason, forMs, timeoutMs = Infinity, signal } = options;
  if (room.you.role === "view") {
    throw new AgentError(
      "role-forbids",
      "Cannot ask for control: the link only allows watching; ask the presenter for another link",
    );
  }
  if (Number.isNaN(forMs)) {
    throw new AgentError("bad-options", "Cannot ask for control: forMs is no number");
  }
  if (room.holder.you) return granted(room);
  let answer: Answer | undefined;
  const unlisten = room.onMoment((moment) => answer ??= answerOf(moment, room.you.id));
  try {
    const notices = await room.command({
      kind: "request",
      ...(forMs !== undefined && { forMs: Math.min(Math.max(1, forMs), CONTROL_MAX_MS) }),
      ...(reason !== undefined && { note: reason.slice(0, NOTE_MAX_LENGTH) }),
    });
    for (const notice of notices) {
      const code = REFUSALS[notice];
      if (code !== undefined) {
        throw new AgentError(code, `Cannot ask for control: ${noticeText(notice)}`);
      }
    }
    return await waitUntil(room, () => {
      if (room.holder.you) return { kind: "met", value: granted(room) };
      const over = room.over();
      if (over !== undefined) throw over;
      if (answer !== undefined) throw refused(answer, room.holder);
      return { kind: "no" };
    }, {
      timeoutMs,
      signal,
      late: () =>
        new AgentError(
          "timeout",
          `Asked for control, and nobody has answered for ${timeoutMs} ms: the request was taken back; ask again later`,
          { holder: room.holder },
        ),
    });
  } catch (error) {
    const gaveUp = error instanceof AgentError &&
      (error.code === "timeout" || error.code === "aborted");
    // Nobody is to be asked for what is not wanted any more.
    if (gaveUp) await room.command({ kind: "withdraw" }).catch(() => {});
    throw error;
  } finally {
    unlisten();
  }
}

function granted(room: AskRoom): Grant {
  const { grantNote: note, holder: { leftMs } } = room;
  return {
    ...(leftMs !== undefined && { forMs: leftMs }),
    ...(note !== undefined && { note }),
    missed: room.takeMissed(),
  };
}

function answerOf({ event }: Moment, id: string): Answer | undefined {
  if (event.kind !== "control" || event.data.id !== id) return undefined;
  switch (event.data.kind) {
    case "grant":
      return "granted";
    case "deny":
      return "denied";
    case "lapse":
    case "withdraw":
      return "lapsed";
    default:
      return undefined;
  }
}

/** @param answer `granted` where control is somebody else's again by now */
function refused(answer: Answer, holder: Holder): AgentError {
  switch (answer) {
    case "granted":
      return new AgentError(
        "control-lost",
        "Asked for control, which was given and taken again at once: look at the screen, and ask again when it makes sense",
        { holder },
      );
    case "denied":
      return new AgentError(
        "control-denied",
        "Asked for control, and the presenter said no: go on by watching, or ask again with another reason",
        { holder },
      );
    case "lapsed":
      return new AgentError(
        "control-lapsed",
        "Asked for control, and nobody has answered: ask again later",
        { holder },
      );
    default:
      return answer satisfies never;
  }
}
