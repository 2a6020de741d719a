/**
 * The environment of a program that runs in a session.
 *
 * @module
 */

/** What describes the terminal the host runs in, and would mislead a program that runs in another one. */
const OTHER_TERMINAL = new Set([
  "TERM_PROGRAM",
  "TERM_PROGRAM_VERSION",
  "TERM_SESSION_ID",
  "TERM_FEATURES",
  "TERMCAP",
  "TERMINAL_EMULATOR",
  "LC_TERMINAL",
  "LC_TERMINAL_VERSION",
  "VTE_VERSION",
  "WINDOWID",
  "WT_SESSION",
  "WT_PROFILE_ID",
  "COLORFGBG",
  "INSIDE_EMACS",
  "TMUX",
  "TMUX_PANE",
  "STY",
  "WINDOW",
  "ZELLIJ",
  "GPG_TTY",
  "COLUMNS",
  "LINES",
]);
const OTHER_TERMINAL_PREFIX =
  /^(?:KITTY|ITERM|ALACRITTY|WEZTERM|KONSOLE|GNOME_TERMINAL|GHOSTTY|XTERM|ZELLIJ|TERMINATOR|TILIX|VSCODE_SHELL)_|^ConEmu/;

/**
 * The environment for a session's command: `base` without what describes the terminal the host itself runs in
 * (`TERM_PROGRAM`, `KITTY_*`, `TMUX`, `COLUMNS`, …), with `TERM=xterm-256color`, `COLORTERM=truecolor` and
 * `COLLAB_SESSION`. `set` is for what the user asked for by name; it goes over all of these.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { childEnvironment } from "./environment.ts";
 *
 * const env = childEnvironment({ HOME: "/home/a", TERM: "screen", TMUX: "/tmp/t,1,0" }, { session: "s1" });
 * assert.deepEqual(env, { HOME: "/home/a", TERM: "xterm-256color", COLORTERM: "truecolor", COLLAB_SESSION: "s1" });
 * ```
 */
export function childEnvironment(
  base: Readonly<Record<string, string>>,
  options: { readonly session: string; readonly set?: Readonly<Record<string, string>> },
): Record<string, string> {
  const kept = Object.entries(base).filter(([name]) =>
    !OTHER_TERMINAL.has(name) && !OTHER_TERMINAL_PREFIX.test(name)
  );
  return {
    ...Object.fromEntries(kept),
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    COLLAB_SESSION: options.session,
    ...options.set,
  };
}
