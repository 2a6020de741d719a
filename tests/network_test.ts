import assert from "node:assert/strict";
import { eventually, startHost, startWatch, type Terminal } from "./harness.ts";
import { Proxy } from "./proxy.ts";

for (const [how, args] of [["", []], [" over TLS", ["--tls"]]] as const) {
  Deno.test(`a viewer who is cut off says so, comes back by itself${how}, and has missed nothing that is shown`, async () => {
    await using host = startHost({ rows: 25, args });
    const link = await host.link();
    await using proxy = new Proxy(new URL(link).host);
    await using viewer = startWatch(proxy.link(link), { rows: 25 });
    await viewer.waitForText("$");
    proxy.refuse();
    await viewer.waitForText(/reconnect/i);
    await host.type("echo while $((40 + 2)) away\r");
    await host.waitForText("while 42 away");
    proxy.flow();
    await viewer.waitForText("while 42 away");
    await viewer.waitFor(() => !/reconnect/i.test(viewer.text), "the viewer to be live again");
    assert.ok(proxy.accepted >= 2);
  });
}

Deno.test("a stalled network does not hold the session, and a viewer behind it skips to the present", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  await using proxy = new Proxy(new URL(link).host);
  await using stalled = startWatch(proxy.link(link), { rows: 25 });
  await using other = startWatch(link, { rows: 25 });
  await stalled.waitForText("$");
  proxy.stall();
  await host.type("seq 1 300000; echo flood $((1 + 1)) over\r");
  await host.waitForText("flood 2 over");
  await other.waitForText("flood 2 over");
  proxy.flow();
  await stalled.waitForText("flood 2 over");
});

Deno.test("a viewer on a slow line sees the present, not the past", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  await using proxy = new Proxy(new URL(link).host);
  await using viewer = startWatch(proxy.link(link), { rows: 25 });
  await viewer.waitForText("$");
  proxy.bytesPerSecond = 20_000;
  await host.type(
    "for i in {1..40}; do seq $i 5000 | base64 -w 70 | head -300; done; echo flood $((1 + 1)) over\r",
  );
  await host.waitForText("flood 2 over");
  // All of it would take 40 s.
  await viewer.waitForText("flood 2 over", 20_000);
});

Deno.test("a stopped viewer disturbs nobody, and goes on from the present", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  await using stopped = startWatch(link, { rows: 25 });
  await using other = startWatch(link, { rows: 25 });
  await stopped.waitForText("$");
  stopped.kill("SIGSTOP");
  try {
    await host.type("seq 1 300000; echo flood $((1 + 1)) over\r");
    await host.waitForText("flood 2 over");
    await other.waitForText("flood 2 over");
  } finally {
    stopped.kill("SIGCONT");
  }
  await stopped.waitForText("flood 2 over");
});

Deno.test("a viewer that is killed is gone for the host", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  await using one = startWatch(link, { rows: 25 });
  await using two = startWatch(link, { rows: 25 });
  await Promise.all([one, two].map((viewer) => viewer.waitForText("$")));
  const watching = (terminal: Terminal): number =>
    Number(/(\d+) watching/.exec(terminal.text)?.[1] ?? NaN);
  await host.waitFor(() => watching(host) === 2, "two viewers");
  one.kill("SIGKILL");
  await host.waitFor(() => watching(host) === 1, "one viewer");
  await host.type("echo still $((40 + 2)) here\r");
  await two.waitForText("still 42 here");
});

Deno.test("viewers that come and go leave no descriptor behind", async () => {
  await using host = startHost({ rows: 25 });
  const link = await host.link();
  const descriptors = (): number => [...Deno.readDirSync(`/proc/${host.pid}/fd`)].length;
  let before = 0;
  for (let i = 0; i < 6; i++) {
    await using viewer = startWatch(link, { rows: 25 });
    await viewer.waitForText("$");
    if (i === 0) before = descriptors();
  }
  await eventually(
    () => descriptors() < before ? true : undefined,
    "the viewers' descriptors to be closed",
  );
});
