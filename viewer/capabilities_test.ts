import assert from "node:assert/strict";
import { type Capabilities, detectCapabilities } from "./capabilities.ts";

function detect(env: Record<string, string>): Capabilities {
  return detectCapabilities((name) => env[name]);
}

Deno.test("colours are taken from what terminals say of themselves", () => {
  const cases: [Record<string, string>, Capabilities["colors"]][] = [
    [{ TERM: "xterm-256color" }, "256"],
    [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, "rgb"],
    [{ TERM: "xterm-kitty" }, "rgb"],
    [{ TERM: "xterm-256color", VTE_VERSION: "6800" }, "rgb"],
    [{ TERM: "xterm-256color", TERM_PROGRAM: "Apple_Terminal" }, "256"],
    [{ TERM: "xterm-256color", TERM_PROGRAM: "iTerm.app" }, "rgb"],
    [{ TERM: "screen-256color", TMUX: "/tmp/tmux" }, "rgb"],
    [{ TERM: "screen-256color", STY: "1.x", COLORTERM: "truecolor" }, "256"],
    [{ TERM: "xterm" }, "16"],
    [{ TERM: "linux", COLORTERM: "truecolor" }, "16"],
    [{ TERM: "vt220" }, "none"],
    [{ TERM: "xterm-direct" }, "rgb"],
    [{}, "16"],
  ];
  for (const [env, colors] of cases) assert.equal(detect(env).colors, colors, JSON.stringify(env));
});

Deno.test("what an unknown terminal could misread is not used on it", () => {
  const unknown = detect({ TERM: "xterm-256color" });
  assert.deepEqual([unknown.underlines, unknown.links, unknown.titles], [false, true, true]);
  const console = detect({ TERM: "linux", TERM_PROGRAM: "WezTerm", LANG: "C.UTF-8" });
  assert.deepEqual(
    [console.underlines, console.links, console.titles, console.unicode],
    [false, false, false, false],
  );
  assert.equal(detect({ TERM: "screen", STY: "1.x" }).erasesWithColor, false);
});

Deno.test("characters beyond ASCII need a locale that has them", () => {
  assert.equal(detect({ TERM: "xterm", LANG: "de_DE.UTF-8" }).unicode, true);
  assert.equal(
    detect({ TERM: "xterm", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.ISO-8859-1" }).unicode,
    false,
  );
  assert.equal(detect({ TERM: "xterm" }).unicode, true);
});
