/**
 * The keys, told.
 *
 * @module
 */
import { h } from "../dom.ts";
import { REPLAY_KEYS } from "./keys.ts";

/** Shows what the keys do. */
export function showKeys(): void {
  const rows = REPLAY_KEYS.map(([keys, what]) =>
    h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, keys)), h("td", {}, what))
  );
  const close = h(
    "button",
    { type: "button", class: "primary", autofocus: true, onclick: () => dialog.close() },
    "Close",
  );
  const dialog: HTMLDialogElement = h(
    "dialog",
    {
      "aria-label": "Keys",
      onclose: () => dialog.remove(),
      // What is pressed here is not for the player.
      onkeydown: (event: KeyboardEvent) => event.stopPropagation(),
    },
    h("h2", {}, "Keys"),
    h("table", { class: "keys" }, h("tbody", {}, ...rows)),
    h("div", { class: "buttons" }, close),
  );
  document.body.append(dialog);
  dialog.showModal();
}
