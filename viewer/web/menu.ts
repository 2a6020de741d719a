/**
 * Menus that open under a button: by mouse, finger and keyboard.
 *
 * @module
 */
import { h, icon } from "./dom.ts";

/** A line of a menu. */
export type MenuItem =
  | {
    readonly kind: "item";
    readonly label: string;
    /** A key that does the same, or a word on what it is set to. */
    readonly note?: string;
    /** For what is on or off, or one of several: whether it is. */
    readonly checked?: boolean;
    readonly enabled?: boolean;
    readonly run: () => void;
  }
  | { readonly kind: "title"; readonly label: string }
  | { readonly kind: "line" };

/** Pixels between a menu and its button, and between it and the window's edge. */
const GAP_PX = 6, EDGE_PX = 8;

/**
 * Opens a menu at a button. The focus goes to its first item and, when it closes, back to where it was, unless
 * the item that was chosen has put it elsewhere.
 */
export function openMenu(anchor: HTMLElement, label: string, items: readonly MenuItem[]): void {
  const before = document.activeElement;
  const menu = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label, popover: "auto" },
    ...items.map((item) => rowOf(item, () => menu.hidePopover())),
  );
  menu.addEventListener("keydown", (event) => moveFocus(menu, event));
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "open") return;
    anchor.setAttribute("aria-expanded", "false");
    const inside = document.activeElement === document.body ||
      menu.contains(document.activeElement);
    menu.remove();
    if (inside && before instanceof HTMLElement && before.isConnected) {
      before.focus({ preventScroll: true });
    }
  });
  // Inside of a landmark, as all of a page should be; where it is drawn does not depend on it.
  (anchor.closest("header, aside, main") ?? document.body).append(menu);
  menu.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(menu, anchor.getBoundingClientRect());
  rowsOf(menu)[0]?.focus();
}

function rowOf(item: MenuItem, close: () => void): HTMLElement {
  switch (item.kind) {
    case "line":
      return h("hr", { role: "separator" });
    case "title":
      return h("div", { class: "menu-title", role: "presentation" }, item.label);
    case "item": {
      const { checked, enabled = true, label, note, run } = item;
      return h(
        "button",
        {
          type: "button",
          role: checked === undefined ? "menuitem" : "menuitemcheckbox",
          "aria-checked": checked === undefined ? undefined : String(checked),
          disabled: !enabled,
          tabindex: -1,
          onclick: () => {
            close();
            run();
          },
        },
        h("span", { class: "menu-check" }, checked === true && icon("check")),
        h("span", { class: "menu-label" }, label),
        note !== undefined && h("span", { class: "menu-note" }, note),
      );
    }
    default:
      return item satisfies never;
  }
}

function rowsOf(menu: HTMLElement): HTMLButtonElement[] {
  return [...menu.querySelectorAll("button")].filter(({ disabled }) => !disabled);
}

function moveFocus(menu: HTMLElement, event: KeyboardEvent): void {
  const rows = rowsOf(menu);
  const at = rows.indexOf(document.activeElement as HTMLButtonElement);
  const to: Readonly<Record<string, number>> = {
    ArrowDown: (at + 1) % rows.length,
    ArrowUp: (at - 1 + rows.length) % rows.length,
    Home: 0,
    End: rows.length - 1,
  };
  // What is pressed here is not for the session, nor a shortcut of the page.
  event.stopPropagation();
  if (event.key === "Tab") {
    event.preventDefault();
    return menu.hidePopover();
  }
  const next = to[event.key] ?? byLetter(rows, at, event);
  if (next === undefined) return;
  event.preventDefault();
  rows[next]?.focus();
}

/** The next item that begins with a letter. */
function byLetter(
  rows: readonly HTMLButtonElement[],
  at: number,
  { key, ctrlKey, altKey, metaKey }: KeyboardEvent,
): number | undefined {
  if (key.length !== 1 || key === " " || ctrlKey || altKey || metaKey) return undefined;
  for (let step = 1; step <= rows.length; step++) {
    const index = (at + step) % rows.length;
    const label = rows[index]!.querySelector(".menu-label")?.textContent ?? "";
    if (label.toLowerCase().startsWith(key.toLowerCase())) return index;
  }
  return undefined;
}

/** Below its button, or above it where there is no room, and never over the window's edge. */
function place(menu: HTMLElement, anchor: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect();
  const { innerWidth, innerHeight } = window;
  const below = anchor.bottom + GAP_PX;
  const top = below + height + EDGE_PX <= innerHeight ? below : anchor.top - GAP_PX - height;
  const left = Math.min(anchor.right - width, innerWidth - EDGE_PX - width);
  menu.style.left = `${Math.max(EDGE_PX, left)}px`;
  menu.style.top = `${Math.max(EDGE_PX, top)}px`;
}
