import assert from "node:assert/strict";
import { eventually, startHeadless, startHost, startWatch } from "./harness.ts";

/** A socket that somebody opens and leaves. */
interface Left {
  readonly closed: Promise<unknown>;
}

async function openConnection(port: number, says: string): Promise<Left> {
  const connection = await Deno.connect({ port });
  await connection.write(new TextEncoder().encode(says));
  const read = async (): Promise<void> => {
    const buffer = new Uint8Array(1_024);
    while (await connection.read(buffer).catch(() => null) !== null);
    connection.close();
  };
  return { closed: read() };
}

async function openWebSocket(url: string): Promise<Left> {
  const socket = new WebSocket(url);
  const closed = new Promise((resolve) => socket.onclose = resolve);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return { closed };
}

Deno.test("500 sockets that are opened and left disturb nobody, and are closed, over TLS as well", async () => {
  await using host = startHost({ rows: 25 });
  await using secure = startHeadless({ args: ["--tls"], command: ["bash", "-c", "read"] });
  const link = await host.link();
  const url = new URL(link), tls = new URL(await secure.link());
  const descriptors = (): number => [...Deno.readDirSync(`/proc/${host.pid}/fd`)].length;
  const before = descriptors();
  const left: Left[] = [];
  for (let i = 0; i < 100; i++) {
    left.push(
      await openConnection(Number(url.port), ""),
      await openConnection(Number(url.port), "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "),
      await openConnection(Number(tls.port), "\x16\x03\x01"),
      await openWebSocket(`ws://${url.host}${url.pathname}`),
      await openWebSocket(`ws://${url.host}${url.pathname}`),
    );
  }
  assert.ok(descriptors() >= before + 300);
  await using viewer = startWatch(link, { rows: 25 });
  await viewer.waitForText("$");
  await host.type("echo still $((40 + 2)) here\r");
  await viewer.waitForText("still 42 here");
  await Promise.all(left.map(({ closed }) => closed));
  await eventually(() => descriptors() < before + 20 || undefined, "the sockets to be closed");
  await host.type("echo and $((40 + 3)) after\r");
  await viewer.waitForText("and 43 after");
});
