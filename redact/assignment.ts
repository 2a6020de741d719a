/**
 * The rule for values that a name gives away: `password=…`, `"token": "…"`, `--api-key …`.
 *
 * @module
 */
import { nameStrength } from "./names.ts";
import type { Candidate, PatternMatch, PatternRule, Range } from "./rule.ts";
import {
  isCommonWord,
  isExpression,
  isName,
  isPath,
  isPlaceholder,
  isPlaceholderWord,
  looksSecret,
} from "./values.ts";

const NAME = "password";
const FINDS = "values of names such as `password`, `secret`, `token`, `api_key`";
const WORDS = "passw(?:or)?d|passwort|passphrase|pwd|pass|secret|token|credentials?|auth|[_-]?key";
const NAMES = [
  ..."passw passphrase pwd _pass secret token credential auth apikey".split(" "),
  ..."accesskey privatekey accountkey masterkey signingkey sharedkey _key -key dbpass".split(" "),
];
/** `auth` alone is in too many words. */
const TRIGGERS = [...NAMES.filter((name) => name !== "auth"), "_auth", "authkey", '"auth"'];
/** A value up to the side of a box: in quotes (escaped ones too, as JSON within JSON has), or up to a blank. */
const VALUE =
  String.raw`\\"(?:[^"\\│┃║]|\\[^"])*(?:\\")?|"(?:[^"\\│┃║]|\\.)*"?|'(?:[^'\\│┃║]|\\.)*'?|` +
  "`[^`│┃║]*`?" + String.raw`|[^\s│┃║]+`;

/** The rules, of one name: assignments, flags and XML elements. */
export const ASSIGNMENT_RULES: readonly PatternRule[] = [
  {
    kind: "pattern",
    name: NAME,
    finds: FINDS,
    pattern: String.raw`(?i)(?P<key>[a-z0-9_.$-]*(?:${WORDS})[a-z0-9_-]*)` +
      String.raw`(?:\\?["'])?\]?\s{0,8}(?::=|=>|[=:])\s{0,8}(?P<secret>${VALUE})`,
    triggers: TRIGGERS,
    matches: assignments,
    refine: refineAssignment,
  },
  {
    kind: "pattern",
    name: NAME,
    finds: FINDS,
    pattern: String
      .raw`(?i)(?:[\s│┃║]|^)(?:--?|set\s+(?:-[a-z]+\s+)+)(?P<key>[a-z0-9_-]*(?:${WORDS})[a-z0-9_-]*)` +
      String.raw`\s{1,8}(?P<secret>${VALUE})`,
    triggers: TRIGGERS,
    matches: flags,
    refine: refineFlag,
  },
  {
    kind: "pattern",
    name: NAME,
    finds: FINDS,
    pattern: String.raw`(?i)<(?P<key>[a-z0-9_:.-]*(?:${WORDS})[a-z0-9_-]*)>(?P<secret>[^<\s][^<]*)`,
    triggers: TRIGGERS,
    matches: elements,
    refine: (found) => {
      const value = found.text.slice(found.from, found.to);
      const secret = nameStrength(found.key) !== "none" && !isPlaceholder(value) && !isPath(value);
      return secret ? found : undefined;
    },
  },
];

/** Longest part of a name before or behind what makes it look secret. */
const MAX_NAME = 128;

/** The names in a text, as they were asked for last: each of the rules asks for them. */
let lastNames: { readonly text: string; readonly names: readonly Range[] } = {
  text: "",
  names: [],
};

/** The names in a text that have a trigger, each once: where they begin, and where they end as far as the patterns go. */
function names(text: string): readonly Range[] {
  if (lastNames.text !== text) lastNames = { text, names: [...findNames(text)] };
  return lastNames.names;
}

function* findNames(text: string): Generator<Range> {
  const lower = lowerCase(text);
  const ends = new Set<number>();
  for (const trigger of NAMES) {
    for (let at = lower.indexOf(trigger); at >= 0; at = lower.indexOf(trigger, at + 1)) {
      let from = at, to = at + trigger.length;
      while (to < text.length && to - at < MAX_NAME && /[\w-]/.test(text[to]!)) to++;
      if (ends.has(to)) continue;
      ends.add(to);
      while (from > 0 && at - from < MAX_NAME && /[\w.$-]/.test(text[from - 1]!)) from--;
      yield { from, to };
    }
  }
}

