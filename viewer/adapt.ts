/**
 * Frames as a particular terminal can show them: fewer colours, plain underlines, no links it should not have.
 *
 * @module
 */
import type { Frame } from "../format/frame.ts";
import {
  BLANK,
  CELL,
  CLUSTER,
  CODE_MASK,
  COLOR_16,
  COLOR_MASK,
  EXTRA,
  type Extra,
  INVERSE,
  type Row,
} from "../format/row.ts";
import type { Capabilities } from "./capabilities.ts";
import { reduceColor } from "./colors.ts";

/** Which links may be shown: those to the web and to mail, or every one. */
export type LinkPolicy = "web" | "all";

/** Adapts rows to a terminal. A row that was adapted once is not adapted again. */
export class Adapter {
  readonly #capabilities: Capabilities;
  readonly #links: LinkPolicy;
  readonly #plainColors: boolean;
  readonly #rows = new WeakMap<Row, Row>();

  constructor(capabilities: Capabilities, links: LinkPolicy) {
    this.#capabilities = capabilities;
    this.#links = links;
    this.#plainColors = capabilities.colors === "rgb" && capabilities.erasesWithColor;
  }

  /** The frame with its rows and title adapted. */
  frame(frame: Frame): Frame {
    let changed = false;
    const lines = frame.lines.map((row) => {
      const adapted = this.row(row);
      changed ||= adapted !== row;
      return adapted;
    });
    const title = this.#capabilities.titles ? frame.title : "";
    if (!changed && title === frame.title) return frame;
    return { ...frame, lines, title };
  }

  /** The row as the terminal can show it; itself when it can show all of it. */
  row(row: Row): Row {
    if (this.#plainColors && row.extras === undefined && row.clusters === undefined) return row;
    const known = this.#rows.get(row);
    if (known !== undefined) return known;
    const adapted = this.#adapt(row);
    this.#rows.set(row, adapted);
    return adapted;
  }

  #adapt(row: Row): Row {
    const cells = row.cells.slice();
    if (!this.#plainColors) {
      for (let i = 0; i < cells.length; i += CELL) this.#adaptCell(cells, i);
    }
    let extras: Map<number, Extra> | undefined;
    for (const [x, extra] of row.extras ?? []) {
      const adapted = this.#extra(extra);
      if (adapted === undefined) cells[x * CELL + 2]! &= ~EXTRA;
      else (extras ??= new Map()).set(x, adapted);
    }
    return { ...row, cells, extras, clusters: detachJoined(cells, row.clusters) };
  }

  #adaptCell(cells: Uint32Array, i: number): void {
    const { colors, erasesWithColor } = this.#capabilities;
    const fg = cells[i + 1]!, bg = cells[i + 2]!;
    if (colors !== "rgb" && ((fg | bg) & COLOR_MASK) !== 0) {
      const background = reduceColor(bg, colors);
      let foreground = reduceColor(fg, colors);
      let flags = fg & ~COLOR_MASK;
      if (colors === "none") {
        // Without colours a coloured background still stands out.
        if ((bg & COLOR_MASK) !== 0) flags ^= INVERSE;
      } else if (foreground === background && foreground !== 0) {
        if ((fg & COLOR_MASK) !== (bg & COLOR_MASK)) foreground = contrast(background);
      }
      cells[i + 1] = flags | foreground;
      cells[i + 2] = bg & ~COLOR_MASK | background;
    }
    // A blank with a background would be erased, which such a terminal does in its default colour. Text colour
    // does not show on a blank, and makes it something that is written.
    if (!erasesWithColor && cells[i] === BLANK && cells[i + 1] === 0 && cells[i + 2] !== 0) {
      cells[i + 1] = COLOR_16 | 7;
    }
  }

  #extra(extra: Extra): Extra | undefined {
    const { underlines, links, colors } = this.#capabilities;
    const link = extra.link !== undefined && links && this.#allows(extra.link.uri)
      ? extra.link
      : undefined;
    const underline = underlines ? extra.underline : 0;
    const underlineColor = underlines ? reduceColor(extra.underlineColor, colors) : 0;
    if (link === undefined && underline === 0 && underlineColor === 0) return undefined;
    return { underline, underlineColor, link };
  }

  #allows(uri: string): boolean {
    return this.#links === "all" || /^(?:https?:\/\/|mailto:)/i.test(uri);
  }
}

/**
 * Clusters without a zero-width joiner at their end. What it would join stands in the next cell here; a terminal that
 * joins all the same (tmux does, whatever the cursor did in between) would show both in the first and nothing in the
 * second. `cells` get those that are single characters then.
 */
function detachJoined(cells: Uint32Array, clusters: Row["clusters"]): Row["clusters"] {
  if (clusters === undefined) return undefined;
  const detached = new Map<number, string>();
  for (const [x, text] of clusters) {
    // A blank stays one with a joiner: without it, it would lose the style that is not seen of a blank.
    const rest = text.startsWith(" ") ? text : text.replace(/\u200d+$/, "");
    const code = rest.codePointAt(0)!;
    if (rest.length > (code > 0xffff ? 2 : 1)) detached.set(x, rest);
    else cells[x * CELL] = cells[x * CELL]! & ~(CLUSTER | CODE_MASK) | code;
  }
  return detached.size > 0 ? detached : undefined;
}

/** Black or white, whichever can be read on a colour. */
function contrast(background: number): number {
  const index = background & 255;
  return COLOR_16 |
    (index === 0 || index === 1 || index === 4 || index === 5 || index === 8 ? 15 : 0);
}
