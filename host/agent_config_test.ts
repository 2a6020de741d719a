import assert from "node:assert/strict";
import { parse as parseToml } from "smol-toml";
import { AGENT_CLIENTS, agentConfig } from "./agent_config.ts";
import { agentLaunch, MCP_PERMISSIONS } from "./agent_launch.ts";

const URL = "https://box.example:7777/s/4fT#c2VjcmV0.eyJhbGciOiJFZERTQSJ9.e30.c2ln";
const launch = { command: "/opt/my tools/collab", args: ["mcp", `it's "here"\\`] };

/** What a client takes out of its block, whatever its form. */
interface Server {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a POSIX shell makes of a line. */
async function words(line: string): Promise<readonly string[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `claude() { for word; do printf '%s\\0' "$word"; done; }; ${line}`],
  }).output();
  return new TextDecoder().decode(stdout).split("\0").slice(0, -1);
}

Deno.test("every client reads from its block how the agent is started, and the link from the environment", async () => {
  for (const client of AGENT_CLIENTS) {
    const { text, command, args, env } = agentConfig(client, { launch, url: URL });
    const server: Server = { command, args, env };
    assert.deepEqual(args.slice(0, 2), launch.args);
    assert.deepEqual(env, { COLLAB_LINK: URL });
    switch (client) {
      case "json":
      case "cursor":
        assert.deepEqual(JSON.parse(text), { mcpServers: { collab: server } });
        break;
      case "vscode":
        assert.deepEqual(JSON.parse(text), { servers: { collab: { type: "stdio", ...server } } });
        break;
      case "codex":
        assert.deepEqual(JSON.parse(JSON.stringify(parseToml(text))), {
          mcp_servers: { collab: server },
        });
        break;
      case "claude":
        assert.deepEqual(await words(text), [
          ...["mcp", "add", "collab", "--env", `COLLAB_LINK=${URL}`],
          ...["--", command, ...args],
        ]);
        break;
      default:
        client satisfies never;
    }
  }
});

Deno.test("an agent is called after its client, where that is known", () => {
  const nameOf = (client: typeof AGENT_CLIENTS[number]): readonly string[] =>
    agentConfig(client, { launch: { command: "collab", args: ["mcp"] }, url: URL }).args.slice(1);
  assert.deepEqual(nameOf("json"), []);
  assert.deepEqual(nameOf("claude"), ["--name", "Claude"]);
});

Deno.test("a compiled program starts itself, another one what runs it", () => {
  const own = { execPath: "/usr/bin/deno", mainModule: "file:///a%20b/main.ts" };
  assert.deepEqual(agentLaunch({ ...own, standalone: true, execPath: "/opt/collab" }), {
    command: "/opt/collab",
    args: ["mcp"],
  });
  const { command, args } = agentLaunch({ ...own, standalone: false });
  assert.equal(command, "/usr/bin/deno");
  assert.deepEqual(args.slice(-2), ["/a b/main.ts", "mcp"]);
  assert.deepEqual(args.slice(3, -2), MCP_PERMISSIONS);
});

Deno.test("what an agent may do when it is started is what the task allows", async () => {
  const text = await Deno.readTextFile(new globalThis.URL("../deno.json", import.meta.url));
  const { tasks } = JSON.parse(text);
  const words = (tasks.mcp.command ?? tasks.mcp).split(" ");
  assert.deepEqual(words.filter((word: string) => word.startsWith("--allow")), MCP_PERMISSIONS);
});
