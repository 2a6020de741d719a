/**
 * An agent at work through MCP: the SDK's client, a real `collab mcp`, a real host and shell.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { eventually, run, SHELL, startHeadless, TestDir } from "./harness.ts";
import { McpClient } from "./mcp_client.ts";
import { testWith } from "./needs.ts";

/** A bash that says where it is: OSC 133. */
const MARKS = {
  PS0: String.raw`\e]133;C\a`,
  PS1: String.raw`\[\e]133;D;$?\a\e]133;A\a\]$ \[\e]133;B\a\]`,
};

testWith(
  ["vim"],
  "an agent asks, is granted control, finds a failing test, fixes it in an editor, yields, and is stopped",
  async () => {
    await using dir = new TestDir();
    await Deno.writeTextFile(dir.file("sum.sh"), "sum() { echo $(($1 - $2)); }\n");
    await Deno.writeTextFile(
      dir.file("check.sh"),
      '. ./sum.sh\n[ "$(sum 2 2)" = 4 ] && echo PASS && exit\necho "FAIL: 2 and 2 are $(sum 2 2)"\nexit 1\n',
    );
    const env = { XDG_RUNTIME_DIR: dir.path, VIMINIT: "set nocompatible", EXINIT: "" };
    await using host = startHeadless({
      args: ["--name", "Ada", "--audit", join(dir.path, "audit.jsonl")],
      command: SHELL,
      cwd: dir.path,
      env: { ...env, ...MARKS },
    });
    const link = await host.link();
    const ctl = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await run("ctl", args, { env });
      assert.deepEqual([code, stderr], [0, ""], args.join(" "));
      return stdout;
    };
    await using otto = await McpClient.start({ link, args: ["--name", "Otto"] });

    // Reads.
    const who = await otto.call("participants");
    assert.match(
      who.text,
      /Control is held by the presenter, Ada\..*Otto \(p1, agent, \w+\): you/s,
    );
    assert.equal(who.data?.holder, "host");
    assert.match((await otto.call("screen")).text, /^\[80x24, cursor 1:3\]\n\$ ?$/);

    // Types nothing without control, and is told what to do.
    const early = await otto.call("type", { text: "ls\n" });
    assert.ok(early.isError);
    assert.match(early.text, /held by the presenter, Ada; call request_control \[not-in-control\]/);

    // Asks; the request stays when nobody answers in time; and is approved.
    const wish = { reason: "fix the failing test", minutes: 5 };
    const pending = await otto.call("request_control", { ...wish, timeout: 0.1 });
    assert.equal(pending.data?.state, "pending");
    assert.match(await ctl("requests"), /Otto.*fix the failing test/);
    const asked = otto.call("request_control", wish);
    await ctl("grant", "Otto", "--note", "go ahead");
    const granted = await asked;
    assert.deepEqual([granted.data?.state, granted.data?.note], ["granted", "go ahead"]);
    assert.ok(Number(granted.data?.seconds) > 290 && Number(granted.data?.seconds) <= 300);

    // Runs the failing test.
    const red = await otto.call("run", { command: "sh check.sh" });
    assert.equal(red.data?.output, "FAIL: 2 and 2 are 0");
    assert.deepEqual([red.data?.status, red.data?.finished, red.data?.by], [1, true, "marks"]);
    assert.match(red.text, /\[exit status 1, [\d.]+ s\]$/);

    // Fixes it in an editor.
    const editor = await otto.call("type", { text: "vim sum.sh\n", screen: true });
    assert.match(editor.text, /full-screen program.*\nsum\(\) \{ echo \$\(\(\$1 - \$2\)\); \}\n~/);
    const edited = await otto.call("type", { text: ":s/-/+/\n", screen: true });
    assert.match(edited.text, /\nsum\(\) \{ echo \$\(\(\$1 \+ \$2\)\); \}\n~/);
    await otto.call("press", { keys: ["esc", ":", "w", "q", "enter"] });
    await otto.call("wait", { prompt: true });

    // Runs it again.
    const green = await otto.call("run", { command: "sh check.sh" });
    assert.deepEqual([green.data?.output, green.data?.status], ["PASS", 0]);

    // Gives back, with a note and a marker.
    assert.ok(!(await otto.call("mark", { label: "green" })).isError);
    const given = await otto.call("yield_control", { note: "it passes now" });
    assert.match(given.text, /^Given back: control is held by the presenter, Ada\.$/);
    assert.match((await otto.call("press", { keys: ["enter"] })).text, /\[not-in-control\]/);

    // Somebody else works; with control comes what was missed.
    await using ben = await McpClient.start({ link, args: ["--name", "Ben"] });
    assert.ok(!(await ben.call("participants")).isError);
    await ctl("grant", "Ben");
    assert.match((await ben.call("screen")).notice ?? "", /You have control .*given by/);
    assert.equal((await ben.call("run", { command: "echo by-$((40+2))" })).data?.output, "by-42");
    await ben.call("yield_control");
    await ctl("grant", "Otto", "--for", "until-revoked", "--note", "your turn");
    const back = await otto.call("screen");
    assert.match(back.notice ?? "", /You have control, given by .*, saying "your turn"\./);
    assert.match(back.notice ?? "", /not read yet:\n.*\$ echo by-\$\(\(40\+2\)\)\nby-42/s);

    // Is stopped in the middle of a command.
    const running = otto.call("run", { command: "echo begun; sleep 60" });
    await ben.call("wait", { pattern: "^begun$" });
    await ctl("revoke");
    const stopped = await running;
    assert.ok(stopped.isError);
    assert.match(stopped.text, /Ada.*request_control.*\[control-lost\]/s);
    const after = await otto.call("output");
    assert.match(`${stopped.text}${after.text}`, /Ada took control/);
    assert.match(after.text, /begun/);
    assert.match((await otto.call("type", { text: "x" })).text, /\[not-in-control\]/);

    // The session ends: what was last seen can be read, and nothing more be done.
    await ctl("stop");
    await otto.call("wait", { exit: true });
    assert.match((await otto.call("screen")).text, /begun/);
    await eventually(
      async () => (await otto.call("type", { text: "x" })).text.endsWith("[ended]") || undefined,
      "the session to be over",
    );

    // What it typed is in the audit log, as an agent's.
    const audit = await Deno.readTextFile(dir.file("audit.jsonl"));
    assert.match(audit, /"Otto"[^\n]*agent|agent[^\n]*"Otto"/);
  },
);
