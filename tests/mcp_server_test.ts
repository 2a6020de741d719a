/**
 * `collab mcp` as a program: how it is called, what it prints, what it offers, and what it says when it cannot join.
 */
import assert from "node:assert/strict";
// @ts-types="@modelcontextprotocol/sdk/types"
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { openRecording } from "../record/reader.ts";
import { eventually, run, startHeadless, TestDir } from "./harness.ts";
import { McpClient } from "./mcp_client.ts";
import { Proxy } from "./proxy.ts";

const COLLABORATIVE = { args: ["--mode", "collaborative"] };

/** A message as a client writes it. */
function message(id: number, method: string, params: object = {}): string {
  return `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
}

const INITIALIZE = message(1, "initialize", {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
});

Deno.test("standard output is the protocol's alone, and the server goes with its client", async () => {
  await using dir = new TestDir();
  await using host = startHeadless();
  await Deno.writeTextFile(dir.file("link"), `${await host.link()}\n`);
  const stdin = INITIALIZE + message(2, "tools/call", { name: "screen", arguments: {} });
  const { code, stdout, stderr } = await run("mcp", ["--link-file", dir.file("link")], { stdin });
  assert.deepEqual([code, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.length >= 1 && lines.every(({ jsonrpc }) => jsonrpc === "2.0"), stdout);
  assert.equal(lines[0].result.serverInfo.name, "collab");
  assert.match(lines[0].result.instructions, /request_control/);
});

Deno.test("a server that is only looked at does not join, and joins with the first call", async () => {
  await using host = startHeadless();
  const link = await host.link();
  const joins = (): number => host.all.filter(({ event }) => event === "join").length;
  {
    await using looked = await McpClient.start({ link });
    assert.ok((await looked.sdk.listTools()).tools.length > 5);
    await looked.sdk.listResources();
  }
  assert.equal(joins(), 0);
  await using agent = await McpClient.start({ link });
  assert.ok(!(await agent.call("screen")).isError);
  await host.waitFor(({ event }) => event === "join", "the agent to join");
  assert.equal(joins(), 1);
});

Deno.test("what host --agent prints lets one agent in, and says so to a second", async () => {
  await using host = startHeadless({ args: ["--agent", "json"] });
  const told = await host.waitFor(({ event }) => event === "agent", "the configuration");
  const { text } = told as unknown as { readonly text: string };
  const { command, args, env } = JSON.parse(text).mcpServers.collab;
  const options = { link: env.COLLAB_LINK, collab: () => [command, ...args] };
  await using agent = await McpClient.start(options);
  assert.match((await agent.call("participants")).text, /\(p1, agent, agent\): you/);
  await using second = await McpClient.start(options);
  const { text: refusal } = await second.call("participants");
  assert.match(refusal, /works once and has been used: ask the presenter.*\[join-failed\]$/);
});

Deno.test("without a link the server says where it looks for one", async () => {
  const { code, stdout, stderr } = await run("mcp", [], { env: { COLLAB_LINK: undefined } });
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^collab: [^\n]*--link-file FILE[^\n]*COLLAB_LINK[^\n]*\[no-link\]\n$/);
});

Deno.test("a certificate without its key is told at once, and not with the first call", async () => {
  const { code, stderr } = await run("mcp", ["--client-cert", "cert.pem"]);
  assert.equal(code, 2);
  assert.match(stderr, /^collab: [^\n]*--client-key[^\n]*\[bad-flags\]\n$/);
});

Deno.test("a server that cannot join says so in a line, and with every call", async () => {
  let link: string;
  {
    await using host = startHeadless();
    link = await host.link();
  }
  await using agent = await McpClient.start({ link });
  const { isError, text } = await agent.call("screen");
  assert.ok(isError);
  assert.match(text, /^Cannot join: [^\n]+ \[join-failed\]$/);
  assert.match(agent.stderr, /^collab: Cannot join: [^\n]+ \[join-failed\]\n$/);
  assert.match((await agent.call("run", { command: "ls" })).text, /\[join-failed\]$/);
});

Deno.test("arguments that make no sense are explained", async () => {
  await using host = startHeadless(COLLABORATIVE);
  await using agent = await McpClient.start({ link: await host.link() });
  for (
    const [tool, args, why] of [
      ["wait", { timeut: 3 }, /there is no argument "timeut"; it takes text, pattern/],
      ["wait", {}, /give text, pattern, prompt, quiet or exit/],
      ["wait", { pattern: "(?=a)" }, /RE2/],
      ["wait", { text: "x", timeout: 9_999 }, /timeout:.*<=300/],
      ["press", { keys: ["hyper-x"] }, /"hyper-x".*\[bad-key\]/],
      ["type", {}, /text/],
      ["type", { text: "x".repeat(20_000) }, /text:.*<=16384/],
      ["nonsense", {}, /there is no such tool/],
    ] as const
  ) {
    const { isError, text } = await agent.call(tool, args);
    assert.ok(isError, text);
    assert.match(text, why);
    assert.match(text, /^[^\n]+ \[[a-z-]+\]$/);
  }
});

Deno.test("output is told once, folded, and can be asked for by line", async () => {
  await using host = startHeadless(COLLABORATIVE);
  await using agent = await McpClient.start({ link: await host.link() });
  await agent.call("output");
  for (const [first, last] of [[1, 150], [151, 300]]) {
    await agent.call("type", { text: `seq ${first} ${last}; echo end-$((${last}))\n` });
    const { data } = await agent.call("wait", { text: `end-${last}`, timeout: 20 });
    assert.equal(data?.met, "text");
  }
  await agent.call("wait", { prompt: true });
  assert.match((await agent.call("output")).text, /^\[nothing new\]$/);
  const { text } = await agent.call("run", { command: "seq 1 150" });
  const fold = /\[… (\d+) lines left out: output \{from: (\d+), lines: (\d+)\}\]/.exec(text);
  assert.ok(fold !== null, text);
  const [, left, from, lines] = fold.map(Number);
  assert.equal(left, lines);
  const rest = await agent.call("output", { from, lines });
  const middle = rest.text.split("\n").slice(0, -1);
  assert.equal(middle.length, left);
  const all = text.replace(fold[0], middle.join("\n")).split("\n").slice(0, 150).map(Number);
  assert.deepEqual(all, Array.from({ length: 150 }, (_, i) => i + 1));
});

Deno.test("of a burst an answer says where lines are missing, and how to have them", async () => {
  await using host = startHeadless(COLLABORATIVE);
  await using agent = await McpClient.start({ link: await host.link() });
  const { text, data } = await agent.call("run", { command: "seq 1 20000" });
  const missing = Number(data?.missing);
  assert.ok(missing > 0);
  assert.match(text, new RegExp(`; ${missing} lines are missing above: .*file`));
  const output = String(data?.output);
  const said = output.matchAll(/^\[… .*?(\d+) lines are missing(?: here: .*file.*)?/gm);
  assert.equal([...said].reduce((sum, [, lines]) => sum + Number(lines), 0), missing);
  const lines = output.split("\n");
  for (const [i, line] of lines.entries()) {
    if (i === 0 || [line, lines[i - 1]!].some((line) => line.startsWith("[…"))) continue;
    assert.ok(lines[i + 1]?.startsWith("[…") || Number(line) === Number(lines[i - 1]) + 1, line);
  }
});

Deno.test("a long wait tells of its progress, and ends when the client no longer wants it", async () => {
  await using host = startHeadless(COLLABORATIVE);
  await using agent = await McpClient.start({ link: await host.link() });
  const progress = Promise.withResolvers<number | undefined>();
  const abort = new AbortController();
  const waiting = agent.call("wait", { text: "never", timeout: 200 }, {
    signal: abort.signal,
    onprogress: ({ total }) => progress.resolve(total),
  });
  assert.equal(await progress.promise, 200);
  abort.abort("no longer");
  await assert.rejects(waiting, /no longer/);
  assert.ok(!(await agent.call("screen")).isError);
});

Deno.test("a cut is told, typing waits for its end, and what was written meanwhile can be read", async () => {
  await using host = startHeadless(COLLABORATIVE);
  const link = await host.link();
  await using proxy = new Proxy(new URL(link).host);
  await using agent = await McpClient.start({ link: proxy.link(link) });
  await using other = await McpClient.start({ link });
  await agent.call("output");
  proxy.refuse();
  const cut = await eventually(async () => {
    const answer = await agent.call("type", { text: "#" });
    return answer.isError ? answer : undefined;
  }, "the cut to be noticed");
  assert.match(cut.text, /call again in some seconds \[cut\]$/);
  assert.equal((await other.call("run", { command: "echo $((40+2))" })).data?.output, "42");
  proxy.flow();
  const notices: (string | undefined)[] = [cut.notice];
  await eventually(async () => {
    const { notice } = await agent.call("participants");
    notices.push(notice);
    return notice?.includes("is back");
  }, "the connection to be back");
  assert.match(notices.join("\n"), /The connection was cut/);
  assert.match((await agent.call("output")).text, /^42$/m);
});

Deno.test("a request that the client calls off is withdrawn", async () => {
  await using dir = new TestDir();
  const env = { XDG_RUNTIME_DIR: dir.path };
  await using host = startHeadless({ env });
  await using agent = await McpClient.start({ link: await host.link() });
  const requests = async (): Promise<number> =>
    JSON.parse((await run("ctl", ["requests", "--json"], { env })).stdout).requests.length;
  const abort = new AbortController();
  const asking = agent.call("request_control", { reason: "a look" }, { signal: abort.signal });
  await eventually(async () => await requests() === 1 || undefined, "the request");
  abort.abort("never mind");
  await assert.rejects(asking, /never mind/);
  await eventually(async () => await requests() === 0 || undefined, "the request to be gone");
});

Deno.test("with --read-only there are the tools that look, and no others", async () => {
  await using host = startHeadless(COLLABORATIVE);
  await using agent = await McpClient.start({ link: await host.link(), args: ["--read-only"] });
  const { tools } = await agent.sdk.listTools();
  assert.deepEqual(tools.map(({ name }) => name), ["screen", "output", "wait", "participants"]);
  const { isError, text } = await agent.call("type", { text: "ls\n" });
  assert.ok(isError);
  assert.match(text, /--read-only/);
});

Deno.test("the screen and the recording so far are resources, and a change of the screen is told", async () => {
  await using host = startHeadless(COLLABORATIVE);
  await using agent = await McpClient.start({ link: await host.link() });
  const { sdk } = agent;
  const { resources } = await sdk.listResources();
  assert.deepEqual(resources.map(({ uri }) => uri), ["collab://screen", "collab://recording"]);
  await agent.call("wait", { prompt: true });
  const updated = Promise.withResolvers<string>();
  sdk.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    ({ params }) => updated.resolve(params.uri),
  );
  await sdk.subscribeResource({ uri: "collab://screen" });
  await agent.call("run", { command: "echo secret AKIAIOSFODNN7EXAMPLE; echo shown-$((40+2))" });
  assert.equal(await updated.promise, "collab://screen");
  await sdk.unsubscribeResource({ uri: "collab://screen" });
  const read = async (uri: string): Promise<string> =>
    ((await sdk.readResource({ uri })).contents[0] as { readonly text: string }).text;
  assert.match(await read("collab://screen"), /shown-42/);
  const recording = await read("collab://recording");
  assert.doesNotMatch(recording, /AKIAIOSFODNN7EXAMPLE/);
  await using dir = new TestDir();
  await Deno.writeTextFile(dir.file("so-far.cast"), recording);
  const log = await openRecording({ kind: "file", path: dir.file("so-far.cast") });
  assert.ok(log.length > 2 && log.warnings.length === 0);
  assert.match(recording, /shown-42/);
  await assert.rejects(read("collab://nothing"), /no such resource/);
});

Deno.test("there are prompts to watch and help, and to take over a task", async () => {
  await using host = startHeadless();
  await using agent = await McpClient.start({ link: await host.link() });
  const { prompts } = await agent.sdk.listPrompts();
  assert.deepEqual(prompts.map(({ name }) => name), ["watch-and-help", "take-over-task"]);
  const { messages } = await agent.sdk.getPrompt({
    name: "take-over-task",
    arguments: { task: "make the build pass" },
  });
  assert.match(JSON.stringify(messages), /make the build pass.*request_control.*yield_control/);
  await assert.rejects(agent.sdk.getPrompt({ name: "take-over-task" }), /needs task/);
  await assert.rejects(agent.sdk.getPrompt({ name: "nothing" }), /no such prompt/);
});
