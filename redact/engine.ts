/**
 * What the screens, texts and events of one session share: the rules, what was found by them, and how often.
 *
 * @module
 */
import { codePointWidth } from "../format/width.ts";
import type { Link, Row } from "../format/row.ts";
import type { Piece } from "./lines.ts";
import { MASK, Masks } from "./masks.ts";
import { type Found, literalText, Matcher, type TextPlace } from "./matcher.ts";
import { Memory, MIN_PART } from "./memory.ts";
import { keyLine, keyOpensAt, PEM_RULE } from "./pem.ts";
import type { Range, Rule } from "./rule.ts";
import { Triggers } from "./triggers.ts";

/** A secret that was masked for the first time. */
export interface Masking {
  /** The name of the rule. */
  readonly rule: string;
  /** What was masked: not to leave the process. */
  readonly secret: string;
}

/** Secrets that are known to have been counted, and places where one may be growing. */
const MAX_SEEN = 8_192, MAX_PLACES = 512;
/** Longest part of a text that is looked at at once, and how much of it is looked at again with what follows. */
const MAX_TEXT = 8_192, TEXT_OVERLAP = 2_048;

/** Rules at work. */
export class Engine {
  readonly masks = new Masks();
  /** Rows that the first line of a private key ends in, and the column it ends at. */
  readonly keyOpens = new WeakMap<Row, number>();
  /** Whether there ever was one. */
  keysSeen = false;
  /** How many screens there are. */
  screens = 0;
  /** Whether private keys are followed over their lines. */
  readonly followsKeys: boolean;
  readonly #rules: readonly Rule[];
  readonly #matcher: Matcher;
  readonly #onMasking: ((masking: Masking) => void) | undefined;
  readonly #counts = new Map<string, number>();
  readonly #links = new WeakMap<Link, Link>();
  readonly #seen = new Set<string>();
  /** What was found where lately, to tell a secret that grows from another one. */
  readonly #places = new Map<string, string>();
  #triggers: Triggers;

  constructor(rules: readonly Rule[], onMasking?: (masking: Masking) => void) {
    this.#rules = rules;
    this.#onMasking = onMasking;
    this.followsKeys = rules.some(({ name }) => name === PEM_RULE);
    this.#triggers = this.#makeTriggers([]);
    const memory = new Memory({
      added: (text) => this.#triggers.addParts(text, MIN_PART),
      left: (texts) => this.#triggers = this.#makeTriggers(texts),
    });
    this.#matcher = new Matcher(rules, memory);
    for (const rule of rules) if (rule.kind === "literal") memory.learn(rule.name, rule.literal);
  }

  /** Distinct secrets masked so far, by the name of the rule. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** What is in a row, see {@link Triggers.scan}. */
  scan(row: Row): number {
    return this.#triggers.scan(row);
  }

  /** Whether a trigger may reach from a row over to the next one. */
  spans(above: Row, below: Row): boolean {
    return this.#triggers.spans(above, below);
  }

  /** Whether a text has a trigger. */
  test(text: string): boolean {
    return this.#triggers.test(text);
  }

  /** Whether two pieces of rows, one after the other, have a trigger. */
  testPieces(a: Piece, b: Piece): boolean {
    return this.#triggers.testPieces(a, b);
  }

  /** Everything in a text that is to be masked. */
  find(text: string, place?: TextPlace): readonly Found[] {
    return this.#matcher.find(text, place);
  }

