/**
 * The public MCP inspector's command line, driving a real shell through `collab mcp`. It is run from the npm registry by
 * Deno: neither a package of the project's, nor a newer Node, is needed for it.
 */
import assert from "node:assert/strict";
import { fromSource, run, startHeadless, TestDir } from "./harness.ts";
import { HttpServer } from "./mcp_http_server.ts";

const INSPECTOR = "npm:@modelcontextprotocol/inspector@2.12.0";

interface Inspected {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the inspector. */
async function inspect(...args: readonly string[]): Promise<Inspected> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      "--no-config",
      "--no-lock",
      INSPECTOR,
      "--cli",
      ...args,
    ],
    env: { MCP_INSPECTOR_SECRET_STORE: "memory" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

// deno-lint-ignore no-explicit-any -- what a script gets
async function inspected(...args: readonly string[]): Promise<any> {
  const { code, stdout, stderr } = await inspect(...args);
  assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Whether the inspector is there. Where the registry is out of reach that is said; in CI it is a failure. */
async function hasInspector(): Promise<boolean> {
  const { code, stderr } = await inspect("--help");
  if (code === 0) return true;
  assert.ok(!Deno.env.has("CI"), stderr);
  // deno-lint-ignore no-console
  console.warn(`skipped: the MCP inspector cannot be had from npm: ${stderr.split("\n")[0]}`);
  return false;
}

/** What a client's configuration says of the server, in a file. */
async function configure(path: string, link: string): Promise<readonly string[]> {
  const [command, ...args] = fromSource("mcp");
  const collab = { type: "stdio", command, args, env: { COLLAB_LINK: link } };
  await Deno.writeTextFile(path, JSON.stringify({ mcpServers: { collab } }));
  return ["--config", path, "--server", "collab", "--method"];
}

Deno.test("the inspector lists, reads and runs, from a configuration file as clients have it", async () => {
  if (!await hasInspector()) return;
  await using dir = new TestDir();
  await using host = startHeadless({ args: ["--mode", "collaborative"] });
  const method = await configure(dir.file("mcp.json"), await host.link());
  const { tools } = await inspected(...method, "tools/list");
  assert.ok(tools.some(({ name }: { name: string }) => name === "request_control"));
  const { resources } = await inspected(...method, "resources/list");
  assert.equal(resources.length, 2);
  const ran = await inspected(
    ...method,
    ...["tools/call", "--tool-name", "run", "--tool-arg", "command=echo $((40+2))"],
  );
  assert.equal(ran.structuredContent.output, "42");
});

Deno.test("the inspector drives a session over HTTP: asks, is approved, runs, is stopped", async () => {
  if (!await hasInspector()) return;
  await using dir = new TestDir();
  const env = { XDG_RUNTIME_DIR: dir.path };
  await using host = startHeadless({ args: ["--name", "Ada"], env });
  await using server = await HttpServer.start(await host.link(), "--name", "Otto");
  const ctl = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run("ctl", args, { env });
    assert.deepEqual([code, stderr], [0, ""], args.join(" "));
  };
  const call = async (
    name: string,
    ...args: string[]
  ): Promise<{ text: string; data: unknown }> => {
    const { stdout, stderr } = await inspect(
      ...["--transport", "http", "--server-url", server.url],
      ...["--header", `Authorization: ${server.authorization}`, "--method", "tools/call"],
      ...["--tool-name", name, ...args.flatMap((arg) => ["--tool-arg", arg])],
    );
    assert.notEqual(stdout, "", stderr);
    const { content, structuredContent } = JSON.parse(stdout);
    const text = content.map(({ text }: { text: string }) => text).join("\n");
    return { text, data: structuredContent };
  };
  assert.match((await call("screen")).text, /^\[80x24/);
  assert.match((await call("type", "text=ls")).text, /call request_control \[not-in-control\]/);
  assert.match((await call("request_control", "reason=look", "timeout=0")).text, /^Pending/);
  await ctl("grant", "Otto");
  assert.match((await call("request_control", "reason=look")).text, /You have control|Granted/);
  assert.match((await call("run", "command=echo $((40+2))")).text, /^42$/m);
  const running = call("run", "command=echo begun; sleep 60");
  await call("wait", "pattern=^begun$");
  await ctl("revoke");
  assert.match((await running).text, /\[control-lost\]/);
});
