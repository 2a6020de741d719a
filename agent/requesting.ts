/**
 * Asking people for something: for control.
 *
 * @module
 */
import { CONTROL_MAX_MS, NOTE_MAX_LENGTH } from "../wire/limits.ts";
import { type NoticeCode, noticeText } from "../wire/notices.ts";
import type { ViewerCommandJson } from "../wire/connection.ts";
import type { SessionFacts } from "../viewer/session_facts.ts";
import { AgentError, type AgentErrorCode } from "./errors.ts";
import type { Moment } from "./feed.ts";
import type { Grant, Holder, OutputChunk, You } from "./types.ts";
import { type Look, type WaitOptions, type WaitRoom, waitUntil } from "./waiting.ts";

/** What asking needs of a session. */
export interface AskRoom extends WaitRoom {
  readonly you: You;
  readonly holder: Holder;
  readonly nowMs: number;
  /** What was said when this program was given the control that it has. */
  readonly grantNote: string | undefined;
  takeMissed(): OutputChunk;
  command(command: ViewerCommandJson): Promise<readonly NoticeCode[]>;
  /** Calls back with each event of the stream; the return value ends that. */
  onMoment(listener: (moment: Moment) => void): () => void;
  /** Calls back with all that the host says to this program; the return value ends that. */
  onNotice(listener: (code: NoticeCode) => void): () => void;
}

/** How to ask. */
export interface AskOptions {
  readonly reason?: string | undefined;
  readonly forMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Why nothing can be asked for. */
const REFUSALS: Readonly<Partial<Record<NoticeCode, AgentErrorCode>>> = {
  "role-forbids": "role-forbids",
  "read-only": "read-only",
  "queue-full": "queue-full",
};

/** What people said. */
export type Answer = "granted" | "denied" | "lapsed";

/** Something that people are asked for. */
export interface Wish<T> {
  /** As in `Cannot ask for control`. */
  readonly what: string;
  readonly request: { readonly pane?: true; readonly forMs?: number };
  /** Why else it cannot be had; told at once, or after it was granted. */
  readonly refusals: Readonly<Partial<Record<NoticeCode, AgentErrorCode>>>;
  /** What was asked for, once it is there. */
  find(): T | undefined;
  /** What an answer comes to while it is not there; `undefined` when it may still come. */
  refused(answer: Answer): AgentError | undefined;
}

/** Asks, and waits until it is there or will not be. A request that nobody waits for any more is withdrawn. */
export async function ask<T>(room: AskRoom, options: AskOptions, wish: Wish<T>): Promise<T> {
  const waiting = waitOptions(room, options, wish.what);
  let asked = false, answer: Answer | undefined, refusal: AgentError | undefined;
  const unlisten = [
    room.onMoment((moment) => answer = answerOf(moment, room.you.id) ?? answer),
    room.onNotice((code) => refusal ??= refusedBy(code, wish.refusals, wish.what)),
  ];
  try {
    while (!(asked = await request(room, options, wish))) {
      // Somebody has one request at a time: this one is made when what was asked for before is answered.
      const isFree = (): true | undefined => requestOf(room) === undefined ? true : undefined;
      await waitUntil(room, () => found(room, isFree()), waiting());
      answer = undefined;
    }
    return await waitUntil(
      room,
      () => found(room, wish.find(), () => refusal ?? (answer && wish.refused(answer))),
      waiting(),
    );
  } catch (error) {
    const gaveUp = error instanceof AgentError &&
      (error.code === "timeout" || error.code === "aborted");
    // Nobody is to be asked for what is not wanted any more.
    if (gaveUp && asked) await room.command({ kind: "withdraw" }).catch(() => {});
    throw error;
  } finally {
    for (const off of unlisten) off();
  }
}

function found<T>(
  room: AskRoom,
  value: T | undefined,
  refusal: () => AgentError | undefined = () => undefined,
): Look<T> {
  if (value !== undefined) return { kind: "met", value };
  const over = room.over() ?? refusal();
  if (over !== undefined) throw over;
  return { kind: "no" };
}

/** How long each part of a wait may take, of all the time that there is. */
function waitOptions(
  room: AskRoom,
  { timeoutMs = Infinity, signal }: AskOptions,
  what: string,
): () => WaitOptions {
  const endMs = room.clock.now() + timeoutMs;
  return () => ({
    timeoutMs: endMs - room.clock.now(),
    signal,
    late: () =>
      new AgentError(
        "timeout",
        `Asked for ${what}, and nobody has answered for ${timeoutMs} ms: the request was taken back; ask again later`,
        { holder: room.holder },
      ),
  });
}

/** Makes a request; `false` when this program is waiting for something else. */
async function request(
  room: AskRoom,
  { reason }: AskOptions,
  { what, request, refusals }: Wish<unknown>,
): Promise<boolean> {
  const notices = await room.command({
    kind: "request",
    ...request,
    ...(reason !== undefined && { note: reason.slice(0, NOTE_MAX_LENGTH) }),
  });
  for (const notice of notices) {
    const refusal = refusedBy(notice, { ...REFUSALS, ...refusals }, what);
    if (refusal !== undefined) throw refusal;
  }
  if (!notices.includes("already-asked")) return true;
  const pending = requestOf(room);
  return pending !== undefined && pending.pane === request.pane;
}

/** What this program has asked for and waits for. */
function requestOf({ feed, you }: AskRoom): SessionFacts["requests"][number] | undefined {
  return feed.facts.requests.find(({ id }) => id === you.id);
}

function refusedBy(
  notice: NoticeCode,
  refusals: Wish<unknown>["refusals"],
  what: string,
): AgentError | undefined {
  const code = refusals[notice];
  return code && new AgentError(code, `Cannot ask for ${what}: ${noticeText(notice)}`);
}

/** Asks for control and waits for the answer. See `AgentSession.requestControl`. */
export async function askForControl(room: AskRoom, options: AskOptions): Promise<Grant> {
  const { forMs } = options;
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
  return await ask(room, options, {
    what: "control",
    request: forMs === undefined ? {} : { forMs: Math.min(Math.max(1, forMs), CONTROL_MAX_MS) },
    refusals: {},
    find: () => room.holder.you ? granted(room) : undefined,
    refused: (answer) => refused(answer, room.holder),
  });
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
