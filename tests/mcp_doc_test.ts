/**
 * That docs/MCP.md is true: its tools, their arguments, codes, limits and answers.
 */
import assert from "node:assert/strict";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { join } from "node:path";
import { BRIEF, FULL } from "../agent/mcp/fold.ts";
import { MAX_CLIENTS } from "../agent/mcp/http.ts";
import { PROMPTS } from "../agent/mcp/prompts.ts";
import { RESOURCES } from "../agent/mcp/resources.ts";
import { LINES_MAX, TIMEOUT_S, toolDefinitions, TYPE_MAX_LENGTH } from "../agent/mcp/tool_list.ts";
import { ROOT } from "./harness.ts";

const DOC = await Deno.readTextFile(join(ROOT, "docs", "MCP.md"));

/** The rows of the table below a heading whose first column is called so. */
function table(first: string): string[][] {
  const lines = DOC.split("\n");
  const head = lines.findIndex((line) => line.startsWith(`| ${first} `));
  assert.ok(head >= 0, `There is no table of ${first}`);
  const rest = lines.slice(head + 2);
  const end = rest.findIndex((line) => !line.startsWith("|"));
  return rest.slice(0, end).map((line) =>
    line.split(/(?<!\\)\|/).slice(1, -1).map((c) => c.trim())
  );
}

Deno.test("the documentation lists every tool with its arguments, and no others", () => {
  const listed = table("tool").map(([name, args]) => [name, args]);
  const there = toolDefinitions({ readOnly: false }).map(({ name, inputSchema }) => [
    `\`${name}\``,
    Object.keys(inputSchema.properties).map((argument) =>
      `\`${argument}${inputSchema.required?.includes(argument) ? "" : "?"}\``
    ).join(", "),
  ]);
  assert.deepEqual(listed, there);
});

Deno.test("the documentation lists every resource and prompt", () => {
  assert.deepEqual(table("resource").map(([uri]) => uri), RESOURCES.map(({ uri }) => `\`${uri}\``));
  for (const [name, { argument }] of Object.entries(PROMPTS)) {
    assert.match(DOC, new RegExp(`\`${name}\`\\s+\\(\`${argument.name}\``));
  }
});

Deno.test("the documentation's codes are those of the client", async () => {
  const source = await Deno.readTextFile(join(ROOT, "agent", "errors.ts"));
  for (const [code] of table("code")) {
    assert.match(source, new RegExp(`"${code!.replaceAll("`", "")}"`), code!);
  }
});

Deno.test("the documentation's limits are those of the code", () => {
  const said = (...words: string[]): void =>
    assert.ok(words.every((word) => DOC.includes(word)), words.join(", "));
  said(`${BRIEF.lines} lines or ${BRIEF.chars.toLocaleString("en")} characters`);
  said(`${FULL.lines} lines or ${FULL.chars.toLocaleString("en")} characters`);
  said(`${LINES_MAX} lines`, `waits ${TIMEOUT_S} seconds`, `There are ${MAX_CLIENTS} at a time`);
  said(TYPE_MAX_LENGTH.toLocaleString("en"));
  const tools = JSON.stringify({ tools: toolDefinitions({ readOnly: false }) });
  const hundreds = Math.round(encode(tools).length / 100) * 100;
  said(`about ${hundreds.toLocaleString("en")} tokens`);
});
