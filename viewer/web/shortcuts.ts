/**
 * The page's own keys, for who does not type into the session.
 *
 * @module
 */

/** Something that a key does. */
export type Shortcut =
  | "help"
  | "find"
  | "menu"
  | "people"
  | "request"
  | "point"
  | "larger"
  | "smaller"
  | "fit"
  | "actual"
  | "full"
  | "back"
  | "forward"
  | "oldest"
  | "present";

interface ShortcutRow {
  readonly keys: readonly string[];
  readonly what: string;
}

/** The keys as they are told. */
export const SHORTCUTS: readonly ShortcutRow[] = [
  { keys: ["Ctrl-]", "m"], what: "menu" },
  { keys: ["r"], what: "request control, or take the request back" },
  { keys: ["w"], what: "who is here" },
  { keys: ["p"], what: "point with the mouse, or no longer" },
  { keys: ["Ctrl-F", "/"], what: "find (Ctrl-Shift-F while you type into the session)" },
  {
    keys: ["Ctrl-C"],
    what: "copy what is selected; Shift selects where the program has the mouse",
  },
  { keys: ["Ctrl-Shift-V"], what: "paste, while you type into the session" },
  { keys: ["+", "-"], what: "larger, smaller" },
  { keys: ["0", "1"], what: "fit the window, actual size" },
  { keys: ["f"], what: "full screen" },
  { keys: ["Page Up", "Page Down"], what: "look at lines that have scrolled away" },
  { keys: ["Home", "End"], what: "the oldest line, back to the present" },
  { keys: ["?"], what: "these keys" },
];

/** What is looked at of a key. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const PLAIN: Readonly<Record<string, Shortcut>> = {
  "?": "help",
  "/": "find",
  "m": "menu",
  "w": "people",
  "r": "request",
  "p": "point",
  "+": "larger",
  "=": "larger",
  "-": "smaller",
  "0": "fit",
  "1": "actual",
  "f": "full",
  PageUp: "back",
  PageDown: "forward",
  Home: "oldest",
  End: "present",
};

/** What a key does; `undefined` when it is the browser's. */
export function shortcutOf(key: PressedKey): Shortcut | undefined {
  const letter = key.key.toLowerCase();
  if (key.altKey) return undefined;
  if (key.ctrlKey || key.metaKey) {
    if (letter === "f" && !key.shiftKey) return "find";
    return key.ctrlKey && letter === "]" ? "menu" : undefined;
  }
  return PLAIN[key.key.length === 1 ? letter : key.key];
}

/** Whether a key finds even while the session gets the keys. */
export function findsAlways({ key, ctrlKey, metaKey, shiftKey, altKey }: PressedKey): boolean {
  return (ctrlKey || metaKey) && shiftKey && !altKey && key.toLowerCase() === "f";
}
