/**
 * Finding a text or a pattern in lines, the newest first.
 *
 * @module
 */
import type { LinePattern } from "./types.ts";

/** What was found. */
export interface Found {
  readonly line: string;
  /** What a pattern matched, its groups after it. */
  readonly match?: readonly string[];
}

/** Finds something in lines. */
export type Finder = (lines: readonly string[]) => Found | undefined;

/** Finds a text; one of several lines is found across lines. The line is the one that it begins in. */
export function textFinder(text: string): Finder {
  const span = text.split("\n").length;
  if (span === 1) {
    return (lines) => {
      const line = lines.findLast((line) => line.includes(text));
      return line === undefined ? undefined : { line };
    };
  }
  return (lines) => {
    for (let from = lines.length - span; from >= 0; from--) {
      if (lines.slice(from, from + span).join("\n").includes(text)) return { line: lines[from]! };
    }
    return undefined;
  };
}

/** Finds what a pattern matches, in one line. */
export function patternFinder(pattern: LinePattern): Finder {
  const safe = stateless(pattern);
  return (lines) => {
    for (let i = lines.length - 1; i >= 0; i--) {
      const match = safe.exec(lines[i]!);
      if (match !== null) return { line: lines[i]!, match: match.map((group) => group ?? "") };
    }
    return undefined;
  };
}

/** A regular expression that was found with `g` or `y` begins where it was left the last time: not here. */
function stateless(pattern: LinePattern): LinePattern {
  return pattern instanceof RegExp && /[gy]/.test(pattern.flags)
    ? new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""))
    : pattern;
}
