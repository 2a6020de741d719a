/**
 * A line of a recording or of a stream that cannot be read.
 *
 * @module
 */
import { CollabError } from "./errors.ts";

/**
 * A malformed line. `predicate` goes on where `line 14` stops, so that who knows the file and the number can say
 * them: ``Cannot read recording "a.cast": line 14 ${predicate}``.
 */
export class LineError extends CollabError {
  override readonly name = "LineError";
  readonly predicate: string;

  constructor(code: string, predicate: string, options?: ErrorOptions) {
    super(code, `Line ${predicate}`, options);
    this.predicate = predicate;
  }
}

/** Quotes something from outside for an error message: at most 40 characters, none of them a control character. */
export function quote(text: string): string {
  const characters = [...text.slice(0, 82)];
  const shown = characters.length > 40 || text.length > 82
    ? characters.slice(0, 39).join("") + "…"
    : text;
  // C1 controls and the bidirectional overrides are harmless in JSON and not on a terminal.
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
