/**
 * Everything that is typed into a session from the page: keyboard, input methods, pastes, mouse and touch.
 *
 * @module
 */
import type { Frame } from "../../../format/frame.ts";
import type { InputPart } from "../../../wire/input.ts";
import { Batch } from "./batch.ts";
import { Field } from "./field.ts";
import { isLeaveKey, type Keyboard, keyOf } from "./key_of.ts";
import { KeyRow } from "./key_row.ts";
import { type Cell, type MouseInput, NO_MOUSE, stepMouse } from "./mouse.ts";
import { pasteOf } from "./paste.ts";
import { askPaste } from "./paste_dialog.ts";
import { withSticky } from "./sticky.ts";
import { type Gesture, NO_TOUCH, stepTouch, type TouchInput } from "./touch.ts";

/** What is typed on: the picture of the session's screen. A `Stage`. */
export interface InputStage {
  /** Has the picture in it. */
  readonly element: HTMLElement;
  /** Gets the keyboard's focus; it stays at the cursor. */
  readonly textarea: HTMLTextAreaElement;
  /** What is shown; its modes say who the mouse is for. */
  readonly frame: Frame | undefined;
  /** The cell at a place of the window; `undefined` beside the screen. */
  cellAt(point: { readonly clientX: number; readonly clientY: number }): Cell | undefined;
}

/** What an {@link InputSource} is told and tells. */
export interface InputSourceOptions {
  readonly stage: InputStage;
  /** What was typed, at the end of the task that it was typed in. Never while {@link InputSource.active} is false. */
  onInput(parts: readonly InputPart[]): void;
  /** Ctrl-] was pressed: the keyboard is for the page. */
  onLeave(): void;
  /** Copies what is selected, and says whether there was anything. */
  copySelection(): boolean;
  /** Two fingers want the picture so many times larger, around a place of the window. */
  onZoom(factor: number, clientX: number, clientY: number): void;
  /** Says something in passing. */
  say(text: string): void;
  /** Where the keys go that an on-screen keyboard lacks; without it there are none. */
  readonly keyRow?: HTMLElement;
}

/** Pixels, and lines, of a wheel's notch. */
const NOTCH_PX = 100, NOTCH_LINES = 3;

/** Who could type as recently as this has not seen yet that control is gone: what they type is for nobody. */
const DEAF_MS = 1_000;

/** Types into a session while it is active, and zooms with two fingers always. */
export class InputSource implements Disposable {
  readonly #options: InputSourceOptions;
  readonly #field: Field;
  readonly #batch: Batch;
  readonly #keyRow: KeyRow;
  readonly #keyboard: Keyboard = { mac: /^(?:Mac|iP)/.test(navigator.platform) };
  readonly #end = new AbortController();
  #asking: AbortController | undefined;
  #active = false;
  #deafUntilMs = -Infinity;
  #mouse = NO_MOUSE;
  #touch = NO_TOUCH;

