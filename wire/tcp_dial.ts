/**
 * Opens transports on Deno, with a bound on what a message takes before it is whole: the runtime's own WebSocket has none.
 *
 * @module
 */
import { type Proxy, proxyOf } from "./http_proxy.ts";
import { dialWebSocket, type WireSocket } from "./socket.ts";
import { StreamSocket } from "./stream_socket.ts";
import { tunnel, upgrade } from "./upgrade.ts";

/** Opens a `ws:` or `wss:` address over TCP, through the proxy that the environment names, if it does. */
export async function dialTcp(url: string, signal: AbortSignal): Promise<WireSocket> {
  const target = new URL(url);
  const proxy = proxyOf(target, environment);
  // Other proxies than those that speak HTTP are left to the runtime.
  if (proxy === "other") return await dialWebSocket(url, signal);
  const tcp = await connect(proxy ?? addressOf(target), signal);
  let connection: Deno.Conn = tcp;
  const abort = (): void => close(connection);
  signal.addEventListener("abort", abort, { once: true });
  try {
    connection = await reach(tcp, target, proxy);
    signal.throwIfAborted();
    return new StreamSocket(connection, { rest: await upgrade(connection, target) });
  } catch (error) {
    close(connection);
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The connection on which the WebSocket is asked for. */
async function reach(
  connection: Deno.TcpConn,
  target: URL,
  proxy: Proxy | undefined,
): Promise<Deno.Conn> {
  const { hostname, port } = addressOf(target);
  if (proxy !== undefined) {
    await tunnel(connection, `${target.hostname}:${port}`, proxy.authorization);
  }
  return target.protocol === "wss:"
    ? await Deno.startTls(connection, { hostname, alpnProtocols: ["http/1.1"] })
    : connection;
}

async function connect(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname, port, signal });
  // A message that nobody answers, such as an acknowledgement, would hold up the next one until the other side's system
  // has confirmed it, which takes up to 40 ms.
  connection.setNoDelay(true);
  return connection;
}

function addressOf(url: URL): { readonly hostname: string; readonly port: number } {
  const port = Number(url.port || (url.protocol === "wss:" ? 443 : 80));
  return { hostname: url.hostname.replace(/^\[|\]$/g, ""), port };
}

/** A variable of the environment, if this program may see it: nobody is asked. */
function environment(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It was closed before.
  }
}
