/**
 * What `watch` opens over the session's screen: its menu and its boxes.
 *
 * @module
 */
import { columns } from "../format/text_row.ts";
import { type BoxContent, type BoxLine, boxOverlay } from "./box.ts";
import type { Overlay } from "./compose.ts";
import type { Size } from "./device.ts";
import type { Glyphs } from "./glyphs.ts";
import { lineOverlay, saidContent } from "./line_box.ts";
import { keyLabel, type Menu, menuContent, type MenuItem } from "./menu.ts";
import { peopleBox } from "./people_box.ts";
import { PLAYBACK_HELP } from "./playback_keys.ts";
import type { PlayerState } from "./player.ts";
import { type RequestForm, requestOverlay } from "./request_box.ts";
import { keysGo, type KeysGoTo, type SessionFacts } from "./session_facts.ts";
import type { You } from "./stream_events.ts";

/** What can be chosen from the menu. */
export type WatchAction =
  | "ask"
  | "withdraw"
  | "yield"
  | "yield-note"
  | "ask-pane"
  | "yield-pane"
  | "point"
  | "pause"
  | "back"
  | "live"
  | "people"
  | "help"
  | "leave";

/** What is open over the session's screen. */
export type Panel =
  | { readonly kind: "none" }
  | { readonly kind: "menu"; readonly menu: Menu<WatchAction> }
  | { readonly kind: "request"; readonly form: RequestForm }
  /** A word with the control that one gives back. */
  | { readonly kind: "note"; readonly text: string }
  /** What was said to who has just been given control, or lost it, until the first key. */
  | { readonly kind: "said"; readonly title: string; readonly text: string }
  | { readonly kind: "people"; readonly scroll: number }
  | { readonly kind: "help" };

/** What the viewer may do depends on. */
export interface ViewerFacts {
  readonly session: SessionFacts;
  readonly you: You | undefined;
  /** Whether the session has ended. */
  readonly ended: boolean;
}

/** What the menu depends on. */
export interface MenuFacts extends ViewerFacts {
  readonly player: PlayerState | undefined;
  readonly pointing: boolean;
}

/** What a viewer may do about control. */
export type ControlChoice = "ask" | "withdraw" | "none";

/** Whether the viewer can ask for control, or take that back. */
export function controlChoice({ session, you, ended }: ViewerFacts): ControlChoice {
  if (you === undefined || ended || you.role === "view") return "none";
  if (session.requests.some(({ id }) => id === you.id)) return "withdraw";
  return session.turn.mode === "collaborative" ? "none" : "ask";
}

/** The menu's items, as things are now. */
export function watchItems(facts: MenuFacts): readonly MenuItem<WatchAction>[] {
  const { session, player, pointing, ended } = facts;
  const playing = player !== undefined;
  const past = playing && player.mode !== "following";
  return [
    ...controlItems(facts),
    {
      key: "p",
      label: pointing ? "Point no longer" : "Point at something",
      enabled: playing && !ended,
      value: "point",
    },
    {
      key: "w",
      label: "Who is here",
      ...(session.watching === undefined ? {} : { note: `${session.watching} watching` }),
      value: "people",
    },
    { key: "space", label: past ? "Play on or pause" : "Pause", enabled: playing, value: "pause" },
    { key: "left", label: "Back by 5 seconds", enabled: playing, value: "back" },
    { key: "end", label: "Back to live", enabled: past, value: "live" },
    { key: "?", label: "Keys", value: "help" },
    { key: "q", label: "Leave", value: "leave" },
  ];
}

function controlItems(facts: MenuFacts): MenuItem<WatchAction>[] {
  const { session, you } = facts;
  const holds = you !== undefined && session.turn.holder === you.id && !facts.ended;
  const choice = controlChoice(facts);
  const forbidden = you?.role === "view" ? { note: "your link does not allow it" } : {};
  return [
    ...(holds
      ? [
        { key: "y", label: "Give control back", value: "yield" as const },
        { key: "n", label: "Give it back with a note", value: "yield-note" as const },
      ]
      : []),
    choice === "withdraw" ? { key: "r", label: "Ask no longer", value: "withdraw" } : {
      key: "r",
      label: holds ? "Ask for more time" : "Ask for control",
      enabled: choice === "ask",
      ...forbidden,
      value: "ask",
    },
    ...paneItems(facts),
  ];
}

