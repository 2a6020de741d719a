/**
 * The keys that an on-screen keyboard lacks.
 *
 * @module
 */
import type { InputPart } from "../../../wire/input.ts";
import { h } from "../dom.ts";
import { NO_STICKY, type Sticky } from "./sticky.ts";

/** A key of the row: what it is called to the eye and to the ear, and what it does. */
interface RowKey {
  readonly shown: string;
  readonly name: string;
  readonly does:
    | { readonly kind: "type"; readonly part: InputPart; readonly repeats?: true }
    | { readonly kind: "hold"; readonly modifier: keyof Sticky };
}

function key(shown: string, name: string, keyName: string, repeats?: true): RowKey {
  const part: InputPart = { kind: "key", key: keyName };
  return { shown, name, does: { kind: "type", part, ...(repeats && { repeats }) } };
}

function text(char: string, name: string): RowKey {
  return { shown: char, name, does: { kind: "type", part: { kind: "text", text: char } } };
}

const KEYS: readonly RowKey[] = [
  key("Esc", "Esc", "escape"),
  key("Tab", "Tab", "tab"),
  { shown: "Ctrl", name: "Ctrl, for the next key", does: { kind: "hold", modifier: "ctrl" } },
  { shown: "Alt", name: "Alt, for the next key", does: { kind: "hold", modifier: "alt" } },
  key("\u2190", "Left", "left", true),
  key("\u2191", "Up", "up", true),
  key("\u2193", "Down", "down", true),
  key("\u2192", "Right", "right", true),
  text("|", "Vertical bar"),
  text("/", "Slash"),
  text("-", "Hyphen"),
  text("~", "Tilde"),
];

/** A key that is held down repeats after the first time, and then as often, in milliseconds. */
const REPEAT_AFTER_MS = 400, REPEAT_MS = 60;

/** A row of buttons that type. It never takes the focus, so that an on-screen keyboard stays open. */
export class KeyRow implements Disposable {
  readonly element: HTMLElement;
  readonly #onKey: (part: InputPart) => void;
  readonly #modifiers = new Map<keyof Sticky, HTMLButtonElement>();
  #sticky: Sticky = NO_STICKY;
  #repeat: ReturnType<typeof setTimeout> | undefined;
  #repeated = false;

  constructor(onKey: (part: InputPart) => void) {
    this.#onKey = onKey;
    const buttons = KEYS.map((rowKey) => this.#button(rowKey));
    this.element = h(
      "div",
      { class: "key-row", role: "toolbar", "aria-label": "Keys" },
      ...buttons,
    );
  }

  /** What goes with the next key. Taking it lets go of it. */
  takeSticky(): Sticky {
    const sticky = this.#sticky;
    this.#hold(NO_STICKY);
    return sticky;
  }

  [Symbol.dispose](): void {
    this.#release();
    this.element.remove();
  }

  #button({ shown, name, does }: RowKey): HTMLButtonElement {
    const button = h("button", {
      type: "button",
      "aria-label": name,
      // The focus stays where the typing goes.
      onmousedown: (event: MouseEvent) => event.preventDefault(),
    }, shown);
    if (does.kind === "hold") {
      this.#modifiers.set(does.modifier, button);
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        this.#hold({ ...this.#sticky, [does.modifier]: !this.#sticky[does.modifier] });
      });
      return button;
    }
    button.addEventListener("click", () => {
      if (!this.#repeated) this.#onKey(does.part);
      this.#repeated = false;
    });
    if (does.repeats) this.#repeats(button, does.part);
    return button;
  }

  #repeats(button: HTMLButtonElement, part: InputPart): void {
    const again = (): void => {
      this.#repeated = true;
      this.#onKey(part);
      this.#repeat = setTimeout(again, REPEAT_MS);
    };
    button.addEventListener("pointerdown", () => {
      this.#release();
      this.#repeated = false;
      this.#repeat = setTimeout(again, REPEAT_AFTER_MS);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) {
      button.addEventListener(end, () => this.#release());
    }
    // A long press would open a menu.
    button.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  #release(): void {
    clearTimeout(this.#repeat);
    this.#repeat = undefined;
  }

  #hold(sticky: Sticky): void {
    this.#sticky = sticky;
    for (const [modifier, button] of this.#modifiers) {
      button.setAttribute("aria-pressed", String(sticky[modifier]));
    }
  }
}
