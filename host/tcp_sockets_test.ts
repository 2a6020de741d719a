import assert from "node:assert/strict";
import net from "node:net";
import { Libc, memory } from "./pty/libc.ts";
import { type TcpSocket, TcpSockets } from "./tcp_sockets.ts";

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test(`connections to ${hostname} are listed by where they are from, and no others`, async () => {
    using sockets = new TcpSockets();
    using listener = Deno.listen({ hostname, port: 0 });
    using other = Deno.listen({ hostname, port: 0 });
    const { port } = listener.addr;
    assert.deepEqual(sockets.accepted(port), []);
    using client = await Deno.connect({ hostname, port });
    using accepted = await listener.accept();
    using stranger = await Deno.connect({ hostname, port: other.addr.port });
    using alsoAccepted = await other.accept();
    const expected = [{ address: hostname, port: client.localAddr.port }];
    assert.deepEqual(sockets.accepted(port).map(withoutFd), expected);
    assert.equal(stranger.remoteAddr.port, alsoAccepted.localAddr.port);
    assert.equal(accepted.remoteAddr.port, client.localAddr.port);
  });
}

Deno.test("a connection that is cut ends for both, and nothing else does", async () => {
  using sockets = new TcpSockets();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using one = await Deno.connect({ port });
  using oneAccepted = await listener.accept();
  using two = await Deno.connect({ port });
  using twoAccepted = await listener.accept();
  const socket = sockets.accepted(port).find((found) => found.port === one.localAddr.port)!;
  sockets.cut({ ...socket, port: two.localAddr.port }, port);
  sockets.cut(socket, port + 1);
  await two.write(Uint8Array.of(7));
  const buffer = new Uint8Array(1);
  assert.equal(await twoAccepted.read(buffer), 1);
  sockets.cut(socket, port);
  assert.equal(await oneAccepted.read(buffer), null);
  assert.equal(await one.read(buffer), null);
  await two.write(Uint8Array.of(8));
  assert.equal(await twoAccepted.read(buffer), 1);
});

const LINUX = Deno.build.os === "linux";

Deno.test({
  name:
    "it is known how much a connection has brought, read or not, and of one that is gone nothing",
  ignore: !LINUX,
  fn: async () => {
    using sockets = new TcpSockets();
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    using client = await Deno.connect({ port });
    const accepted = await listener.accept();
    const socket = sockets.accepted(port)[0]!;
    assert.equal(sockets.receivedBytes(socket), 0);
    await client.write(new Uint8Array(1_000));
    assert.equal(sockets.receivedBytes(socket), 1_000);
    await accepted.read(new Uint8Array(600));
    await client.write(new Uint8Array(7));
    assert.equal(sockets.receivedBytes(socket), 1_007);
    accepted.close();
    assert.equal(sockets.receivedBytes(socket), undefined);
  },
});

Deno.test({
  name: "what is kept of connections that nobody reads is bounded where it was asked for",
  ignore: !LINUX,
  fn: async () => {
    const kept = async (bytes: number | undefined): Promise<number> => {
      using sockets = new TcpSockets();
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr;
      if (bytes !== undefined) sockets.boundBuffers(port, bytes);
      const client = net.connect(port, "127.0.0.1");
      using _accepted = await listener.accept();
      const [socket] = sockets.accepted(port);
      client.write(new Uint8Array(8 * 1_024 * 1_024));
      // Nothing tells that no more fits.
      let before = -1, same = 0;
      while (same < 5) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        const now = sockets.receivedBytes(socket!)!;
        same = now === before && now > 0 ? same + 1 : 0;
        before = now;
      }
      await new Promise<void>((resolve) => client.once("close", () => resolve()).destroy());
      return before;
    };
    const bounded = await kept(8 * 1_024), free = await kept(undefined);
    assert.ok(bounded <= 16 * 1_024, `${bounded} bytes`);
    assert.ok(free > 2 * bounded, `${free} bytes without a bound, ${bounded} with it`);
  },
});

Deno.test("what is written to connections of a port goes at once where it was asked for", async () => {
  using sockets = new TcpSockets();
  const waits = async (ask: boolean): Promise<boolean> => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    if (ask) sockets.sendAtOnce(port);
    using client = await Deno.connect({ port });
    using accepted = await listener.accept();
    assert.equal(accepted.remoteAddr.port, client.localAddr.port);
    const value = memory(4), length = memory(4);
    length[0] = 4;
    const libc = Libc.acquire();
    // `IPPROTO_TCP` and `TCP_NODELAY`.
    assert.equal(libc.call.getsockopt(sockets.accepted(port)[0]!.fd, 6, 1, value, length), 0);
    libc.release();
    return value[0] === 0;
  };
  assert.equal(await waits(false), true);
  assert.equal(await waits(true), false);
});

Deno.test("a connection that is reset is gone at once, with what was on its way", async () => {
  using sockets = new TcpSockets();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using one = await Deno.connect({ port });
  const accepted = await listener.accept();
  const [socket] = sockets.accepted(port);
  const buffer = new Uint8Array(1);
  sockets.reset({ ...socket!, port: 1 }, port);
  await one.write(buffer);
  assert.equal(await accepted.read(buffer), 1);
  sockets.reset(socket!, port);
  accepted.close();
  assert.equal(await one.read(buffer), null);
  // After a mere end something could be written still.
  await assert.rejects(one.write(buffer));
});

function withoutFd({ address, port }: TcpSocket): Omit<TcpSocket, "fd"> {
  return { address, port };
}
