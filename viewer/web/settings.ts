/**
 * What the page remembers in this browser. Nothing of it goes anywhere.
 *
 * @module
 */

/** Everything that is remembered. */
export type Setting = "name" | "theme" | "pointing" | "reader" | "renderer";

/** What was remembered, or `undefined`; also where a browser keeps nothing. */
export function readSetting(setting: Setting): string | undefined {
  try {
    return localStorage.getItem(`collab.${setting}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers something, or forgets it. */
export function writeSetting(setting: Setting, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`collab.${setting}`);
    else localStorage.setItem(`collab.${setting}`, value);
  } catch {
    // Without storage it holds until the page is closed.
  }
}
