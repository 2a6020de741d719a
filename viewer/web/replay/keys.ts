/**
 * What keys do on the page of a recording: as in the terminal, and what only a page has.
 *
 * @module
 */
import { type KeyboardEventLike, keyOf } from "../input/key_of.ts";
import { PLAYBACK_HELP, type ViewInput, viewInput } from "../../playback_keys.ts";

/** What a key does. */
export type ReplayKey =
  | { readonly kind: "view"; readonly input: ViewInput }
  | { readonly kind: "page"; readonly action: PageAction };

/** What only a page has. */
export type PageAction = "find" | "help" | "people" | "larger" | "smaller" | "fit";

const PAGE: Readonly<Record<string, PageAction>> = {
  "?": "help",
  "/": "find",
  "w": "people",
  "+": "larger",
  "=": "larger",
  "-": "smaller",
  "_": "fit",
};

/** What the keys do, for help. */
export const REPLAY_KEYS: readonly (readonly [keys: string, what: string])[] = [
  ...PLAYBACK_HELP,
  ["/ or Ctrl-F", "find in the recording"],
  ["w", "who was there"],
  ["+ and -", "larger or smaller"],
  ["_", "fit the window"],
  ["?", "these keys"],
];

/** What a key does; `undefined` when it is the browser's. */
export function replayKey(event: KeyboardEventLike): ReplayKey | undefined {
  const find = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (find && event.key.toLowerCase() === "f") return { kind: "page", action: "find" };
  const part = keyOf(event);
  if (part?.kind !== "text" && part?.kind !== "key") return undefined;
  const name = part.kind === "key" ? part.key : part.text === " " ? "space" : part.text;
  const action = Object.hasOwn(PAGE, name) ? PAGE[name] : undefined;
  if (action !== undefined) return { kind: "page", action };
  const input = viewInput(name);
  return input && { kind: "view", input };
}

/** What a slider does with the keys that sliders have, where it differs. */
export function sliderKey(event: KeyboardEventLike): ReplayKey | undefined {
  const names: Readonly<Record<string, string>> = {
    ArrowUp: "right",
    ArrowDown: "left",
    PageUp: "shift+right",
    PageDown: "shift+left",
  };
  const name = names[event.key];
  const input = name === undefined ? undefined : viewInput(name);
  return input && { kind: "view", input };
}
