/**
 * Light and dark: the page's, and the terminal's palette with it.
 *
 * @module
 */
import type { ITheme } from "@xterm/xterm";
import { readSetting, writeSetting } from "./settings.ts";

/** What a person chose: one of the two, or whatever the system has. */
export type ThemeChoice = "auto" | "light" | "dark";
/** What is shown. */
export type ThemeName = "light" | "dark";

const DARK: ITheme = {
  background: "#14181b",
  foreground: "#e3e7e9",
  cursor: "#e3e7e9",
  cursorAccent: "#14181b",
  selectionBackground: "#36546b",
  selectionInactiveBackground: "#36546b",
  scrollbarSliderBackground: "#ffffff26",
  scrollbarSliderHoverBackground: "#ffffff40",
  scrollbarSliderActiveBackground: "#ffffff59",
  black: "#23292e",
  red: "#f07178",
  green: "#6cc08b",
  yellow: "#e0b15a",
  blue: "#6aa8f0",
  magenta: "#c792ea",
  cyan: "#5fc4c7",
  white: "#cdd3d7",
  brightBlack: "#6d7982",
  brightRed: "#ff8f94",
  brightGreen: "#8ddba8",
  brightYellow: "#f3cd82",
  brightBlue: "#90c2ff",
  brightMagenta: "#deb5f7",
  brightCyan: "#86dfe1",
  brightWhite: "#ffffff",
};

const LIGHT: ITheme = {
  background: "#ffffff",
  foreground: "#22292f",
  cursor: "#22292f",
  cursorAccent: "#ffffff",
  selectionBackground: "#bcd9f2",
  selectionInactiveBackground: "#bcd9f2",
  scrollbarSliderBackground: "#0000002e",
  scrollbarSliderHoverBackground: "#00000047",
  scrollbarSliderActiveBackground: "#00000061",
  black: "#22292f",
  red: "#c03540",
  green: "#1f7d47",
  yellow: "#8d6400",
  blue: "#1f62b8",
  magenta: "#8c3fae",
  cyan: "#0e7377",
  white: "#d5dade",
  brightBlack: "#66727b",
  brightRed: "#d9444f",
  brightGreen: "#2c9558",
  brightYellow: "#a67a0a",
  brightBlue: "#2f78d3",
  brightMagenta: "#a355c6",
  brightCyan: "#1a8a8f",
  brightWhite: "#f4f6f7",
};

/** The terminal's colours. */
export const TERMINAL_THEMES: Readonly<Record<ThemeName, ITheme>> = { light: LIGHT, dark: DARK };

/** Text is brought up to this contrast: what a program meant for a dark ground must be read on a light one. */
export const TERMINAL_CONTRAST: Readonly<Record<ThemeName, number>> = { light: 4.5, dark: 3 };

/** Light or dark, as the person or the system has it, on the whole page. */
export class Theme {
  readonly #system = matchMedia("(prefers-color-scheme: dark)");
  readonly #listeners = new Set<(name: ThemeName) => void>();
  #choice: ThemeChoice = stored();

  constructor() {
    this.#system.addEventListener("change", () => this.#apply());
    this.#apply();
  }

  /** What the person chose. */
  get choice(): ThemeChoice {
    return this.#choice;
  }

  set choice(choice: ThemeChoice) {
    this.#choice = choice;
    writeSetting("theme", choice === "auto" ? undefined : choice);
    this.#apply();
  }

  /** What is shown. */
  get name(): ThemeName {
    if (this.#choice !== "auto") return this.#choice;
    return this.#system.matches ? "dark" : "light";
  }

  /** Calls `listener` at each change. */
  subscribe(listener: (name: ThemeName) => void): void {
    this.#listeners.add(listener);
  }

  #apply(): void {
    document.documentElement.dataset.theme = this.name;
    for (const listener of this.#listeners) listener(this.name);
  }
}

function stored(): ThemeChoice {
  const choice = readSetting("theme");
  return choice === "light" || choice === "dark" ? choice : "auto";
}
