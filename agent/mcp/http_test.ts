import assert from "node:assert/strict";
import type { SideServer } from "../../host/side_server.ts";
import { checkAddress, MAX_CLIENTS, MCP_PATH, startHttp } from "./http.ts";
import { Server } from "./sdk.ts";
import { post } from "./testing/post.ts";

const TOKEN = "a-token";

/** A server with nothing behind it. */
function start(now: () => number = () => 0): SideServer {
  return startHttp({
    address: { hostname: "127.0.0.1", port: 0 },
    token: TOKEN,
    serve: (transport) => new Server({ name: "test", version: "1" }, {}).connect(transport),
    now,
  });
}

async function ask(
  { origin }: SideServer,
  session?: string,
): Promise<{ readonly status: number; readonly session: string }> {
  const authorization = `Bearer ${TOKEN}`;
  const { status, headers } = session === undefined
    ? await post(`${origin}${MCP_PATH}`, { authorization })
    : await post(
      `${origin}${MCP_PATH}`,
      { authorization, "mcp-session-id": session },
      '{"jsonrpc":"2.0","id":2,"method":"ping"}',
    );
  return { status, session: headers.get("mcp-session-id") ?? "" };
}

Deno.test("a client that has asked for nothing in ten minutes makes room for another, and no other does", async () => {
  let nowMs = 0;
  const server = start(() => nowMs);
  try {
    const sessions: string[] = [];
    for (let i = 0; i < MAX_CLIENTS; i++) sessions.push((await ask(server)).session);
    nowMs = 10 * 60_000 - 1;
    assert.equal((await ask(server)).status, 503);
    assert.equal((await ask(server, sessions[0])).status, 200);
    nowMs = 10 * 60_000;
    assert.equal((await ask(server)).status, 200);
    assert.equal((await ask(server, sessions[0])).status, 200, "it has asked lately");
    assert.equal((await ask(server, sessions[1])).status, 404, "it was idle the longest");
  } finally {
    await server.close(100);
  }
});

Deno.test("clients that come all at once are no more than there may be", async () => {
  const server = start();
  try {
    const answers = await Promise.all(Array.from({ length: 2 * MAX_CLIENTS }, () => ask(server)));
    const begun = answers.filter(({ status }) => status === 200);
    assert.equal(begun.length, MAX_CLIENTS);
    assert.equal(new Set(begun.map(({ session }) => session)).size, MAX_CLIENTS);
    assert.ok(answers.every(({ status }) => status === 200 || status === 503));
  } finally {
    await server.close(100);
  }
});

Deno.test("other machines are let reach it only where that is wanted", () => {
  for (const hostname of ["127.0.0.1", "::1", "localhost"]) {
    checkAddress({ hostname, port: 1 }, { insecure: false });
  }
  const everybody = { hostname: "0.0.0.0", port: 1 };
  assert.throws(() => checkAddress(everybody, { insecure: false }), { code: "mcp-insecure" });
  checkAddress(everybody, { insecure: true });
});
