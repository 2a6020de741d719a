/**
 * Asks before several lines are pasted.
 *
 * @module
 */
import { h } from "../dom.ts";
import type { Paste } from "./paste.ts";

/** Shows what would be pasted and asks. Resolves to whether it may be; when `signal` aborts, to false. */
export function askPaste(
  paste: Extract<Paste, { kind: "ask" }>,
  signal: AbortSignal,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const close = (answer: boolean): void => {
    resolve(answer);
    dialog.close();
  };
  const yes = h(
    "button",
    { type: "button", class: "primary", onclick: () => close(true) },
    "Paste",
  );
  const no = h("button", { type: "button", onclick: () => close(false) }, "Cancel");
  // It may have to be scrolled, by keyboard as well.
  const preview = { class: "preview", tabindex: 0, role: "region", "aria-label": "What is pasted" };
  const dialog = h(
    "dialog",
    {
      class: "dialog paste",
      "aria-labelledby": "paste-question",
      "aria-describedby": "paste-why",
      // Escape closes it too.
      onclose: () => {
        resolve(false);
        dialog.remove();
      },
      // What is pressed here is not for the session.
      onkeydown: (event: KeyboardEvent) => event.stopPropagation(),
    },
    h("h2", { id: "paste-question" }, paste.question),
    h("p", { id: "paste-why" }, "Lines may run as commands as soon as they are pasted."),
    h("pre", preview, paste.preview),
    h("div", { class: "buttons" }, no, yes),
  );
  signal.addEventListener("abort", () => close(false), { once: true });
  document.body.append(dialog);
  dialog.showModal();
  yes.focus();
  return promise;
}
