/**
 * What a model has to be told with the next answer, whatever it asked: that control was taken or given, that the session
 * is over. Pure.
 *
 * @module
 */
import { formatClock } from "../../viewer/duration.ts";
import type { SessionEvent } from "../types.ts";
import { capital, holderText } from "./texts.ts";

/** What has happened and was not told yet. */
export interface News {
  readonly lines: readonly string[];
  /** Whether the model has control, as far as it knows or will be told. */
  readonly mine: boolean;
  /** Whether it lost control before and was not told since what was written meanwhile. */
  readonly missed: boolean;
  /** Whether {@link missed} can be told: control is back. */
  readonly regained: boolean;
  /** Markers that the model set itself and need not be told of. */
  readonly ownMarks: readonly string[];
}

/** What hosts say that is not the answer to a call. */
const UNASKED: ReadonlySet<string> = new Set([
  "input-slowed",
  "paste-held",
  "paste-dropped",
  "link-expires-soon",
]);
/** Most lines of news: of more, the last ones. */
const MOST = 8;

/** Nothing has happened. */
export const NO_NEWS: News = {
  lines: [],
  mine: false,
  missed: false,
  regained: false,
  ownMarks: [],
};

/** Takes in what happened. */
export function hear(news: News, event: SessionEvent): News {
  switch (event.kind) {
    case "control":
      return hearControl(news, event);
    case "request":
      return news.mine
        ? say(news, `${event.person.name} asks for control${quoted(event.note)}.`)
        : news;
    case "warning":
      return say(news, `Your control ends in ${formatClock(event.leftMs)}.`);
    case "marker":
      return hearMarker(news, event.label);
    case "pause":
      return say(news, "The presenter shows nothing for now: the screen is empty, typing is off.");
    case "resume":
      return say(news, "The presenter shows the session again.");
    case "exit":
      return say(news, `The session's program has ended with status ${event.status}.`);
    case "cut":
      return say(news, "The connection was cut; it comes back by itself.");
    case "back":
      return say(news, "The connection is back.");
    case "notice":
      return UNASKED.has(event.code) ? say(news, `The host says: ${event.text}.`) : news;
    case "pane":
      return hearPane(news, event);
    case "join":
    case "leave":
    case "request-ended":
    case "resize":
    case "shell":
    case "missed":
      return news;
    default:
      return event satisfies never;
  }
}

/** The model knows by an answer that it has control now. */
export function knowControl(news: News): News {
  return { ...news, mine: true, missed: false, regained: false };
}

/** The model sets a marker. */
export function setMark(news: News, label: string): News {
  return { ...news, ownMarks: [...news.ownMarks, label].slice(-MOST) };
}

/** All has been told. */
export function told(news: News): News {
  return { ...news, lines: [], missed: news.missed && !news.regained, regained: false };
}

type Control = Extract<SessionEvent, { kind: "control" }>;

function hearControl(news: News, event: Control): News {
  const { holder } = event;
  if (holder.you === news.mine) return news;
  if (holder.you) {
    const by = event.by === undefined ? "" : `, given by ${event.by}`;
    const text = `${capital(holderText(holder))}${by}${quoted(event.note)}.`;
    return { ...say(news, text), mine: true, regained: news.missed };
  }
  const lost = { ...news, mine: false, missed: true, regained: false };
  return event.why === "yielded" ? lost : say(lost, lostText(event));
}

function lostText({ by, why, note, holder }: Control): string {
  const who = by ?? "The presenter";
  const how = why === "expired"
    ? "Your time is over"
    : why === "paused"
    ? `${who} paused input`
    : why === "mode"
    ? `${who} changed who may type`
    : `${who} took control`;
  const now = why === "taken" ? "" : ` Now ${holderText(holder)}.`;
  return `${how}${
    quoted(note)
  }.${now} What you type goes nowhere until you have control again: call request_control.`;
}

/** A pane that somebody else closed is worth a word to whose it was. */
function hearPane(
  news: News,
  { open, yours, by, person }: Extract<SessionEvent, { kind: "pane" }>,
): News {
  if (!yours || open) return news;
  return say(
    news,
    `Your pane is closed${by === undefined || by === person.name ? "" : `, by ${by}`}.`,
  );
}

function hearMarker(news: News, label: string): News {
  const at = news.ownMarks.indexOf(label);
  if (at < 0) return say(news, `Marker${label === "" ? "" : `: ${label}`}.`);
  return { ...news, ownMarks: news.ownMarks.toSpliced(at, 1) };
}

/** A line that was the last one already is not said again. */
function say(news: News, line: string): News {
  if (news.lines.at(-1) === line) return news;
  return { ...news, lines: [...news.lines, line].slice(-MOST) };
}

function quoted(note: string | undefined): string {
  return note === undefined || note === "" ? "" : `, saying "${note}"`;
}
