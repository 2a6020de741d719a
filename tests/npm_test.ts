/**
 * The typed client as an npm package: built, packed, installed and used as somebody with Node would.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import deno from "../deno.json" with { type: "json" };
import { buildNpm, PACKAGE, TYPESCRIPT } from "../scripts/npm.ts";
import { ownHome, ROOT, run, startHeadless, TestDir } from "./harness.ts";
import { testWith, which } from "./needs.ts";
import { Sshd } from "./sshd.ts";

/** A packed package that may not grow without anybody's notice. */
const MAX_PACKED_BYTES = 250_000;

const GREETS = ["bash", "-c", "echo hello $((40 + 2)); read"];

/** What somebody writes who joins a session. */
const SCRIPT = `
import { AgentError, joinSession } from "${PACKAGE}";

const session = await joinSession(process.argv[2], { name: "node" });
const say = (what) => console.log(JSON.stringify(what));
await session.waitFor({ promptReturns: true });
await session.type("no").catch((error) => say([error instanceof AgentError, error.code]));
say("asking");
await session.requestControl({ reason: "see that it works" });
const { output, status, by } = await session.run("echo $((6 * 7)); (exit 3)");
say({ output, status, by, screen: session.screen().text.includes("42") });
await session.yieldControl({ note: "it does" });
say(session.holder.mode);
await session.leave();
`;

/** Joins, says what it sees, and leaves; or says why it could not. */
const GLANCE = `
import { AgentError, joinSession } from "${PACKAGE}";

try {
  const session = await joinSession(process.argv[2], { name: "node" });
  await session.waitFor({ text: "hello 42" });
  console.log("seen");
  await session.leave();
} catch (error) {
  console.log(error instanceof AgentError ? error.reason : error);
}
`;

/** What is checked of the types: a call each, what comes of it, and one call that is wrong. */
const TYPED = `
import { AgentError, type AgentErrorCode, type AgentSession, joinSession } from "${PACKAGE}";

export async function tested(link: string): Promise<number | undefined> {
  await using session: AgentSession = await joinSession(link, { name: "typed" });
  const grant = await session.requestControl({ forMs: 1000 });
  const missed: readonly string[] = grant.missed.lines;
  const { status } = await session.run(missed[0] ?? "true", { timeoutMs: 5 });
  for await (const event of session.events()) if (event.kind === "exit") return event.status;
  return status;
}
export const code = (error: unknown): AgentErrorCode | undefined =>
  error instanceof AgentError ? error.code : undefined;
// @ts-expect-error: a name is needed
joinSession("link", {});
`;

interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function exec(cwd: string, program: string, ...args: readonly string[]): Promise<Done> {
  const command = new Deno.Command(program, { args: [...args], cwd, stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

function assignments(env: Record<string, string> = {}): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** A folder in which there is no program but Node. */
async function onlyNode(dir: TestDir): Promise<string> {
  const path = dir.file("bin");
  await Deno.mkdir(path);
  await Deno.symlink(which("node")!, join(path, "node"));
  return path;
}

/** Builds and packs the package, and installs it into a project, without any network. */
async function install(
  dir: TestDir,
): Promise<{ readonly project: string; readonly bytes: number }> {
  const built = dir.file("built"), project = dir.file("project");
  await buildNpm(built);
  const packed = await exec(
    dir.path,
    "npm",
    "pack",
    "--json",
    "--pack-destination",
    dir.path,
    built,
  );
  assert.equal(packed.code, 0, packed.stderr);
  const [{ filename, size, version }] = JSON.parse(packed.stdout);
  assert.equal(version, deno.version);
  await Deno.mkdir(project);
  await Deno.writeTextFile(join(project, "package.json"), '{"private":true,"type":"module"}');
  const flags = ["--offline", "--no-audit", "--no-fund", "--cache", dir.file("cache")];
  const installed = await exec(project, "npm", "install", ...flags, dir.file(filename));
  assert.equal(installed.code, 0, installed.stderr);
  return { project, bytes: size };
}

testWith(["node", "npm"], "who installs the npm package joins a session from Node", async (t) => {
  await using dir = new TestDir();
  const { project, bytes } = await install(dir);
  assert.ok(bytes <= MAX_PACKED_BYTES, `${bytes} bytes packed`);
  const modules = [...Deno.readDirSync(join(project, "node_modules"))].map(({ name }) => name);
  assert.deepEqual(modules.filter((name) => !name.startsWith(".")), [PACKAGE], "no dependencies");

  await t.step("asks for control, is given it, runs a command and gives it back", async () => {
    const env = { ...ownHome(dir.path), XDG_RUNTIME_DIR: dir.path };
    await using host = startHeadless({
      args: ["--shell-marks"],
      command: ["bash"],
      env,
    });
    const link = await host.link();
    await Deno.writeTextFile(join(project, "join.js"), SCRIPT);
    const node = exec(project, "node", "join.js", link);
    await host.waitFor(({ event }) => event === "request", "the question for control");
    const granted = await run("ctl", ["grant", "node"], { env });
    assert.equal(granted.code, 0, granted.stderr);
    const { code, stdout, stderr } = await node;
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line)), [
      [true, "not-in-control"],
      "asking",
      { output: "42", status: 3, by: "marks", screen: true },
      "presenter",
    ]);
    await host.waitFor(({ event }) => event === "leave", "that it left");
  });

  const glance = async (link: string, env?: Record<string, string>): Promise<string> => {
    await Deno.writeTextFile(join(project, "glance.js"), GLANCE);
    const args = ["node", "glance.js", link];
    const { stdout, stderr } = await exec(project, "env", ...assignments(env), ...args);
    assert.equal(stderr, "");
    return stdout.trim();
  };

  await t.step("joins by a link that names the host's certificate, and by no other", async () => {
    await using host = startHeadless({ args: ["--tls"], command: GREETS });
    const link = await host.link();
    assert.match(link, /^https:/);
    assert.equal(await glance(link), "seen");
    assert.equal(await glance(link.replace(/.{8}$/, "AAAAAAAA")), "certificate-wrong");
  });

  const ssh = ["ssh", "sshd", "ssh-keygen"].every((name) => which(name) !== undefined);
  await t.step({
    name: "joins through ssh, and says why there is no way",
    ignore: !ssh,
    fn: async () => {
      await using sshd = await Sshd.start();
      await using host = startHeadless({ args: ["--ssh-host", "box"], command: GREETS });
      const link = await host.link();
      assert.equal(await glance(link, sshd.env), "seen");
      assert.equal(await glance(link.replace(/box\/\d+/, "box/1"), sshd.env), "unreachable");
      assert.equal(await glance(link.replace("box", "box.invalid"), sshd.env), "ssh-failed");
      assert.equal(await glance(link, { PATH: await onlyNode(dir) }), "ssh-missing");
    },
  });

  await t.step("has types that hold", async () => {
    await Deno.writeTextFile(join(project, "typed.ts"), TYPED);
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: "es2022",
      module: "nodenext",
      types: [],
      noEmit: true,
    };
    await Deno.writeTextFile(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["typed.ts"] }),
    );
    const lock = ["--no-config", `--lock=${join(ROOT, "scripts", "npm.lock")}`, "--frozen"];
    const args = ["run", "--quiet", "--allow-all", ...lock, TYPESCRIPT, "-p", project];
    const checked = await exec(project, Deno.execPath(), ...args);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  });
});
