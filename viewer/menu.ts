/**
 * Menus: a list of things to do, each with a key, moved through with the arrows.
 *
 * @module
 */
import type { Style } from "../format/text_row.ts";
import { type BoxContent, type BoxLine } from "./box.ts";
import { columns } from "../format/text_row.ts";

/** One thing to do. */
export interface MenuItem<T> {
  /** The key that chooses it, as {@link KeyEvent} names it. */
  readonly key: string;
  readonly label: string;
  /** What it is set to, or why it cannot be chosen. */
  readonly note?: string;
  /** Default true. */
  readonly enabled?: boolean;
  readonly value: T;
}

/** An open menu. */
export interface Menu<T> {
  readonly title: string;
  readonly items: readonly MenuItem<T>[];
  readonly selected: number;
  readonly hint?: string;
}

/** What a key did to a menu. */
export type MenuStep<T> =
  | { readonly kind: "open"; readonly menu: Menu<T> }
  | { readonly kind: "closed" }
  | { readonly kind: "chosen"; readonly value: T };

/** Opens a menu with its first enabled item selected. */
export function openMenu<T>(title: string, items: readonly MenuItem<T>[], hint?: string): Menu<T> {
  const first = items.findIndex(isEnabled);
  return { title, items, selected: Math.max(0, first), ...(hint === undefined ? {} : { hint }) };
}

/** Puts fresh items into an open menu, the selection staying on its key. */
export function refreshMenu<T>(menu: Menu<T>, items: readonly MenuItem<T>[]): Menu<T> {
  const key = menu.items[menu.selected]?.key;
  const same = items.findIndex((item) => item.key === key);
  const selected = same >= 0 ? same : Math.max(0, Math.min(menu.selected, items.length - 1));
  return { ...menu, items, selected };
}

/** What a key does: arrows move, enter chooses, an item's own key chooses it, escape and q close. */
export function stepMenu<T>(menu: Menu<T>, keyName: string): MenuStep<T> {
  const byKey = menu.items.find((item) => item.key === keyName);
  if (byKey !== undefined) {
    return isEnabled(byKey) ? { kind: "chosen", value: byKey.value } : { kind: "open", menu };
  }
  switch (keyName) {
    case "up":
    case "shift+tab":
    case "ctrl+p":
      return { kind: "open", menu: select(menu, -1) };
    case "down":
    case "tab":
    case "ctrl+n":
      return { kind: "open", menu: select(menu, 1) };
    case "enter": {
      const item = menu.items[menu.selected];
      return item !== undefined && isEnabled(item)
        ? { kind: "chosen", value: item.value }
        : { kind: "open", menu };
    }
    case "escape":
    case "q":
    case "ctrl+c":
    case "ctrl+]":
      return { kind: "closed" };
    default:
      return { kind: "open", menu };
  }
}

const SELECTED: Style = { inverse: true };
const KEY: Style = { bold: true, fg: 6 };
const DIM: Style = { dim: true };

/** A menu as the content of a box. */
export function menuContent<T>(menu: Menu<T>): BoxContent {
  const keyCols = Math.max(...menu.items.map((item) => columns(keyLabel(item.key))));
  const labelCols = Math.max(...menu.items.map((item) => columns(item.label)));
  const lines = menu.items.map((item, i): BoxLine => {
    const selected = i === menu.selected;
    const dim = isEnabled(item) ? {} : DIM;
    return {
      spans: [
        { text: pad(keyLabel(item.key), keyCols), style: isEnabled(item) && !selected ? KEY : dim },
        { text: `  ${pad(item.label, item.note === undefined ? 0 : labelCols)}`, style: dim },
        { text: item.note === undefined ? "" : `  ${item.note}`, style: selected ? {} : DIM },
      ],
      ...(selected ? { style: SELECTED } : {}),
    };
  });
  const { title, selected, hint } = menu;
  return { title, lines, focus: selected, ...(hint === undefined ? {} : { hint }) };
}

/** How a key is written in menus and help: `Ctrl-]`, `space`, `Shift-Left`. */
export function keyLabel(name: string): string {
  return name.split(/\+(?=.)/)
    .map((part, i, all) => i < all.length - 1 || part.length > 1 ? capital(part) : part)
    .join("-");
}

function capital(word: string): string {
  return word === "space" ? word : word.slice(0, 1).toUpperCase() + word.slice(1);
}

function pad(text: string, cols: number): string {
  return text + " ".repeat(Math.max(0, cols - columns(text)));
}

function isEnabled<T>(item: MenuItem<T>): boolean {
  return item.enabled !== false;
}

/** The next item in a direction that can be chosen. */
function select<T>(menu: Menu<T>, by: 1 | -1): Menu<T> {
  const { length } = menu.items;
  for (let i = 1; i <= length; i++) {
    const selected = (menu.selected + by * i + length * i) % length;
    if (isEnabled(menu.items[selected]!)) return { ...menu, selected };
  }
  return menu;
}
