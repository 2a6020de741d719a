/**
 * How `collab mcp` is started by others, so that it is this very program.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { AgentLaunch } from "./agent_config.ts";

/** What `collab mcp` may do, and asks nobody about. */
export const MCP_PERMISSIONS: readonly string[] = [
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-sys",
  "--allow-run=ssh",
];

/** How this program was started. */
export interface OwnProgram {
  /** Whether it is compiled: then it needs no other. */
  readonly standalone: boolean;
  /** The program itself, or what runs it. */
  readonly execPath: string;
  /** The URL of its main module. */
  readonly mainModule: string;
}

/** How `collab mcp` is started from anywhere. */
export function agentLaunch({ standalone, execPath, mainModule }: OwnProgram): AgentLaunch {
  if (standalone) return { command: execPath, args: ["mcp"] };
  const main = mainModule.startsWith("file:") ? fileURLToPath(mainModule) : mainModule;
  const run = ["run", "--quiet", "--no-prompt", ...MCP_PERMISSIONS];
  return { command: execPath, args: [...run, main, "mcp"] };
}

/** How this process would start it. */
export function ownLaunch(): AgentLaunch {
  return agentLaunch({
    standalone: Deno.build.standalone,
    execPath: Deno.execPath(),
    mainModule: Deno.mainModule,
  });
}
