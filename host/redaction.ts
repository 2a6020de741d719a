/**
 * The redactor of a host: the rules that it begins with.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";
import { type CountingRedactor, createRedactor } from "../redact/redactor.ts";
import type { Rule } from "../redact/rule.ts";
import { DEFAULT_RULES } from "../redact/rules.ts";
import { environmentRules, type UserRule, userRules } from "../redact/user_rules.ts";

/** What is to be masked. */
export interface RedactionOptions {
  /** Patterns in RE2's syntax. */
  readonly redact: readonly string[];
  /** Rules of the configuration file. */
  readonly redactRules?: readonly UserRule[];
  /** A file of texts to mask, one a line. */
  readonly redactFile?: string;
  /** Whether the built-in rules, and those for the host's own environment, hold. */
  readonly defaultRedactions: boolean;
}

/**
 * Makes a session's redactor.
 *
 * @throws {UsageError} `bad-redaction`: a pattern or the file cannot be used.
 */
export function hostRedactor(
  options: RedactionOptions,
  env: Readonly<Record<string, string>>,
): CountingRedactor {
  const redactor = createRedactor(rulesOf(options, env));
  // Patterns are put together when they are first needed, which is now rather than at the first key.
  redactor.text("token=");
  return redactor;
}

/**
 * The rules that somebody wants.
 *
 * @throws {UsageError} `bad-redaction`
 */
export function rulesOf(
  options: RedactionOptions,
  env: Readonly<Record<string, string>>,
): readonly Rule[] {
  const rules: Rule[] = options.defaultRedactions
    ? [...DEFAULT_RULES, ...environmentRules(env)]
    : [];
  for (const rule of options.redactRules ?? []) rules.push(...userRules(rule));
  for (const pattern of options.redact) {
    rules.push(...userRules({ name: pattern, find: { pattern } }));
  }
  if (options.redactFile !== undefined) {
    for (const rule of literalsOf(options.redactFile)) rules.push(...userRules(rule));
  }
  return rules;
}

/**
 * Rules for the texts in a file, one a line.
 *
 * @throws {UsageError} `bad-redaction`: it cannot be read.
 */
export function literalsOf(path: string): readonly UserRule[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("bad-redaction", `Cannot read redactions from "${path}": ${why}`);
  }
  const literals = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  return literals.map((literal, i) => ({ name: `literal ${i + 1}`, find: { literal } }));
}
