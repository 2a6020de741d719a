/**
 * What an agent's calls through MCP cost: time, and room in a model's context.
 *
 * @module
 */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { startHeadless } from "../tests/harness.ts";
import { McpClient } from "../tests/mcp_client.ts";
import { type Measurement, quantile, type Row, type RunOptions } from "./report.ts";

/** What the issue asks of a `screen` call. */
const SCREEN_BAR_MS = 15, SCREEN_BAR_RATIO = 1.1;
/** What all tool definitions may take. */
const TOKENS_BAR = 2_000;
const COLS = 80, ROWS = 24;

/** Tool calls on standard input, as clients make them. */
export const mcp: Measurement = {
  name: "mcp",
  title: "An agent's tool calls through MCP, on loopback",
  run: async ({ collab, quick }: RunOptions): Promise<Row[]> => {
    await using host = startHeadless({ collab, args: ["--mode", "collaborative"] });
    const startedMs = performance.now();
    await using client = await McpClient.start({ link: await host.link(), collab });
    await client.call("screen");
    const firstMs = performance.now() - startedMs;
    await fillScreen(client);
    const calls = quick ? 50 : 500;
    const { times, characters } = await screens(client, calls);
    const { tools } = await client.sdk.listTools();
    const echoes = await typed(client, quick ? 20 : 200);
    return [
      {
        what: "first answer",
        who: "collab mcp",
        value: firstMs,
        unit: "ms",
        note: "start and join too",
      },
      {
        what: "screen p50",
        who: "collab mcp",
        value: quantile(times, 0.5),
        unit: "ms",
        bar: { atMost: SCREEN_BAR_MS },
      },
      { what: "screen p99", who: "collab mcp", value: quantile(times, 0.99), unit: "ms" },
      {
        what: "a full screen's answer",
        who: "collab mcp",
        value: characters / (COLS * ROWS),
        unit: "of its characters",
        bar: { atMost: SCREEN_BAR_RATIO },
      },
      {
        what: "tool definitions",
        who: "collab mcp",
        value: encode(JSON.stringify({ tools })).length,
        unit: "tokens",
        bar: { atMost: TOKENS_BAR },
        note: "o200k",
      },
      {
        what: "type, until screen shows it, p50",
        who: "collab mcp",
        value: quantile(echoes, 0.5),
        unit: "ms",
        note: "two calls and more",
      },
    ];
  },
};

/** Fills every cell but those of the prompt. */
async function fillScreen(client: McpClient): Promise<void> {
  const command = `clear; for ((i = 1; i < ${ROWS}; i++)); do printf '%${COLS}s' | tr ' ' x; done`;
  await client.call("type", { text: `${command}\n` });
  await client.call("wait", { quiet: 0.5 });
}

async function screens(
  client: McpClient,
  calls: number,
): Promise<{ readonly times: readonly number[]; readonly characters: number }> {
  const times: number[] = [];
  let characters = 0;
  for (let i = 0; i < calls; i++) {
    const from = performance.now();
    const { raw } = await client.call("screen");
    times.push(performance.now() - from);
    characters = JSON.stringify(raw).length;
  }
  return { times, characters };
}

/** How long it takes from a key until a look at the screen shows it. */
async function typed(client: McpClient, keys: number): Promise<readonly number[]> {
  const times: number[] = [];
  await client.call("press", { keys: ["ctrl-l"] });
  await client.call("wait", { quiet: 0.2 });
  let line = "";
  for (let i = 0; i < keys; i++) {
    line += "@#%=+~"[i % 6];
    const from = performance.now();
    await client.call("type", { text: line.at(-1)! });
    while (!(await client.call("screen")).text.includes(line)) { /* not yet */ }
    times.push(performance.now() - from);
    if (line.length === 60) {
      await client.call("press", { keys: ["ctrl-u"] });
      await client.call("wait", { quiet: 0.2 });
      line = "";
    }
  }
  return times;
}
