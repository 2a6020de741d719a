/**
 * Who is here.
 *
 * @module
 */
import { type Person, PRESENTER_ROLE } from "../../format/session_data.ts";
import type { HostAction } from "../../wire/actions.ts";
import { driver } from "../session_facts.ts";
import { GRANT_TIMES, timeText } from "./controls_model.ts";
import { h, icon, setChildrenOnce, setText } from "./dom.ts";
import type { MadeLink } from "./made_links.ts";
import { type MenuItem, openMenu } from "./menu.ts";
import { setPersonColor } from "./pointers_layer.ts";
import type { SessionState } from "./session.ts";

/** What the panel tells. */
export interface PeoplePanelOptions {
  readonly act: (action: HostAction) => void;
  /** Asks before somebody is removed. */
  readonly onKick: (person: Person) => void;
  readonly onClose: () => void;
  /** The links that were made here, the latest first. */
  readonly madeLinks: () => readonly MadeLink[];
  /** Shows one of them again. */
  readonly onMadeLink: (link: MadeLink) => void;
}

const ROLE_TEXTS: Readonly<Record<string, string>> = {
  [PRESENTER_ROLE]: "presents",
  view: "can watch",
  control: "can ask for control",
  agent: "agent",
  admin: "can do everything",
};

const MADE_TEXTS: Readonly<Record<string, string>> = {
  view: "To watch",
  control: "To ask for control",
  agent: "For an agent",
  admin: "To do everything",
};

/** The panel. It is there while it is open. */
export class PeoplePanel {
  readonly element: HTMLElement;
  readonly #options: PeoplePanelOptions;
  readonly #title = h("h2", {});
  readonly #list = h("ul", {});
  readonly #footer = h("div", { class: "panel-footer" });
  readonly #close: HTMLButtonElement;

  constructor(options: PeoplePanelOptions) {
    this.#options = options;
    this.#close = h("button", {
      type: "button",
      class: "icon-button",
      "aria-label": "Close",
      title: "Close",
      onclick: () => options.onClose(),
    }, icon("close"));
    this.element = h(
      "aside",
      { class: "people", id: "people", hidden: true, "aria-label": "Who is here" },
      h("div", { class: "panel-head" }, this.#title, this.#close),
      this.#list,
      this.#footer,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      options.onClose();
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  set isOpen(open: boolean) {
    if (open === this.isOpen) return;
    this.element.hidden = !open;
    if (open) this.#close.focus();
  }

  /** Shows who is here. */
  update(state: SessionState): void {
    const { facts, you } = state;
    const people = [...facts.people.values()].sort(byPlace(you?.id));
    const more = Math.max(0, (facts.watching ?? 0) - people.filter(isWatcher).length);
    setText(this.#title, `Who is here (${people.length + more})`);
    const drives = driver(facts)?.id;
    const asking = new Set(facts.requests.map(({ id }) => id));
    const live = state.status?.kind === "live";
    const key = JSON.stringify([people, drives, [...asking], you, more, facts.turn.mode, live]);
    setChildrenOnce(this.#list, key, () => [
      ...people.map((person) => this.#row(person, state, drives === person.id, asking)),
      more > 0 && h("li", { class: "more-people" }, `and ${more.toLocaleString("en")} more`),
    ]);
    setChildrenOnce(this.#footer, String(you?.role === "admin" && live), () => [
      you?.role === "admin" && live && this.#inviteButton(),
    ]);
  }

  #row(
    person: Person,
    { you, facts, status }: SessionState,
    drives: boolean,
    asking: ReadonlySet<string>,
  ): HTMLElement {
    const own = person.id === you?.id;
    const notes = [
      drives && "drives",
      facts.turn.mode === "collaborative" && canType(person) && "may type",
      asking.has(person.id) && "asks for control",
      !drives && (ROLE_TEXTS[person.role] ?? person.role),
    ].filter((note) => note !== false && note !== "");
    const badge = h(
      "span",
      { class: "badge", "aria-hidden": "true" },
      person.type === "agent" ? icon("agent") : initialOf(person.name),
    );
    setPersonColor(badge, person.color);
    const admin = you?.role === "admin" && status?.kind === "live" && !own &&
      person.role !== PRESENTER_ROLE;
    return h(
      "li",
      { class: drives ? "drives" : "" },
      badge,
      h(
        "div",
        { class: "who" },
        h("span", { class: "name" }, person.name, own && h("span", { class: "soft" }, " (you)")),
        h("span", { class: "soft" }, [...new Set(notes)].join(", ")),
      ),
      admin && this.#actions(person, asking.has(person.id)),
    );
  }

  #actions(person: Person, asks: boolean): HTMLElement {
    const { act, onKick } = this.#options;
    const items: MenuItem[] = [
      ...(canType(person)
        ? [
          { kind: "title", label: `Give ${person.name} control` } as const,
          ...GRANT_TIMES.map((forMs): MenuItem => ({
            kind: "item",
            label: forMs === null ? "Until taken back" : `For ${timeText(forMs)}`,
            run: () => act({ kind: "grant", id: person.id, forMs }),
          })),
          ...(asks
            ? [
              {
                kind: "item",
                label: "Say no",
                run: () => act({ kind: "deny", id: person.id }),
              } as const,
            ]
            : []),
          { kind: "line" } as const,
        ]
        : []),
      { kind: "item", label: "Remove from the session", run: () => onKick(person) },
    ];
    const label = `What to do with ${person.name}`;
    const button: HTMLButtonElement = h("button", {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: label,
      "aria-haspopup": "menu",
      onclick: () => openMenu(button, label, items),
    }, icon("more"));
    return button;
  }

  #inviteButton(): HTMLElement {
    const { act } = this.#options;
    const invite = (label: string, role: "view" | "control" | "admin"): MenuItem => ({
      kind: "item",
      label,
      run: () => act({ kind: "invite", role }),
    });
    const button: HTMLButtonElement = h("button", {
      type: "button",
      "aria-haspopup": "menu",
      onclick: () =>
        openMenu(button, "A new link", [
          { kind: "title", label: "A new link for somebody who" },
          invite("Watches", "view"),
          invite("May ask for control", "control"),
          invite("May do everything", "admin"),
          ...this.#madeItems(),
        ]),
    }, "Invite");
    return button;
  }

  #madeItems(): readonly MenuItem[] {
    const { madeLinks, onMadeLink } = this.#options;
    const items = madeLinks().map((link): MenuItem => ({
      kind: "item",
      label: MADE_TEXTS[link.role] ?? link.role,
      note: link.time,
      run: () => onMadeLink(link),
    }));
    if (items.length === 0) return [];
    return [{ kind: "line" }, { kind: "title", label: "Links made here" }, ...items];
  }
}

function canType({ role }: Person): boolean {
  return role !== "view" && role !== PRESENTER_ROLE;
}

function isWatcher({ role }: Person): boolean {
  return role !== PRESENTER_ROLE;
}

/** The presenter first, then the reader, then the others as they came. */
function byPlace(you: string | undefined): (a: Person, b: Person) => number {
  const place = ({ id, role }: Person): number => role === PRESENTER_ROLE ? 0 : id === you ? 1 : 2;
  return (a, b) => place(a) - place(b);
}

const SEGMENTS = new Intl.Segmenter();

function initialOf(name: string): string {
  return SEGMENTS.segment(name)[Symbol.iterator]().next().value?.segment.toUpperCase() ?? "?";
}
