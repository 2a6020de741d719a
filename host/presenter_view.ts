/**
 * What stands on the presenter's terminal beside the session: the status line, the link, boxes.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import { columns, RowBuilder, type Style } from "../format/text_row.ts";
import {
  type BoxContent,
  type BoxLine,
  boxOverlay,
  type Glyphs,
  keyLabel,
  menuContent,
  type StatusLine,
  type StatusPart,
  TAG_STYLES,
} from "../viewer/chrome.ts";
import type { Overlay } from "../viewer/compose.ts";
import { formatClock, formatSpan } from "../viewer/duration.ts";
import type { Panel } from "./controls.ts";
import type { Size } from "./options.ts";
import type { Participant } from "./participants.ts";

/** Everything that the presenter is shown of the session. */
export interface PresenterFacts {
  readonly title: string | undefined;
  readonly menuKey: string;
  readonly paused: boolean;
  readonly watching: number;
  /** Whether it is recorded, was until something failed, or never was. */
  readonly recording: "on" | "failed" | "off";
  readonly elapsedMs: number;
  /** Something that has just happened. */
  readonly toast: { readonly text: string; readonly bad: boolean } | undefined;
}

const DIM: Style = { dim: true };
const BAD: Style = { fg: 1, bold: true };
const RECORDING: Style = { fg: 1 };

/** The status line. */
export function statusLine(facts: PresenterFacts, glyphs: Glyphs): StatusLine {
  const { title, menuKey, paused, watching, recording, elapsedMs, toast } = facts;
  const left: StatusPart[] = toast === undefined
    ? [{ text: title ?? "", rank: 4, minCols: 8 }, { text: "you drive", rank: 6, style: DIM }]
    : [{ text: toast.text, rank: 2, minCols: 8, ...(toast.bad && { style: BAD }) }];
  return {
    tag: paused
      ? { text: `${glyphs.pause} PAUSED`, style: TAG_STYLES.busy, rank: 0 }
      : { text: `${glyphs.dot} LIVE`, style: TAG_STYLES.good, rank: 0 },
    left,
    right: [
      { text: `${watching} watching`, rank: 1 },
      recordingPart(recording, paused, glyphs),
      { text: formatClock(elapsedMs), rank: 3, style: DIM },
      { text: `${keyLabel(menuKey)} menu`, rank: 5, style: DIM },
    ],
  };
}

function recordingPart(
  recording: PresenterFacts["recording"],
  paused: boolean,
  glyphs: Glyphs,
): StatusPart {
  switch (recording) {
    case "on":
      return paused
        ? { text: `${glyphs.pause} rec`, rank: 2, style: DIM }
        : { text: `${glyphs.dot} rec`, rank: 2, style: RECORDING };
    case "failed":
      return { text: "not recording", rank: 2, style: BAD };
    case "off":
      return { text: "", rank: 9 };
    default:
      return recording satisfies never;
  }
}

/** What boxes are about. */
export interface PanelFacts {
  readonly participants: readonly Participant[];
  /** Session time. */
  readonly nowMs: number;
  readonly menuKey: string;
}

/** The box of a panel, `undefined` for panels that have none. */
export function panelOverlay(
  panel: Panel,
  facts: PanelFacts,
  area: Size,
  glyphs: Glyphs,
): Overlay | undefined {
  switch (panel.kind) {
    case "none":
    case "notice":
    case "link":
      return undefined;
    case "menu":
      return boxOverlay(menuContent(panel.menu), area, glyphs);
    case "participants":
      return boxOverlay(participantsContent(facts, panel.scroll), area, glyphs);
    case "marker":
      return markerOverlay(panel.label, area, glyphs);
    case "stop":
      return boxOverlay(
        {
          title: "Stop sharing",
          lines: ["This ends the session, and the command with it.", "", "Stop now?"],
          hint: "Enter stops, Esc goes back",
        },
        area,
        glyphs,
      );
    default:
      return panel satisfies never;
  }
}

function participantsContent(
  { participants, nowMs }: PanelFacts,
  scroll: number,
): BoxContent {
  const cols = Math.max(0, ...participants.map(({ name }) => columns(name)));
  const lines = participants.map(({ name, role, sinceMs, peer }): BoxLine => ({
    spans: [
      { text: name + " ".repeat(cols - columns(name)) },
      { text: `  ${role}  ${formatSpan(nowMs - sinceMs)}`, style: DIM },
      {
        text: peer === undefined
          ? "  away"
          : peer.latencyMs === undefined
          ? ""
          : `  ${Math.round(peer.latencyMs)} ms`,
        style: DIM,
      },
    ],
  }));
  return {
    title: "Who watches",
    lines: lines.length > 0 ? lines : ["Nobody watches yet."],
    hint: "Any key goes back",
    focus: Math.min(scroll, Math.max(0, lines.length - 1)),
  };
}

function markerOverlay(label: string, area: Size, glyphs: Glyphs): Overlay {
  const inner = Math.max(1, Math.min(60, area.cols - 4));
  // The end of a long label is what is being typed.
  let shown = label;
  while (columns(shown) >= inner) shown = shown.slice(shown.codePointAt(0)! > 0xffff ? 2 : 1);
  const padded = shown + " ".repeat(Math.max(0, inner - columns(shown)));
  const box = boxOverlay(
    {
      title: "Set a marker",
      lines: [padded],
      hint: "Enter sets it, Esc goes back",
    },
    area,
    glyphs,
  );
  return { ...box, cursor: { x: 2 + columns(shown), y: 1 } };
}

/**
 * The rows that show the link, as wide as the terminal and without a border: its rows wrap into one another as a long
 * line of text does, so that selecting them copies it in one piece.
 */
export function linkRows(link: string, cols: number, options: { readonly notice: boolean }): Row[] {
  const heading = new RowBuilder(cols).fill(0, cols, HEADING);
  heading.text(1, options.notice ? "Others can watch with this link:" : "The link:", HEADING);
  const hint = new RowBuilder(cols).fill(0, cols, HEADING);
  hint.text(1, options.notice ? "It goes away when you type." : "Any key goes back.", HEADING);
  const rows: Row[] = [heading.build()];
  for (let at = 0; at < link.length; at += cols) {
    const row = new RowBuilder(cols);
    row.text(0, link.slice(at, at + cols), { bold: true, link: { id: "collab", uri: link } });
    rows.push(row.build(at > 0));
  }
  return [...rows, hint.build()];
}

const HEADING: Style = { inverse: true };

/** Rows over the last ones of a screen; where they do not fit, the first ones are left out. */
export function overLastRows(lines: readonly Row[], rows: readonly Row[], below: number): Row[] {
  const room = lines.length - below;
  const fitting = rows.slice(Math.max(0, rows.length - room));
  const top = room - fitting.length;
  const covered = lines.map((line, y) => fitting[y - top] ?? line);
  // A line that continues the one above it does so no longer when that one is covered.
  const after = covered[room];
  if (after?.wrapped) covered[room] = { ...after, wrapped: false };
  return covered;
}
