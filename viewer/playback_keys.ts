/**
 * What keys do to a player and to the view of the screen: the same in `watch` and in `replay`.
 *
 * @module
 */
import type { PlayerInput } from "./player.ts";

/** What a key does to what is shown. */
export type ViewInput =
  | { readonly kind: "player"; readonly input: PlayerInput }
  /** A tenth of the timeline. */
  | { readonly kind: "tenth"; readonly tenth: number }
  /** Moves the view of a screen that is larger than the terminal. */
  | { readonly kind: "pan"; readonly cols: number; readonly rows: number }
  | { readonly kind: "follow-cursor" }
  /** To the next place where control changed hands, or to the one before. */
  | { readonly kind: "handoff"; readonly by: 1 | -1 };

const SHORT_MS = 5_000, LONG_MS = 60_000;
const PAN_COLS = 8, PAN_ROWS = 4;

function player(input: PlayerInput): ViewInput {
  return { kind: "player", input };
}

const KEYS: Readonly<Record<string, ViewInput>> = {
  "space": player({ kind: "toggle" }),
  "left": player({ kind: "seek-by", ms: -SHORT_MS }),
  "right": player({ kind: "seek-by", ms: SHORT_MS }),
  "shift+left": player({ kind: "seek-by", ms: -LONG_MS }),
  "shift+right": player({ kind: "seek-by", ms: LONG_MS }),
  "home": player({ kind: "edge", edge: "start" }),
  "end": player({ kind: "edge", edge: "end" }),
  "[": player({ kind: "speed", by: -1 }),
  "]": player({ kind: "speed", by: 1 }),
  ".": player({ kind: "frame", by: 1 }),
  ",": player({ kind: "frame", by: -1 }),
  "m": player({ kind: "marker", by: 1 }),
  "M": player({ kind: "marker", by: -1 }),
  "n": player({ kind: "command", by: 1 }),
  "N": player({ kind: "command", by: -1 }),
  "c": { kind: "handoff", by: 1 },
  "C": { kind: "handoff", by: -1 },
  "h": { kind: "pan", cols: -PAN_COLS, rows: 0 },
  "j": { kind: "pan", cols: 0, rows: PAN_ROWS },
  "k": { kind: "pan", cols: 0, rows: -PAN_ROWS },
  "l": { kind: "pan", cols: PAN_COLS, rows: 0 },
  "f": { kind: "follow-cursor" },
};

/** What a key does, or `undefined`. */
export function viewInput(keyName: string): ViewInput | undefined {
  if (/^\d$/.test(keyName)) return { kind: "tenth", tenth: Number(keyName) };
  return KEYS[keyName];
}

/** What the keys do, for help. */
export const PLAYBACK_HELP: readonly (readonly [keys: string, what: string])[] = [
  ["space", "play or pause"],
  ["Left, Right", "5 seconds back or ahead"],
  ["Shift-Left, Shift-Right", "1 minute back or ahead"],
  ["Home, End", "to the start or the end"],
  ["0 to 9", "to a tenth of it"],
  ["[ and ]", "slower or faster"],
  [". and ,", "one frame ahead or back"],
  ["m and M", "to the next or the last marker"],
  ["n and N", "to the next or the last command, if the shell marks them"],
  ["c and C", "to the next or the last handoff"],
  ["h j k l", "move the view of a larger screen"],
  ["f", "follow the cursor again"],
];
