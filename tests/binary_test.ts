import assert from "node:assert/strict";
import { compile, PERMISSIONS } from "../scripts/compile.ts";
import {
  type Collab,
  run,
  startHeadless,
  startHost,
  startWatch,
  Terminal,
  TestDir,
} from "./harness.ts";
import { McpClient } from "./mcp_client.ts";

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

  await t.step("metrics, the admin API and logs", async () => {
    await using runtime = new TestDir();
    const env = { XDG_RUNTIME_DIR: runtime.path };
    const log = runtime.file("collab.log");
    const args = ["--metrics", "0", "--admin-api", "0", "--log-file", log];
    await using host = startHeadless({ collab, cwd, env, args });
    const ready = await host.waitFor(({ event }) => event === "ready", "the host to be ready");
    const { metricsUrl, apiUrl } = ready as { metricsUrl?: string; apiUrl?: string };
    assert.match(await (await fetch(metricsUrl!)).text(), /^collab_active_sessions 1$/m);
    const invited = await run("ctl", ["invite", "--role", "admin"], { collab, cwd, env });
    const headers = { authorization: `Bearer ${invited.stdout.trim().replace(/^[^#]*#/, "")}` };
    const document = await (await fetch(`${apiUrl}/openapi.json`, { headers })).json();
    assert.equal(document.openapi, "3.1.0");
    assert.match(await Deno.readTextFile(log), /Listening on/);
  });

  await t.step("an agent through MCP", async () => {
    await using host = startHeadless({ collab, cwd, args: ["--mode", "collaborative"] });
    await using agent = await McpClient.start({ link: await host.link(), collab });
    assert.equal((await agent.call("run", { command: "echo $((40+2))" })).data?.output, "42");
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

  await t.step("the browser's page is inside of it", async () => {
    await using host = startHeadless({ collab, cwd });
    await checkPage(await host.link());
  });

  await t.step("and shows a recording", async () => {
    await using replay = new Terminal(collab("replay", "--web", cast), {
      cwd,
      cols: 160,
      rows: 10,
    });
    await replay.waitForText(/Ctrl-C ends/);
    const url = /http:\S+/.exec(replay.text)![0];
    await checkPage(url);
    const headers = { authorization: `Bearer ${url.replace(/.*#/, "")}` };
    const recording = await fetch(`${url.replace(/#.*/, "")}/recording`, { headers });
    assert.equal(await recording.text(), await Deno.readTextFile(cast));
    await replay.type("\x03");
    assert.equal((await replay.exited).code, 0);
  });

  await t.step("bad input is one line there too", async () => {
    const { code, stderr } = await run("replay", [dir.path], { collab, cwd });
    assert.equal(code, 1);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  });
});

/** Loads a page and every file that it names. */
async function checkPage(url: string): Promise<void> {
  const page = await fetch(url);
  assert.match(page.headers.get("content-security-policy")!, /script-src 'self'/);
  const files = [...(await page.text()).matchAll(/(?:src|href)="(\/a\/[^"]+)"/g)];
  assert.ok(files.some(([, path]) => path!.endsWith(".js")), "the page has no script");
  for (const [, path] of files) {
    const response = await fetch(new URL(path!, url));
    assert.equal(response.status, 200, path!);
    assert.ok((await response.bytes()).length > 100, path!);
  }
}

Deno.test("the compiled program may not run programs but ssh, nor do everything", () => {
  const wide = PERMISSIONS.filter((flag) => /allow-run|allow-all|^-A/.test(flag));
  assert.deepEqual(wide, ["--allow-run=ssh,tmux"]);
});
