/**
 * The status line of `watch`.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import type { Style } from "../format/text_row.ts";
import { endText, type ReconnectState } from "../wire/reconnect.ts";
import { driveText, droveText, leftMs } from "./drive_text.ts";
import { formatClock } from "./duration.ts";
import type { Glyphs } from "./glyphs.ts";
import { keyLabel } from "./menu.ts";
import { personStyle } from "./person_style.ts";
import type { PlayerState } from "./player.ts";
import { driver, type SessionFacts } from "./session_facts.ts";
import { type StatusLine, type StatusPart, statusRow, TAG_STYLES } from "./status_line.ts";
import { type Timeline, timelinePart } from "./timeline.ts";

/** Where the connection is, as far as it is shown. */
export type Link =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | {
    readonly kind: "reconnecting";
    readonly attempt: number;
    /** Until the next attempt; `undefined` while there is one under way. */
    readonly waitMs: number | undefined;
  }
  | { readonly kind: "ended"; readonly text: string; readonly good: boolean };

/** Where the connection is; `nowMs` is of the clock that its waits are told in. */
export function linkOf(status: ReconnectState | undefined, nowMs: number): Link {
  if (status === undefined) return { kind: "connecting" };
  switch (status.kind) {
    case "live":
      return { kind: "live" };
    case "ended":
      return { kind: "ended", text: endText(status.end), good: status.end.code === "ended" };
    case "connecting":
    case "waiting": {
      if (!status.welcomed) return { kind: "connecting" };
      const { attempt } = status;
      const waitMs = status.kind === "waiting" ? Math.max(0, status.untilMs - nowMs) : undefined;
      return { kind: "reconnecting", attempt, waitMs };
    }
    default:
      return status satisfies never;
  }
}

/** Everything the status line tells. */
export interface WatchFacts {
  readonly link: Link;
  /** What is known now. */
  readonly session: SessionFacts;
  /** What was known at the place that is shown. */
  readonly shown: SessionFacts;
  /** The participant who watches. */
  readonly you: string | undefined;
  /** Session time as far as it is known. */
  readonly nowMs: number | undefined;
  /** Whether keys go to the session. */
  readonly typing: boolean;
  /** Whether they go to the viewer's own pane there. */
  readonly inPane?: boolean;
  readonly pointing: boolean;
  readonly menuKey: string;
  readonly player: PlayerState | undefined;
  readonly timeline: Timeline;
  readonly title: string;
  readonly latencyMs: number | undefined;
  /** By how much what is seen is late, when it is. */
  readonly lagMs: number | undefined;
  readonly toast: string | undefined;
  /** The session's size, when not all of it is shown. */
  readonly cropped: { readonly cols: number; readonly rows: number } | undefined;
}

const DIM: Style = { dim: true };
const WARN: Style = { fg: 3 };
/** Less time than this in control is told as a warning. */
const SHORT_MS = 30_000;
/** Columns of the timeline in the status line of a viewer who looks at the past. */
const MAX_TIMELINE_COLS = 40;

/** The status row. */
export function watchRow(cols: number, facts: WatchFacts, glyphs: Glyphs): Row {
  const { player } = facts;
  const behind = player !== undefined && player.mode !== "following" &&
    !(facts.link.kind === "ended" && facts.timeline.positionMs >= facts.timeline.durationMs);
  if (!behind || facts.toast !== undefined) {
    return statusRow(cols, liveLine(facts, glyphs), glyphs);
  }
  return pastRow(cols, facts, player, glyphs);
}

function liveLine(facts: WatchFacts, glyphs: Glyphs): StatusLine {
  const { session, cropped, toast, link } = facts;
  const { watching } = session;
  const live = link.kind === "live", ended = link.kind === "ended";
  return {
    tag: tagOf(facts, glyphs),
    left: [
      ...linkParts(link),
      { text: toast ?? "", rank: 1, minCols: 8, style: WARN },
      {
        text: session.sharingPaused ? "the presenter has paused sharing" : "",
        rank: 1,
        minCols: 12,
        style: WARN,
      },
      { text: facts.title, rank: 5, minCols: 8 },
      ...(ended ? [] : [panePart(facts), drivePart(facts), ...askingParts(facts, glyphs)]),
    ],
    right: [
      {
        text: cropped === undefined ? "" : `${cropped.cols}x${cropped.rows}, hjkl moves`,
        rank: facts.typing ? 9 : 7,
        style: DIM,
      },
      { text: watching === undefined || !live ? "" : `${watching} watching`, rank: 4 },
      ...(live ? [delayPart(facts)] : []),
      { text: ended ? `${glyphs.left} looks back` : "", rank: 7, style: DIM },
      {
        text: ended ? "q leaves" : `${keyLabel(facts.menuKey)} menu`,
        rank: ended ? 1 : facts.typing ? 3 : 6,
        style: DIM,
      },
    ],
  };
}

