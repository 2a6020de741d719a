/**
 * What `replay` draws around the screen: the timeline and its help.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import { columns, type Style } from "../format/text_row.ts";
import type { Marker } from "../record/event_log.ts";
import { formatClock } from "./duration.ts";
import type { Glyphs } from "./glyphs.ts";
import { PLAYBACK_HELP } from "./playback_keys.ts";
import type { PlayerState } from "./player.ts";
import { type StatusLine, type StatusPart, statusRow, TAG_STYLES } from "./status_line.ts";
import { timelinePart } from "./timeline.ts";

/** Everything the status line tells. */
export interface ReplayFacts {
  readonly player: PlayerState;
  readonly ended: boolean;
  readonly startMs: number;
  readonly durationMs: number;
  readonly markers: readonly Marker[];
  readonly toast: string | undefined;
  /** The recording's size, when not all of it is shown. */
  readonly cropped: { readonly cols: number; readonly rows: number } | undefined;
}

const DIM: Style = { dim: true };
const WARN: Style = { fg: 3 };
const MARKER: Style = { fg: 3 };
const MIN_TIMELINE_COLS = 10;
/** How much of the line a marker's name may take. */
const LABEL_SHARE = 0.3;

/** The status row while a recording plays. */
export function replayRow(cols: number, facts: ReplayFacts, glyphs: Glyphs): Row {
  const { player, durationMs, toast, cropped } = facts;
  const tag = tagOf(facts, glyphs);
  const label = markerLabel(facts);
  const labelCols = Math.min(columns(label) + 2, Math.floor(cols * LABEL_SHARE));
  const fixed: StatusPart[] = [
    { text: formatClock(durationMs), rank: 3 },
    { text: player.speed === 1 ? "" : `${player.speed}x`, rank: 1 },
    {
      text: label === "" ? "" : `${glyphs.marker} ${label}`,
      rank: 4,
      minCols: Math.min(8, labelCols),
      style: MARKER,
    },
    {
      text: cropped === undefined ? "" : `${cropped.cols}x${cropped.rows}, hjkl moves`,
      rank: 6,
      style: DIM,
    },
    { text: "? help", rank: 5, style: DIM },
  ];
  const left: StatusPart[] = [{ text: formatClock(player.positionMs), rank: 0 }];
  if (toast === undefined) {
    const others = columns(tag.text) + 3 + columns(left[0]!.text) + 3 + fixed.reduce(
      (sum, { text }) => text === "" ? sum : sum + Math.min(columns(text), cols / 3) + 3,
      0,
    );
    const width = Math.max(MIN_TIMELINE_COLS, Math.floor(cols - others) - 1);
    left.push(timelinePart(
      {
        positionMs: player.positionMs,
        startMs: facts.startMs,
        durationMs,
        markersMs: facts.markers.map(({ atMs }) => atMs),
      },
      { cols: width, rank: 2, glyphs },
    ));
  } else left.push({ text: toast, rank: 1, minCols: 8, style: WARN });
  const line: StatusLine = { tag, left, right: fixed };
  return statusRow(cols, line, glyphs);
}

function tagOf({ player, ended }: ReplayFacts, glyphs: Glyphs): StatusPart {
  const tag = (text: string, style: keyof typeof TAG_STYLES): StatusPart => ({
    text,
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

/** The name of the marker that was passed last. */
function markerLabel({ markers, player }: ReplayFacts): string {
  return markers.findLast(({ index }) => index < player.index)?.label ?? "";
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
  ["q", "leave"],
];
