/**
 * How panes with owners look: a title line in the owner's colour over each, for as long as there are any.
 *
 * @module
 */
import { PERSON_COLORS } from "../../format/person_colors.ts";
import type { PaneOwner } from "../panes.ts";
import { drawn, quote } from "./commands.ts";

/** Carries out a command of tmux. */
export type Run = (command: string) => Promise<readonly string[]>;

const COLOR = "#{?@collab_color,fg=#{@collab_color},default}";
/** The options of a window that are set while it has panes with owners. */
const WINDOW_OPTIONS: readonly (readonly [name: string, value: string])[] = [
  ["pane-border-status", "top"],
  [
    "pane-border-format",
    " #{?@collab_name,#[bold]#{@collab_name}#[nobold],#{pane_title}} ",
  ],
  ["pane-border-style", COLOR],
  ["pane-active-border-style", `${COLOR},bold`],
];
/** A user's own options of a pane that are set in an owner's. */
const PANE_OPTIONS = ["@collab_name", "@collab_color"] as const;

/** Writes an owner's name over a pane, in their colour. */
export async function mark(run: Run, pane: string, { name, color }: PaneOwner): Promise<void> {
  const [r, g, b] = PERSON_COLORS[color % PERSON_COLORS.length]!;
  const hex = [r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("");
  await run(`set-option -p -t ${pane} @collab_name ${quote(drawn(name))}`);
  await run(`set-option -p -t ${pane} @collab_color '#${hex}'`);
}

/** Takes an owner's name off a pane. */
export async function unmark(run: Run, pane: string): Promise<void> {
  for (const option of PANE_OPTIONS) await run(`set-option -p -u -q -t ${pane} ${option}`);
}

/** What a window's own options were; absent where they were those of all windows. */
export type WindowLook = ReadonlyMap<string, string>;

/** Shows the title lines in a window; returns how it was. */
export async function dress(run: Run, window: string): Promise<WindowLook> {
  const before = new Map<string, string>();
  for (const [name, value] of WINDOW_OPTIONS) {
    const lines = await run(`show-options -w -q -v -t ${window} ${name}`);
    const own = lines.join("");
    // What a host left that could not tidy up is nobody's.
    if (lines.length > 0 && own !== value) before.set(name, own);
    await run(`set-option -w -t ${window} ${name} ${quote(value)}`);
  }
  return before;
}

/** Gives a window its own options back. */
export async function undress(run: Run, window: string, before: WindowLook): Promise<void> {
  for (const [name] of WINDOW_OPTIONS) {
    const value = before.get(name);
    await run(
      value === undefined
        ? `set-option -w -u -t ${window} ${name}`
        : `set-option -w -t ${window} ${name} ${quote(value)}`,
    );
  }
}
