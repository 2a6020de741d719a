/**
 * `collab mcp --http`: the SDK's client over streamable HTTP, and those who have no business there.
 */
import assert from "node:assert/strict";
import { MAX_CLIENTS } from "../agent/mcp/http.ts";
import { INITIALIZE, post } from "../agent/mcp/testing/post.ts";
import { run, startHeadless } from "./harness.ts";
import { HttpServer } from "./mcp_http_server.ts";

Deno.test("clients over HTTP share the agent's place, and each reads for itself", async () => {
  await using host = startHeadless({ args: ["--mode", "collaborative"] });
  await using server = await HttpServer.start(await host.link());
  await using one = await server.client();
  await using other = await server.client();
  assert.match((await one.call("participants")).text, /agent \(p1, agent, \w+\): you/);
  assert.match((await other.call("participants")).text, /agent \(p1, agent, \w+\): you/);
  assert.equal((await one.call("run", { command: "echo $((40+2))" })).data?.output, "42");
  await one.call("wait", { prompt: true });
  assert.match((await other.call("output")).text, /\n42\n/);
  assert.doesNotMatch((await one.call("output")).text, /42/);
  assert.equal(host.all.filter(({ event }) => event === "join").length, 1);
});

Deno.test("who does not show the token, or comes from a web page, is refused", async () => {
  await using host = startHeadless();
  await using server = await HttpServer.start(await host.link());
  const { authorization } = server;
  assert.equal(await statusOf(server, { authorization }), 200);
  for (const wrong of ["", "Bearer", "Bearer wrong", `${authorization}x`, authorization.slice(7)]) {
    assert.equal(await statusOf(server, { authorization: wrong }), 401, wrong);
  }
  assert.equal(await statusOf(server, { authorization, origin: "http://evil.example" }), 403);
  assert.equal(await statusOf(server, { authorization, origin: new URL(server.url).origin }), 403);
  assert.equal(await statusOf(server, { authorization, "sec-fetch-site": "cross-site" }), 403);
  assert.equal(
    await statusOf(server, { authorization, "mcp-session-id": crypto.randomUUID() }),
    404,
  );
  assert.equal(await statusOf(server, { authorization }, "x".repeat(2 << 20)), 413);
  assert.equal(await hostStatus(server, "evil.example"), 403);
  assert.equal(await hostStatus(server, "localhost:1"), 200);
});

/** What a request is answered with. */
async function statusOf(
  { url }: HttpServer,
  headers: Record<string, string>,
  body?: string,
): Promise<number> {
  return (await post(url, headers, body)).status;
}

/** What a request with this Host header is answered with: as a page's would be whose name leads here. */
async function hostStatus({ url, authorization }: HttpServer, host: string): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: ${authorization}`,
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
    `Content-Length: ${INITIALIZE.length}`,
    "Connection: close",
  ];
  await connection.write(
    new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n${INITIALIZE}`),
  );
  const answer = new Uint8Array(64);
  const read = await connection.read(answer);
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(new TextDecoder().decode(answer.subarray(0, read!)))!;
  return Number(status);
}

Deno.test("there are so many clients at a time and no more, and one that leaves makes room", async () => {
  await using host = startHeadless();
  await using server = await HttpServer.start(await host.link());
  const { authorization } = server;
  await using first = await server.client();
  for (let i = 1; i < MAX_CLIENTS; i++) {
    assert.equal(await statusOf(server, { authorization }), 200, `client ${i}`);
  }
  assert.equal(await statusOf(server, { authorization }), 503);
  assert.ok(!(await first.call("screen")).isError);
  await first.terminate();
  assert.equal(await statusOf(server, { authorization }), 200);
});

Deno.test("a server that others could reach has to be wanted", async () => {
  const link = {
    COLLAB_LINK: `http://127.0.0.1:9/s/${"A".repeat(22)}#${"A".repeat(43)}.e30.e30.AA`,
  };
  const { code, stdout, stderr } = await run("mcp", ["--http", "0.0.0.0:0"], { env: link });
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^collab: Refuse to serve MCP [^\n]*--insecure[^\n]*\[mcp-insecure\]\n$/);
});
