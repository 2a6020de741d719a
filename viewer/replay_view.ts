/**
 * What `replay` draws around the screen: the timeline and its help.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import { clip, columns, type Style } from "../format/text_row.ts";
import type { Marker } from "../record/event_log.ts";
import { formatClock } from "./duration.ts";
import type { Glyphs } from "./glyphs.ts";
import { PLAYBACK_HELP } from "./playback_keys.ts";
import type { PlayerState } from "./player.ts";
import { type StatusLine, type StatusPart, statusRow, TAG_STYLES } from "./status_line.ts";
import { drawTimeline, type TimelineDrive } from "./timeline.ts";

/** Everything the status line tells. */
export interface ReplayFacts {
  readonly player: PlayerState;
  readonly ended: boolean;
  readonly startMs: number;
  readonly durationMs: number;
  readonly markers: readonly Marker[];
  /** When somebody else than the presenter drove. */
  readonly drives: readonly TimelineDrive[];
  /** Who drove at the place that is shown, and how wide the longest of such texts is. */
  readonly drove: { readonly text: string; readonly cols: number } | undefined;
  readonly toast: string | undefined;
  /** The recording's size, when not all of it is shown. */
  readonly cropped: { readonly cols: number; readonly rows: number } | undefined;
}

const DIM: Style = { dim: true };
const WARN: Style = { fg: 3 };
const MARKER: Style = { fg: 3 };
const MIN_TIMELINE_COLS = 10;
/** Columns of the longest tag: the rest of the line stays in its place. */
const TAG_COLS = 7;
/** How much of the line the names of markers may take. */
const LABEL_SHARE = 0.3;
/** Blanks and separators around the pieces. */
const GAP_COLS = 3;

/** The status row while a recording plays. */
export function replayRow(cols: number, facts: ReplayFacts, glyphs: Glyphs): Row {
  const { player, toast, cropped } = facts;
  const tag = tagOf(facts, glyphs);
  let right: StatusPart[] = [
    { text: player.speed === 1 ? "" : `${player.speed}x`, rank: 1 },
    drovePart(facts, Math.floor(cols * LABEL_SHARE)),
    markerPart(facts, Math.floor(cols * LABEL_SHARE), glyphs),
    {
      text: cropped === undefined ? "" : `${cropped.cols}x${cropped.rows}, hjkl moves`,
      rank: 6,
      style: DIM,
    },
    { text: "? help", rank: 5, style: DIM },
  ];
  const room = (): number =>
    [tag, ...right].reduce(
      (left, { text }) => text === "" ? left : left - columns(text) - GAP_COLS,
      cols,
    );
  // The timeline is worth more than what can be looked up.
  const needed = 2 * formatClock(facts.durationMs).length + GAP_COLS + MIN_TIMELINE_COLS;
  for (const rank of [6, 5, 4, 3]) {
    if (room() < needed) right = right.filter((part) => part.rank !== rank);
  }
  const line: StatusLine = {
    tag,
    left: toast === undefined
      ? [clockPart(facts, room(), glyphs)]
      : [{ text: toast, rank: 1, minCols: 8, style: WARN }],
    right,
  };
  return statusRow(cols, line, glyphs);
}

/** Where it is, the timeline as far as there is room for one, and how long it is. */
function clockPart(facts: ReplayFacts, room: number, glyphs: Glyphs): StatusPart {
  const { player, startMs, durationMs, markers, drives } = facts;
  const [at, of] = [formatClock(player.positionMs), formatClock(durationMs)];
  // As wide as it will get, so that nothing moves when it does.
  const atCols = Math.max(at.length, of.length);
  const width = room - atCols - of.length - GAP_COLS;
  if (width < MIN_TIMELINE_COLS) return { text: `${at} / ${of}`, rank: 0 };
  const timeline = {
    positionMs: player.positionMs,
    startMs,
    durationMs,
    markersMs: markers.map(({ atMs }) => atMs),
    drives,
  };
  return {
    text: `${at.padStart(atCols)} ${" ".repeat(width)} ${of}`,
    rank: 0,
    draw: (builder, x) =>
      drawTimeline(builder, { x: x + atCols + 1, cols: width }, timeline, glyphs),
  };
}

/** Who drove; as wide as the widest of such texts, so that nothing moves. */
function drovePart({ drove }: ReplayFacts, maxCols: number): StatusPart {
  if (drove === undefined) return { text: "", rank: 9 };
  const cols = Math.min(drove.cols, maxCols);
  const text = clip(drove.text, cols);
  return { text: text + " ".repeat(cols - columns(text)), rank: 3 };
}

/** The name of the marker that was passed last; as wide as the widest of them, so that nothing moves. */
function markerPart({ markers, player }: ReplayFacts, maxCols: number, glyphs: Glyphs): StatusPart {
  const widest = markers.reduce((cols, { label }) => Math.max(cols, columns(label)), 0);
  if (widest === 0) return { text: "", rank: 9 };
  const cols = Math.min(widest, maxCols);
  const passed = markers.findLast(({ index }) => index < player.index);
  const label = clip(passed?.label ?? "", cols);
  const text = label === "" ? "" : `${glyphs.marker} ${label}`;
  return { text: text + " ".repeat(cols + 2 - columns(text)), rank: 4, style: MARKER };
}

function tagOf({ player, ended }: ReplayFacts, glyphs: Glyphs): StatusPart {
  const tag = (text: string, style: keyof typeof TAG_STYLES): StatusPart => ({
    text: text.padEnd(TAG_COLS),
    style: TAG_STYLES[style],
    rank: 0,
  });
  if (ended) return tag("END", "plain");
  switch (player.mode) {
    case "playing":
      return tag(`${glyphs.play} PLAY`, "calm");
    case "paused":
      return tag(`${glyphs.pause} PAUSE`, "busy");
    case "following":
      return tag(`${glyphs.dot} LIVE`, "good");
    default:
      return player.mode satisfies never;
  }
}

/** The status row while a recording is opened. */
export function openingRow(
  cols: number,
  opening: { readonly name: string; readonly progress: number | undefined },
  glyphs: Glyphs,
): Row {
  const percent = opening.progress === undefined ? "" : `${Math.floor(opening.progress * 100)} %`;
  const line: StatusLine = {
    tag: { text: "OPENING", style: TAG_STYLES.calm, rank: 0 },
    left: [
      { text: opening.name, rank: 2, minCols: 8 },
      { text: percent, rank: 1 },
    ],
    right: [{ text: "q leaves", rank: 3, style: DIM }],
  };
  return statusRow(cols, line, glyphs);
}

/** What the keys do in `replay`. */
export const REPLAY_HELP: readonly (readonly [string, string])[] = [
  ...PLAYBACK_HELP,
  ["w", "who was there"],
  ["q", "leave"],
];
