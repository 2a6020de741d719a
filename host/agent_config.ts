/**
 * What tells an MCP client how to bring its agent into a session: a block of its configuration. Pure.
 *
 * @module
 */
import { quoteCommand } from "./shell_words.ts";

/** The clients whose configuration is known; `json` is what most others take. */
export const AGENT_CLIENTS = ["json", "claude", "cursor", "vscode", "codex"] as const;
/** One of {@link AGENT_CLIENTS}. */
export type AgentClient = typeof AGENT_CLIENTS[number];

/** How `collab mcp` is started. */
export interface AgentLaunch {
  readonly command: string;
  readonly args: readonly string[];
}

/** A block of configuration, and what to do with it. */
export interface AgentConfig {
  readonly client: AgentClient;
  /** The client, for people. */
  readonly title: string;
  /** Where the block belongs, in a few words. */
  readonly where: string;
  readonly command: string;
  readonly args: readonly string[];
  /** `COLLAB_LINK` alone: what a program is called with others can see, its environment they cannot. */
  readonly env: { readonly COLLAB_LINK: string };
  /** The block itself, without a newline at its end. */
  readonly text: string;
}

/** What the server is called in a client's configuration. */
const SERVER = "collab";

const ABOUT: Readonly<
  Record<AgentClient, { readonly title: string; readonly where: string; readonly name?: string }>
> = {
  json: { title: "most MCP clients", where: "in the client's mcp.json" },
  claude: { title: "Claude Code", where: "in a shell, where Claude Code works", name: "Claude" },
  cursor: { title: "Cursor", where: "in .cursor/mcp.json", name: "Cursor" },
  vscode: { title: "VS Code", where: "in .vscode/mcp.json", name: "Copilot" },
  codex: { title: "Codex", where: "in ~/.codex/config.toml", name: "Codex" },
};

/**
 * The configuration with which a client's agent comes in by a link, called after the client.
 *
 * @example
 * ```ts
 * import { agentConfig } from "./agent_config.ts";
 * import assert from "node:assert/strict";
 *
 * const launch = { command: "collab", args: ["mcp"] };
 * const { text } = agentConfig("claude", { launch, url: "https://x/s/a#b.c" });
 * const words = "claude mcp add collab --env 'COLLAB_LINK=https://x/s/a#b.c' -- collab mcp --name Claude";
 * assert.equal(text, words);
 * ```
 */
export function agentConfig(
  client: AgentClient,
  { launch, url }: { readonly launch: AgentLaunch; readonly url: string },
): AgentConfig {
  const { title, where, name } = ABOUT[client];
  const { command } = launch;
  const args = [...launch.args, ...(name === undefined ? [] : ["--name", name])];
  const env = { COLLAB_LINK: url };
  return { client, title, where, command, args, env, text: textOf(client, { command, args, env }) };
}

type Server = Pick<AgentConfig, "command" | "args" | "env">;

function textOf(client: AgentClient, server: Server): string {
  const { command, args, env } = server;
  switch (client) {
    case "json":
    case "cursor":
      return jsonOf("mcpServers", server);
    case "vscode":
      return jsonOf("servers", { type: "stdio", ...server });
    case "claude":
      // The name comes before --env, which takes every word after it up to the dashes.
      return quoteCommand([
        ...["claude", "mcp", "add", SERVER, "--env", `COLLAB_LINK=${env.COLLAB_LINK}`],
        ...["--", command, ...args],
      ]);
    case "codex":
      return [
        `[mcp_servers.${SERVER}]`,
        `command = ${tomlText(command)}`,
        `args = [${args.map(tomlText).join(", ")}]`,
        "",
        `[mcp_servers.${SERVER}.env]`,
        `COLLAB_LINK = ${tomlText(env.COLLAB_LINK)}`,
      ].join("\n");
    default:
      return client satisfies never;
  }
}

/** As one would write it: the arguments in a line. */
function jsonOf(key: string, server: Server & { readonly type?: string }): string {
  const { type, command, args, env } = server;
  return [
    "{",
    `  "${key}": {`,
    `    "${SERVER}": {`,
    ...(type === undefined ? [] : [`      "type": ${JSON.stringify(type)},`]),
    `      "command": ${JSON.stringify(command)},`,
    `      "args": [${args.map((arg) => JSON.stringify(arg)).join(", ")}],`,
    `      "env": { "COLLAB_LINK": ${JSON.stringify(env.COLLAB_LINK)} }`,
    "    }",
    "  }",
    "}",
  ].join("\n");
}

/** A basic string of TOML: JSON's escapes are all known there, and DEL is not allowed as it is. */
function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}
