/**
 * Rules of one's own: patterns and literals by flag or file, and the secrets of the host's environment.
 *
 * @module
 */
import { RE2JS } from "re2js";
import { UsageError } from "../format/errors.ts";
import { nameStrength } from "./names.ts";
import { type LiteralRule, MIN_LITERAL, type PatternRule, type Rule } from "./rule.ts";
import { isPath, isPlaceholder, isPlaceholderWord } from "./values.ts";

/** What somebody wants masked. */
export interface UserRule {
  /** For reports and counts. */
  readonly name: string;
  /** What to find: a pattern in RE2's syntax, or a text as it is. */
  readonly find: { readonly pattern: string } | { readonly literal: string };
  /**
   * What of a match stays readable: its first so many characters, or this text that it begins with. Without it nothing
   * does, unless the pattern has a group named `secret`: then everything but that group.
   */
  readonly keep?: number | string;
}

/**
 * Rules of what a user asked for. Throws a {@link UsageError} (`bad-redaction`) for a pattern that cannot be matched in
 * linear time or a literal that is too short.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const rules = userRules({ name: "ticket", find: { pattern: "ticket-\\d+" }, keep: "ticket-" });
 * assert.equal(rules[0]?.name, "ticket");
 * assert.throws(() => userRules({ name: "bad", find: { pattern: "(?=a)" } }), /Cannot use redaction "bad"/);
 * ```
 */
export function userRules(rule: UserRule): readonly Rule[] {
  const { name, find, keep } = rule;
  if ("literal" in find) return literalRules(name, find.literal);
  checkPattern(name, find.pattern);
  const beginning = typeof keep === "string" && keep !== "" ? keep : literalBeginning(find.pattern);
  const hasGroup = find.pattern.includes("(?P<secret>");
  const kept = (text: string): number =>
    typeof keep === "number" ? keep : keep !== undefined && text.startsWith(keep) ? keep.length : 0;
  const finds = `\`${find.pattern}\``;
  const whole: PatternRule = {
    kind: "pattern",
    name,
    finds,
    pattern: find.pattern,
    triggers: triggersOf(literalBeginning(find.pattern)),
    refine: ({ text, start, from, to }) => {
      const shown = Math.max(from, start + kept(text.slice(start)));
      return shown < to ? { from: shown, to } : undefined;
    },
  };
  if (beginning.length < MIN_TRIGGER) return [whole];
  return [whole, {
    kind: "pattern",
    name,
    finds,
    pattern: `${RE2JS.quote(beginning)}[^\\s"'│┃║]+`,
    triggers: triggersOf(beginning),
    // What begins like a match, at the end of what is drawn, may become one.
    refine: ({ text, from, to, growing, atEnd }) => {
      const readable = keep !== undefined || hasGroup ? beginning.length : 0;
      const shown = from + Math.max(kept(text.slice(from)), readable);
      return (growing || atEnd) && shown < to ? { from: shown, to } : undefined;
    },
  }];
}

/** Rules for a text that is to be masked wherever it stands: one for each of its lines. */
function literalRules(name: string, text: string): readonly LiteralRule[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  const long = lines.filter((line) => [...line].length >= MIN_LITERAL);
  if (long.length === 0) {
    throw new UsageError(
      "bad-redaction",
      `Cannot use redaction "${name}": its text is shorter than ${MIN_LITERAL} characters`,
    );
  }
  return long.map((literal) => ({ kind: "literal", name, finds: "a text of its own", literal }));
}

function checkPattern(name: string, pattern: string): void {
  try {
    RE2JS.compile(pattern);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("bad-redaction", `Cannot use redaction "${name}": ${detail}`, { cause });
  }
}

/** Shortest text that is worth looking for before a pattern is tried. */
const MIN_TRIGGER = 3;

function triggersOf(beginning: string): readonly string[] {
  const ascii = /^[\x20-\x7e]*/.exec(beginning)![0].toLowerCase();
  return ascii.length >= MIN_TRIGGER && /[a-z]/.test(ascii) ? [ascii] : [];
}

/** The text that everything that a pattern matches begins with, as far as is plain to see. */
function literalBeginning(pattern: string): string {
  if (pattern.includes("|")) return "";
  const source = pattern.replace(/^(?:\\b|\^)+/, "");
  const found = /^(?:[\w\- @#%&=:;,<>~/!"']|\\[-./+*?()[\]{}^$|\\])*/.exec(source)![0];
  const next = source[found.length] ?? "";
  // The last character may be absent, or there many times.
  const sure = /[*?{]/.test(next) ? found.replace(/\\?.$/, "") : found;
  return sure.replace(/\\(.)/g, "$1");
}

/** Shortest value of the environment that counts as a secret. */
const MIN_ENVIRONMENT = 8;

/**
 * Rules for the secrets of the host's own environment: values of names that say so, and passwords in URLs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const [rule] = environmentRules({ GITHUB_TOKEN: "abcd1234efgh", HOME: "/home/me" });
 * assert.equal(rule?.name, "env:GITHUB_TOKEN");
 * ```
 */
export function environmentRules(env: Readonly<Record<string, string>>): readonly LiteralRule[] {
  const rules: LiteralRule[] = [];
  for (const [variable, value] of Object.entries(env)) {
    const secrets = nameStrength(variable) === "none"
      ? [/^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s@]+)@/i.exec(value)?.[1] ?? ""]
      : value.split(/\r?\n/);
    for (const secret of secrets.map((line) => line.trim())) {
      if (!isEnvironmentSecret(secret)) continue;
      const name = `env:${variable}`;
      const finds = "values of the host's environment whose names look secret";
      rules.push({ kind: "literal", name, finds, literal: secret });
      const encoded = encodeURIComponent(secret);
      if (encoded !== secret) rules.push({ kind: "literal", name, finds, literal: encoded });
    }
  }
  return rules;
}

function isEnvironmentSecret(value: string): boolean {
  return value.length >= MIN_ENVIRONMENT && !isPlaceholder(value) && !isPlaceholderWord(value) &&
    !isPath(value) && !/^-----(?:BEGIN|END) /.test(value) && !/^\/[\w./-]*$/.test(value);
}
