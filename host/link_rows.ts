/**
 * Links on the presenter's terminal, so that they can be selected and copied by hand.
 *
 * @module
 */
import type { Row } from "../format/row.ts";
import { columns, RowBuilder, type Style } from "../format/text_row.ts";

/** What stands around a link. */
export interface LinkText {
  readonly heading: string;
  /** Lines below the link; left out where there is no room. */
  readonly more?: readonly { readonly text: string; readonly style?: Style }[];
  readonly hint: string;
  /** What stands in the place of the link, and of that where it does not fit. */
  readonly block?: readonly Row[];
  readonly tooLong?: string;
}

const HEADING: Style = { inverse: true };
const TOO_LONG = "The link is too long for this terminal.";

/**
 * The rows that show a link, as wide as the terminal and without a border: its rows wrap into one another as a long
 * line of text does, so that selecting them copies it in one piece. At most `room` rows: a link that does not fit
 * whole is not shown.
 */
export function linkRows(
  link: string,
  text: LinkText,
  { cols, room }: { readonly cols: number; readonly room: number },
): Row[] {
  const bar = (words: string): Row => {
    const builder = new RowBuilder(cols).fill(0, cols, HEADING);
    builder.text(1, words, HEADING);
    return builder.build();
  };
  const line = (words: string, style: Style = {}): Row => {
    const builder = new RowBuilder(cols);
    builder.text(1, words, style);
    return builder.build();
  };
  const rows = text.block ?? wrappedRows(link, cols, {
    bold: true,
    link: { id: "collab", uri: link },
  });
  const shown = rows.length + 2 <= room ? rows : [line(text.tooLong ?? TOO_LONG)];
  const left = room - shown.length - 2;
  const more = (text.more ?? []).slice(0, Math.max(0, left));
  return [
    bar(text.heading),
    ...shown,
    ...more.map(({ text: words, style }) => line(words, style)),
    bar(text.hint),
  ];
}

/** A line as rows that wrap into one another. */
export function wrappedRows(line: string, cols: number, style: Style = {}): Row[] {
  const rows: Row[] = [];
  let part = "", width = 0;
  const end = (): void => {
    const row = new RowBuilder(cols);
    row.text(0, part, style);
    rows.push(row.build(rows.length > 0));
    part = "", width = 0;
  };
  for (const { segment } of graphemes.segment(line)) {
    const more = columns(segment);
    if (width + more > cols) end();
    part += segment, width += more;
  }
  if (part !== "" || rows.length === 0) end();
  return rows;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

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
