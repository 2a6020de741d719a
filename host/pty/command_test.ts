import assert from "node:assert/strict";
import { CollabError } from "../../format/errors.ts";
import { spawnPty } from "./mod.ts";
import { readAll, start, testEnvironment } from "./testing.ts";

async function withDirectory(use: (directory: string) => Promise<void> | void): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function refused(
  options: { command: string[]; cwd?: string; env?: Record<string, string> },
): string {
  try {
    spawnPty({ env: testEnvironment(), cols: 80, rows: 24, ...options })[Symbol.dispose]();
  } catch (error) {
    assert.ok(error instanceof CollabError, `${error}`);
    assert.match(error.message, /^Cannot (run|start in directory) ".*": [^A-Z]/);
    return error.code;
  }
  return "started";
}

Deno.test("a command that is not there, one that cannot run, and a bad directory are told apart", async () => {
  await withDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/plain`, "text", { mode: 0o644 });
    Deno.writeTextFileSync(`${directory}/lost`, "#!/no/such/interpreter\n", { mode: 0o755 });
    Deno.mkdirSync(`${directory}/folder`);
    const env = { PATH: `${directory}:/usr/bin:/bin` };
    const table: [string, Parameters<typeof refused>[0]][] = [
      ["command-not-found", { command: ["no-such-command-anywhere"] }],
      ["command-not-found", { command: [""] }],
      ["command-not-found", { command: [] }],
      ["command-not-found", { command: [`${directory}/none`] }],
      ["command-not-found", { command: [`${directory}/plain/below`] }],
      ["command-not-found", { command: ["./ls"], cwd: directory }],
      ["command-not-executable", { command: [`${directory}/plain`] }],
      ["command-not-executable", { command: ["plain"], env }],
      ["command-not-executable", { command: ["folder"], env }],
      ["command-not-executable", { command: ["./folder"], cwd: directory }],
      ["command-not-executable", { command: [`${directory}/lost`] }],
      ["directory-not-found", { command: ["true"], cwd: `${directory}/none` }],
      ["directory-not-found", { command: ["true"], cwd: `${directory}/plain` }],
      ["directory-not-found", { command: ["no-such-command-anywhere"], cwd: `${directory}/none` }],
      ["spawn-failed", { command: ["true", "a\0b"] }],
      ["spawn-failed", { command: ["true", "x".repeat(10_000_000)] }],
    ];
    for (const [code, options] of table) {
      assert.equal(refused(options), code, JSON.stringify(options).slice(0, 200));
    }
  });
});

Deno.test("the command is looked up in the environment's PATH, relative to the directory it starts in", async () => {
  await withDirectory(async (directory) => {
    Deno.mkdirSync(`${directory}/bin`);
    Deno.writeTextFileSync(`${directory}/bin/tool`, "#!/bin/sh\necho found $0\n", { mode: 0o755 });
    for (
      const [command, PATH] of [["tool", `${directory}/bin`], ["tool", "/none:bin"], [
        "bin/tool",
        "/none",
      ]] as const
    ) {
      await using pty = spawnPty({
        command: [command],
        cwd: directory,
        env: { PATH },
        cols: 80,
        rows: 24,
      });
      assert.match(await readAll(pty), /^found .*bin\/tool\r\n$/);
    }
    await using withoutPath = spawnPty({
      command: ["sh", "-c", "echo ok"],
      env: {},
      cols: 80,
      rows: 24,
    });
    assert.equal(await readAll(withoutPath), "ok\r\n");
  });
});

Deno.test("a script without an interpreter line runs in sh, as from a shell", async () => {
  await withDirectory(async (directory) => {
    Deno.writeTextFileSync(`${directory}/script`, 'echo "plain $1"\n', { mode: 0o755 });
    await using pty = start(`${directory}/script`, "a b");
    assert.equal(await readAll(pty), "plain a b\r\n");
  });
});
