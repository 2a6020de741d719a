import assert from "node:assert/strict";
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

function withoutFd({ address, port }: TcpSocket): Omit<TcpSocket, "fd"> {
  return { address, port };
}
