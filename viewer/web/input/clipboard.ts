/**
 * Copies text to the clipboard.
 *
 * @module
 */

/**
 * Copies text, and says whether it could. To be called while a key or a click is handled: browsers allow it then. Works
 * also where there is no `navigator.clipboard`, which pages over plain HTTP do not have.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Not every browser has it, whatever its types say.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch { /* it is not allowed here: the old way may be */ }
  return copyOldWay(text);
}

function copyOldWay(text: string): boolean {
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const before = document.activeElement;
  // Without something selected the browser has nothing to copy, and asks nobody.
  const field = document.createElement("textarea");
  field.value = " ";
  field.className = "unseen";
  (before?.closest("dialog") ?? document.body).append(field);
  document.addEventListener("copy", give, { capture: true });
  try {
    field.select();
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", give, { capture: true });
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}
