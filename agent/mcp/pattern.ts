/**
 * Regular expressions that a model wrote: RE2's, which take a time that grows with the text and not with its square, or
 * worse.
 *
 * @module
 */
import { RE2JS } from "re2js";
import { AgentError } from "../errors.ts";
import type { LinePattern } from "../types.ts";

/**
 * Compiles a pattern.
 *
 * @throws {AgentError} `bad-options`
 */
export function compilePattern(source: string): LinePattern {
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(source);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AgentError(
      "bad-options",
      `Cannot read the pattern: ${why}. It is RE2: without lookaround and backreferences`,
    );
  }
  return {
    exec(line): (string | undefined)[] | null {
      const matcher = pattern.matcher(line);
      if (!matcher.find()) return null;
      const groups = Array.from({ length: matcher.groupCount() }, (_, i) => matcher.group(i + 1));
      return [matcher.group(), ...groups].map((group) => group ?? undefined);
    },
  };
}
