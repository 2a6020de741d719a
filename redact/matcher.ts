/**
 * Secrets in one line of text.
 *
 * @module
 */
import { RE2JS } from "re2js";
import { codePointWidth } from "../format/width.ts";
import { MAX_PADDING } from "./lines.ts";
import { Memory } from "./memory.ts";
import type { Candidate, LiteralRule, PatternMatch, PatternRule, Range, Rule } from "./rule.ts";
import { isBoxSide } from "./char_classes.ts";
import { Triggers } from "./triggers.ts";

/** A secret in a text. */
export interface Found extends Range {
  /** Where the match begins that it is part of. */
  readonly start: number;
  /** The name of the rule that found it. */
  readonly rule: string;
  /** It is a part of a secret that was found before. */
  readonly known?: boolean;
}

/** What is known of a text beside its characters. */
export interface TextPlace {
  /** Behind how many of its characters the terminal's cursor stands. */
  readonly cursorAt?: number;
  /** Whether it may stand before the last one of those: nobody can tell where it waits to wrap. */
  readonly cursorMayWait?: boolean;
  /** Whether it runs to the edge that texts are wrapped at, so that it may go on elsewhere. */
  readonly atEdge?: boolean;
}

/**
 * Matches of one rule in one text that are looked at one by one; the rest of a longer text is masked. Where every match
 * is found only after a look at all that follows, to find them all would take time in proportion to the square.
 */
const MAX_MATCHES = 256;
/** Characters of a literal that are shown before it is recognised while it grows. */
const LITERAL_SHOWN = 4;
/** Fewer literals are each looked for in a text; of more, those whose beginnings are in it. */
const FEW_LITERALS = 64;

/** Finds secrets by rules. */
export class Matcher {
  /** Secrets that were found, parts of which are secret wherever they turn up. */
  readonly memory: Memory;
  readonly #patterns: readonly CompiledRule[];
  readonly #triggers: Triggers;
  readonly #literals: readonly Literal[];
  /** The numbers of the literals by their beginnings, and how long those are. */
  readonly #byBeginning = new Map<string, number[]>();
  readonly #lengths = new Set<number>();