  constructor(options: InputSourceOptions) {
    this.#options = options;
    this.#batch = new Batch((parts) => {
      if (this.#active) options.onInput(parts);
    });
    this.#field = new Field(options.stage.textarea, (parts) => this.#type(parts));
    this.#keyRow = new KeyRow((part) => {
      this.#field.commit();
      this.#type([part]);
    });
    this.#keyRow.element.hidden = true;
    options.keyRow?.append(this.#keyRow.element);
    // Scrolling stays the browser's; zooming the whole page with two fingers does not.
    options.stage.element.style.touchAction = "pan-x pan-y";
    this.#listenToKeys();
    this.#listenToMouse();
    this.#listenToTouch();
  }

  /** Whether what is typed goes to the session. */
  get active(): boolean {
    return this.#active;
  }

  set active(active: boolean) {
    if (active === this.#active) return;
    if (!active && this.focused) this.#deafUntilMs = performance.now() + DEAF_MS;
    this.#active = active;
    this.#mouse = NO_MOUSE;
    this.#batch.clear();
    this.#keyRow.takeSticky();
    this.#keyRow.element.hidden = !active || !matchMedia("(pointer: coarse)").matches;
    this.#asking?.abort();
    this.#field.writable = active;
  }

  /** Gives the keyboard to the session. */
  focus(): void {
    if (this.#active) this.#field.element.focus({ preventScroll: true });
  }

  /** Whether the keyboard is the session's. */
  get focused(): boolean {
    return document.activeElement === this.#field.element;
  }

  /** Pastes text, after asking where it has several lines. */
  paste(text: string): void {
    if (!this.#active || this.#asking !== undefined) return;
    const paste = pasteOf(text);
    switch (paste.kind) {
      case "nothing":
        return;
      case "send":
        return this.#type([{ kind: "paste", text: paste.text }]);
      case "refuse":
        return this.#options.say(paste.why);
      case "ask": {
        const asking = this.#asking = new AbortController();
        void askPaste(paste, asking.signal).then((yes) => {
          this.#asking = undefined;
          if (yes) this.#type([{ kind: "paste", text: paste.text }]);
          this.focus();
        });
        return;
      }
      default:
        return paste satisfies never;
    }
  }

  [Symbol.dispose](): void {
    this.active = false;
    this.#end.abort();
    this.#keyRow[Symbol.dispose]();
    this.#field[Symbol.dispose]();
  }

  #type(parts: readonly InputPart[]): void {
    if (!this.#active || parts.length === 0) return;
    this.#batch.add(withSticky(this.#keyRow.takeSticky(), parts));
  }

  #listenToKeys(): void {
    const ours = { signal: this.#end.signal, capture: true };
    document.addEventListener("keydown", (event) => {
      if (!this.#isOurs(event.target)) return;
      if (this.#active) this.#key(event);
      else this.#swallow(event);
    }, ours);
    document.addEventListener("paste", (event) => {
      if (!this.#active || !this.#isOurs(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      this.#field.reset();
      this.paste(event.clipboardData?.getData("text/plain") ?? "");
    }, ours);
  }

  /** Whether a key is the session's: nothing else of the page has the focus. */
  #isOurs(target: EventTarget | null): boolean {
    if (document.querySelector("dialog:modal") !== null) return false;
    const { element } = this.#options.stage;
    return target === document.body ||
      (target instanceof Node && element.contains(target));
  }

  /** Takes away what was meant for the session when control had just gone: the page has keys of its own. */
  #swallow(event: KeyboardEvent): void {
    if (event.timeStamp >= this.#deafUntilMs || event.ctrlKey || event.metaKey) return;
    this.#deafUntilMs = event.timeStamp + DEAF_MS;
    event.preventDefault();
    event.stopPropagation();
  }

  #key(event: KeyboardEvent): void {
    const taken = (): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (isLeaveKey(event)) {
      taken();
      return this.#options.onLeave();
    }
    if (!this.focused) this.focus();
    if (this.#isCopy(event)) return taken();
    const part = keyOf(event, this.#keyboard);
    if (part === undefined) return;
    taken();
    this.#type([part]);
  }

  /** Copies when a key is for that: Ctrl-C only while something is selected. */
  #isCopy(event: KeyboardEvent): boolean {
    const { ctrlKey, shiftKey, altKey, metaKey, key } = event;
    if (!ctrlKey || altKey || metaKey || this.#keyboard.mac) return false;
    const isC = key.toLowerCase() === "c" || (event.code === "KeyC" && !/^[a-z]$/i.test(key));
    if (isC && !shiftKey) return this.#options.copySelection();
    if (!isC && key !== "Insert") return false;
    if (key === "Insert" && shiftKey) return false;
    this.#options.copySelection();
    return true;
  }

  #listenToMouse(): void {
    const { element: surface } = this.#options.stage;
    const ours = { signal: this.#end.signal, capture: true };
    surface.addEventListener("mousedown", (event) => {
      this.#mouseEvent(event, { kind: "down", button: event.button });
      // Shift says here that a selection begins; to xterm, that one is made longer.
      if (this.#active && event.shiftKey && this.#screen().mouse !== "none") {
        Object.defineProperty(event, "shiftKey", { value: false });
      }
      if (this.#active) this.focus();
    }, ours);
    // A button may be let go anywhere.
    document.addEventListener("mouseup", (event) => {
      this.#mouseEvent(event, { kind: "up", button: event.button });
    }, ours);
    document.addEventListener("mousemove", (event) => {
      const here = event.target instanceof Node && surface.contains(event.target);
      if (here || this.#mouse.held.length > 0) this.#mouseEvent(event, { kind: "move" });
    }, ours);
    surface.addEventListener("wheel", (event) => {
      this.#mouseEvent(event, { kind: "wheel", turns: turnsOf(event) });
    }, { ...ours, passive: false });
    surface.addEventListener("contextmenu", (event) => {
      const wanted = this.#active && this.#screen().mouse !== "none";
      if (wanted && !event.shiftKey) event.preventDefault();
    }, ours);
  }

  #mouseEvent(
    event: MouseEvent,
    what:
      | { readonly kind: "down" | "up"; readonly button: number }
      | { readonly kind: "move" }
      | { readonly kind: "wheel"; readonly turns: number },
  ): void {
    if (!this.#active) return;
    const held = this.#mouse.held.length > 0;
    const found = this.#options.stage.cellAt(event);
    const cell = found ?? (held ? this.#mouse.last : undefined);
    if (cell === undefined) return;
    const { shiftKey: shift, altKey: alt, ctrlKey: ctrl } = event;
    if (this.#mouseInput({ ...what, cell, shift, alt, ctrl })) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** Returns whether the browser is to do nothing with it. */
  #mouseInput(input: MouseInput): boolean {
    const { state, parts, taken } = stepMouse(this.#mouse, input, this.#screen());
    this.#mouse = state;
    // Ctrl and Alt of the key row are for keys.
    this.#batch.add(parts);
    return taken;
  }

  #screen(): Parameters<typeof stepMouse>[2] {
    const { frame } = this.#options.stage;
    return { mouse: frame?.modes.mouse ?? "none", alternate: frame?.under !== undefined };
  }

  #listenToTouch(): void {
    const { element: surface } = this.#options.stage;
    const listen = (type: "touchstart" | "touchmove" | "touchend" | "touchcancel"): void => {
      const kind = type.slice("touch".length) as TouchInput["kind"];
      surface.addEventListener(type, (event) => this.#touchEvent(event, kind), {
        signal: this.#end.signal,
        passive: false,
      });
    };
    listen("touchstart");
    listen("touchmove");
    listen("touchend");
    listen("touchcancel");
  }

  #touchEvent(event: TouchEvent, kind: TouchInput["kind"]): void {
    const fingers = [...event.touches].map(({ clientX, clientY }) => ({ x: clientX, y: clientY }));
    const { state, gesture, taken } = stepTouch(this.#touch, { kind, fingers }, event.timeStamp);
    this.#touch = state;
    const used = gesture !== undefined && this.#gesture(gesture);
    if ((taken || used) && event.cancelable) event.preventDefault();
  }

  /** Returns whether the browser is to make no click of it. */
  #gesture(gesture: Gesture): boolean {
    const { x, y } = gesture.at;
    if (gesture.kind === "zoom") {
      this.#options.onZoom(gesture.factor, x, y);
      return true;
    }
    if (!this.#active) return false;
    this.focus();
    const cell = this.#options.stage.cellAt({ clientX: x, clientY: y });
    if (cell === undefined) return true;
    const click = { cell, shift: false, alt: false, ctrl: false, button: 0 };
    this.#mouseInput({ ...click, kind: "down" });
    this.#mouseInput({ ...click, kind: "up" });
    return true;
  }
}

function turnsOf({ deltaY, deltaMode }: WheelEvent): number {
  switch (deltaMode) {
    case WheelEvent.DOM_DELTA_PIXEL:
      return deltaY / NOTCH_PX;
    case WheelEvent.DOM_DELTA_LINE:
      return deltaY / NOTCH_LINES;
    default:
      return deltaY * NOTCH_LINES;
  }
}
