/**
 * What is done with text that is pasted.
 *
 * @module
 */
import { PASTE_MAX_LENGTH } from "../../../wire/limits.ts";

/** What is to be done with a paste. */
export type Paste =
  | { readonly kind: "nothing" }
  | { readonly kind: "send"; readonly text: string }
  /** Its lines may run as commands: the one who pastes is asked first. */
  | {
    readonly kind: "ask";
    readonly text: string;
    readonly question: string;
    readonly preview: string;
  }
  | { readonly kind: "refuse"; readonly why: string };

/** So much is shown of a paste that is asked about. */
const PREVIEW_LINES = 8, PREVIEW_COLUMNS = 200;
/** Control characters but the newline and the tab, and what turns the direction of text around. */
// deno-lint-ignore no-control-regex
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What is to be done with pasted text. Its lines end in `\n` from then on. */
export function pasteOf(pasted: string): Paste {
  const text = pasted.replaceAll(/\r\n?/g, "\n");
  if (text === "") return { kind: "nothing" };
  if (text.length > PASTE_MAX_LENGTH) {
    const size = Math.ceil(text.length / 1024).toLocaleString("en");
    const why = `That is ${size} KB: at most ${PASTE_MAX_LENGTH / 1024} KB can be pasted at a time`;
    return { kind: "refuse", why };
  }
  if (!text.includes("\n")) return { kind: "send", text };
  const lines = text.replace(/\n$/, "").split("\n");
  const question = lines.length === 1
    ? "Paste this line with its line break?"
    : `Paste ${lines.length.toLocaleString("en")} lines?`;
  return { kind: "ask", text, question, preview: previewOf(lines) };
}

function previewOf(lines: readonly string[]): string {
  const shown = lines.slice(0, PREVIEW_LINES).map((line) => {
    const plain = line.slice(0, PREVIEW_COLUMNS).replaceAll(UNSEEN, "\ufffd");
    return line.length > PREVIEW_COLUMNS ? `${plain}\u2026` : plain;
  });
  return [...shown, ...(lines.length > PREVIEW_LINES ? ["\u2026"] : [])].join("\n");
}
