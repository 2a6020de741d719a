/**
 * The timeline: a slider with the markers and with who drove when.
 *
 * @module
 */
import { h, setText } from "../dom.ts";
import { setPersonColor } from "../pointers_layer.ts";
import {
  describe,
  placeOf,
  type Segment,
  segments,
  spokenTime,
  type Tick,
  ticks,
  timeAt,
  type TimelineFacts,
} from "./timeline_model.ts";

/** What the timeline does. */
export interface TimelineBarOptions {
  /** A place was pointed at. */
  onSeek(toMs: number): void;
  /** The timeline was taken hold of, or let go of. */
  onHold(held: boolean): void;
}

/** The slider. It moves by pointer; keys are the page's, which knows them all. */
export class TimelineBar {
  readonly element: HTMLElement;
  readonly #options: TimelineBarOptions;
  readonly #past = h("div", { class: "past" });
  readonly #stretches = h("div", { class: "stretches" });
  readonly #ticks = h("div", { class: "ticks" });
  readonly #finds = h("div", { class: "finds" });
  readonly #head = h("div", { class: "head" });
  readonly #tipTime = h("strong", {});
  readonly #tipLabel = h("span", {});
  readonly #tipDrove = h("span", { class: "soft" });
  readonly #tip = h(
    "div",
    { class: "tip", hidden: true, "aria-hidden": "true" },
    this.#tipTime,
    this.#tipLabel,
    this.#tipDrove,
  );
  #facts: TimelineFacts = { startMs: 0, durationMs: 0, stretches: [], markers: [] };
  #shown: { readonly ticks: readonly Tick[]; readonly segments: readonly Segment[] } = {
    ticks: [],
    segments: [],
  };
  #spoken = -1;

  constructor(options: TimelineBarOptions) {
    this.#options = options;
    this.element = h(
      "div",
      { class: "timeline", role: "slider", tabindex: 0, "aria-label": "Time" },
      h("div", { class: "track", "aria-hidden": "true" }, this.#past),
      this.#stretches,
      this.#finds,
      this.#ticks,
      this.#head,
      this.#tip,
    );
    this.#listen();
  }

  /** What is played from now on. */
  set facts(facts: TimelineFacts) {
    this.#facts = facts;
    this.#shown = { ticks: ticks(facts), segments: segments(facts) };
    this.#ticks.replaceChildren(...this.#shown.ticks.map(({ at }) => placed("tick", at)));
    this.#stretches.replaceChildren(...this.#shown.segments.map(stretch));
    const { element } = this;
    element.setAttribute("aria-valuemin", String(Math.floor(facts.startMs / 1_000)));
    element.setAttribute("aria-valuemax", String(Math.floor(facts.durationMs / 1_000)));
  }

  /** Where something was found. */
  set finds(atMs: readonly number[]) {
    const places = new Set(atMs.map((ms) => Math.round(placeOf(this.#facts, ms) * 1_000)));
    this.#finds.replaceChildren(...[...places].map((at) => placed("found", at / 1_000)));
  }

  /** Shows where it is. */
  update(positionMs: number): void {
    const at = placeOf(this.#facts, positionMs);
    this.#past.style.transform = `scaleX(${at})`;
    this.#head.style.left = `${at * 100}%`;
    const seconds = Math.floor(positionMs / 1_000);
    if (seconds === this.#spoken) return;
    this.#spoken = seconds;
    const { label, drove } = describe(this.#facts, at, this.#shown);
    const parts = [
      `${spokenTime(positionMs)} of ${spokenTime(this.#facts.durationMs)}`,
      label,
      drove,
    ];
    this.element.setAttribute("aria-valuenow", String(seconds));
    this.element.setAttribute("aria-valuetext", parts.filter((part) => part !== "").join(", "));
  }

  #listen(): void {
    const { element } = this;
    const seek = (event: PointerEvent): void =>
      this.#options.onSeek(timeAt(this.#facts, this.#placeUnder(event)));
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      this.#options.onHold(true);
      seek(event);
      this.#showTip(event);
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) seek(event);
      this.#showTip(event);
    });
    for (const type of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(type, (event) => {
        if (!element.hasPointerCapture(event.pointerId)) return;
        element.releasePointerCapture(event.pointerId);
        this.#options.onHold(false);
        if (event.pointerType !== "mouse") this.#tip.hidden = true;
      });
    }
    element.addEventListener("pointerleave", () => this.#tip.hidden = true);
  }

  #placeUnder({ clientX }: PointerEvent): number {
    const { left, width } = this.element.getBoundingClientRect();
    return width > 0 ? Math.max(0, Math.min(1, (clientX - left) / width)) : 0;
  }

  #showTip(event: PointerEvent): void {
    const at = this.#placeUnder(event);
    const { time, label, drove } = describe(this.#facts, at, this.#shown);
    setText(this.#tipTime, time);
    setText(this.#tipLabel, label);
    setText(this.#tipDrove, drove);
    this.#tip.hidden = false;
    // Beside the place, and never over the window's edge.
    const { width } = this.element.getBoundingClientRect();
    const half = this.#tip.offsetWidth / 2;
    const middle = Math.max(half, Math.min(width - half, at * width));
    this.#tip.style.transform = `translateX(${Math.round(middle - half)}px)`;
  }
}

function placed(name: string, at: number): HTMLElement {
  const element = h("div", { class: name });
  element.style.left = `${at * 100}%`;
  return element;
}

function stretch({ from, to, who }: Segment): HTMLElement {
  const element = placed("stretch", from);
  element.style.width = `${(to - from) * 100}%`;
  if (typeof who === "string") element.classList.add(who);
  else setPersonColor(element, who.color);
  return element;
}
