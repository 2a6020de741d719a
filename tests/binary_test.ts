import assert from "node:assert/strict";
import { compile, PERMISSIONS } from "../scripts/compile.ts";
import { type Collab, run, startHeadless, startHost, startWatch, TestDir } from "./harness.ts";

Deno.test("the compiled program hosts, is watched, records and replays, from another directory", async (t) => {
  await using dir = new TestDir();
  const program = dir.file("collab");
  await compile(program);
  const collab: Collab = (verb, ...args) => [program, verb, ...args];
  const cwd = dir.path;
  const cast = dir.file("session.cast");

  await t.step("host, watch and record", async () => {
    await using host = startHost({ collab, cwd, rows: 25, args: ["--record", cast] });
    await using viewer = startWatch(await host.link(), { collab, cwd, rows: 25 });
    await host.type("echo what $((6 * 7)) is, 漢字\r");
    await viewer.waitForText("what 42 is, 漢字");
    await host.type("exit 4\r");
    assert.equal((await host.exited).code, 4);
    await viewer.waitForText(/ended/i);
  });

  await t.step("host without a terminal", async () => {
    await using host = startHeadless({ collab, cwd, command: ["sh", "-c", "exit 6"] });
    assert.equal(await host.exited, 6);
  });

  await t.step("control", async () => {
    await using runtime = new TestDir();
    const env = { XDG_RUNTIME_DIR: runtime.path };
    await using host = startHeadless({ collab, cwd, env });
    const link = await host.link();
    const asked = await run("ctl", ["link"], { collab, cwd, env });
    assert.deepEqual(asked, { code: 0, stdout: `${link}\n`, stderr: "" });
    assert.equal((await run("ctl", ["stop"], { collab, cwd, env })).code, 0);
    assert.equal(await host.exited, 129);
  });

  await t.step("replay", async () => {
    const { code, stdout, stderr } = await run("replay", [cast, "--screen-at", "10:00:00"], {
      collab,
      cwd,
    });
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.match(stdout, /what 42 is, 漢字/);
  });

  await t.step("bad input is one line there too", async () => {
    const { code, stderr } = await run("replay", [dir.path], { collab, cwd });
    assert.equal(code, 1);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  });
});

Deno.test("the compiled program may not run programs nor do everything", () => {
  assert.equal(PERMISSIONS.some((flag) => /allow-run|allow-all|^-A/.test(flag)), false);
});
