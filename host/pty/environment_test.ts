import assert from "node:assert/strict";
import { childEnvironment } from "./environment.ts";

Deno.test("the child's environment names this terminal and not the one the host runs in", () => {
  const base = {
    HOME: "/home/a",
    PATH: "/bin",
    SSH_CONNECTION: "1 2 3 4",
    LC_ALL: "C",
    TERM: "xterm-kitty",
    COLORTERM: "24bit",
    COLLAB_SESSION: "outer",
    TERM_PROGRAM: "vscode",
    TERM_PROGRAM_VERSION: "1",
    VTE_VERSION: "7000",
    KITTY_WINDOW_ID: "1",
    KITTY_PID: "1",
    WT_SESSION: "x",
    TMUX: "/tmp/tmux-0/default,1,0",
    TMUX_PANE: "%0",
    STY: "1.pts",
    COLUMNS: "80",
    LINES: "24",
    WEZTERM_PANE: "0",
    ConEmuANSI: "ON",
  };
  assert.deepEqual(childEnvironment(base, { session: "inner" }), {
    HOME: "/home/a",
    PATH: "/bin",
    SSH_CONNECTION: "1 2 3 4",
    LC_ALL: "C",
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    COLLAB_SESSION: "inner",
  });
  assert.equal(base.TMUX, "/tmp/tmux-0/default,1,0", "the given one is untouched");
});

Deno.test("what the user asks for by name goes over everything", () => {
  const env = childEnvironment({}, { session: "s", set: { TERM: "vt100", LINES: "5" } });
  assert.deepEqual(env, { TERM: "vt100", COLORTERM: "truecolor", COLLAB_SESSION: "s", LINES: "5" });
});
