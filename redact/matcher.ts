/**
 * Secrets in one line of text.
 *
 * @module
 */
import { RE2JS } from "re2js";
import { codePointWidth } from "../format/width.ts";
import { Memory } from "./memory.ts";
import type { Candidate, LiteralRule, PatternRule, Range, Rule } from "./rule.ts";
import { isBoxSide } from "./triggers.ts";

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

/** Finds secrets by rules. */
export class Matcher {
  /** Secrets that were found, parts of which are secret wherever they turn up. */
  readonly memory: Memory;
  readonly #patterns: readonly CompiledRule[];
  readonly #literals: readonly Literal[];

  constructor(rules: readonly Rule[], memory: Memory) {
    this.memory = memory;
    this.#patterns = rules.filter((rule) => rule.kind === "pattern").map((rule) =>
      new CompiledRule(rule)
    );
    this.#literals = rules.filter((rule) => rule.kind === "literal").map(literalText);
  }

  /** Everything in a text that is to be masked, rule by rule; ranges of different rules may overlap. */
  find(text: string, place: TextPlace = {}): readonly Found[] {
    const found: Found[] = [];
    for (const literal of this.#literals) findLiteral(found, literal, text, place);
    const lower = text.toLowerCase();
    for (const pattern of this.#patterns) pattern.find(found, text, lower, place);
    this.memory.find(found, text);
    return found;
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

  find(found: Found[], text: string, lower: string, place: TextPlace): void {
    const { triggers, name } = this.#rule;
    if (triggers !== "digits" && triggers.length > 0) {
      if (!triggers.some((trigger) => lower.includes(trigger))) return;
    }
    const { re, secret, key } = this.#compile();
    if (!re.test(text)) return;
    const matcher = re.matcher(text);
    let count = 0;
    for (let at = 0; at <= text.length && matcher.find(at);) {
      const start = matcher.start(), end = matcher.end();
      if (++count > MAX_MATCHES) {
        found.push({ rule: name, start, from: start, to: text.length });
        return;
      }
      const from = matcher.start(secret), to = matcher.end(secret);
      let next = Math.max(end, at + 1, start + 1);
      if (from >= 0 && from < to) {
        const range = this.#refine(
          text,
          start,
          from,
          to,
          key < 0 ? "" : matcher.group(key) ?? "",
          place,
        );
        if (range === undefined) {
          // What follows may be a secret even where this is none: `token: token: s3cret`.
          next = Math.max(from, start + 1);
        } else if (range.from < range.to) {
          found.push({ rule: name, start, from: range.from, to: range.to });
          next = Math.max(range.to, start + 1);
        }
      }
      at = next;
    }
  }

  #refine(
    text: string,
    start: number,
    from: number,
    to: number,
    key: string,
    place: TextPlace,
  ): Range | undefined {
    const { refine } = this.#rule;
    if (refine === undefined) return { from, to };
    const { cursorAt = -1 } = place;
    const whole: Candidate = {
      ...{ text, start, from, to, key },
      growing: growsAt(text, to, place),
      atEnd: endsAt(text, to),
    };
    // What is typed before other text grows at the cursor.
    return refine(whole) ??
      (cursorAt > from && cursorAt < to
        ? refine({ ...whole, to: cursorAt, growing: true, atEnd: false })
        : undefined);
  }

  #compile(): Compiled {
    if (this.#compiled !== undefined) return this.#compiled;
    const re = RE2JS.compile(this.#rule.pattern);
    const groups = re.namedGroups();
    return this.#compiled = { re, secret: groups.secret ?? 0, key: groups.key ?? -1 };
  }
}

/** Whether what ends at a place may be growing: the next group of a card number comes after a blank. */
function growsAt(text: string, at: number, { cursorAt, atEdge }: TextPlace): boolean {
  const blank = (text[at] ?? " ") === " ";
  return cursorAt === at || blank && cursorAt === at + 1 || at === text.length && atEdge === true ||
    at < text.length && isBoxSide(text.charCodeAt(at));
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
    const { cursorAt = -1 } = place;
    const typed = cursorAt >= at + beginning.length && cursorAt <= to;
    if (!whole && !typed && !growsAt(text, to, place) && !endsAt(text, to)) continue;
    found.push({ rule, start: at, from: at, to });
    at = to - 1;
  }
}