function paneItems(facts: MenuFacts): MenuItem<WatchAction>[] {
  const { session, you, ended } = facts;
  if (you === undefined || ended || !session.offersPanes) return [];
  if (session.panes.has(you.id)) {
    return [{ key: "o", label: "Give up your pane", value: "yield-pane" }];
  }
  const asks = session.requests.some(({ id }) => id === you.id);
  return [{
    key: "o",
    label: "Ask for a pane of your own",
    enabled: you.role !== "view" && !asks,
    value: "ask-pane",
  }];
}

/** What a panel needs to be drawn. */
export interface PanelFacts {
  readonly session: SessionFacts;
  readonly you: string | undefined;
  /** Whether what is shown is past. */
  readonly past: boolean;
  readonly menuKey: string;
  readonly typing: KeysGoTo | undefined;
}

const NOTE_TITLES = {
  title: "Give control back: a note",
  hint: "Enter gives back, Esc does not",
} as const;

/** Draws a panel on an area. */
export function panelOverlay(
  panel: Panel,
  facts: PanelFacts,
  { area, glyphs }: { readonly area: Size; readonly glyphs: Glyphs },
): Overlay | undefined {
  switch (panel.kind) {
    case "none":
      return undefined;
    case "menu":
      return boxOverlay(menuContent(panel.menu), area, glyphs);
    case "request":
      return requestOverlay(panel.form, area, glyphs);
    case "note":
      return lineOverlay(panel.text, NOTE_TITLES, { area, glyphs });
    case "said":
      return boxOverlay(saidContent(panel.title, panel.text, area), area, glyphs);
    case "people": {
      const { session, you, past } = facts;
      return boxOverlay(peopleBox(session, { you, past, scroll: panel.scroll }), area, glyphs);
    }
    case "help":
      return boxOverlay(helpBox("Keys", watchHelp(facts)), area, glyphs);
    default:
      return panel satisfies never;
  }
}

/** What the keys do. */
export function helpBox(title: string, keys: readonly (readonly [string, string])[]): BoxContent {
  const cols = Math.max(...keys.map(([key]) => columns(key)));
  return {
    title,
    lines: keys.map(([key, what]): BoxLine => ({
      spans: [
        { text: key + " ".repeat(cols - columns(key)), style: { bold: true } },
        { text: `   ${what}` },
      ],
    })),
    hint: "any key goes back",
  };
}

/** What the keys do in `watch`: in the session everything goes there but the menu key. */
export function watchHelp(
  { menuKey, typing }: Pick<PanelFacts, "menuKey" | "typing">,
): readonly (readonly [string, string])[] {
  const menu = keyLabel(menuKey);
  if (typing === "pane") {
    return [
      [menu, "menu"],
      [`${menu} o`, "give up your pane"],
      [`${menu} r`, "ask for control"],
      [`${menu} p`, "point"],
      [`${menu} ${menu}`, `${menu} for your pane`],
      ["any other", "goes to your pane"],
    ];
  }
  if (typing === "session") {
    return [
      [menu, "menu"],
      [`${menu} y`, "give control back"],
      [`${menu} r`, "ask for more time"],
      [`${menu} p`, "point"],
      [`${menu} ${menu}`, `${menu} for the session`],
      ["any other", "goes to the session"],
    ];
  }
  return [
    [menu, "menu"],
    ["r", "ask for control, or no longer"],
    ["R", "the same, with a time and a word"],
    ["p", "point, with the arrows or the mouse"],
    ["w", "who is here"],
    ...PLAYBACK_HELP,
  ];
}

/** Where the keys of a viewer go, when it is not to the view. */
export function typingInto({ session, you, ended }: ViewerFacts): KeysGoTo | undefined {
  return ended ? undefined : keysGo(session, you);
}

/** Whether the keys of a viewer go to the session, or to a pane in it. */
export function isTyping(facts: ViewerFacts): boolean {
  return typingInto(facts) !== undefined;
}
