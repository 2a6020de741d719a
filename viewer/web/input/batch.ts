/**
 * What is typed within one task, handed over together.
 *
 * @module
 */
import type { InputPart } from "../../../wire/input.ts";
import { INPUT_MAX_PARTS, TEXT_MAX_LENGTH } from "../../../wire/limits.ts";

/** Collects what is typed and hands it over before the browser goes on to its next task. */
export class Batch {
  readonly #deliver: (parts: readonly InputPart[]) => void;
  readonly #soon: (flush: () => void) => void;
  #parts: InputPart[] = [];

  /** @param soon calls back when the task is over */
  constructor(
    deliver: (parts: readonly InputPart[]) => void,
    soon: (flush: () => void) => void = (flush) => queueMicrotask(flush),
  ) {
    this.#deliver = deliver;
    this.#soon = soon;
  }

  /** Adds what was typed. */
  add(parts: readonly InputPart[]): void {
    if (parts.length === 0) return;
    if (this.#parts.length === 0) this.#soon(() => this.#flush());
    for (const part of parts) for (const piece of piecesOf(part)) this.#push(piece);
  }

  /** Forgets what was not handed over yet. */
  clear(): void {
    this.#parts = [];
  }

  #push(part: InputPart): void {
    const last = this.#parts.at(-1);
    const joined = last === undefined ? undefined : joinedTo(last, part);
    if (joined === undefined) this.#parts.push(part);
    else this.#parts[this.#parts.length - 1] = joined;
  }

  #flush(): void {
    const parts = this.#parts;
    this.#parts = [];
    for (let at = 0; at < parts.length; at += INPUT_MAX_PARTS) {
      this.#deliver(parts.slice(at, at + INPUT_MAX_PARTS));
    }
  }
}

/** Two parts as one that means the same, or `undefined`. */
function joinedTo(last: InputPart, part: InputPart): InputPart | undefined {
  if (last.kind === "text" && part.kind === "text") {
    const text = last.text + part.text;
    return text.length <= TEXT_MAX_LENGTH ? { kind: "text", text } : undefined;
  }
  if (last.kind !== "mouse" || part.kind !== "mouse") return undefined;
  // Where the mouse has been in between is nobody's business.
  const moved = last.action === "move" && part.action === "move" && last.button === part.button;
  return moved ? part : undefined;
}

/** A part that is not longer than one may be; characters stay whole. */
function piecesOf(part: InputPart): InputPart[] {
  if (part.kind !== "text" || part.text.length <= TEXT_MAX_LENGTH) return [part];
  const pieces: InputPart[] = [];
  for (let at = 0; at < part.text.length;) {
    let end = at + TEXT_MAX_LENGTH;
    const last = part.text.charCodeAt(end - 1);
    if (last >= 0xd800 && last < 0xdc00) end--;
    pieces.push({ kind: "text", text: part.text.slice(at, end) });
    at = end;
  }
  return pieces;
}
