/**
 * `collab host --tmux`, as it is used.
 */
import assert from "node:assert/strict";
import { eventually, fromSource, HeadlessHost, run, startHost, TestDir } from "./harness.ts";
import { testWith } from "./needs.ts";
import { Terminal } from "./terminal.ts";
import { TmuxServer } from "./tmux.ts";

/** A host without a terminal that shares a session of a server. */
function share(tmux: TmuxServer, ...args: string[]): HeadlessHost {
  return new HeadlessHost(
    fromSource("host", "--headless", "--json", "-L", tmux.name, ...args),
    { env: tmux.env },
  );
}

testWith(
  ["tmux"],
  "a new tmux session is shared; detaching says that it goes on, and it does",
  async () => {
    await using tmux = new TmuxServer();
    await using host = startHost({
      collab: (_, ...args) =>
        fromSource("host", "-L", tmux.name, "--tmux", "work", ...args.slice(0, -1)),
      command: [],
      env: tmux.env,
    });
    await host.link();
    await host.type("echo in $((6*7))\r");
    await host.waitForText("in 42");
    await host.type("\x02");
    await eventually(async () => {
      const { out } = await tmux.try("list-clients", "-F", "#{client_prefix}");
      return out === "1" || undefined;
    }, "the prefix");
    await host.type("d");
    assert.equal((await host.exited).code, 0);
    assert.match(
      host.text.replaceAll("\n", ""),
      /Shared for .*The tmux session "work" goes on: tmux -L \S+?\s*attach -t work\./,
    );
    await tmux.shows("work:0", "in 42");
  },
);

testWith(
  ["tmux"],
  "a command is that of a new session, and the end of it that of the sharing",
  async () => {
    await using tmux = new TmuxServer();
    await using host = share(tmux, "--tmux", "--", "sh", "-c", "echo BEGUN; read line");
    await host.link();
    await tmux.shows("collab:0", "BEGUN");
    await tmux.run("send-keys", "-t", "collab:0", "Enter");
    assert.equal(await host.exited, 0);
    const end = host.all.find(({ event }) => event === "tmux");
    assert.deepEqual(
      { ...end },
      {
        event: "tmux",
        name: "collab",
        how: "ended",
        attach: `tmux -L ${tmux.name} attach -t collab`,
        kept: [],
      },
    );
  },
);

testWith(
  ["tmux"],
  "who uses the session on a terminal of their own keeps its size, which the host has then",
  async () => {
    await using tmux = new TmuxServer();
    await tmux.start("work");
    await using other = new Terminal(["tmux", "-L", tmux.name, "attach", "-t", "work"], {
      cols: 101,
      rows: 31,
      env: tmux.env,
    });
    await other.waitForText("$");
    const size = (): Promise<string> =>
      tmux.run("display-message", "-p", "-t", "work", "#{window_width}x#{window_height}");
    assert.equal(await size(), "101x30");
    for (
      const [args, shown] of [[[], "101x31"], [["--size", "40x10", "--panes"], "40x10"]] as const
    ) {
      await using host = share(tmux, "--tmux", "work", ...args);
      await host.link();
      const ready = host.all.find(({ event }) => event === "ready") as unknown as {
        cols: number;
        rows: number;
      };
      assert.equal(`${ready.cols}x${ready.rows}`, shown);
      await eventually(async () => {
        const clients = await tmux.run("list-clients", "-F", "#{client_width}x#{client_height}");
        return clients.split("\n").includes(shown) && clients.split("\n").length > 1 || undefined;
      }, "the host's client");
      assert.equal(await size(), "101x30");
      await other.type("echo here $((6*7))\r");
      await other.waitForText("here 42");
      assert.equal(await size(), "101x30");
    }
  },
);

testWith(["tmux"], "a server is meant by its socket as well", async () => {
  await using tmux = new TmuxServer();
  await tmux.start("work");
  const socket = await tmux.run("display-message", "-p", "#{socket_path}");
  await using host = new HeadlessHost(
    fromSource("host", "--headless", "--json", "-S", socket, "--tmux=work"),
    { env: tmux.env },
  );
  await host.link();
  await eventually(async () => (await tmux.run("list-clients")) !== "" || undefined, "a client");
  host.kill("SIGTERM");
  await host.exited;
  const end = host.all.find(({ event }) => event === "tmux") as unknown as { how: string };
  assert.equal(end.how, "detached");
});

testWith(
  ["tmux"],
  "the session's panes know nothing of the session that they may outlive",
  async () => {
    await using tmux = new TmuxServer();
    await using host = share(tmux, "--tmux", "work");
    await host.link();
    await eventually(async () => (await tmux.panes()).length === 1 || undefined, "the session");
    assert.doesNotMatch(await tmux.run("show-environment", "-g"), /COLLAB_SESSION/);
    assert.doesNotMatch(await tmux.run("show-environment", "-t", "work"), /^COLLAB_SESSION=/m);
  },
);

testWith(
  ["tmux"],
  "a session is not shared from inside itself, but from inside another",
  async () => {
    await using tmux = new TmuxServer();
    await tmux.start("work");
    await tmux.start("other");
    const [socket, pid] = (await tmux.run("display-message", "-p", "#{socket_path} #{pid}")).split(
      " ",
    );
    const env = { ...tmux.env, TMUX: `${socket},${pid},0`, TMUX_PANE: "%0" };
    const refused = await run("host", ["--headless", "--tmux", "work"], { env });
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /^collab: [^\n]*from inside it[^\n]* \[tmux-inside\]\n$/);
    await using host = new HeadlessHost(
      fromSource("host", "--headless", "--json", "--tmux", "other"),
      { env },
    );
    await host.link();
    await eventually(
      async () => (await tmux.run("list-clients", "-t", "other")) !== "" || undefined,
      "it",
    );
  },
);