/** Without capitals, each character where it was. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length
    ? lower
    : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const SIGN = /^(?:\\?["'])?\]?\s{0,8}(?::=|=>|[=:])\s{0,8}/;

function assignments(text: string): readonly PatternMatch[] {
  return inOrder(text, ({ from, to }) => {
    const sign = SIGN.exec(text.slice(to, to + 24))?.[0];
    if (sign === undefined) return undefined;
    let value = to + sign.length;
    // With nothing behind it, the end of an arrow is a value.
    if (valueEnd(text, value) === value && sign.trimEnd().endsWith("=>")) {
      value = to + sign.lastIndexOf(">");
    }
    return { start: from, key: text.slice(from, to), from: value, to: valueEnd(text, value) };
  });
}

function flags(text: string): readonly PatternMatch[] {
  return inOrder(text, ({ from, to }) => {
    const blanks = /^\s{1,8}/.exec(text.slice(to, to + 8))?.[0];
    if (blanks === undefined) return undefined;
    const dashes = /^--?/.exec(text.slice(from, to))?.[0] ?? "";
    const value = to + blanks.length, end = valueEnd(text, value);
    const found = { key: text.slice(from + dashes.length, to), from: value, to: end };
    if (dashes !== "") {
      return from === 0 || /[\s│┃║]/.test(text[from - 1]!) ? { start: from, ...found } : undefined;
    }
    const before = text.slice(Math.max(0, from - MAX_NAME), from);
    const set = /(?:^|[\s│┃║])set\s(?:\s|-[a-z]+\s)*-[a-z]+\s+$/i.exec(before);
    return set === null ? undefined : { start: from - before.length + set.index, ...found };
  });
}

function elements(text: string): readonly PatternMatch[] {
  return inOrder(text, ({ from, to }) => {
    const start = text.lastIndexOf("<", from);
    if (text[to] !== ">" || start < 0 || !/^<[\w:.-]*$/.test(text.slice(start, to))) {
      return undefined;
    }
    const value = to + 1, next = text.indexOf("<", value);
    if (/\s/.test(text[value] ?? " ")) return undefined;
    return {
      start,
      key: text.slice(start + 1, to),
      from: value,
      to: next < 0 ? text.length : next,
    };
  });
}

/** What is made of the names in a text, from left to right. */
function inOrder(
  text: string,
  match: (name: Range) => PatternMatch | undefined,
): readonly PatternMatch[] {
  const found: PatternMatch[] = [];
  for (const name of names(text)) {
    const one = match(name);
    if (one !== undefined && one.from < one.to) found.push(one);
  }
  return found.length < 2 ? found : found.sort((a, b) => a.start - b.start);
}

/** Where a value ends that begins at a place, as {@link VALUE} says. */
function valueEnd(text: string, from: number): number {
  const escaped = text.startsWith('\\"', from);
  const quote = escaped ? '"' : text[from];
  let at = from;
  if (quote !== '"' && quote !== "'" && quote !== "`") {
    while (at < text.length && !/[\s│┃║]/.test(text[at]!)) at++;
    return at;
  }
  for (at = from + (escaped ? 2 : 1); at < text.length; at++) {
    if (/[│┃║]/.test(text[at]!)) return at;
    const isEscape = quote !== "`" && text[at] === "\\";
    if (escaped && isEscape && text[at + 1] === '"') return at + 2;
    if (!isEscape && text[at] === quote) return escaped ? at : at + 1;
    if (isEscape && at + 1 < text.length) at++;
  }
  return text.length;
}

/** A value without the quotes around it. */
interface Value extends Range {
  readonly value: string;
  readonly quoted: boolean;
  /** The quotation mark at its end is there. */
  readonly closed: boolean;
}