/** That keys go to one's own pane, and nowhere else. */
function panePart({ session, you, inPane }: WatchFacts): StatusPart {
  if (inPane !== true || you === undefined) return { text: "", rank: 9 };
  const own = session.people.get(you);
  const paused = session.turn.mode === "paused" || session.sharingPaused;
  return {
    text: paused ? "your pane waits" : "you type in your pane",
    rank: 0,
    style: { ...(own !== undefined && personStyle(own)), bold: true },
  };
}

/** Who drives, and for how long still. */
function drivePart({ session, you, nowMs, typing, inPane }: WatchFacts): StatusPart {
  const drives = driver(session);
  const yours = you !== undefined && session.turn.holder === you;
  const left = leftMs(session, nowMs);
  const short = yours && left !== undefined && left < SHORT_MS;
  return {
    text: driveText(session, { you, nowMs }),
    rank: typing && inPane !== true ? 1 : 3,
    style: short
      ? { ...WARN, inverse: true, bold: true }
      : { ...(drives !== undefined && personStyle(drives)), ...(yours && { bold: true }) },
  };
}

/** Who asks for control, and that one points. */
function askingParts({ session, you, pointing }: WatchFacts, glyphs: Glyphs): StatusPart[] {
  const asking = session.requests.length, asked = session.requests.some(({ id }) => id === you);
  return [
    { text: pointing ? "pointing" : "", rank: 2, style: { bold: true } },
    { text: asked ? `asking${glyphs.ellipsis}` : "", rank: 2, style: { bold: true } },
    { text: asking > (asked ? 1 : 0) ? `${asking} asking` : "", rank: 4 },
  ];
}

/** How late it is, or how far away. */
function delayPart({ latencyMs, lagMs }: WatchFacts): StatusPart {
  if (lagMs !== undefined) {
    return { text: `lag ${(lagMs / 1_000).toFixed(1)} s`, rank: 2, style: WARN };
  }
  return {
    text: latencyMs === undefined ? "" : `${Math.round(latencyMs)} ms`,
    rank: 6,
    style: DIM,
  };
}

function linkParts(link: Link): StatusPart[] {
  switch (link.kind) {
    case "connecting":
    case "live":
      return [];
    case "reconnecting": {
      const { attempt, waitMs } = link;
      const seconds = waitMs === undefined ? 0 : Math.ceil(waitMs / 1_000);
      const when = seconds === 0 ? "now" : `in ${seconds} s`;
      return [{ text: `attempt ${attempt + (waitMs === undefined ? 0 : 1)} ${when}`, rank: 1 }];
    }
    case "ended":
      return [{ text: link.text, rank: 0 }];
    default:
      return link satisfies never;
  }
}

function tagOf({ link, player }: WatchFacts, glyphs: Glyphs): StatusPart {
  const tag = (text: string, style: keyof typeof TAG_STYLES): StatusPart => ({
    text,
    style: TAG_STYLES[style],
    rank: 0,
  });
  if (link.kind === "ended") return tag("ENDED", link.good ? "plain" : "bad");
  if (player?.mode === "paused") return tag(`${glyphs.pause} PAUSED`, "busy");
  if (player?.mode === "playing") return tag(`${glyphs.play} REWOUND`, "calm");
  switch (link.kind) {
    case "connecting":
      return tag("CONNECTING", "calm");
    case "reconnecting":
      return tag("RECONNECTING", "busy");
    case "live":
      return tag(`${glyphs.dot} LIVE`, "good");
    default:
      return link satisfies never;
  }
}

/** The status row of a viewer who looks at the past: where it is, and by how much it is behind. */
function pastRow(cols: number, facts: WatchFacts, player: PlayerState, glyphs: Glyphs): Row {
  const { timeline, link } = facts;
  const behindMs = Math.max(0, timeline.durationMs - timeline.positionMs);
  const width = Math.min(MAX_TIMELINE_COLS, Math.floor(cols / 3));
  const speed = player.speed === 1 ? "" : `${player.speed}x`;
  const line: StatusLine = {
    tag: tagOf(facts, glyphs),
    left: [
      timelinePart(timeline, { cols: width, rank: 4, glyphs }),
      { text: `${formatClock(behindMs)} behind`, rank: 1 },
      ...(facts.typing ? [panePart(facts), drivePart(facts)] : []),
      { text: droveText({ ...facts.shown, driver: driver(facts.shown) }), rank: 3 },
      { text: speed, rank: 3 },
      { text: link.kind === "reconnecting" ? "reconnecting" : "", rank: 2, style: WARN },
      { text: link.kind === "ended" ? link.text : "", rank: 2, minCols: 8 },
    ],
    right: [
      { text: link.kind === "ended" ? "" : "End: live", rank: 2, style: DIM },
      { text: "space plays, arrows seek", rank: 6, style: DIM },
      {
        text: link.kind === "ended" ? "q leaves" : `${keyLabel(facts.menuKey)} menu`,
        rank: 5,
        style: DIM,
      },
    ],
  };
  return statusRow(cols, line, glyphs);
}
