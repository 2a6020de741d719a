import assert from "node:assert/strict";
import { parseLink } from "../wire/link.ts";
import {
  eventually,
  fromSource,
  type HeadlessHost,
  Lines,
  run,
  startHeadless,
  startHost,
  startWatch,
} from "./harness.ts";
import { testWith, which } from "./needs.ts";
import { childrenOf, kill, Sshd } from "./sshd.ts";

const SSH = ["sshd", "ssh", "ssh-keygen"];
const GREETS = ["bash", "-c", "echo hello $((40 + 2)); read"];

/** Those of them that are here. Each has its own way with quotes and jobs. */
const SHELLS = ["sh", "bash", "zsh", "fish"].flatMap((name) => which(name) ?? []);

/** Watches until the greeting of {@link GREETS}. */
async function watch(link: string, env: Record<string, string>): Promise<Lines<unknown>> {
  const viewer = new Lines<unknown>(fromSource("watch", "--cast", link), { env });
  await viewer.waitFor((line) => JSON.stringify(line).includes("hello 42"), "the greeting");
  return viewer;
}

/** What a host has told of its relay. */
function relayed(host: HeadlessHost, up: boolean, from = 0): Promise<unknown> {
  const is = (event: object): boolean => "up" in event && event.up === up;
  return host.waitFor((event) => event.event === "relay" && is(event), `relay ${up}`, from);
}

/** The pids of `ssh`, which a process runs. */
async function sshOf(pid: number): Promise<number[]> {
  const found: number[] = [];
  for (const child of await childrenOf(pid)) {
    const command = await Deno.readTextFile(`/proc/${child}/cmdline`).catch(() => "");
    if (/(?:^|\/)ssh\0/.test(command)) found.push(child);
  }
  return found;
}

/** Whether a process has ended; its number may be left for a while. */
async function isGone(pid: number): Promise<true | undefined> {
  const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
  return command === "" || undefined;
}

async function isOpen(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ port })).close();
    return true;
  } catch {
    return false;
  }
}

