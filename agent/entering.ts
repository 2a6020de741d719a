/**
 * Which input a shell acts on. Pure.
 *
 * @module
 */
import type { InputPart } from "../wire/input.ts";

/** The enter key, and ctrl+c and ctrl+d. */
const ACTED_ON = ["\r", "\n", "\u0003", "\u0004"];

/** Whether a shell acts on what was typed. */
export function isEntering(part: InputPart): boolean {
  switch (part.kind) {
    case "text":
    case "paste":
      return ACTED_ON.some((character) => part.text.includes(character));
    case "key":
      return /(?:^|\+)(?:enter|c|d|j|m)$/.test(part.key);
    case "mouse":
      return false;
    default:
      return part satisfies never;
  }
}
