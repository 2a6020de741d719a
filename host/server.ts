/**
 * The host's server: the browser's page with its files, and the sockets of viewers.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import { ASSETS_PATH, lazyAssets, type LoadAssets, nothingHere } from "../viewer/web_assets.ts";
import { textAnswer } from "../viewer/web_headers.ts";
import { fromWebSocket, type WireSocket } from "../wire/socket.ts";
import type { Address } from "./listen.ts";
import { plainPage } from "./page.ts";

/** What a server is made of. */
export interface ServerOptions {
  readonly address: Address;
  /** The session's id. */
  readonly session: string;
  /** A socket opened; nothing is known of who it is. */
  accept(socket: WireSocket): void;
  /** How many of the sockets are viewers that were let in. */
  joined(): number;
  /** Default {@link MAX_SOCKETS} and {@link MAX_STRANGERS}. */
  readonly maxSockets?: number;
  readonly maxStrangers?: number;
  /** Loads the browser's page; it is not asked before a browser asks. Default: the page that was built. */
  readonly assets?: LoadAssets;
}

/** A running server. */
export interface Server {
  /** Where it listens. */
  readonly address: Address;
  /** Stops: sockets that are closing may finish, those that do not are cut after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Most sockets at a time; beyond it a viewer is told to try again. */
export const MAX_SOCKETS = 5_000;
/** Most of them that have not been let in. */
export const MAX_STRANGERS = 1_000;
const SESSION_PATH = /^\/s\/[\w-]{22}$/;
/** A peer that answers no ping for this long is gone. */
const IDLE_TIMEOUT_S = 30;

/**
 * Listens.
 *
 * @throws {CollabError} `listen-failed`
 */
export function startServer(options: ServerOptions): Server {
  const sockets = new Set<WebSocket>();
  const abort = new AbortController();
  const assets = options.assets ?? lazyAssets();
  const server = listen(
    options,
    abort.signal,
    (request) => answer(request, { ...options, assets }, sockets),
  );
  const { hostname, port } = server.addr;
  return {
    address: { hostname, port },
    async close(graceMs: number): Promise<void> {
      await whenClosed(sockets, graceMs);
      abort.abort();
      await server.finished;
    },
  };
}

function listen(
  { address }: ServerOptions,
  signal: AbortSignal,
  handler: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ ...address, signal, handler, onListen: () => {}, onError: failed });
  } catch (cause) {
    const why = cause instanceof Deno.errors.AddrInUse
      ? "the port is in use"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    const where = `${address.hostname}:${address.port}`;
    throw new CollabError("listen-failed", `Cannot listen on "${where}": ${why}`, { cause });
  }
}

/** Resolves when every socket is closed, or when the time is over. */
async function whenClosed(sockets: ReadonlySet<WebSocket>, graceMs: number): Promise<void> {
  if (sockets.size === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, graceMs);
  for (const socket of sockets) {
    socket.addEventListener("close", () => sockets.size === 0 && resolve());
  }
  await promise;
  clearTimeout(timer);
}

function answer(
  request: Request,
  options: ServerOptions & { readonly assets: LoadAssets },
  sockets: Set<WebSocket>,
): Response | Promise<Response> {
  const { pathname } = new URL(request.url);
  const upgrade = request.headers.get("upgrade");
  // Who has the link of a session that is not here is told so in the handshake, which a 404 could not do.
  if (upgrade !== null && SESSION_PATH.test(pathname)) {
    return open(request, upgrade, options, sockets);
  }
  if (pathname === `/s/${options.session}`) {
    return options.assets().then((assets) => assets?.page(request) ?? plainPage(request));
  }
  if (pathname.startsWith(ASSETS_PATH)) {
    return options.assets().then((assets) => assets?.file(request, pathname) ?? nothingHere());
  }
  return nothingHere();
}

function open(
  request: Request,
  upgrade: string,
  options: ServerOptions,
  sockets: Set<WebSocket>,
): Response {
  if (upgrade.toLowerCase() !== "websocket" || request.method !== "GET") {
    return textAnswer(400, "Only a WebSocket can be opened here");
  }
  if (!isSameOrigin(request)) return textAnswer(403, "Other sites may not open this session");
  const strangers = sockets.size - options.joined();
  if (
    sockets.size >= (options.maxSockets ?? MAX_SOCKETS) ||
    strangers >= (options.maxStrangers ?? MAX_STRANGERS)
  ) return textAnswer(503, "Too many connections: try again in a while", { "retry-after": "5" });
  const { socket, response } = upgradeWebSocket(request);
  if (socket === undefined) return response;
  sockets.add(socket);
  // Before anyone else's listener: who waits for the last one to close counts those that are left.
  socket.addEventListener("close", () => sockets.delete(socket));
  options.accept(fromWebSocket(socket));
  return response;
}

function upgradeWebSocket(
  request: Request,
): { readonly socket: WebSocket | undefined; readonly response: Response } {
  try {
    return Deno.upgradeWebSocket(request, { idleTimeout: IDLE_TIMEOUT_S });
  } catch {
    return {
      socket: undefined,
      response: textAnswer(400, "This is not how a WebSocket is opened"),
    };
  }
}

/** A browser says which site a page is from; a program says nothing. */
function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return true;
  const host = request.headers.get("host");
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}

function failed(): Response {
  return textAnswer(500, "The host failed to answer");
}
