/**
 * The field that the keyboard's focus is in while somebody types into the session.
 *
 * @module
 */
import type { InputPart } from "../../../wire/input.ts";
import { SENTINEL, typedBy, typedText } from "./typed.ts";

/**
 * A textarea that keeps nothing of what is typed into it: it is what makes browsers open an on-screen keyboard, input
 * methods put characters together, and pastes arrive.
 */
export class Field implements Disposable {
  readonly element: HTMLTextAreaElement;
  readonly #onTyped: (parts: readonly InputPart[]) => void;
  readonly #end = new AbortController();
  #writable = false;
  #composing = false;
  /** Whether what was being put together was typed already. */
  #committed = false;

  /** @param element is read-only until it is made {@link writable} */
  constructor(element: HTMLTextAreaElement, onTyped: (parts: readonly InputPart[]) => void) {
    this.element = element;
    this.#onTyped = onTyped;
    const { signal } = this.#end;
    for (const name of ["autocapitalize", "autocomplete", "autocorrect"]) {
      element.setAttribute(name, "off");
    }
    element.spellcheck = false;
    element.addEventListener("beforeinput", (event) => this.#beforeInput(event), { signal });
    element.addEventListener("compositionstart", () => this.#composing = true, { signal });
    element.addEventListener("compositionend", (event) => this.#compositionEnd(event.data), {
      signal,
    });
    for (const type of ["input", "focus"]) {
      element.addEventListener(type, () => this.#empty(), { signal });
    }
  }

  /** Whether it takes anything in. */
  set writable(writable: boolean) {
    this.#writable = writable;
    this.element.readOnly = !writable;
    this.reset();
  }

  [Symbol.dispose](): void {
    this.writable = false;
    this.#end.abort();
  }

  /** Types what an input method has so far: another key comes. */
  commit(): void {
    if (!this.#composing) return;
    const text = this.element.value;
    this.reset();
    this.#onTyped(typedText(text));
  }

  /** Forgets what an input method has so far. */
  reset(): void {
    this.#committed = this.#composing;
    this.#composing = false;
    this.#empty();
  }

  #beforeInput(event: InputEvent): void {
    if (event.isComposing || this.#composing || event.inputType.includes("Composition")) return;
    event.preventDefault();
    if (this.#writable) this.#onTyped(typedBy(event.inputType, event.data));
  }

  #compositionEnd(data: string): void {
    this.#composing = false;
    if (!this.#committed) this.#onTyped(typedText(data));
    this.#committed = false;
    // The browser has still to put the text in.
    setTimeout(() => this.#empty(), 0);
  }

  #empty(): void {
    if (this.#composing || this.#end.signal.aborted) return;
    const { element } = this;
    const kept = this.#writable ? SENTINEL : "";
    if (element.value !== kept) element.value = kept;
  }
}
