/**
 * That docs/guides/agents.md is true of what it names.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { AGENT_CLIENTS, agentConfig } from "../host/agent_config.ts";
import { START_MODES } from "../host/options.ts";
import { ROOT } from "./harness.ts";

const GUIDE = await Deno.readTextFile(join(ROOT, "docs", "guides", "agents.md"));

Deno.test("the guide to agents has every mode, and a client's name for each that is known", () => {
  const rows = GUIDE.split("\n").filter((line) => /^\| `/.test(line));
  const modes = rows.map((row) => /^\| `([^`]+)`/.exec(row)![1]);
  assert.deepEqual([...modes].sort(), [...START_MODES].sort());
  for (const client of AGENT_CLIENTS) assert.match(GUIDE, new RegExp(`\\b${client}\\b`));
});

Deno.test("the configuration in the guide is the one that is made", () => {
  const [, block = ""] = /```json\n([^`]+)\n```/.exec(GUIDE)!;
  const launch = { command: "/usr/local/bin/collab", args: ["mcp"] };
  assert.deepEqual(
    JSON.parse(block),
    JSON.parse(agentConfig("json", { launch, url: "http://…" }).text),
  );
});
