/**
 * Two agents through MCP in one tmux session, each in a pane of their own, at once.
 */
import assert from "node:assert/strict";
import { run, startHeadless, TestDir } from "./harness.ts";
import { McpClient } from "./mcp_client.ts";
import { testWith } from "./needs.ts";
import { TmuxServer } from "./tmux.ts";

testWith(["tmux"], "two agents type at the same time, each into their own pane", async () => {
  await using dir = new TestDir();
  await using tmux = new TmuxServer();
  await tmux.start("pair");
  // The shell that tmux starts by itself can be had to mark its commands.
  await tmux.run("set-option", "-g", "default-command", "");
  await tmux.run("set-option", "-g", "default-shell", "/bin/bash");
  // Deno keeps its packages in the home folder.
  const env = { ...tmux.env, HOME: Deno.env.get("HOME")!, XDG_RUNTIME_DIR: dir.path };
  await using host = startHeadless({
    args: ["--tmux", "pair", "-L", tmux.name, "--panes", "--size", "120x40"],
    command: [],
    env,
  });
  const link = await host.link();
  const ctl = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run("ctl", args, { env });
    assert.deepEqual([code, stderr], [0, ""], args.join(" "));
  };
  const agents = await Promise.all(
    ["Otto", "Emma"].map((name) => McpClient.start({ link, args: ["--name", name] })),
  );
  await using otto = agents[0]!;
  await using emma = agents[1]!;
  assert.match((await otto.call("type", { text: "x", pane: true })).text, /open_pane \[no-pane\]$/);

  assert.match((await otto.call("open_pane", { reason: "tests", timeout: 0 })).text, /^Pending/);
  await ctl("grant", "Otto");
  assert.match((await otto.call("open_pane", { reason: "tests" })).text, /^You have a pane: %\d+/);
  assert.ok(!(await emma.call("participants")).isError);
  await ctl("pane", "open", "Emma");
  assert.match((await emma.call("open_pane", { reason: "docs" })).text, /^You have a pane: %\d+/);

  const line = (name: string): string => `echo ${name}-$((40+2)) ${"=".repeat(20)}`;
  await Promise.all([
    otto.call("type", { text: `${line("otto")}\n`, pane: true }),
    emma.call("type", { text: `${line("emma")}\n`, pane: true }),
  ]);
  for (const agent of agents) {
    const { data } = await agent.call("wait", { pattern: "otto-42 ={20}" });
    assert.equal(data?.met, "pattern");
    assert.equal((await agent.call("wait", { pattern: "emma-42 ={20}" })).data?.met, "pattern");
  }
  // Without a pane there is no control.
  assert.match((await otto.call("type", { text: "x" })).text, /\[not-in-control\]$/);

  // What one runs there is the one's own, with the line numbers of that pane.
  const ran = await otto.call("run", { command: "seq 300; false", pane: true });
  assert.match(
    ran.text,
    /^\[before it, [^\n]*, pane: true\}\]\n1\n2\n[^]*left out: output \{from: \d+, lines: \d+, pane: true\}\]/,
  );
  assert.match(ran.text, /\n300\n\[exit status 1, \d/);
  const { data } = ran;
  assert.deepEqual([data?.status, data?.finished, data?.by], [1, true, "marks"]);
  const [, from, lines] = /left out: output \{from: (\d+), lines: (\d+), pane/.exec(ran.text)!;
  const folded = await otto.call("output", { from: +from!, lines: +lines!, pane: true });
  assert.match(folded.text, new RegExp(`^31\n32\n[^]*\n${30 + +lines!}\n\\[lines ${from} to `));
  const late = await otto.call("run", { command: "sleep 0.3; echo woken", pane: true, timeout: 0 });
  assert.match(late.text, /still running.*wait \{prompt: true, pane: true\}/);
  const woken = await otto.call("wait", { prompt: true, pane: true });
  assert.match(woken.text, /^\[prompt after .*, exit status 0\]\n(?:.*\n)*woken$/m);
  const shown = await otto.call("type", { text: "echo sh''own", screen: true, pane: true });
  assert.match(shown.text, /^\[\d+x\d+, cursor \d+:\d+.*\]\n[^]*echo sh''own$/);
  assert.match((await emma.call("screen", { pane: true })).text, /emma-42/);
  assert.doesNotMatch((await emma.call("screen", { pane: true })).text, /otto-42|woken/);

  await otto.call("close_pane");
  assert.match((await otto.call("press", { keys: ["enter"], pane: true })).text, /\[no-pane\]$/);
  await ctl("revoke");
  assert.match((await emma.call("press", { keys: ["enter"], pane: true })).text, /\[no-pane\]$/);
});

testWith([], "a session without panes says so", async () => {
  await using host = startHeadless();
  await using agent = await McpClient.start({ link: await host.link() });
  const { isError, text } = await agent.call("open_pane", { reason: "tests" });
  assert.ok(isError);
  assert.match(text, /no panes.*\[no-panes\]$/);
});