  /**
   * Remembers a secret, and counts it if it is a new one.
   *
   * @param place where it begins: what is found there later is the same secret, grown
   */
  note(rule: string, secret: string, place: string, counts = true): void {
    this.#matcher.memory.learn(rule, secret);
    const id = `${rule}\0${secret}`;
    if (this.#seen.has(id)) return;
    if (this.#seen.size >= MAX_SEEN) this.#seen.clear();
    this.#seen.add(id);
    const before = this.#places.get(place);
    this.#places.delete(place);
    this.#places.set(place, secret);
    if (this.#places.size > MAX_PLACES) this.#places.delete(this.#places.keys().next().value!);
    this.#onMasking?.({ rule, secret });
    const grown = before !== undefined && (secret.startsWith(before) || before.startsWith(secret));
    if (counts && !grown) this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + 1);
  }

  /** A text of any number of lines, with masks for its secrets. `place` tells texts apart that may grow. */
  text(text: string, place: string): string {
    if (!this.#triggers.test(text)) return text;
    let inKey = false;
    return text.split("\n").map((line, i) => {
      const ranges: Range[] = [];
      if (inKey) inKey = this.#keyLine(line, ranges, `${place}:${i}`);
      for (const found of this.#findLong(line)) {
        ranges.push(found);
        if (found.known) continue;
        this.note(found.rule, line.slice(found.from, found.to), `${place}:${i}:${found.start}`);
      }
      if (this.followsKeys && keyOpensAt(line) >= 0) inKey = true;
      return maskText(line, ranges);
    }).join("\n");
  }

  /** A link as it may be seen. */
  link(link: Link): Link {
    let safe = this.#links.get(link);
    if (safe === undefined) {
      const uri = asciiMasks(this.text(link.uri, "link")),
        id = asciiMasks(this.text(link.id, "link"));
      safe = uri === link.uri && id === link.id ? link : { uri, id };
      this.#links.set(link, safe);
    }
    return safe;
  }

  /** Masks the links of a row. */
  maskLinks(row: Row): void {
    if (row.extras === undefined) return;
    const links = new Map<Link, Link>();
    for (const { link } of row.extras.values()) {
      if (link === undefined || links.has(link)) continue;
      const safe = this.link(link);
      if (safe !== link) links.set(link, safe);
    }
    if (links.size > 0) this.masks.addLinks(row, links);
  }

  #keyLine(line: string, ranges: Range[], place: string): boolean {
    const found = keyLine(line);
    switch (found.kind) {
      case "between":
        return true;
      case "body":
      case "end":
        if (found.range !== undefined) {
          ranges.push(found.range);
          this.note(PEM_RULE, line.slice(found.range.from, found.range.to), place, false);
        }
        return found.kind === "body";
      default:
        return found satisfies never;
    }
  }

  /** As {@link find}, in time in proportion to the text however long it is. */
  *#findLong(line: string): Generator<Found> {
    for (let at = 0;; at += MAX_TEXT - TEXT_OVERLAP) {
      for (const found of this.find(line.slice(at, at + MAX_TEXT))) {
        const { start, from, to } = found;
        yield { ...found, start: start + at, from: from + at, to: to + at };
      }
      if (at + MAX_TEXT >= line.length) return;
    }
  }

  #makeTriggers(parts: readonly string[]): Triggers {
    const lists = this.#rules.flatMap((rule) => rule.kind === "pattern" ? [rule.triggers] : []);
    if (this.followsKeys) lists.push(KEY_TRIGGERS);
    const triggers = new Triggers(lists);
    for (const rule of this.#rules) {
      if (rule.kind === "literal") triggers.addLiteral(literalText(rule).beginning);
    }
    for (const part of parts) triggers.addParts(part, MIN_PART);
    return triggers;
  }
}

const KEY_TRIGGERS = ["-----begin", "-----end", "private-lines:"];

/** A text with masks in place of ranges, as wide as before. */
function maskText(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text;
  const sorted = ranges.toSorted((a, b) => a.from - b.from);
  let result = "";
  let at = 0;
  for (const { from, to } of sorted) {
    if (to <= at) continue;
    result += text.slice(at, Math.max(at, from));
    for (const char of text.slice(Math.max(at, from), to)) {
      result += MASK.repeat(codePointWidth(char.codePointAt(0)!));
    }
    at = to;
  }
  return result + text.slice(at);
}

/** A link's target is ASCII. */
function asciiMasks(text: string): string {
  return text.replaceAll(MASK, "*");
}
