import assert from "node:assert/strict";
import { parseTmuxName, serverArguments, tmuxAround, tmuxEnvironment } from "./place.ts";

Deno.test("a server is the one that is named, else the one around, else tmux's own choice", () => {
  const inside = { TMUX: "/tmp/tmux-0/a,b,123,4", TMUX_PANE: "%9" };
  assert.deepEqual(serverArguments({ path: "/run/t", name: "x" }, inside), ["-S", "/run/t"]);
  assert.deepEqual(serverArguments({ name: "x" }, inside), ["-L", "x"]);
  assert.deepEqual(serverArguments({}, inside), ["-S", "/tmp/tmux-0/a,b"]);
  assert.deepEqual(serverArguments({}, {}), []);
  assert.deepEqual(tmuxAround(inside), { path: "/tmp/tmux-0/a,b", pid: "123", pane: "%9" });
});

Deno.test("names that tmux takes for something else are refused", () => {
  for (const name of ["work", "my work", "日本", "a-b_c", "1"]) {
    assert.equal(parseTmuxName(name), name);
  }
  for (const name of ["", "a:b", "a.b", "$1", "=x", "-x", "a\nb", "a#b", "x".repeat(101)]) {
    assert.throws(() => parseTmuxName(name), { code: "bad-tmux-name" });
  }
});

Deno.test("tmux is not told of the tmux around it, nor of a session that it may outlive", () => {
  const env = { TMUX: "a,1,2", TMUX_PANE: "%1", COLLAB_SESSION: "s", PATH: "/bin" };
  assert.deepEqual(tmuxEnvironment(env), { PATH: "/bin" });
});
