/**
 * Questions, and what needs a whole box to be said.
 *
 * @module
 */
import { NAME_MAX_LENGTH, NOTE_MAX_LENGTH } from "../../wire/limits.ts";
import { type Child, h } from "./dom.ts";
import { copyText } from "./input/clipboard.ts";
import { SHORTCUTS } from "./shortcuts.ts";

/** A dialog's buttons, the one that is meant last. */
interface Choice<T> {
  readonly label: string;
  readonly value: T;
  readonly primary?: boolean;
}

/** Shows a dialog and resolves to what was chosen, or to `otherwise` when it was closed. */
function ask<T>(
  title: string,
  content: readonly Child[],
  { choices, otherwise }: { readonly choices: readonly Choice<T>[]; readonly otherwise: T },
): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const dialog = h("dialog", { "aria-label": title });
  const buttons = choices.map(({ label, value, primary }) => {
    const choose = (): void => {
      resolve(value);
      dialog.close();
    };
    const made = h(
      "button",
      { type: "button", class: primary && "primary", onclick: choose },
      label,
    );
    if (primary === true) made.autofocus = true;
    return made;
  });
  dialog.append(
    h("h2", {}, title),
    ...content.filter((child) => child !== undefined && child !== null && child !== false),
    h("div", { class: "buttons" }, ...buttons),
  );
  // What is pressed here is not for the session, nor a shortcut of the page.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => {
    resolve(otherwise);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  return promise;
}

/** Asks for a name. Resolves to `undefined` when it was closed without one. */
export async function askName(
  { name, action }: { readonly name: string; readonly action: string },
): Promise<string | undefined> {
  const field = h("input", {
    name: "name",
    value: name,
    maxlength: NAME_MAX_LENGTH,
    autocomplete: "nickname",
    required: true,
    autofocus: true,
    enterkeyhint: "go",
  });
  const form = h(
    "form",
    { method: "dialog", class: "name-form" },
    h("h1", {}, "A terminal is being shared here"),
    h("label", {}, h("span", {}, "What should the others call you?"), field),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, action)),
    h(
      "p",
      { class: "small" },
      "Everyone in the session sees this name. It is kept in this browser for the next time.",
    ),
  );
  const dialog = h("dialog", { class: "name", "aria-label": "Your name" }, form);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim() === "") return;
    resolve(field.value.trim());
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    resolve(undefined);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  field.select();
  return await promise;
}

/** Asks for a word that goes with control that is given back. Resolves to `undefined` when it was closed. */
export async function askNote(): Promise<string | undefined> {
  const field = h("input", {
    name: "note",
    maxlength: NOTE_MAX_LENGTH,
    autocomplete: "off",
    autofocus: true,
    enterkeyhint: "send",
    "aria-label": "A note",
  });
  const given = ask("Give control back", [
    h("p", {}, "Everyone in the session reads the note."),
    field,
  ], {
    choices: [
      { label: "Cancel", value: false },
      { label: "Give back", value: true, primary: true },
    ],
    otherwise: false,
  });
  const dialog = field.closest("dialog")!;
  field.focus();
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    dialog.querySelector<HTMLButtonElement>("button.primary")!.click();
  });
  return await given ? field.value.trim() : undefined;
}

/** Asks before a link of the session is opened; it opens in a tab that knows nothing of this one. */
export async function askOpen(uri: string): Promise<void> {
  const url = new URL(uri);
  const open = await ask(
    "Open this link?",
    [
      h("p", { class: "url" }, url.href),
      h(
        "p",
        { class: "small" },
        `It leads to ${url.host}, outside the session. The link is the session's own text: open it only if you trust it.`,
      ),
    ],
    {
      choices: [{ label: "Cancel", value: false }, { label: "Open", value: true, primary: true }],
      otherwise: false,
    },
  );
  if (open) globalThis.open(url.href, "_blank", "noopener,noreferrer");
}

/** Asks before something that cannot be taken back. */
export function confirmDo(title: string, text: string, action: string): Promise<boolean> {
  return ask(title, [h("p", {}, text)], {
    choices: [{ label: "Cancel", value: false }, { label: action, value: true, primary: true }],
    otherwise: false,
  });
}

/** Shows a link to be passed on. Resolves to whether it is to be withdrawn instead, where that is possible. */
export async function showLink(
  url: string,
  role: string,
  { canWithdraw }: { readonly canWithdraw: boolean },
): Promise<boolean> {
  const field = h("input", { readonly: true, value: url, "aria-label": "The link" });
  field.addEventListener("focus", () => field.select());
  const what = role === "view"
    ? "Whoever has this link can watch."
    : `Whoever has this link comes in with the role "${role}".`;
  const chosen = await ask<"close" | "copy" | "withdraw">("A link to pass on", [
    h("p", {}, what),
    field,
  ], {
    choices: [
      ...(canWithdraw ? [{ label: "Withdraw", value: "withdraw" } as const] : []),
      { label: "Close", value: "close" },
      { label: "Copy", value: "copy", primary: true },
    ],
    otherwise: "close",
  });
  if (chosen === "copy") await copyText(url);
  return chosen === "withdraw";
}

/** Shows the keys. */
export async function showKeys(): Promise<void> {
  const rows = SHORTCUTS.map(({ keys, what }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, ...keys.flatMap((key, i) => [i > 0 && " or ", h("kbd", {}, key)])),
      h("td", {}, what),
    )
  );
  await ask("Keys", [
    h("table", { class: "keys" }, h("tbody", {}, ...rows)),
    h(
      "p",
      { class: "small" },
      "While you type into the session its program gets your keys: Ctrl-] opens this page's menu from there.",
    ),
  ], { choices: [{ label: "Close", value: true, primary: true }], otherwise: true });
}
