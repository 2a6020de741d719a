/**
 * The presenter's status line: whether it is live, who drives and for how long, who asks, who watches.
 *
 * @module
 */
import type { Person } from "../format/session_data.ts";
import { columns, type Style } from "../format/text_row.ts";
import {
  type Glyphs,
  keyLabel,
  type Span,
  spansPart,
  type StatusLine,
  type StatusPart,
  statusRow,
  TAG_STYLES,
} from "../viewer/chrome.ts";
import type { Row } from "../format/row.ts";
import { formatClock, formatSpan } from "../viewer/duration.ts";
import { personStyle } from "../viewer/person_style.ts";
import type { Toast } from "./presenter_toasts.ts";
import { type Driver, type Prompt, titleOf } from "./presenter_facts.ts";

/** Everything that the presenter's status line tells. */
export interface PresenterFacts {
  readonly title: string | undefined;
  readonly menuKey: string;
  readonly takeKey: string;
  /** Whether sharing is paused. */
  readonly paused: boolean;
  readonly watching: number;
  readonly driver: Driver;
  /** Whether control is an agent's: the driver's, or, while the presenter drives, the next one's that comes. */
  readonly agent: boolean;
  /** To whom the take key hands control back. */
  readonly takenFrom: Person | undefined;
  /** How many may type into panes of their own. */
  readonly panes?: number | undefined;
  /** How many ask for control. */
  readonly asking: number;
  /** What waits for an answer, and is asked in the status line. */
  readonly prompt: Prompt | undefined;
  /** Whether it is recorded, was until something failed, or never was. */
  readonly recording: "on" | "failed" | "off";
  /** How much was masked on the screen as viewers see it. */
  readonly redactions: number;
  /** Session time. */
  readonly elapsedMs: number;
  /** Something that has just happened. */
  readonly toast: Toast | undefined;
}

const DIM: Style = { dim: true };
const BAD: Style = { fg: 1, bold: true };
const RECORDING: Style = { fg: 1 };
/** Legible on dark and on light, as yellow is not. */
const CALLS: Style = { fg: 5, bold: true };
const KEY: Style = { fg: 6, bold: true };
/** Narrowest that what is asked is cut to before a key that answers it goes. */
const MIN_ASKS_COLS = 9;
/** What takes the place of a piece that has nothing to say. */
const NOTHING: StatusPart = { text: "", rank: 9 };

/** The status line: what is asked, as long as it is; otherwise how things are. */
export function statusLine(facts: PresenterFacts, glyphs: Glyphs): StatusLine {
  const { toast, prompt } = facts;
  const tag = tagOf(facts, glyphs);
  const told: StatusPart = toast === undefined
    ? NOTHING
    : { text: toast.text, rank: 2, minCols: 8, ...(toast.tone === "bad" && { style: BAD }) };
  if (prompt !== undefined) {
    const rank = toast?.tone === "quiet" ? 8 : 1;
    return { tag, ...promptLine(facts, prompt, { toast: { ...told, rank }, glyphs }) };
  }
  const left = toast === undefined
    ? [{ text: facts.title ?? "", rank: 5, minCols: 8 }, driverPart(facts)]
    : [told];
  return { tag, left, right: rightParts(facts, glyphs) };
}

function tagOf({ paused, driver }: PresenterFacts, glyphs: Glyphs): StatusPart {
  const [glyph, text, style] = paused
    ? [glyphs.pause, "PAUSED", TAG_STYLES.busy] as const
    : driver.kind === "nobody"
    ? [glyphs.pause, "INPUT PAUSED", TAG_STYLES.calm] as const
    : [glyphs.dot, "LIVE", TAG_STYLES.good] as const;
  return { text: `${glyph} ${text}`, style, rank: 0 };
}

function driverPart({ driver, agent, paused, elapsedMs }: PresenterFacts): StatusPart {
  switch (driver.kind) {
    case "presenter":
      if (agent) return { text: "you drive until an agent comes", rank: 5, minCols: 9 };
      return { text: "you drive", rank: 7, style: DIM };
    case "everyone":
      return paused
        ? { text: "only you type", rank: 2 }
        : { text: "everyone may type", rank: 1, style: CALLS };
    case "nobody":
      return paused
        ? { text: "only you type", rank: 2 }
        : { text: "nobody types", rank: 1, minCols: 8 };
    case "participant": {
      const { person, untilMs } = driver;
      const left = timeLeft(untilMs, elapsedMs);
      const drives = paused ? " waits" : " drives";
      return spansPart(
        [...nameSpans(person), { text: drives }, { text: left, style: { bold: true } }],
        { rank: 1, minCols: 12 },
      );
    }
    default:
      return driver satisfies never;
  }
}

/** Who else may type, in as few words as can be. */
function shortDriver(facts: PresenterFacts): StatusPart {
  const { driver, prompt } = facts;
  if (driver.kind === "presenter") return NOTHING;
  if (driver.kind !== "participant") return { ...driverPart(facts), rank: 5 };
  // Who pastes drives.
  if (prompt?.kind === "paste" && prompt.person.id === driver.person.id) return NOTHING;
  const left = timeLeft(driver.untilMs, facts.elapsedMs);
  return spansPart([nameSpan(driver.person), { text: left === "" ? " drives" : left }], {
    rank: 3,
    minCols: 9,
  });
}

/** In whole seconds, the last of them to its end. */
function timeLeft(untilMs: number | undefined, nowMs: number): string {
  if (untilMs === undefined) return "";
  return ` ${formatClock(Math.ceil(Math.max(0, untilMs - nowMs) / 1_000) * 1_000)}`;
}

