import assert from "node:assert/strict";
import {
  ANSWER_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  MAX_PER_NETWORK,
  type OpenConnection,
  OpenConnections,
  REQUEST_TIMEOUT_MS,
} from "./open_connections.ts";

const from = (port: number, address = "192.0.2.7"): OpenConnection => ({ address, port });
const A = from(1), B = from(2), C = from(3);

Deno.test("who does not bring a request in time is cut, counted from when it was first seen", () => {
  const connections = new OpenConnections();
  assert.deepEqual(connections.look([A], 0), []);
  assert.deepEqual(connections.look([A, B], 10_000), []);
  assert.deepEqual(connections.look([A, B], REQUEST_TIMEOUT_MS - 1), []);
  assert.deepEqual(connections.look([A, B], REQUEST_TIMEOUT_MS), [A]);
  assert.deepEqual(connections.look([B], REQUEST_TIMEOUT_MS + 10_000), [B]);
});

Deno.test("who has asked may wait for the answer, and then for a while with the next question", () => {
  const connections = new OpenConnections();
  connections.look([A], 0);
  connections.request(A, 1_000);
  connections.request(A, 2_000);
  assert.deepEqual(connections.look([A], 1_000 + REQUEST_TIMEOUT_MS), []);
  connections.answered(A, 3_000);
  assert.deepEqual(connections.look([A], 3_000 + IDLE_TIMEOUT_MS), [], "one is not answered yet");
  connections.answered(A, 100_000);
  assert.deepEqual(connections.look([A], 100_000 + IDLE_TIMEOUT_MS - 1), []);
  assert.deepEqual(connections.look([A], 100_000 + IDLE_TIMEOUT_MS), [A]);
});

Deno.test("who never reads the answer is cut", () => {
  const connections = new OpenConnections();
  connections.request(A, 0);
  assert.deepEqual(connections.look([A], ANSWER_TIMEOUT_MS - 1), []);
  assert.deepEqual(connections.look([A], ANSWER_TIMEOUT_MS), [A]);
});

Deno.test("a viewer's socket stays as long as it likes, but gives no time to the next from there", () => {
  const connections = new OpenConnections();
  connections.request(A, 0);
  connections.upgraded(A, 0);
  connections.answered(A, 1);
  assert.deepEqual(connections.look([A], 1e9), []);
  connections.gone(A);
  assert.deepEqual(connections.look([A], 1e9 + 1), []);
  assert.deepEqual(connections.look([A], 1e9 + 1 + REQUEST_TIMEOUT_MS), [A]);
});

Deno.test("a connection that was gone in between is another one when it is back", () => {
  const connections = new OpenConnections();
  connections.upgraded(A, 0);
  assert.deepEqual(connections.look([], 1), []);
  connections.look([A], 2);
  assert.deepEqual(connections.look([A], 2 + REQUEST_TIMEOUT_MS), [A]);
});

Deno.test("one place has so many at a time: the oldest make room, but none that is being answered", () => {
  const connections = new OpenConnections();
  const many = Array.from({ length: MAX_PER_NETWORK }, (_, i) => from(i + 10));
  connections.request(A, 0);
  connections.look([A, B], 1);
  connections.upgraded(C, 2);
  const open = [A, B, C, ...many];
  assert.deepEqual(connections.look(open, 3), [B, many[0]]);
  assert.deepEqual(connections.look([A, C, ...many.slice(1)], 4), []);
});

Deno.test("other places are not touched by it, all of an IPv6 network is one, and this machine may have any number", () => {
  const connections = new OpenConnections();
  const own = Array.from({ length: 3 * MAX_PER_NETWORK }, (_, i) => from(i, "127.0.0.1"));
  const spread = Array.from({ length: MAX_PER_NETWORK + 1 }, (_, i) => from(i, `2001:db8::${i}`));
  assert.deepEqual(connections.look([...own, ...spread, A], 0), [spread[0]]);
});

Deno.test("a WebSocket stays as long as it likes, and five seconds once it was told to go", () => {
  const connections = new OpenConnections();
  const one = { address: "192.0.2.7", port: 1 }, other = { address: "192.0.2.7", port: 2 };
  for (const socket of [one, other]) connections.upgraded(socket, 0);
  assert.deepEqual(connections.look([one, other], 1_000_000), []);
  connections.closing(one, 1_000_000);
  assert.deepEqual(connections.look([one, other], 1_004_999), []);
  assert.deepEqual(connections.look([one, other], 1_005_000), [one]);
  connections.gone(other);
  connections.closing(other, 1_005_000);
  assert.deepEqual(connections.look([other], 1_010_000), [], "it is another connection now");
});
