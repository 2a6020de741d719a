/**
 * Masked rows: the same width and style, with `•` in place of what is secret, whatever that was.
 *
 * @module
 */
import { CELL, EXTRA, type Extra, type Link, type Row, WIDTH_SHIFT } from "../format/row.ts";
import { usedColumns } from "../format/row.ts";
import { DrawnText } from "./lines.ts";

/** What stands in place of a secret's characters. */
export const MASK = "•";
const MASK_CONTENT = MASK.codePointAt(0)! | (1 << WIDTH_SHIFT);

/** Masked columns of a row, from `from` up to, not including, `to`. */
export interface MaskedSpan {
  readonly from: number;
  readonly to: number;
  /** The name of the rule. */
  readonly rule: string;
}

interface Entry {
  readonly spans: MaskedSpan[];
  /** Links of the row that are not to be seen as they are. */
  links: ReadonlyMap<Link, Link | undefined> | undefined;
  masked: Row | undefined;
}

/** What is masked of rows. A row that was masked once stays so for as long as it is the same row, wherever it moves. */
export class Masks {
  readonly #entries = new WeakMap<Row, Entry>();
  #version = 0;

  /** Counts up with each change. */
  get version(): number {
    return this.#version;
  }

  /** The spans of a row, in no order; they may overlap. */
  spans(row: Row): readonly MaskedSpan[] {
    return this.#entries.get(row)?.spans ?? [];
  }

  /** Masks columns of a row. Returns whether they were not masked already. */
  add(row: Row, from: number, to: number, rule: string): boolean {
    if (this.spans(row).some((span) => span.from <= from && span.to >= to)) return false;
    const entry = this.#entry(row);
    entry.spans.push({ from, to, rule });
    entry.masked = undefined;
    return true;
  }

  /** Puts other links, or none, in the place of some of a row's. */
  addLinks(row: Row, links: ReadonlyMap<Link, Link | undefined>): void {
    const entry = this.#entry(row);
    entry.links = links;
    entry.masked = undefined;
  }

  /** The row as it may be seen; itself when nothing of it is masked. */
  row(row: Row): Row {
    if (this.#version === 0) return row;
    const entry = this.#entries.get(row);
    if (entry === undefined) return row;
    return entry.masked ??= maskRow(row, entry);
  }

  #entry(row: Row): Entry {
    this.#version++;
    let entry = this.#entries.get(row);
    if (entry === undefined) {
      entry = { spans: [], links: undefined, masked: undefined };
      this.#entries.set(row, entry);
    }
    return entry;
  }
}

function maskRow(row: Row, { spans, links }: Entry): Row {
  const cells = row.cells.slice();
  const clusters = row.clusters && new Map(row.clusters);
  const masked = new Uint8Array(cells.length / CELL);
  for (const { from, to } of spans) masked.fill(1, from, to);
  for (let x = 0; x < masked.length; x++) {
    if (masked[x] === 0) continue;
    cells[x * CELL] = MASK_CONTENT;
    clusters?.delete(x);
  }
  const extras = row.extras && maskExtras(row, cells, row.extras, spans, masked, links);
  return {
    cells,
    clusters: clusters?.size === 0 ? undefined : clusters,
    extras: extras?.size === 0 ? undefined : extras,
    wrapped: row.wrapped,
    used: usedColumns(cells, row.used),
  };
}

/** The extras of a masked row: masked cells have no link, nor has any cell one whose target holds what is masked. */
function maskExtras(
  row: Row,
  cells: Uint32Array,
  extras: ReadonlyMap<number, Extra>,
  spans: readonly MaskedSpan[],
  masked: Uint8Array,
  links: ReadonlyMap<Link, Link | undefined> | undefined,
): Map<number, Extra> {
  const secrets = spans.map(({ from, to }) => new DrawnText([{ row, line: 0, from, to }]).text);
  const tells = (link: Link): boolean =>
    secrets.some((secret) =>
      secret.length >= MIN_TOLD && (link.uri.includes(secret) || link.id.includes(secret))
    );
  const result = new Map<number, Extra>();
  for (const [x, extra] of extras) {
    const { underline, underlineColor } = extra;
    let { link } = extra;
    if (link !== undefined && links?.has(link)) link = links.get(link);
    if (link !== undefined && (masked[x] === 1 || tells(link))) link = undefined;
    if (underline !== 0 || underlineColor !== 0 || link !== undefined) {
      result.set(x, { underline, underlineColor, link });
    } else cells[x * CELL + 2] = (cells[x * CELL + 2]! & ~EXTRA) >>> 0;
  }
  return result;
}

/** Shorter pieces of a secret are in a target by chance. */
const MIN_TOLD = 4;
