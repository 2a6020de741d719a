/**
 * What the local terminal can show, as far as its environment tells.
 *
 * @module
 */

/** How many colours there are: 24-bit, the 256, the 16 named ones, or none. */
export type ColorDepth = "rgb" | "256" | "16" | "none";

/** What a terminal can show. Where nothing is known the cautious answer is given. */
export interface Capabilities {
  readonly colors: ColorDepth;
  /** Erasing leaves the current background colour (terminfo's `bce`). */
  readonly erasesWithColor: boolean;
  /** Curly, dotted and dashed underlines, and underline colours. */
  readonly underlines: boolean;
  /** Hyperlinks (OSC 8). */
  readonly links: boolean;
  /** Window titles, and keeping them on a stack. */
  readonly titles: boolean;
  /** Characters beyond ASCII, and beyond a console font of 512. */
  readonly unicode: boolean;
}

/** Everything: what tests and the canonical terminal have. */
export const FULL_CAPABILITIES: Capabilities = Object.freeze({
  colors: "rgb",
  erasesWithColor: true,
  underlines: true,
  links: true,
  titles: true,
  unicode: true,
});

type Env = (name: string) => string | undefined;

/** Terminals that have everything, by TERM and by TERM_PROGRAM. */
const RICH_TERM = /^(?:xterm-)?(?:kitty|ghostty|wezterm|contour|foot|alacritty|rio)\b/;
const RICH_PROGRAM = /^(?:iTerm\.app|WezTerm|ghostty|vscode|kitty|rio|mintty|WarpTerminal)$/;
/** VTE has 24-bit colours since 0.36 and underline kinds since 0.52. */
const VTE_RGB = 3_600, VTE_UNDERLINES = 5_200;

/**
 * Reads the capabilities off the environment (`TERM`, `COLORTERM`, and what terminals set to be recognised).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const env = new Map([["TERM", "linux"], ["COLORTERM", "truecolor"]]);
 * assert.equal(detectCapabilities((name) => env.get(name)).colors, "16");
 * ```
 */
export function detectCapabilities(env: Env): Capabilities {
  const term = env("TERM") ?? "";
  const tmux = env("TMUX") !== undefined || term.startsWith("tmux");
  // GNU screen hides the terminal it runs in; what that one set is still in the environment.
  const screen = !tmux && (term.startsWith("screen") || env("STY") !== undefined);
  const console = term === "linux" || term.startsWith("linux-");
  const windows = env("WT_SESSION") !== undefined;
  const rich = !console && !screen &&
    (RICH_TERM.test(term) || RICH_PROGRAM.test(env("TERM_PROGRAM") ?? "") || windows ||
      env("KONSOLE_VERSION") !== undefined);
  const vte = Number(env("VTE_VERSION") ?? 0);
  const plain = console || screen || /^(?:vt\d|ansi|dumb|$)/.test(term);
  return {
    colors: colorDepth(term, env("COLORTERM") ?? "", { console, screen, tmux, rich, vte }),
    erasesWithColor: !screen && !/^vt\d/.test(term),
    underlines: !plain && (rich || tmux || vte >= VTE_UNDERLINES),
    links: !plain,
    titles: !console && term !== "dumb",
    unicode: !console && isUtf8(env),
  };
}

interface Kind {
  readonly console: boolean;
  readonly screen: boolean;
  readonly tmux: boolean;
  readonly rich: boolean;
  readonly vte: number;
}

function colorDepth(term: string, colorTerm: string, kind: Kind): ColorDepth {
  if (kind.console) return "16";
  if (/^(?:vt\d|dumb)|-m$|-mono$/.test(term)) return "none";
  const rgb = kind.rich || kind.tmux || kind.vte >= VTE_RGB || /-direct\d*$/.test(term) ||
    colorTerm === "truecolor" || colorTerm === "24bit";
  if (rgb && !kind.screen) return "rgb";
  return term.includes("256color") ? "256" : "16";
}

function isUtf8(env: Env): boolean {
  const locale = env("LC_ALL") || env("LC_CTYPE") || env("LANG");
  // Without any locale (containers, Windows) terminals are UTF-8 all the same.
  return locale === undefined || locale === "" || /utf-?8/i.test(locale) ||
    /^(?:C|POSIX)$/.test(locale);
}
