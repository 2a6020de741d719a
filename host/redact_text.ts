/**
 * What rules would mask of a text.
 *
 * @module
 */
import { codePointWidth } from "../format/width.ts";
import { MASK } from "../redact/masks.ts";
import { createRedactor } from "../redact/redactor.ts";
import type { Rule } from "../redact/rule.ts";

/** Something that is masked in a text. */
export interface TextMasking {
  readonly rule: string;
  /** From 1. */
  readonly line: number;
  /** Characters, from 1. */
  readonly column: number;
  /** How many characters are masked. */
  readonly length: number;
}

/** A text, masked. */
export interface MaskedText {
  /** Its lines, each in parts of which every second one is a mask. */
  readonly lines: readonly (readonly string[])[];
  readonly maskings: readonly TextMasking[];
  /** How often each rule masked something. */
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Masks a text, and says what, where and why.
 *
 * @example
 * ```ts
 * import { DEFAULT_RULES } from "../redact/rules.ts";
 * import assert from "node:assert/strict";
 *
 * const { lines, maskings } = maskText("$ psql\npostgres://ada:s3cret@db/prod", DEFAULT_RULES);
 * assert.deepEqual(lines[1], ["postgres://ada:", "••••••", "@db/prod"]);
 * assert.deepEqual(maskings, [{ rule: "url", line: 2, column: 16, length: 6 }]);
 * ```
 */
export function maskText(text: string, rules: readonly Rule[]): MaskedText {
  const known = new Map<string, string>();
  const redactor = createRedactor(rules, {
    onMasking: ({ rule, secret }) => known.set(secret, rule),
  });
  const before = text.split("\n"), after = redactor.text(text).split("\n");
  const maskings: TextMasking[] = [], counts = new Map<string, number>();
  const lines = before.map((line, i) => {
    const parts = partsOf(line, after[i]!);
    let column = 1;
    parts.forEach(({ raw }, n) => {
      const length = [...raw].length;
      if (n % 2 === 1) {
        const rule = ruleOf(raw, known);
        maskings.push({ rule, line: i + 1, column, length });
        counts.set(rule, (counts.get(rule) ?? 0) + 1);
      }
      column += length;
    });
    return parts.map(({ shown }) => shown);
  });
  return { lines, maskings, counts };
}

interface Part {
  readonly raw: string;
  readonly shown: string;
}

/** A line in parts, every second of which is masked: what differs from what was masked. */
function partsOf(line: string, masked: string): Part[] {
  const parts: { raw: string; shown: string }[] = [{ raw: "", shown: "" }];
  let at = 0;
  for (const char of line) {
    const same = masked.startsWith(char, at);
    const isMask = parts.length % 2 === 0;
    if (same === isMask) parts.push({ raw: "", shown: "" });
    const shown = same ? char : MASK.repeat(codePointWidth(char.codePointAt(0)!));
    const part = parts.at(-1)!;
    part.raw += char;
    part.shown += shown;
    at += shown.length;
  }
  return parts;
}

/** The rule that masked a text: what is masked may be more than one secret, or a part of one. */
function ruleOf(text: string, known: ReadonlyMap<string, string>): string {
  const rule = known.get(text);
  if (rule !== undefined) return rule;
  for (const [secret, rule] of known) {
    if (secret !== "" && (text.includes(secret) || secret.includes(text))) return rule;
  }
  return "unknown";
}
