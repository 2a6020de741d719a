/**
 * The rule for values that a name gives away: `password=…`, `"token": "…"`, `--api-key …`.
 *
 * @module
 */
import { nameStrength } from "./names.ts";
import type { Candidate, PatternRule, Range } from "./rule.ts";
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
const TRIGGERS = [
  ..."passw passphrase pwd _pass secret token credential _auth authkey apikey".split(" "),
  ..."accesskey privatekey accountkey masterkey signingkey sharedkey _key -key dbpass".split(" "),
];
/** A value: in quotes (escaped ones too, as JSON within JSON has), or up to a blank. */
const VALUE = String.raw`\\"(?:[^"\\]|\\[^"])*(?:\\")?|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|` +
  "`[^`]*`?" + String.raw`|[^\s│┃║]+`;

/** The rules, of one name: assignments, flags and XML elements. */
export const ASSIGNMENT_RULES: readonly PatternRule[] = [
  {
    kind: "pattern",
    name: NAME,
    finds: FINDS,
    pattern: String.raw`(?i)(?P<key>[a-z0-9_.$-]*(?:${WORDS})[a-z0-9_-]*)` +
      String.raw`(?:\\?["'])?\]?\s{0,8}(?::=|=>|[=:])\s{0,8}(?P<secret>${VALUE})`,
    triggers: TRIGGERS,
    refine: refineAssignment,
  },
  {
    kind: "pattern",
    name: NAME,
    finds: FINDS,
    pattern: String
      .raw`(?i)(?:\s|^)(?:--?|set\s+(?:-[a-z]+\s+)+)(?P<key>[a-z0-9_-]*(?:${WORDS})[a-z0-9_-]*)` +
      String.raw`\s{1,8}(?P<secret>${VALUE})`,
    triggers: TRIGGERS,
    refine: refineFlag,
  },
  {
    kind: "pattern",
    name: NAME,
    finds: FINDS,
    pattern: String.raw`(?i)<(?P<key>[a-z0-9_:.-]*(?:${WORDS})[a-z0-9_-]*)>(?P<secret>[^<\s][^<]*)`,
    triggers: TRIGGERS,
    refine: (found) =>
      nameStrength(found.key) === "none" || isPlaceholder(found.text.slice(found.from, found.to))
        ? undefined
        : found,
  },
];

/** A value without the quotes around it. */
interface Value extends Range {
  readonly value: string;
  readonly quoted: boolean;
}

function unquote({ text, from, to }: Range & { readonly text: string }): Value {
  const raw = text.slice(from, to);
  const open = /^(?:\\"|["'`])/.exec(raw)?.[0] ?? "";
  const closed = open !== "" && raw.length > open.length && raw.endsWith(open);
  const start = from + open.length, end = closed ? to - open.length : to;
  return { from: start, to: end, value: text.slice(start, end), quoted: open !== "" };
}

/** The value of a flag: what comes after it unless that is another flag. */
function refineFlag(found: Candidate): Range | undefined {
  if (nameStrength(found.key) === "none") return undefined;
  const { value, quoted, from, to } = unquote(found);
  if (value === "" || isPlaceholder(value) || /^-/.test(value) && !quoted) return undefined;
  if (!quoted && !found.growing && (isCommonWord(value) || isPath(value))) return undefined;
  return { from, to };
}

function refineAssignment(found: Candidate): Range | undefined {
  const strength = nameStrength(found.key);
  if (strength === "none") return undefined;
  const { text, start, key } = found;
  const raw = unquote(found);
  if (raw.value === "" || isPlaceholder(raw.value)) return undefined;
  if (raw.quoted) return refineQuoted(raw, strength === "strong", found.growing);
  // `==` compares; `key=` may stand in the middle of another word.
  if (/^[=~]/.test(raw.value)) return undefined;
  const range = found.growing ? raw : withoutPunctuation(text, start, raw);
  if (range === undefined) return undefined;
  const value = text.slice(range.from, range.to);
  if (value === "" || isPlaceholder(value)) return undefined;
  if (found.growing) return range;
  const code = isExpression(value) || isPlaceholderWord(value) ||
    value.toLowerCase() === lastWord(key);
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

/** A value in quotes is a secret unless it reads as a word or, under a weak name, as a sentence. */
function refineQuoted(raw: Value, strong: boolean, growing: boolean): Range | undefined {
  const { value } = raw;
  if (growing) return raw;
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
  value = value.replace(/(?:\\?["'`]|[,;)\]}>])+$/, "");
  return value === "" ? undefined : { from, to: from + value.length };
}

function lastWord(name: string): string {
  return name.toLowerCase().split(/[^a-z0-9]+/).at(-1)!;
}
