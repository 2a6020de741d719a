/**
 * What `watch` draws around the session's screen: its status line, its menu and its boxes.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import { columns, type Style } from "../format/text_row.ts";
import { type BoxContent, type BoxLine } from "./box.ts";
import { endText, type ReconnectState } from "../wire/reconnect.ts";
import { formatClock } from "./duration.ts";
import type { Glyphs } from "./glyphs.ts";
import type { MenuItem } from "./menu.ts";
import { PLAYBACK_HELP } from "./playback_keys.ts";
import type { PlayerState } from "./player.ts";
import type { Person, SessionFacts } from "./session_facts.ts";
import { driver } from "./session_facts.ts";
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
  readonly session: SessionFacts;
  readonly player: PlayerState | undefined;
  readonly timeline: Timeline;
  readonly title: string;
  readonly latencyMs: number | undefined;
  readonly toast: string | undefined;
  /** The session's size, when not all of it is shown. */
  readonly cropped: { readonly cols: number; readonly rows: number } | undefined;
}

/** What can be chosen from the menu. */
export type WatchAction = "leave" | "pause" | "back" | "live" | "people" | "help";

const DIM: Style = { dim: true };
const WARN: Style = { fg: 3 };
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
  const { session, latencyMs, cropped, toast } = facts;
  const { watching } = session;
  const drives = driver(session);
  const left: StatusPart[] = [
    ...linkParts(facts.link),
    { text: toast ?? "", rank: 1, minCols: 8, style: WARN },
    {
      text: session.sharingPaused ? "the presenter has paused sharing" : "",
      rank: 1,
      minCols: 12,
      style: WARN,
    },
    { text: facts.title, rank: 4, minCols: 8 },
    { text: drives === undefined ? "" : `${drives.name} drives`, rank: 3 },
  ];
  const live = facts.link.kind === "live";
  return {
    tag: tagOf(facts, glyphs),
    left,
    right: [
      {
        text: cropped === undefined ? "" : `${cropped.cols}x${cropped.rows}, hjkl moves`,
        rank: 6,
        style: DIM,
      },
      { text: watching === undefined || !live ? "" : `${watching} watching`, rank: 2 },
      {
        text: latencyMs === undefined || !live ? "" : `${Math.round(latencyMs)} ms`,
        rank: 5,
        style: latencyMs !== undefined && latencyMs > 500 ? WARN : DIM,
      },
      {
        text: facts.link.kind === "ended" ? `${glyphs.left} looks back` : "",
        rank: 6,
        style: DIM,
      },
      {
        text: facts.link.kind === "ended" ? "q leaves" : "Ctrl-] menu",
        rank: facts.link.kind === "ended" ? 1 : 5,
        style: DIM,
      },
    ],
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
      { text: speed, rank: 3 },
      { text: link.kind === "reconnecting" ? "reconnecting" : "", rank: 2, style: WARN },
      { text: link.kind === "ended" ? link.text : "", rank: 2, minCols: 8 },
    ],
    right: [
      { text: link.kind === "ended" ? "" : "End: live", rank: 2, style: DIM },
      { text: "space plays, arrows seek", rank: 6, style: DIM },
      { text: link.kind === "ended" ? "q leaves" : "Ctrl-] menu", rank: 5, style: DIM },
    ],
  };
  return statusRow(cols, line, glyphs);
}

/** The menu's items, as things are now. */
export function watchItems(
  player: PlayerState | undefined,
  facts: SessionFacts,
): readonly MenuItem<WatchAction>[] {
  const playing = player !== undefined;
  const past = playing && player.mode !== "following";
  return [
    { key: "space", label: past ? "Play on or pause" : "Pause", enabled: playing, value: "pause" },
    { key: "left", label: "Back by 5 seconds", enabled: playing, value: "back" },
    { key: "end", label: "Back to live", enabled: past, value: "live" },
    {
      key: "p",
      label: "Who is here",
      ...(facts.watching === undefined ? {} : { note: `${facts.watching} watching` }),
      value: "people",
    },
    { key: "?", label: "Keys", value: "help" },
    { key: "q", label: "Leave", value: "leave" },
  ];
}

/** Who is here. */
export function peopleBox(facts: SessionFacts, you: string | undefined): BoxContent {
  const people = [...facts.people.values()];
  const cols = Math.max(0, ...people.map(({ name }) => columns(name)));
  const drives = driver(facts);
  const lines = people.map((person): BoxLine => ({
    spans: [
      { text: person.name + " ".repeat(cols - columns(person.name)) },
      { text: `  ${person.role}${noteOn(person, drives, you)}`, style: DIM },
    ],
  }));
  return {
    title: "Who is here",
    lines: lines.length > 0 ? lines : ["The host has not said."],
    hint: "any key goes back",
  };
}

function noteOn(person: Person, drives: Person | undefined, you: string | undefined): string {
  return (person === drives ? ", drives" : "") + (person.id === you ? ", you" : "");
}

/** What the keys do. */
export function helpBox(title: string, keys: readonly (readonly [string, string])[]): BoxContent {
  const cols = Math.max(...keys.map(([key]) => columns(key)));
  return {
    title,
    lines: keys.map(([key, what]): BoxLine => ({
      spans: [
        { text: key + " ".repeat(cols - columns(key)), style: { bold: true } },
        { text: `   ${what}` },
      ],
    })),
    hint: "any key goes back",
  };
}

/** What the keys do in `watch`. */
export const WATCH_HELP: readonly (readonly [string, string])[] = [
  ["Ctrl-]", "menu"],
  ...PLAYBACK_HELP,
];