testWith(["tmux"], "what cannot be is one line with a code", async () => {
  await using tmux = new TmuxServer();
  await tmux.start("work");
  await using dir = new TestDir();
  const refuse = async (
    code: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = tmux.env,
  ): Promise<void> => {
    const { stdout, stderr } = await run("host", ["--headless", ...args], { env });
    assert.equal(stdout, "");
    assert.match(stderr, new RegExp(`^collab: [^\\n]+ \\[${code}\\]\\n$`));
  };
  await refuse("tmux-session-exists", ["--tmux", "work", "-L", tmux.name, "--", "true"]);
  await refuse("bad-arguments", ["--tmux", "a:b"]);
  await refuse("bad-flags", ["-L", tmux.name]);
  await refuse("bad-flags", ["--pane-end", "keep"]);
  await refuse("bad-flags", ["--panes", "--read-only"]);
  await refuse("tmux-failed", ["--tmux", "work", "-S", `/tmp/${"x".repeat(200)}`]);
  await refuse("tmux-missing", ["--tmux"], { ...tmux.env, PATH: dir.path });
  await Deno.writeTextFile(dir.file("tmux"), "#!/bin/sh\necho tmux 3.1c\n", { mode: 0o755 });
  await refuse("tmux-too-old", ["--tmux"], { ...tmux.env, PATH: dir.path });
});

testWith(
  ["tmux"],
  "collab ctl lists, opens and closes panes, and those that stay are named at the end",
  async () => {
    await using tmux = new TmuxServer();
    await tmux.start("work");
    const env = { ...tmux.env, XDG_RUNTIME_DIR: tmux.file("run") };
    await Deno.mkdir(env.XDG_RUNTIME_DIR, { mode: 0o700 });
    const ctl = async (...args: string[]): Promise<string> => {
      const { stdout, stderr } = await run("ctl", args, { env });
      return stdout + stderr;
    };
    await using host = new HeadlessHost(
      fromSource(
        "host",
        "--headless",
        "--json",
        "-L",
        tmux.name,
        "--tmux",
        "work",
        "--panes",
        "--pane-end",
        "keep",
      ),
      { env },
    );
    const link = await host.link();
    assert.equal(await ctl("pane", "list"), "Nobody has a pane of their own\n");
    await using viewer = new Terminal(fromSource("watch", "--name", "ada", link), { env });
    await viewer.waitForText("LIVE");
    assert.equal(await ctl("pane", "open", "ada"), "ada has a pane\n");
    assert.match(await ctl("pane", "list"), /^PANE +ID +NAME\n%1 +p1 +ada\n$/);
    assert.deepEqual(JSON.parse(await ctl("--json", "pane", "list")), {
      kind: "panes",
      panes: [{ pane: "%1", id: "p1", name: "ada", types: true }],
    });
    assert.match(await ctl("who"), /ada .*in pane %1$/m);
    assert.match(await ctl("pane", "open", "ada"), /\[pane-open\]/);
    await ctl("take");
    assert.match(await ctl("pane", "list"), /%1 +p1 +ada +kept\n$/);
    await ctl("pane", "open", "ada");
    await ctl("kick", "ada");
    assert.match(await ctl("pane", "list"), /%1 +p1 +ada +kept\n$/);
    assert.equal(await ctl("pane", "close", "%1"), "The pane of %1 is closed\n");
    assert.match(await ctl("pane", "close", "ada"), /\[no-pane\]/);
    await using again = new Terminal(fromSource("watch", "--name", "bob", link), { env });
    await again.waitForText("LIVE");
    await ctl("pane", "open", "bob");
    await ctl("stop");
    await host.exited;
    const end = host.all.find(({ event }) => event === "tmux") as unknown as { kept: unknown };
    assert.deepEqual(end.kept, [{ pane: "%2", name: "bob" }]);
    assert.deepEqual(await tmux.panes(), ["%0", "%2"]);
  },
);

testWith(
  ["tmux"],
  "what a host that was killed has left over the panes, the next one takes away",
  async () => {
    await using tmux = new TmuxServer();
    await tmux.start("work");
    const before = await tmux.run("show-options", "-w", "-t", "work");
    const dressed = async (): Promise<true | undefined> => {
      const status = await tmux.run("show-options", "-w", "-v", "-t", "work", "pane-border-status");
      return status === "top" || undefined;
    };
    {
      await using host = share(tmux, "--tmux", "work", "--panes");
      await host.link();
      await eventually(dressed, "the title lines");
      const ready = host.all.find(({ event }) => event === "ready")!;
      Deno.kill(Number(ready.pid), "SIGKILL");
      await host.exited;
    }
    assert.ok(await dressed());
    await using host = share(tmux, "--tmux", "work", "--panes");
    await host.link();
    await eventually(async () => {
      const name = await tmux.run("show-options", "-p", "-v", "-t", "work", "@collab_name");
      return name !== "" || undefined;
    }, "the presenter's title");
    const clients = await tmux.run("list-clients", "-F", "#{client_control_mode} #{client_name}");
    await tmux.run("detach-client", "-t", /^0 (.*)$/m.exec(clients)![1]!);
    assert.equal(await host.exited, 0);
    assert.equal(await tmux.run("show-options", "-w", "-t", "work"), before);
  },
);
