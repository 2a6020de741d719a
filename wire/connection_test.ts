import assert from "node:assert/strict";
import { TestHost, TestViewer } from "./test_support.ts";

Deno.test("a viewer joins, gets a state and then the stream", async () => {
  const host = await TestHost.start();
  const viewer = new TestViewer(host, await host.link());
  await viewer.joined();
  host.broadcast('[0.5,"o","\\u001b[1mhi"]\n');
  await viewer.has('[0,"k","hello"]\n[0.5,"o","\\u001b[1mhi"]\n');
  assert.equal(host.peers[0]?.name, "Ada");
  viewer.connection.close();
});
