/**
 * What lets anyone into a session is nowhere that others look: in the arguments, names and environments of processes, and in
 * what is printed when one of them dies of a bug. (Logs: `log_test.ts`.)
 */
import assert from "node:assert/strict";
import { BUG_EXIT_CODE } from "../format/errors.ts";
import { parseLink } from "../wire/link.ts";
import { toBase64Url } from "../wire/bytes.ts";
import {
  type Collab,
  eventually,
  fromSource,
  startHeadless,
  startHost,
  startWatch,
  TestDir,
} from "./harness.ts";
import { childrenOf } from "./sshd.ts";
import { environment } from "./terminal.ts";

/** The parts of a link that nobody else may have. */
function keysOf(link: string): string[] {
  const { secret, token } = parseLink(link);
  return [toBase64Url(secret), ...token.split(".").filter((part) => part.length > 20)];
}

/** All that the system tells of a process and of its threads, by where it is. */
async function toldOf(pid: number): Promise<Map<string, string>> {
  const told = new Map<string, string>();
  const tasks = [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => `task/${name}/comm`);
  for (const name of ["cmdline", "environ", "comm", "status", "maps", ...tasks]) {
    told.set(name, await Deno.readTextFile(`/proc/${pid}/${name}`).catch(() => ""));
  }
  return told;
}

async function assertNothingTold(pid: number, keys: readonly string[]): Promise<void> {
  const told = await toldOf(pid);
  assert.ok(told.get("cmdline") !== "", "it is there");
  for (const [where, text] of told) {
    for (const key of keys) assert.ok(!text.includes(key), `${key} is in ${where} of ${pid}`);
  }
}

Deno.test("no key is in the arguments, names and environment of a host, of what it shares, and of who watches", async () => {
  await using dir = new TestDir();
  const log = dir.file("host.log");
  const args = [
    "--log-file",
    log,
    "--log-level",
    "debug",
    "--log-json",
    "--audit",
    dir.file("audit.jsonl"),
  ];
  const command = ["bash", "-c", "sleep 60 & wait"];
  await using host = startHeadless({ args, command });
  const link = await host.link();
  const keys = keysOf(link);
  assert.equal(keys.length, 3);
  const [program, ...rest] = fromSource("watch", "--cast", "-");
  const viewer = new Deno.Command(program!, {
    args: rest,
    clearEnv: true,
    env: environment(),
    stdin: "piped",
    stdout: "null",
  }).spawn();
  const writer = viewer.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${link}\n`));
  await writer.close();
  await host.waitFor(({ event }) => event === "join", "the viewer");
  const shared = await eventually(async () => {
    const [bash] = await childrenOf(host.pid);
    const [sleep] = bash === undefined ? [] : await childrenOf(bash);
    return bash !== undefined && sleep !== undefined ? [bash, sleep] : undefined;
  }, "the shared command");
  for (const pid of [host.pid, viewer.pid, ...shared]) await assertNothingTold(pid, keys);
  // The check finds what is there: which session it is, is no secret.
  const { session } = parseLink(link);
  assert.match((await toldOf(shared[0]!)).get("environ")!, new RegExp(`COLLAB_SESSION=${session}`));
  viewer.kill("SIGTERM");
  await viewer.status;
  host.kill("SIGTERM");
  await host.exited;
  for (const file of [log, dir.file("audit.jsonl")]) {
    const text = await Deno.readTextFile(file);
    assert.ok(text.includes(session));
    for (const key of keys) assert.ok(!text.includes(key), `${key} is in ${file}`);
  }
});

/** Runs `collab` with a bug in it: told by a signal, it throws an error that has a file's text in it. */
async function withBug(dir: TestDir, thrown: "thrown" | "rejected"): Promise<Collab> {
  const bug = dir.file(`${thrown}.ts`);
  const error = `new TypeError("Invalid URL: " + Deno.readTextFileSync(${
    JSON.stringify(dir.file("link"))
  }))`;
  const what = thrown === "thrown" ? `throw ${error}` : `void Promise.reject(${error})`;
  await Deno.writeTextFile(
    bug,
    `Deno.addSignalListener("SIGUSR2", () => setTimeout(() => { ${what}; }));\n`,
  );
  return (verb, ...args) => {
    const [deno, run, ...rest] = fromSource(verb, ...args);
    return [deno!, run!, `--preload=${bug}`, ...rest];
  };
}

for (const thrown of ["thrown", "rejected"] as const) {
  Deno.test(`a bug in a host or a viewer prints where it is, and no key (${thrown})`, async () => {
    await using dir = new TestDir();
    const collab = await withBug(dir, thrown);
    const told = (printed: string, keys: readonly string[]): void => {
      assert.match(printed, /a bug of collab itself/);
      assert.match(printed, /TypeError: Invalid URL: http:\/\/[^#]*#…/);
      for (const key of keys) assert.ok(!printed.includes(key), printed);
    };
    {
      await using host = startHeadless({ collab, command: ["sleep", "60"] });
      const link = await host.link();
      await Deno.writeTextFile(dir.file("link"), link);
      host.kill("SIGUSR2");
      assert.equal(await host.exited, BUG_EXIT_CODE);
      told(host.stderr, keysOf(link));
    }
    await using host = startHost({ rows: 25 });
    const link = await host.link();
    await Deno.writeTextFile(dir.file("link"), link);
    await using viewer = startWatch(link, { rows: 25, collab });
    await viewer.waitForText("$");
    const from = viewer.raw.length;
    viewer.kill("SIGUSR2");
    assert.equal((await viewer.exited).code, BUG_EXIT_CODE);
    told(viewer.raw.slice(from), keysOf(link));
  });
}

Deno.test("a bug in a presenter's terminal gives it back, and prints no key", async () => {
  await using dir = new TestDir();
  await using host = startHost({ rows: 25, collab: await withBug(dir, "thrown") });
  const link = await host.link();
  await Deno.writeTextFile(dir.file("link"), link);
  await host.waitForText("$");
  const from = host.raw.length;
  host.kill("SIGUSR2");
  assert.equal((await host.exited).code, BUG_EXIT_CODE);
  const printed = host.raw.slice(from);
  assert.match(printed, /a bug of collab itself/);
  for (const key of keysOf(link)) assert.ok(!printed.includes(key), printed);
});
