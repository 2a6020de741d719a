/**
 * What was typed on the local terminal, as it is said to the host: by its meaning, whatever bytes the terminal sent for it.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";
import { INPUT_MAX_PARTS, PASTE_MAX_LENGTH, TEXT_MAX_LENGTH } from "../wire/limits.ts";
import type { KeyEvent, PasteEvent } from "./keys.ts";

/** A key as it is typed into a session: a character as text, anything else by its name. */
export function keyPart({ name, text }: KeyEvent): InputPart {
  if (text !== "" && !/\p{C}/u.test(text)) return { kind: "text", text };
  // The keypad, and keys told by their code point.
  if (name === "space") return { kind: "text", text: " " };
  if (/^[^\p{C}\p{Z}]$/u.test(name)) return { kind: "text", text: name };
  return { kind: "key", key: name };
}

/**
 * Parts in as few messages as can be, in order: characters are put together, and of a mouse that moves on only the last
 * place is told.
 */
export function inMessages(parts: readonly InputPart[]): InputPart[][] {
  const messages: InputPart[][] = [];
  let message: InputPart[] = [];
  for (const part of parts) {
    const joined = joinParts(message.at(-1), part);
    if (joined !== undefined) {
      message[message.length - 1] = joined;
      continue;
    }
    if (message.length === 0 || message.length === INPUT_MAX_PARTS) {
      messages.push(message = []);
    }
    message.push(part);
  }
  return messages;
}

/** Two parts as one; `undefined` where they have to stay two. */
function joinParts(before: InputPart | undefined, part: InputPart): InputPart | undefined {
  if (before?.kind === "text" && part.kind === "text") {
    const text = before.text + part.text;
    return text.length <= TEXT_MAX_LENGTH ? { kind: "text", text } : undefined;
  }
  if (before?.kind !== "mouse" || part.kind !== "mouse") return undefined;
  return before.action === "move" && part.action === "move" && before.button === part.button
    ? part
    : undefined;
}

/** A paste that has not ended yet. */
export interface OpenPaste {
  readonly chunks: readonly Uint8Array[];
  readonly bytes: number;
}

/** What became of a paste: it goes on, is whole, or is longer than may be typed at once. */
export type PasteStep =
  | { readonly kind: "open"; readonly paste: OpenPaste }
  | { readonly kind: "whole"; readonly text: string }
  | { readonly kind: "too-long" };

const EMPTY: OpenPaste = { chunks: [], bytes: 0 };
/** A UTF-16 unit takes three bytes at most: beyond that nothing more is kept. */
const MAX_BYTES = PASTE_MAX_LENGTH * 3;

/** Takes the next part of a paste. Lines end with `\n` in the text, however the terminal ended them. */
export function stepPaste(before: OpenPaste | undefined, event: PasteEvent): PasteStep {
  const paste = before ?? EMPTY;
  switch (event.part) {
    case "start":
      return { kind: "open", paste: EMPTY };
    case "text": {
      const bytes = paste.bytes + event.raw.length;
      const chunks = bytes > MAX_BYTES ? [] : [...paste.chunks, event.raw];
      return { kind: "open", paste: { chunks, bytes } };
    }
    case "end": {
      const text = decode(paste.chunks).replace(/\r\n?/g, "\n");
      const tooLong = paste.bytes > MAX_BYTES || text.length > PASTE_MAX_LENGTH;
      return tooLong ? { kind: "too-long" } : { kind: "whole", text };
    }
    default:
      return event.part satisfies never;
  }
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const texts = chunks.map((chunk) => decoder.decode(chunk, { stream: true }));
  return texts.join("") + decoder.decode();
}
