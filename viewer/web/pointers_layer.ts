/**
 * Where people point, and where the cursors of their panes are, over the screen.
 *
 * @module
 */
import { PERSON_COLORS } from "../../format/person_colors.ts";
import type { Person } from "../../format/session_data.ts";
import { shownName } from "../drive_text.ts";
import { type Pointer, POINTER_MS, type SessionFacts } from "../session_facts.ts";
import { h, icon } from "./dom.ts";
import type { Stage } from "./stage.ts";

/** More pointers than this are not drawn: nobody could tell them apart. */
const MAX_DRAWN = 50;

interface Drawn {
  readonly element: HTMLElement;
  pointer: Pointer;
  timer: ReturnType<typeof setTimeout> | undefined;
}

type CursorFacts = Pick<SessionFacts, "people" | "panes" | "cursors">;

/** Draws pointers in their people's colours, with their names. They fade some seconds after they last moved. */
export class PointersLayer {
  readonly #stage: Stage;
  readonly #element = h("div", { class: "pointers", "aria-hidden": "true" });
  readonly #drawn = new Map<string, Drawn>();
  #cursors: readonly { readonly element: HTMLElement; readonly at: Pointer }[] = [];
  #shown: CursorFacts | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    stage.screen.append(this.#element);
    stage.onLayout(() => {
      for (const drawn of this.#drawn.values()) this.#place(drawn);
      for (const cursor of this.#cursors) this.#placeCursor(cursor);
    });
  }

  /** Draws who points now. @param sessionMs session time; @param you whose pointer has no name */
  update(
    facts: CursorFacts & Pick<SessionFacts, "pointers">,
    sessionMs: number,
    you: string | undefined,
  ): void {
    this.#drawCursors(facts);
    const { people, pointers } = facts;
    for (const [id, drawn] of this.#drawn) {
      if (!pointers.has(id)) this.#remove(id, drawn);
    }
    for (const [id, pointer] of pointers) {
      const known = this.#drawn.get(id);
      const leftMs = POINTER_MS - (sessionMs - pointer.atMs);
      if (known?.pointer === pointer || leftMs <= 0) continue;
      if (known === undefined && this.#drawn.size >= MAX_DRAWN) continue;
      const drawn = known ?? this.#add(id, people.get(id), id === you);
      drawn.pointer = pointer;
      clearTimeout(drawn.timer);
      drawn.timer = setTimeout(() => this.#remove(id, drawn), leftMs);
      drawn.element.classList.remove("going");
      this.#place(drawn);
    }
  }

  #drawCursors(facts: CursorFacts): void {
    const before = this.#shown;
    this.#shown = facts;
    const same = before?.cursors === facts.cursors && before.panes === facts.panes &&
      before.people === facts.people;
    if (same) return;
    for (const { element } of this.#cursors) element.remove();
    this.#cursors = [...facts.cursors].filter(([id]) => facts.panes.has(id)).map(([id, at]) => {
      const element = h("div", { class: "pane-cursor" });
      setPersonColor(element, facts.people.get(id)?.color ?? 0);
      this.#element.append(element);
      const cursor = { element, at };
      this.#placeCursor(cursor);
      return cursor;
    });
  }

  #placeCursor({ element, at }: { readonly element: HTMLElement; readonly at: Pointer }): void {
    const { frame } = this.#stage;
    element.hidden = frame !== undefined && (at.x >= frame.cols || at.y >= frame.rows);
    const { left, top, width, height } = this.#stage.boxOf(at);
    Object.assign(element.style, { width: `${width}px`, height: `${height}px` });
    element.style.transform = `translate(${left}px, ${top}px)`;
  }

  #add(id: string, person: Person | undefined, own: boolean): Drawn {
    const element = h(
      "div",
      { class: own ? "pointer own" : "pointer" },
      icon("point"),
      !own && h("span", {}, person === undefined ? "Somebody" : shownName(person)),
    );
    setPersonColor(element, person?.color ?? 0);
    this.#element.append(element);
    const drawn = { element, pointer: { x: 0, y: 0, atMs: 0 }, timer: undefined };
    this.#drawn.set(id, drawn);
    return drawn;
  }

  #remove(id: string, { element, timer }: Drawn): void {
    clearTimeout(timer);
    this.#drawn.delete(id);
    element.classList.add("going");
    setTimeout(() => element.remove(), 400);
  }

  #place({ element, pointer }: Drawn): void {
    const { frame } = this.#stage;
    const out = frame !== undefined && (pointer.x >= frame.cols || pointer.y >= frame.rows);
    const { left, top, width, height } = this.#stage.boxOf(pointer);
    element.hidden = out;
    element.style.transform = `translate(${left + width / 2}px, ${top + height / 2}px)`;
    // A name that would stand out at the right goes to the other side.
    element.classList.toggle("left", frame !== undefined && pointer.x > frame.cols * 0.8);
  }
}

/** Gives an element a person's colour, and one that can be read on it. */
export function setPersonColor(element: HTMLElement, color: number): void {
  const rgb = PERSON_COLORS[color % PERSON_COLORS.length]!;
  element.style.setProperty("--person", `rgb(${rgb.join(" ")})`);
  element.style.setProperty("--on-person", isLight(rgb) ? "#101315" : "#fff");
}

/** Whether black is read better on a colour than white: by its relative luminance (WCAG 2). */
function isLight(rgb: readonly [number, number, number]): boolean {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
}