function unquote({ text, from, to }: Range & { readonly text: string }): Value {
  const raw = text.slice(from, to);
  const open = /^(?:\\"|["'`])/.exec(raw)?.[0] ?? "";
  const closed = open !== "" && raw.length > open.length && raw.endsWith(open);
  const start = from + open.length, end = closed ? to - open.length : to;
  return { from: start, to: end, value: text.slice(start, end), quoted: open !== "", closed };
}

/** So long is no name of a file or of what is to be given, but a key without digits may be. */
const MIN_RANDOM_NAME = 20;

/** The value of a flag: what comes after it unless that is another flag. */
function refineFlag(found: Candidate): Range | undefined {
  const strength = nameStrength(found.key);
  if (strength === "none") return undefined;
  const { value, quoted, from, to } = unquote(found);
  if (value === "" || isPlaceholder(value) || /^-/.test(value) && !quoted) return undefined;
  if (!quoted && !found.growing) {
    if (isCommonWord(value) || isPath(value)) return undefined;
    // `--client-key FILE` names what is wanted.
    if (strength === "weak" && isName(value) && value.length < MIN_RANDOM_NAME) return undefined;
  }
  return { from, to };
}

function refineAssignment(found: Candidate): Range | undefined {
  const strength = nameStrength(found.key);
  if (strength === "none") return undefined;
  const { text, start, key } = found;
  const raw = unquote(found);
  if (raw.value === "" || isPlaceholder(raw.value)) return undefined;
  // `? "password" : "editor"` chooses.
  if (!found.growing && /\?\s*["'`]?$/.test(text.slice(0, start))) return undefined;
  // `"Password: "` asks for one: what stands behind it is no value, but the end of the text.
  if (endsText(found)) return undefined;
  // `auth` names a kind of it as often as the secret itself.
  if (lastWord(key) === "auth" && !found.growing && !looksSecret(raw.value)) return undefined;
  if (raw.quoted) return refineQuoted(raw, strength === "strong", found.growing);
  // `==` compares; `key=` may stand in the middle of another word.
  if (/^[=~]/.test(raw.value)) return undefined;
  const range = found.growing ? raw : withoutPunctuation(text, start, raw);
  if (range === undefined) return undefined;
  const value = text.slice(range.from, range.to);
  if (value === "" || isPlaceholder(value)) return undefined;
  if (found.growing) return range;
  const code = isExpression(value) || isPlaceholderWord(value) ||
    value.toLowerCase() === lastWord(key) || value.endsWith(`.${key}`);
  if (code) return undefined;
  const between = text.slice(start + key.length, found.from);
  const punctuated = range.to < found.to;
  return accepts(value, {
      strong: strength === "strong",
      tight: /^\\?["']?\]?(?::=|=>|[=:])$/.test(between),
      equals: between.includes("="),
      first: /^[\s"'{,│┃║|>#*+-]*(?:export\s+|set\s+|env\s+)?$/i.test(text.slice(0, start)),
      punctuated,
      atEnd: found.atEnd,
      config: /^(?:aws_|[A-Z][A-Z0-9_]*$)/.test(key),
    })
    ? range
    : undefined;
}

/** Whether the quotation mark that a value begins with ends a text that the name is part of. */
function endsText({ text, start, key, from }: Candidate): boolean {
  const quote = text[from]!;
  if (!/["'`]/.test(quote) || /^\\?["'`]/.test(text.slice(start + key.length))) return false;
  return text.slice(0, start).split(quote).length % 2 === 0;
}

/** What is shorter in quotes is a letter, not a secret. */
const MIN_QUOTED = 3;

/** A value in quotes is a secret unless it reads as a word or, under a weak name, as a sentence. */
function refineQuoted(raw: Value, strong: boolean, growing: boolean): Range | undefined {
  const { value, closed } = raw;
  if (growing) return raw;
  if (closed && value.length < MIN_QUOTED) return undefined;
  if (isPlaceholderWord(value) || isCommonWord(value) || /^(?:\$\{|\{\{|%[sdv])/.test(value)) {
    return undefined;
  }
  if (/\s/.test(value) && !strong) return undefined;
  return isPath(value) || /^\.{0,3}$/.test(value) ? undefined : raw;
}

/** What is known of the place of a value. */
interface Place {
  readonly strong: boolean;
  /** No blank around the sign. */
  readonly tight: boolean;
  readonly equals: boolean;
  /** The name is the first thing on its line. */
  readonly first: boolean;
  /** Something of code or prose follows at once: `,`, `;`, a bracket. */
  readonly punctuated: boolean;
  readonly atEnd: boolean;
  /** A name as environments and configuration files have, not programs. */
  readonly config: boolean;
}

/** Whether a value without quotes is a secret where it stands. */
function accepts(value: string, place: Place): boolean {
  if (isPath(value)) return false;
  if (place.config && place.equals) return !(place.punctuated && isName(value));
  if (isName(value)) {
    if (place.punctuated || isCommonWord(value)) return false;
    if (place.equals) return place.tight || place.strong && place.first && place.atEnd;
    // A type begins with a capital, a word of a sentence has others around it.
    if (/^[A-Z][A-Za-z]*$/.test(value)) return false;
    return place.first && place.atEnd || place.strong && place.atEnd;
  }
  if (/^\d+$/.test(value)) return place.strong || value.length >= 6;
  if (place.strong) return /[A-Za-z0-9]/.test(value);
  if (place.equals && place.tight) return value.length >= 4 || place.atEnd;
  return looksSecret(value) || place.first && place.atEnd && /^\w/.test(value);
}

/** A value without what belongs to the text around it; `undefined` when nothing is left. */
function withoutPunctuation(text: string, start: number, { from, to }: Range): Range | undefined {
  let value = text.slice(from, to);
  // In a query the next parameter, in a connection string the next pair is not part of it.
  const before = /\S*$/.exec(text.slice(0, start))![0];
  if (/[?&]$/.test(before)) value = value.split("&", 1)[0]!;
  if (/;$/.test(before) || /;\w[\w ]*=/.test(value)) value = value.split(";", 1)[0]!;
  value = value.replace(/(?:\\?["'`]|[,;:)\]}>])+$/, "");
  return value === "" ? undefined : { from, to: from + value.length };
}

function lastWord(name: string): string {
  return name.toLowerCase().split(/[^a-z0-9]+/).at(-1)!;
}
