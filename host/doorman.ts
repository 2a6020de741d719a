/**
 * What every server of a session answers, however it listens: the page, and who may open a socket.
 *
 * @module
 */
import { ASSETS_PATH, lazyAssets, type LoadAssets, nothingHere } from "../viewer/web_assets.ts";
import { textAnswer } from "../viewer/web_headers.ts";
import type { WireSocket } from "../wire/socket.ts";
import { type Caller, type Client, isLoopbackAddress, networkOf } from "./client_address.ts";
import { plainPage } from "./page.ts";
import { SERVER_LIMITS, type ServerLimits, type ServerOptions } from "./server_options.ts";

const SESSION_PATH = /^\/s\/[\w-]{22}$/;

/** Knows the sockets that are open, and answers requests. */
export class Doorman {
  readonly #options: ServerOptions;
  readonly #limits: ServerLimits;
  readonly #assets: LoadAssets;
  /** How many sockets each network has open. */
  readonly #networks = new Map<string, number>();
  #sockets = 0;
  #allGone = Promise.withResolvers<void>();

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#limits = { ...SERVER_LIMITS, ...options.limits };
    this.#assets = options.assets ?? lazyAssets();
  }

  /** Answers a request that is not for a socket. */
  page(request: Request): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === `/s/${this.#options.session}`) {
      return this.#assets().then((assets) => assets?.page(request) ?? plainPage(request));
    }
    if (pathname.startsWith(ASSETS_PATH)) {
      return this.#assets().then((assets) => assets?.file(request, pathname) ?? nothingHere());
    }
    return nothingHere();
  }

  /** Why a socket may not be opened; `undefined` when it may. */
  refusal(request: Request, client: Client): Response | undefined {
    if (
      request.headers.get("upgrade")?.toLowerCase() !== "websocket" || request.method !== "GET"
    ) return textAnswer(400, "Only a WebSocket can be opened here");
    if (!isSameOrigin(request)) {
      this.#options.refused?.("origin-foreign", client);
      return textAnswer(403, "Other sites may not open this session");
    }
    if (this.#hasRoom(client)) return undefined;
    this.#options.refused?.("session-full", client);
    return textAnswer(503, "Too many connections: try again in a while", { "retry-after": "5" });
  }

  #hasRoom({ address }: Client): boolean {
    const { sockets, strangers, perAddress } = this.#limits;
    const here = isLoopbackAddress(address) ? 0 : this.#networks.get(networkOf(address)) ?? 0;
    return this.#sockets < sockets && this.#sockets - this.#options.joined() < strangers &&
      here < perAddress;
  }

  /** A socket opened. What it returns is called when it has closed. */
  entered({ address }: Client): () => void {
    const network = networkOf(address);
    this.#sockets++;
    this.#networks.set(network, (this.#networks.get(network) ?? 0) + 1);
    return () => {
      const left = this.#networks.get(network)! - 1;
      if (left === 0) this.#networks.delete(network);
      else this.#networks.set(network, left);
      if (--this.#sockets === 0) this.#allGone.resolve();
    };
  }

  /** Hands a socket over to the session. */
  accept(socket: WireSocket, client: Caller): void {
    this.#options.accept(socket, client);
  }

  /** Resolves when every socket is closed, or when the time is over. */
  async whenAllGone(graceMs: number): Promise<void> {
    if (this.#sockets === 0) return;
    this.#allGone = Promise.withResolvers<void>();
    const timer = setTimeout(this.#allGone.resolve, graceMs);
    await this.#allGone.promise;
    clearTimeout(timer);
  }
}

/**
 * Whether a socket is asked for. Who has the link of a session that is not here gets one, and is told so in the handshake,
 * which a 404 could not do.
 */
export function isUpgrade(request: Request): boolean {
  return request.headers.has("upgrade") && SESSION_PATH.test(new URL(request.url).pathname);
}

/** The answer to who asks for a WebSocket in a way that gets none. */
export function notAWebSocket(): Response {
  return textAnswer(400, "This is not how a WebSocket is opened");
}

/** The answer when we are at fault. */
export function failed(): Response {
  return textAnswer(500, "The host failed to answer");
}

/** A browser says which site a page is from; a program says nothing. */
function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return true;
  const host = request.headers.get("host");
  return host !== null && (origin === `http://${host}` || origin === `https://${host}`);
}
