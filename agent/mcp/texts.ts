/**
 * What a model is told: who has control, and what to do about a call that failed.
 *
 * @module
 */
import { CollabError } from "../../format/errors.ts";
import { PRESENTER_ID } from "../../format/session_data.ts";
import { AgentError, type AgentErrorCode } from "../errors.ts";
import { forHowLong } from "../holding.ts";
import type { Holder, ScreenSnapshot } from "../types.ts";

/** Who has control, as a clause that something can follow. */
export function holderText({ mode, person, leftMs, you }: Holder): string {
  const left = forHowLong(leftMs);
  switch (mode) {
    case "paused":
      return "nobody may type: the presenter has paused input";
    case "collaborative":
      return you ? "everybody may type, you too" : "everybody whose link allows it may type";
    case "presenter":
    case "participant":
      if (you) return `you have control${left}`;
      if (person === undefined) return "the presenter has control";
      return person.id === PRESENTER_ID
        ? `control is held by the presenter, ${person.name}`
        : `control is held by ${person.name}${left}`;
    default:
      return mode satisfies never;
  }
}

/** What to do about it, by the error's code. What is not here says it itself. */
const ADVICE: Readonly<Partial<Record<AgentErrorCode, string>>> = {
  "role-forbids": "your link does not allow this: ask the presenter for one of role agent",
  "read-only": "this session is read-only: nobody but the presenter types",
  "queue-full": "too many ask for control: call request_control again in a minute",
  "input-paused": "the presenter has paused input: wait, then try again",
  "input-refused": "not typed, too much at once: type less in a call",
  "paste-dropped": "the presenter did not let it be typed: ask in the reason of request_control",
  "cut":
    "the connection to the session is cut; it is tried again by itself: call again in some seconds",
};

/** Why a call failed and what to do, in one line that ends with the error's code. */
export function errorText(error: CollabError): string {
  return `${capital(reason(error))} [${error.code}]`;
}

function reason(error: CollabError): string {
  if (!(error instanceof AgentError)) return error.message;
  if (error.code === "not-in-control" && error.holder !== undefined) {
    return `${holderText(error.holder)}; call request_control`;
  }
  const code = error.code as AgentErrorCode;
  if (code === "join-failed" && error.reason === "unreachable") {
    return `${error.message}: ask whether the session is still there; the next call tries again`;
  }
  return ADVICE[code] ?? toolNames(error.message);
}

/** The client's errors name its own methods. */
function toolNames(message: string): string {
  return message.replaceAll("requestControl()", "request_control").replaceAll(
    "yieldControl()",
    "yield_control",
  );
}

/** A clause as the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The screen, below one line that says what the text does not. Rows and columns count from 1. */
export function screenText(screen: ScreenSnapshot): string {
  if (screen.sharingPaused) return "[the presenter shows nothing at the moment: wait]";
  const { cols, rows, cursor, title, fullScreen, text } = screen;
  const facts = [
    `${cols}x${rows}`,
    cursor.visible ? `cursor ${cursor.y + 1}:${cursor.x + 1}` : "no cursor",
    ...(fullScreen ? ["full-screen program"] : []),
    ...(title === "" ? [] : [title.slice(0, TITLE_MAX_LENGTH)]),
  ];
  return `[${facts.join(", ")}]\n${text}`;
}

/** More of a title than this is not worth its room. */
const TITLE_MAX_LENGTH = 40;

/** How long something took: `0.3 s`. */
export function secondsText(ms: number): string {
  return `${seconds(ms)} s`;
}

/** Milliseconds in seconds, to a tenth. */
export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