testWith(
  SSH,
  "a host that only its own machine can reach is watched through ssh, with a link for that",
  async () => {
    await using sshd = await Sshd.start();
    await using host = startHost({ rows: 25, args: ["--ssh-host", "box"] });
    const link = await host.link();
    assert.match(link, /^ssh:\/\/box\/\d+\/s\//);
    assert.match(parseLink(link).origin, /^http:\/\/127\.0\.0\.1:\d+$/);
    await using viewer = startWatch(link, { rows: 25, env: sshd.env });
    await viewer.waitForText("$");
    await host.type("echo through $((40 + 2)) ssh\r");
    await viewer.waitForText("through 42 ssh");
  },
);

testWith(
  SSH,
  "what ssh asks is asked before the terminal is taken, and answered there",
  async () => {
    await using sshd = await Sshd.start({ asks: true });
    await using host = startHeadless({ args: ["--ssh-host", "box"], command: GREETS });
    await using viewer = startWatch(await host.link(), { rows: 25, env: sshd.env });
    await viewer.waitForText(/continue connecting \(yes\/no/);
    assert.ok(!viewer.raw.includes("\x1b[?1049h"), "the terminal was taken");
    await viewer.type("yes\r");
    await viewer.waitForText("hello 42");
  },
);

testWith(
  SSH,
  "a viewer whose ssh dies comes back by itself, and its ssh ends when it is killed",
  async () => {
    await using sshd = await Sshd.start();
    await using host = startHost({ rows: 25, args: ["--ssh-host", "box"] });
    const link = await host.link();
    await using viewer = startWatch(link, { rows: 25, env: sshd.env });
    await viewer.waitForText("$");
    const [first] = await sshOf(viewer.pid);
    kill(first!);
    await viewer.waitForText(/reconnect/i);
    await host.type("echo still $((40 + 2)) here\r");
    await viewer.waitForText("still 42 here");
    const [second] = await sshOf(viewer.pid);
    viewer.kill("SIGKILL");
    await eventually(() => isGone(second!), "the viewer's ssh to end");
  },
);

testWith(
  SSH,
  "why there is no way through ssh is said in one line after what ssh said itself",
  async () => {
    await using sshd = await Sshd.start();
    await using closed = await Sshd.start({ forwards: false });
    await using host = startHeadless({ command: GREETS });
    const { hash, pathname, port } = new URL(await host.link());
    const { env } = sshd;
    const cases: readonly [link: string, env: Record<string, string>, RegExp][] = [
      [
        `ssh://box/1${pathname}${hash}`,
        env,
        /nothing listens at port 1 of "box".*\[unreachable\]\n$/,
      ],
      [
        `ssh://nobody@box/${port}${pathname}${hash}`,
        env,
        /"nobody@box": .*denied.*\[ssh-failed\]\n$/,
      ],
      [`ssh://box.invalid/${port}${pathname}${hash}`, env, /not resolve.*\[ssh-failed\]\n$/],
      [`ssh://box/${port}${pathname}${hash}`, closed.env, /does not let.*\[ssh-failed\]\n$/],
      [`ssh://box/${port}${pathname}${hash}`, { PATH: "/nowhere" }, /\[ssh-missing\]\n$/],
    ];
    for (const [link, env, wanted] of cases) {
      const { code, stdout, stderr } = await run("watch", ["--cast", link], { env });
      assert.match(stderr, wanted);
      assert.match(stderr.trimEnd().split("\n").at(-1)!, /^collab: /);
      assert.equal(stdout, "");
      assert.equal(code, 1);
    }
  },
);

testWith(
  SSH,
  "a host publishes its session on another machine, and its links lead there",
  async () => {
    await using sshd = await Sshd.start();
    const { env } = sshd;
    await using host = startHeadless({ args: ["--ssh-relay", "box"], command: GREETS, env });
    const link = await host.link();
    assert.match(link, /^ssh:\/\/box\/\d+\/s\//);
    await using _viewer = await watch(link, env);
    assert.ok(host.all.some(({ event }) => event === "join"));
  },
);

testWith(SSH, "the name that others have for the machine can be another one", async () => {
  await using sshd = await Sshd.start();
  const args = ["--ssh-relay", "box", "--ssh-host", "ada@jump.example:2222"];
  await using host = startHeadless({ args, command: GREETS, env: sshd.env });
  assert.match(await host.link(), /^ssh:\/\/ada@jump\.example:2222\/\d+\/s\//);
});

testWith(SSH, "a relay that dies is told, and comes back under the same link", async () => {
  await using sshd = await Sshd.start();
  const { env } = sshd;
  await using host = startHeadless({ args: ["--ssh-relay", "box"], command: GREETS, env });
  const link = await host.link();
  const [ssh] = await sshOf(host.pid);
  kill(ssh!);
  await relayed(host, false);
  await relayed(host, true);
  await using _first = await watch(link, env);
  const before = host.all.length;
  await sshd.stop();
  await relayed(host, false, before);
  await sshd.run();
  await relayed(host, true, before);
  await using _second = await watch(link, env);
});

testWith(SSH, "the relay ends with the host", async () => {
  await using sshd = await Sshd.start();
  const command = ["bash", "-c", "read -t 0.1 < <(sleep 9); exit 3"];
  await using host = startHeadless({ args: ["--ssh-relay", "box"], command, env: sshd.env });
  const { port } = new URL(parseLink(await host.link()).origin);
  const [ssh] = await sshOf(host.pid);
  assert.equal(await host.exited, 3);
  assert.ok(await isGone(ssh!), "ssh is there");
  await eventually(async () => await isOpen(Number(port)) ? undefined : true, "the port to close");
});

testWith(
  SSH,
  "the relay ends with a host that is killed, whatever the user's shell is",
  async () => {
    await using sshd = await Sshd.start();
    for (const shell of SHELLS) {
      const env = { ...sshd.env, SHELL: shell };
      await using host = startHeadless({ args: ["--ssh-relay", "box"], command: GREETS, env });
      const { port } = new URL(parseLink(await host.link()).origin);
      const [ssh] = await sshOf(host.pid);
      assert.ok(await isOpen(Number(port)));
      host.kill("SIGKILL");
      await eventually(() => isGone(ssh!), "ssh to end");
      await eventually(
        async () => await isOpen(Number(port)) ? undefined : true,
        "the port to close",
      );
    }
  },
);

testWith(
  SSH,
  "a machine that cannot be reached, or opens no ports, is one line, and no session begins",
  async () => {
    await using sshd = await Sshd.start({ forwards: false });
    const cases: readonly [relay: string, RegExp][] = [
      ["box", /"box": it does not open a port for us \[ssh-failed\]\n$/],
      ["nobody@box", /"nobody@box": .*denied.*\[ssh-failed\]\n$/],
    ];
    for (const [relay, wanted] of cases) {
      const args = ["--headless", "--json", "--ssh-relay", relay, "--", "true"];
      const { code, stdout, stderr } = await run("host", args, { env: sshd.env });
      assert.match(stderr, wanted);
      assert.equal(stdout, "");
      assert.equal(code, 1);
    }
  },
);
