/**
 * `collab mcp`, as it is called.
 *
 * @module
 */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { map, optional, withDefault } from "@optique/core/modifiers";
import { argument, command, flag, option } from "@optique/core/primitives";
import { parseAddress } from "../host/listen.ts";
import {
  certificateFlags,
  examples,
  file,
  readName,
  usage,
  value,
  withoutUndefined,
} from "../viewer/command_parts.ts";
import { formatLink, parseLink } from "../wire/link.ts";

const flags = object({
  link: optional(argument(value("LINK", (text) => formatLink(parseLink(text))), {
    description: message`The session's link, quoted for the shell. Default: that in COLLAB_LINK.`,
  })),
  linkFile: optional(option("--link-file", file("FILE"), {
    description: message`A file that has the link: what a program is called with others can see.`,
  })),
  name: withDefault(
    option("--name", value("NAME", readName), {
      description: message`What the agent is called in the session. Default: agent.`,
    }),
    "agent",
  ),
  readOnly: withDefault(
    flag("--read-only", {
      description: message`Offer only the tools that look: screen, output, wait, participants.`,
    }),
    false,
  ),
  http: optional(option("--http", { ...value("TEXT", parseAddress), metavar: "HOST:PORT" }, {
    description:
      message`Serve streamable HTTP there instead of standard input, and print the address and the token that clients show.`,
  })),
  insecure: withDefault(
    flag("--insecure", {
      description: message`Let --http listen where other machines can reach it.`,
    }),
    false,
  ),
  ...certificateFlags,
});

/** The parser of `collab mcp`; its value serves and resolves to the exit code. */
export const mcpCommand = command(
  "mcp",
  map(flags, (options) => async (): Promise<number> => {
    const { runMcp } = await import("./mcp/run_mcp.ts");
    return await runMcp(withoutUndefined(options));
  }),
  {
    usageLine: usage("[FLAGS] [LINK]"),
    brief: message`Let an AI agent take part in a session, by the Model Context Protocol.`,
    description:
      message`A server that MCP clients start: its tools read the shared terminal, ask people for control, type while it is given, and give it back. The agent sees what every viewer sees, without the secrets, and everybody sees that it is one.`,
    footer: examples([
      ["collab mcp --link-file ~/.pair-link", "the link from a file"],
      ["collab mcp --name Otto --read-only 'LINK'", "an agent that only watches"],
      ["claude mcp add pair --env COLLAB_LINK='LINK' -- collab mcp", "for Claude Code"],
      ["collab mcp --http 127.0.0.1:8765 'LINK'", "over HTTP"],
    ]),
  },
);
