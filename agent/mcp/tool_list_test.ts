import assert from "node:assert/strict";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { toolDefinitions } from "./tool_list.ts";

/** What all definitions together may take of a model's context. */
const TOKENS_MAX = 2_000;

Deno.test("all tool definitions together take fewer than 2,000 tokens", () => {
  const listed = JSON.stringify({ tools: toolDefinitions({ readOnly: false }) });
  const tokens = encode(listed).length;
  assert.ok(tokens > 500, `${tokens} tokens: are there tools at all?`);
  assert.ok(tokens < TOKENS_MAX, `${tokens} tokens`);
});

Deno.test("a server that only reads offers what is marked as reading only", () => {
  const all = toolDefinitions({ readOnly: false });
  const reading = toolDefinitions({ readOnly: true });
  assert.deepEqual(reading, all.filter(({ annotations }) => annotations.readOnlyHint === true));
  assert.deepEqual(reading.map(({ name }) => name), ["screen", "output", "wait", "participants"]);
});

Deno.test("a tool's schemas name each argument, and those that it cannot do without", () => {
  const request = toolDefinitions({ readOnly: false }).find(({ name }) =>
    name === "request_control"
  )!;
  assert.deepEqual(Object.keys(request.inputSchema.properties), ["reason", "minutes", "timeout"]);
  assert.deepEqual(request.inputSchema.required, ["reason"]);
  assert.deepEqual(request.outputSchema?.required, ["state"]);
});
