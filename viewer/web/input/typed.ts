/**
 * What an input method or an on-screen keyboard types: what a browser's `beforeinput` events mean to a terminal.
 *
 * @module
 */
import type { InputPart } from "../../../wire/input.ts";

/**
 * What the textarea holds, invisible and never empty: some on-screen keyboards do not tell of a backspace where there is
 * nothing to delete. No word begins with it.
 */
export const SENTINEL = "\u200b";

const KEYS: Readonly<Record<string, string>> = {
  insertLineBreak: "enter",
  insertParagraph: "enter",
  deleteContentBackward: "backspace",
  deleteContentForward: "delete",
  deleteWordBackward: "alt+backspace",
  deleteWordForward: "alt+d",
};

/** What text types: its lines, each with an enter between them. */
export function typedText(text: string): InputPart[] {
  const parts: InputPart[] = [];
  const lines = text.replaceAll(SENTINEL, "").split(/\r\n|[\r\n]/);
  for (const [i, line] of lines.entries()) {
    if (i > 0) parts.push({ kind: "key", key: "enter" });
    if (line !== "") parts.push({ kind: "text", text: line });
  }
  return parts;
}

/**
 * What an edit of the textarea types. While an input method puts something together nothing is typed: that comes at its
 * end.
 *
 * @param inputType of the event (Input Events Level 2)
 * @param data the text that comes in, if any
 */
export function typedBy(inputType: string, data: string | null): InputPart[] {
  const key = KEYS[inputType];
  if (key !== undefined) return [{ kind: "key", key }];
  return inputType === "insertText" || inputType === "insertReplacementText"
    ? typedText(data ?? "")
    : [];
}
