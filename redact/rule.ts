/**
 * What a rule is: something that finds secrets in one line of text.
 *
 * @module
 */

/** A part of a text, in UTF-16 units: from `from` up to, not including, `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A place where a pattern matched: the range is its group `secret`, or all of it. */
export interface PatternMatch extends Range {
  /** Where the whole match begins. */
  readonly start: number;
  /** The group `key` of the pattern: the name before the value; empty when there is none. */
  readonly key: string;
}

/** A match, and what stands around it. */
export interface Candidate extends PatternMatch {
  readonly text: string;
  /**
   * Whether it may be still growing: the terminal's cursor stands right behind it, or it runs to the edge that its text
   * is wrapped at.
   */
  readonly growing: boolean;
  /** Whether nothing but blanks follow, to the end of the line or of the box that it stands in. */
  readonly atEnd: boolean;
}

/**
 * Secrets of a shape. The group `secret` is what is masked, the rest of a match stays readable; without such a group
 * all of it is masked. A pattern also matches a secret that is not whole yet, from its first character on.
 */
export interface PatternRule {
  readonly kind: "pattern";
  /** For reports, counts and the documentation; several rules may share one. */
  readonly name: string;
  /** What it finds, in a few words. */
  readonly finds: string;
  /** In RE2's syntax: matching takes time in proportion to the text. */
  readonly pattern: string;
  /**
   * What a line has to have before the pattern is tried: one of some lower-case texts of three or more ASCII characters
   * (in either case), or many digits. Empty when nothing is known: then every line is tried.
   */
  readonly triggers: readonly string[] | "digits";
  /**
   * Finds what the pattern matches in a tenth of the time, by code of its own that takes time in proportion to the text.
   * A test holds it to the pattern.
   */
  readonly matches?: (text: string) => Iterable<PatternMatch>;
  /** Looks at a match more closely: what of it is to be masked, or `undefined` when it is no secret. */
  readonly refine?: (candidate: Candidate) => Range | undefined;
}

/** One secret that is known. It is masked wherever it stands. */
export interface LiteralRule {
  readonly kind: "literal";
  readonly name: string;
  readonly finds: string;
  /** At least {@link MIN_LITERAL} characters, on one line. */
  readonly literal: string;
}

/** Something that finds secrets. */
export type Rule = PatternRule | LiteralRule;

/** Shortest literal: masking a shorter one would mask half of every screen, and tell what it is. */
export const MIN_LITERAL = 4;
