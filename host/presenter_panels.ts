/**
 * The boxes on the presenter's terminal: menus, who is here, a marker's label, questions.
 *
 * @module
 */
import { columns, type Style } from "../format/text_row.ts";
import { type BoxContent, type BoxLine, boxOverlay, type Span } from "../viewer/box.ts";
import type { Overlay } from "../viewer/compose.ts";
import { formatSpan } from "../viewer/duration.ts";
import { type Glyphs, UNICODE_GLYPHS } from "../viewer/glyphs.ts";
import { menuContent } from "../viewer/menu.ts";
import { lineOverlay, saidContent } from "../viewer/line_box.ts";
import { personStyle } from "../viewer/person_style.ts";
import { clip } from "../format/width.ts";
import { listed, waysBack } from "./controls.ts";
import type { Panel } from "./controls_state.ts";
import type { Size } from "./options.ts";
import type { Participant } from "./participants.ts";
import { type ControlsFacts, titleOf } from "./presenter_facts.ts";
import { drawQr } from "./qr.ts";

/** What boxes are about. */
export interface PanelFacts {
  readonly facts: ControlsFacts;
  /** Session time. */
  readonly nowMs: number;
  /** Who asks for control. */
  readonly asking: readonly { readonly id: string }[];
}

const DIM: Style = { dim: true };
const SELECTED: Style = { inverse: true };
/** Legible on dark and on light, as yellow is not. */
const CALLS: Style = { fg: 5, bold: true };
/** Borders of a box, and a blank inside each of them. */
const FRAME_COLS = 4;
/** Blanks between two columns. */
const GAP = 2;
/** Narrowest a name is cut to. */
const MIN_NAME_COLS = 8;

/** The box of a panel, `undefined` for panels that have none. */
export function panelOverlay(
  panel: Panel,
  about: PanelFacts,
  area: Size,
  glyphs: Glyphs,
): Overlay | undefined {
  const box = (content: BoxContent): Overlay => boxOverlay(content, area, glyphs);
  switch (panel.kind) {
    case "none":
    case "notice":
    case "links":
    case "agent":
      return undefined;
    case "menu":
      return box(menuContent(panel.menu));
    case "people":
      return box(peopleContent(panel, about, area));
    case "kick":
      return box(kickContent(panel, about.facts));
    case "withdraw":
      return box(withdrawContent(panel, about.facts));
    case "qr":
      return qrOverlay(panel.url, area, glyphs);
    case "marker":
      return markerOverlay(panel.label, area, glyphs);
    case "note":
      return noteOverlay(panel, area, glyphs);
    case "said":
      return box(saidContent(`${panel.from} gave control back`, panel.text, area));
    case "stop":
      return box({
        title: "Stop sharing",
        lines: ["This ends the session, and the command with it.", "", "Stop now?"],
        hint: "Enter stops, Esc goes back",
      });
    default:
      return panel satisfies never;
  }
}

function kickContent(
  { id, name }: Extract<Panel, { kind: "kick" }>,
  facts: ControlsFacts,
): BoxContent {
  const title = `Remove ${name}`;
  const link = waysBack(id, facts);
  if (link === undefined) {
    return {
      title,
      lines: ["They cannot come back with the link that they have.", "", "Remove them now?"],
      hint: "Enter removes, Esc goes back",
    };
  }
  return {
    title,
    lines: [
      "Their link lets them come back, unless you withdraw it.",
      leaves(cameWith(link.id, facts)),
      "",
      "Remove them now?",
    ],
    hint: "Enter removes, w withdraws the link, Esc goes back",
  };
}

function withdrawContent(
  { id }: Extract<Panel, { kind: "withdraw" }>,
  facts: ControlsFacts,
): BoxContent {
  const { role } = facts.links.find((link) => link.id === id) ?? { role: "" };
  return {
    title: `Withdraw the link: role ${role}`,
    lines: [
      "It lets nobody in any more.",
      leaves(cameWith(id, facts)),
      "With all links, everybody has to leave, and there is a new one.",
      "",
      "Withdraw it now?",
    ],
    hint: "Enter withdraws it, a all links, Esc goes back",
  };
}

/** How many came in with a link. */
function cameWith(id: string, { people }: ControlsFacts): number {
  return people.filter(({ link }) => link === id).length;
}

