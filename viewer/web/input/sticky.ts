/**
 * Ctrl and Alt of the on-screen keys: pressed once, they go with the next key.
 *
 * @module
 */
import type { InputPart } from "../../../wire/input.ts";

/** Which of them wait for a key. */
export interface Sticky {
  readonly ctrl: boolean;
  readonly alt: boolean;
}

/** Neither. */
export const NO_STICKY: Sticky = { ctrl: false, alt: false };

/** Puts what waits on the first thing that is typed; the rest is typed as it is. */
export function withSticky({ ctrl, alt }: Sticky, parts: readonly InputPart[]): InputPart[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  if (!ctrl && !alt) return [...parts];
  const prefix = (ctrl ? "ctrl+" : "") + (alt ? "alt+" : "");
  if (first.kind === "key") {
    const plain = first.key.replace(/^(?:(?:ctrl|alt)\+)+(?=.)/, "");
    return [{ kind: "key", key: prefix + plain }, ...rest];
  }
  if (first.kind !== "text") return [...parts];
  const [char = "", ...others] = first.text;
  const name = char === " " ? "space" : ctrl ? char.toLowerCase() : char;
  const left = others.join("");
  const after: InputPart[] = left === "" ? rest : [{ kind: "text", text: left }, ...rest];
  return [{ kind: "key", key: prefix + name }, ...after];
}
