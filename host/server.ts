/**
 * The host's server: the browser's page with its files, and the sockets of viewers.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { fromWebSocket } from "../wire/socket.ts";
import { canonicalAddress, type Client } from "./client_address.ts";
import { systemClock } from "./clock.ts";
import { ConnectionGuard } from "./connection_guard.ts";
import { Doorman, failed, isUpgrade, notAWebSocket } from "./doorman.ts";
import type { Address } from "./listen.ts";
import { tooLongMessage } from "./unfinished_messages.ts";
import { IDLE_TIMEOUT_MS, type Server, type ServerOptions } from "./server_options.ts";

/**
 * Listens.
 *
 * @throws {CollabError} `listen-failed`, `certificate-unusable`
 */
export function startServer(options: ServerOptions): Server {
  const doorman = new Doorman(options);
  const abort = new AbortController();
  const server = listen(options, abort.signal, (request, info) => {
    const { hostname, port } = info.remoteAddr;
    const client = { address: canonicalAddress(hostname), port };
    const done = guard.request(client);
    info.completed.then(done, done);
    return isUpgrade(request)
      ? upgrade(request, client, { doorman, guard })
      : doorman.page(request);
  });
  const { hostname, port } = server.addr;
  const guard = new ConnectionGuard(port, options.clock ?? systemClock);
  return {
    address: { hostname, port },
    async close(graceMs: number): Promise<void> {
      await doorman.whenAllGone(graceMs);
      guard[Symbol.dispose]();
      abort.abort();
      await server.finished;
    },
  };
}

function listen(
  { address, certificate }: ServerOptions,
  signal: AbortSignal,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  const common = { ...address, signal, handler, onListen: () => {}, onError: failed };
  try {
    if (certificate === undefined) return Deno.serve(common);
    const { cert, key } = certificate;
    return Deno.serve({ ...common, cert, key });
  } catch (cause) {
    throw listenError(address, cause);
  }
}

/** Says why there is no server. */
export function listenError(address: Address, cause: unknown): CollabError {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (/\bkey|certificate/i.test(why)) {
    return new CollabError(
      "certificate-unusable",
      "Cannot use the certificate: it and the key do not belong together, or are of a kind that is not known",
      { cause },
    );
  }
  const taken = cause instanceof Deno.errors.AddrInUse || /EADDRINUSE/.test(why);
  const where = `${address.hostname}:${address.port}`;
  return new CollabError(
    "listen-failed",
    `Cannot listen on "${where}": ${taken ? "the port is in use" : why}`,
    { cause },
  );
}

function upgrade(
  request: Request,
  client: Client,
  { doorman, guard }: { readonly doorman: Doorman; readonly guard: ConnectionGuard },
): Response {
  const refused = doorman.refusal(request, client);
  if (refused !== undefined) return refused;
  let upgraded: Deno.WebSocketUpgrade;
  try {
    upgraded = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_TIMEOUT_MS / 1_000 });
  } catch {
    return notAWebSocket();
  }
  const { socket, response } = upgraded;
  // `close` can come twice. This listener is before anyone else's.
  socket.addEventListener("close", () => {
    guarded.gone();
    left();
  }, { once: true });
  const wire = fromWebSocket(socket);
  const guarded = guard.upgraded(client, () => wire.onmessage?.(tooLongMessage()));
  const left = doorman.entered(client);
  socket.addEventListener("message", guarded.heard);
  const { close } = wire;
  wire.close = (code, reason) => {
    guard.closing(client);
    close(code, reason);
  };
  doorman.accept(wire, { ...client, letIn: guarded.letIn });
  return response;
}
