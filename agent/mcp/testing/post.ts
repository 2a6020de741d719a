/**
 * Requests to a server of streamable HTTP, as they are on the wire.
 *
 * @module
 */

/** Begins a session. */
export const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
});

/** Posts a message; the answer's body is not read. */
export async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body = INITIALIZE,
): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
  });
  await response.body?.cancel();
  return response;
}