function leaves(count: number): string {
  return count === 1
    ? "1 who came in with it has to leave then."
    : `${count} who came in with it have to leave then.`;
}

function peopleContent(
  { only, at }: Extract<Panel, { kind: "people" }>,
  panelFacts: PanelFacts,
  area: Size,
): BoxContent {
  const list = listed(only, panelFacts.facts);
  const about = list.map((person) => aboutOf(person, panelFacts));
  const widths = fitting(
    [0, 1, 2, 3].map((i) => Math.max(0, ...about.map((texts) => columns(texts[i]!)))),
    area.cols - FRAME_COLS - MIN_NAME_COLS,
  );
  const rest = widths.reduce((sum, width) => sum + (width === 0 ? 0 : width + GAP), 0);
  const names = Math.max(0, ...list.map(({ name }) => columns(name)));
  const cols = Math.min(names, Math.max(MIN_NAME_COLS, area.cols - FRAME_COLS - rest));
  const lines = list.map((person, i): BoxLine => ({
    spans: [
      { text: pad(clip(person.name, cols), cols), style: { ...personStyle(person), bold: true } },
      ...about[i]!.map((text, column): Span => ({
        text: widths[column] === 0 ? "" : `  ${pad(text, widths[column]!)}`,
        style: column === 0 ? CALLS : i === at ? {} : DIM,
      })),
    ],
    ...(i === at && { style: SELECTED }),
  }));
  if (only === "drivers") {
    return { title: "Hand over to", lines, focus: at, hint: "Enter chooses, Esc goes back" };
  }
  return {
    title: "Who is here",
    lines: lines.length > 0 ? lines : ["Nobody watches yet."],
    hint: lines.length > 0 ? "h hands over, k removes, Esc goes back" : "Esc goes back",
    focus: at,
  };
}

/** The widths of columns, from the first that has no room on 0: they are left out. */
function fitting(widths: readonly number[], room: number): readonly number[] {
  let left = room;
  return widths.map((width) => {
    left -= width === 0 ? 0 : width + GAP;
    return left >= 0 ? width : 0;
  });
}

/** What there is to be said of somebody, the most important first: what they do, what they are, since when, how far. */
function aboutOf(
  { id, role, type, sinceMs, peer }: Participant,
  { facts: { driver }, asking, nowMs }: PanelFacts,
): readonly [string, string, string, string] {
  const drives = driver.kind === "participant" && driver.person.id === id;
  const latencyMs = peer?.latencyMs;
  return [
    drives ? "drives" : asking.some((request) => request.id === id) ? "asks" : "",
    type === "agent" && role !== "agent" ? `agent, ${role}` : role,
    nowMs - sinceMs < 1_000 ? "now" : formatSpan(nowMs - sinceMs),
    peer === undefined ? "away" : latencyMs === undefined ? "" : `${Math.round(latencyMs)} ms`,
  ];
}

function pad(text: string, cols: number): string {
  return text + " ".repeat(Math.max(0, cols - columns(text)));
}

function qrOverlay(
  url: string,
  area: Size,
  glyphs: Glyphs,
): Overlay {
  const qr = drawQr(url, area, { unicode: glyphs === UNICODE_GLYPHS });
  if (qr.kind === "rows") return { rows: qr.rows };
  const { cols, rows } = qr.needs;
  return boxOverlay(
    {
      title: "QR code",
      lines: [
        "This terminal is too small for it:",
        // The status line takes a row.
        `it needs ${cols} columns and ${rows + 1} rows.`,
      ],
      hint: "Any key goes back",
    },
    area,
    glyphs,
  );
}

function markerOverlay(label: string, area: Size, glyphs: Glyphs): Overlay {
  const titles = { title: "Set a marker", hint: "Enter sets it, Esc goes back" };
  return lineOverlay(label, titles, { area, glyphs });
}

function noteOverlay(
  { person, text, then }: Extract<Panel, { kind: "note" }>,
  area: Size,
  glyphs: Glyphs,
): Overlay {
  const titles = then === "hand-back"
    ? { title: `Hand back to ${titleOf(person)}: a note`, hint: "Enter hands back, Esc does not" }
    : { title: `A note to ${titleOf(person)}`, hint: "Enter goes on, Esc goes back" };
  return lineOverlay(text, titles, { area, glyphs });
}
