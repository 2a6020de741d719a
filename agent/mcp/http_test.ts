import assert from "node:assert/strict";
import { checkAddress, MAX_CLIENTS, startHttp } from "./http.ts";
import { Server } from "./sdk.ts";

const TOKEN = "a-token";
const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
});

Deno.test("a client that has asked for nothing in ten minutes makes room for another, and no other does", async () => {
  let nowMs = 0;
  const server = startHttp({
    address: { hostname: "127.0.0.1", port: 0 },
    token: TOKEN,
    serve: (transport) => new Server({ name: "test", version: "1" }, {}).connect(transport),
    now: () => nowMs,
  });
  const ask = async (session?: string): Promise<{ status: number; session: string }> => {
    const response = await fetch(`${server.origin}/mcp`, {
      method: "POST",
      body: session === undefined ? INITIALIZE : '{"jsonrpc":"2.0","id":2,"method":"ping"}',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(session !== undefined && { "mcp-session-id": session }),
      },
    });
    await response.text();
    return {
      status: response.status,
      session: response.headers.get("mcp-session-id") ?? "",
    };
  };
  try {
    const sessions: string[] = [];
    for (let i = 0; i < MAX_CLIENTS; i++) sessions.push((await ask()).session);
    nowMs = 10 * 60_000 - 1;
    assert.equal((await ask()).status, 503);
    assert.equal((await ask(sessions[0])).status, 200);
    nowMs = 10 * 60_000;
    assert.equal((await ask()).status, 200);
    assert.equal((await ask(sessions[0])).status, 200, "it has asked lately");
    assert.equal((await ask(sessions[1])).status, 404, "it was idle the longest");
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