function nameSpans(person: Person): Span[] {
  return [{ text: person.type === "agent" ? "agent " : "" }, nameSpan(person)];
}

function nameSpan(person: Person): Span {
  return { text: person.name, style: { ...personStyle(person), bold: true } };
}

function rightParts(facts: PresenterFacts, glyphs: Glyphs): StatusPart[] {
  const { asking, watching, redactions, elapsedMs, menuKey } = facts;
  return [
    asking === 0 ? NOTHING : { text: `${asking} asking`, rank: 1, style: CALLS },
    { text: panesText(facts), rank: 3 },
    { text: `${watching} watching`, rank: 2 },
    redactions === 0 ? NOTHING : { text: `${redactions} masked`, rank: 3 },
    recordingPart(facts, glyphs),
    { text: formatClock(elapsedMs), rank: 4, style: DIM },
    takeKeyPart(facts),
    { text: `${keyLabel(menuKey)} menu`, rank: 6, style: DIM },
  ];
}

/** Who types beside whoever drives. */
function panesText({ panes = 0 }: PresenterFacts): string {
  return panes === 0 ? "" : panes === 1 ? "1 in a pane" : `${panes} in panes`;
}

/** What the take key does now. */
function takeKeyPart({ driver, takeKey, takenFrom, panes = 0 }: PresenterFacts): StatusPart {
  const key: Span = { text: keyLabel(takeKey), style: KEY };
  if (driver.kind === "presenter" && panes > 0) {
    return spansPart([key, { text: " ends it" }], { rank: 3 });
  }
  if (driver.kind !== "presenter") return spansPart([key, { text: " takes back" }], { rank: 3 });
  if (takenFrom === undefined) return NOTHING;
  return spansPart([key, { text: " hands back to " }, nameSpan(takenFrom)], {
    rank: 2,
    minCols: columns(`${keyLabel(takeKey)} hands back…`),
  });
}

function recordingPart(
  { recording, paused }: Pick<PresenterFacts, "recording" | "paused">,
  glyphs: Glyphs,
): StatusPart {
  switch (recording) {
    case "on":
      return paused
        ? { text: `${glyphs.pause} rec`, rank: 3, style: DIM }
        : { text: `${glyphs.dot} rec`, rank: 3, style: RECORDING };
    case "failed":
      return { text: "not recording", rank: 3, style: BAD };
    case "off":
      return NOTHING;
    default:
      return recording satisfies never;
  }
}

/** What is asked, what was said with it, and the keys that answer. */
function promptLine(
  facts: PresenterFacts,
  prompt: Prompt,
  { toast, glyphs }: { readonly toast: StatusPart; readonly glyphs: Glyphs },
): Pick<StatusLine, "left" | "right"> {
  const { asking } = facts;
  const more = prompt.kind === "request" ? asking - 1 : asking;
  const [yes, no] = prompt.kind === "request" ? ["yes", "no"] : ["types it", "drops it"];
  const asks = spansPart(
    [...nameSpans(prompt.person), { text: questionOf(prompt), style: CALLS }],
    // Who, and that they ask, is left of it where there is no room; of a paste more has to be seen than the keys.
    {
      rank: prompt.kind === "paste" ? 1 : 2,
      minCols: Math.min(MIN_ASKS_COLS, columns(`${titleOf(prompt.person)} asks…`)),
    },
  );
  return {
    left: [
      shortDriver(facts),
      asks,
      quoted(prompt.kind === "request" ? prompt.note ?? "" : prompt.first),
      toast,
    ],
    right: [
      { text: `${facts.watching} watching`, rank: 10 },
      { ...recordingPart(facts, glyphs), rank: 9 },
      more === 0 ? NOTHING : { text: `${more} more asking`, rank: 6, style: CALLS },
      keyPart("Alt-Y", yes!, 0),
      keyPart("Alt-N", no!, prompt.kind === "paste" ? 2 : 1),
      keyPart(keyLabel(facts.menuKey), "more", 5),
    ],
  };
}

function questionOf(prompt: Prompt): string {
  if (prompt.kind === "paste") return ` pastes ${prompt.lines} lines`;
  const time = prompt.forMs === undefined ? "" : `, ${formatSpan(prompt.forMs)}`;
  if (prompt.pane) return " asks for a pane";
  return ` asks for ${prompt.longer ? "more time" : "control"}${time}`;
}

function quoted(text: string): StatusPart {
  return text === "" ? NOTHING : { text: `"${text}"`, rank: 4, minCols: 10 };
}

function keyPart(key: string, does: string, rank: number): StatusPart {
  return spansPart([{ text: key, style: KEY }, { text: ` ${does}` }], { rank });
}

/** Draws the status line; the same row while it says the same. */
export class StatusRow {
  readonly #glyphs: Glyphs;
  #drawn: { readonly key: string; readonly row: Row } | undefined;

  constructor(glyphs: Glyphs) {
    this.#glyphs = glyphs;
  }

  /** The row. Less than a second makes no difference to it. */
  row(cols: number, facts: PresenterFacts): Row {
    const elapsedMs = facts.elapsedMs - facts.elapsedMs % 1_000;
    const shown = { ...facts, elapsedMs };
    const key = `${cols} ${JSON.stringify(shown)}`;
    if (this.#drawn?.key !== key) {
      const row = statusRow(cols, statusLine(shown, this.#glyphs), this.#glyphs);
      this.#drawn = { key, row };
    }
    return this.#drawn.row;
  }
}
