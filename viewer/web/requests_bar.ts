/**
 * Who asks for control, for who can give it.
 *
 * @module
 */
import type { HostAction } from "../../wire/actions.ts";
import { GRANT_TIMES, timeText, type WaitingRequest } from "./controls_model.ts";
import { h, icon, setChildrenOnce } from "./dom.ts";
import { openMenu } from "./menu.ts";
import { setPersonColor } from "./pointers_layer.ts";

/** As many are shown at a time, in their order. */
const MAX_SHOWN = 3;

/** A line for each request. */
export class RequestsBar {
  readonly element: HTMLElement = h("div", {
    class: "requests",
    role: "region",
    "aria-label": "Requests for control",
    "aria-live": "polite",
  });
  readonly #act: (action: HostAction) => void;

  constructor(act: (action: HostAction) => void) {
    this.#act = act;
  }

  update(requests: readonly WaitingRequest[]): void {
    this.element.hidden = requests.length === 0;
    const rest = requests.length - MAX_SHOWN;
    setChildrenOnce(this.element, JSON.stringify(requests), () => [
      ...requests.slice(0, MAX_SHOWN).map((request) => this.#row(request)),
      rest > 0 && h("p", { class: "soft" }, `and ${rest} more, in who is here`),
    ]);
  }

  #row(request: WaitingRequest): HTMLElement {
    const { id, name, forMs, note, color, pane = false } = request;
    const dot = h("span", { class: "drive-dot", "aria-hidden": "true" });
    setPersonColor(dot, color);
    const time = forMs === undefined ? "" : ` for ${timeText(forMs)}`;
    const grant = (length: number | null | undefined): void =>
      this.#act({ kind: "grant", id, ...(length !== undefined && { forMs: length }) });
    const how = `Give ${name} control: for how long`;
    const choose: HTMLButtonElement = h("button", {
      type: "button",
      class: "primary icon-button",
      "aria-label": how,
      title: how,
      "aria-haspopup": "menu",
      onclick: () =>
        openMenu(choose, how, [
          { kind: "title", label: "For how long" },
          ...GRANT_TIMES.map((length) => ({
            kind: "item" as const,
            label: timeText(length),
            run: () => grant(length),
          })),
        ]),
    }, icon("down"));
    const button = (label: string, run: () => void, look: string): HTMLElement =>
      h(
        "button",
        { type: "button", class: look, "aria-label": `${label} ${name}`, onclick: run },
        label,
      );
    return h(
      "div",
      { class: "request" },
      dot,
      h(
        "p",
        {},
        h("strong", {}, name),
        pane ? " asks for a pane" : ` asks for control${time}`,
        note !== undefined && h("span", { class: "soft" }, `: ${note}`),
      ),
      h(
        "span",
        { class: "request-buttons" },
        button("Deny", () => this.#act({ kind: "deny", id }), ""),
        h(
          "span",
          { class: "split" },
          button("Allow", () => grant(undefined), "primary"),
          !pane && choose,
        ),
      ),
    );
  }
}