  constructor(rules: readonly Rule[], memory: Memory) {
    this.memory = memory;
    const patterns = rules.filter((rule) => rule.kind === "pattern");
    this.#patterns = patterns.map((rule) => new CompiledRule(rule));
    this.#triggers = new Triggers(patterns.map(({ triggers }) => triggers));
    this.#literals = rules.filter((rule) => rule.kind === "literal").map(literalText)
      .filter(({ text }) => text !== "");
    this.#literals.forEach(({ beginning }, i) => {
      this.#lengths.add(beginning.length);
      const others = this.#byBeginning.get(beginning);
      if (others === undefined) this.#byBeginning.set(beginning, [i]);
      else others.push(i);
    });
  }

  /** Everything in a text that is to be masked, rule by rule; ranges of different rules may overlap. */
  find(text: string, place: TextPlace = {}): readonly Found[] {
    const found: Found[] = [];
    for (const i of this.#literalsIn(text)) findLiteral(found, this.#literals[i]!, text, place);
    for (const rule of this.#triggers.rules(text)) this.#patterns[rule]!.find(found, text, place);
    this.memory.find(found, text);
    return found;
  }

  /** The numbers of the literals that may be in a text, in order. */
  #literalsIn(text: string): Iterable<number> {
    if (this.#literals.length < FEW_LITERALS) return this.#literals.keys();
    const found = new Set<number>();
    for (const length of this.#lengths) {
      for (let at = 0; at + length <= text.length; at++) {
        for (const i of this.#byBeginning.get(text.slice(at, at + length)) ?? []) found.add(i);
      }
    }
    return [...found].sort((a, b) => a - b);
  }
}

interface Compiled {
  readonly re: RE2JS;
  /** Numbers of the groups: of what is masked, and of the name before it (-1 without). */
  readonly secret: number;
  readonly key: number;
}

class CompiledRule {
  readonly #rule: PatternRule;
  #compiled: Compiled | undefined;

  constructor(rule: PatternRule) {
    this.#rule = rule;
  }

  find(found: Found[], text: string, place: TextPlace): void {
    const { matches } = this.#rule;
    if (matches === undefined) return this.#search(found, text, place);
    let next = 0;
    for (const match of matches(text)) {
      if (match.from >= next) next = this.#take(found, text, match, place);
    }
  }

  #search(found: Found[], text: string, place: TextPlace): void {
    const { re, secret, key } = this.#compiled ??= compile(this.#rule);
    if (!re.test(text)) return;
    const matcher = re.matcher(text);
    let count = 0;
    for (let at = 0; at <= text.length && matcher.find(at);) {
      const start = matcher.start(), from = matcher.start(secret), to = matcher.end(secret);
      if (++count > MAX_MATCHES) {
        found.push({ rule: this.#rule.name, start, from: start, to: text.length });
        return;
      }
      const match = { start, from, to, key: key < 0 ? "" : matcher.group(key) ?? "" };
      const next = from < start || from >= to
        ? matcher.end()
        : this.#take(found, text, match, place);
      at = Math.max(at + 1, next);
    }
  }

  /** Takes a match if it is a secret. Returns where to look for the next one. */
  #take(found: Found[], text: string, match: PatternMatch, place: TextPlace): number {
    const { start, from } = match;
    const range = this.#refine(text, match, place);
    // What follows may be a secret even where this is none: `token: token: s3cret`.
    if (range === undefined) return Math.max(from, start + 1);
    if (range.from < range.to) {
      found.push({ rule: this.#rule.name, start, from: range.from, to: range.to });
    }
    return Math.max(range.to, start + 1);
  }

  #refine(text: string, match: PatternMatch, place: TextPlace): Range | undefined {
    const { refine } = this.#rule;
    if (refine === undefined) return match;
    const { from, to } = match, { cursorAt = -1 } = place;
    const whole: Candidate = {
      ...match,
      text,
      growing: growsAt(text, to, place),
      atEnd: endsAt(text, to),
    };
    // What is typed before other text grows at the cursor.
    return refine(whole) ??
      (cursorAt > from && cursorAt < to
        ? refine({ ...whole, to: cursorAt, growing: true, atEnd: false })
        : undefined);
  }
}

function compile({ pattern }: PatternRule): Compiled {
  const re = RE2JS.compile(pattern);
  const groups = re.namedGroups();
  return { re, secret: groups.secret ?? 0, key: groups.key ?? -1 };
}

/** Whether what ends at a place may be growing: the next group of a card number comes after a blank. */
function growsAt(text: string, at: number, place: TextPlace): boolean {
  const { cursorAt = -1, cursorMayWait = false, atEdge } = place;
  const blank = (text[at] ?? " ") === " ";
  return cursorAt === at || (blank || cursorMayWait) && cursorAt === at + 1 ||
    at === text.length && atEdge === true ||
    isBoxSide(text.charCodeAt(padded(text, at)));
}

/** The place behind as many blanks as may stand between a text and the side of its box. */
function padded(text: string, at: number): number {
  let end = at;
  while (end < at + MAX_PADDING && text[end] === " ") end++;
  return end;
}

/** Whether nothing but blanks stands from a place on to the end of the text or of the box around it. */
function endsAt(text: string, at: number): boolean {
  for (let i = at; i < text.length; i++) {
    if (isBoxSide(text.charCodeAt(i))) return true;
    if (text[i] !== " ") return false;
  }
  return true;
}

/** A literal as it is looked for. */
export interface Literal {
  readonly rule: string;
  readonly text: string;
  /** What is recognised while the literal grows; all of a short one. */
  readonly beginning: string;
}

/** A literal without what is no character of its own on a screen. */
export function literalText({ name, literal }: LiteralRule): Literal {
  const text = [...literal].filter((char) => codePointWidth(char.codePointAt(0)!) > 0).join("");
  const shown = Math.min(LITERAL_SHOWN + 1, text.length);
  return { rule: name, text, beginning: text.slice(0, shown) };
}

function findLiteral(found: Found[], literal: Literal, text: string, place: TextPlace): void {
  const { rule, text: secret, beginning } = literal;
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
    let to = at + beginning.length;
    while (to - at < secret.length && text[to] === secret[to - at]) to++;
    const whole = to - at === secret.length;
    const { cursorAt = -1, cursorMayWait = false } = place;
    const typed = cursorAt >= at + beginning.length && cursorAt <= to + (cursorMayWait ? 1 : 0);
    if (!whole && !typed && !growsAt(text, to, place) && !endsAt(text, to)) continue;
    found.push({ rule, start: at, from: at, to });
    at = to - 1;
  }
}
