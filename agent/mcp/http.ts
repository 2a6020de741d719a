/**
 * MCP over streamable HTTP, for clients on this machine that show the server's token.
 *
 * @module
 */
import { UsageError } from "../../format/errors.ts";
import { type Address, isLoopback } from "../../host/listen.ts";
import { sideAnswer, type SideServer, startSideServer } from "../../host/side_server.ts";
import { type Transport, WebStandardStreamableHTTPServerTransport } from "./sdk.ts";

/** Where the server answers. */
export const MCP_PATH = "/mcp";
/** Most clients at a time. */
export const MAX_CLIENTS = 16;
/** A client that has asked for nothing for so long makes room for another; no call takes longer. */
const IDLE_MS = 10 * 60_000;
/** Longest request. */
const BODY_MAX_BYTES = 1 << 20;

/** What a server over HTTP is made of. */
export interface HttpOptions {
  readonly address: Address;
  /** What clients have to show. */
  readonly token: string;
  /** Serves one client. */
  serve(transport: Transport): Promise<void>;
  /** Milliseconds, from any start. */
  now(): number;
}

interface Client {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  usedMs: number;
}

/**
 * Refuses to listen where others could reach it.
 *
 * @throws {UsageError} `mcp-insecure`
 */
export function checkAddress(address: Address, { insecure }: { readonly insecure: boolean }): void {
  if (insecure || isLoopback(address)) return;
  throw new UsageError(
    "mcp-insecure",
    `Refuse to serve MCP on "${address.hostname}", where others can read the token: use 127.0.0.1, and \`ssh -L\` ` +
      "from elsewhere, or add --insecure if the network is trusted",
  );
}

/**
 * Listens. Requests of web pages, and for names that are not this machine's, are refused whatever they show.
 *
 * @throws {CollabError} `listen-failed`
 */
export function startHttp(options: HttpOptions): SideServer {
  const clients = new Clients(options);
  const server = startSideServer({
    address: options.address,
    handler: (request) => clients.answer(request),
    forbidden: () => sideAnswer(403, "Requests of web pages are refused\n"),
  });
  return {
    origin: server.origin,
    async close(graceMs): Promise<void> {
      await clients.close();
      await server.close(graceMs);
    },
  };
}

class Clients {
  readonly #options: HttpOptions;
  readonly #authorization: Promise<Uint8Array>;
  readonly #clients = new Map<string, Client>();
  /** Of clients that begin a session, and have none yet. */
  readonly #coming = new Set<Transport>();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#authorization = digest(`Bearer ${options.token}`);
  }

  async answer(request: Request): Promise<Response> {
    if (!await this.#mayAsk(request)) {
      const headers = { "www-authenticate": "Bearer" };
      return sideAnswer(401, "Show the token that the server printed\n", headers);
    }
    if (new URL(request.url).pathname !== MCP_PATH) return sideAnswer(404, `Ask ${MCP_PATH}\n`);
    const id = request.headers.get("mcp-session-id");
    if (id === null) return await this.#welcome(request);
    const client = this.#clients.get(id);
    if (client === undefined) return sideAnswer(404, "There is no such session: begin anew\n");
    client.usedMs = this.#options.now();
    return await client.transport.handleRequest(request);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(({ transport }) => transport.close()));
  }

  async #mayAsk(request: Request): Promise<boolean> {
    const shown = await digest(request.headers.get("authorization") ?? "");
    const wanted = await this.#authorization;
    let differs = 0;
    for (let i = 0; i < wanted.length; i++) differs |= shown[i]! ^ wanted[i]!;
    return differs === 0;
  }

  /** A client that has no session begins one, and can do nothing else. */
  async #welcome(request: Request): Promise<Response> {
    const isFull = this.#clients.size + this.#coming.size >= MAX_CLIENTS;
    const idle = isFull ? this.#idlest() : undefined;
    if (isFull && idle === undefined) {
      const headers = { "retry-after": "60" };
      return sideAnswer(503, `There are ${MAX_CLIENTS} clients, as many as may be\n`, headers);
    }
    // Nothing is waited for before the place is taken: others may come meanwhile.
    const transport = this.#newTransport();
    this.#coming.add(transport);
    if (idle !== undefined) this.#clients.delete(idle.transport.sessionId!);
    try {
      await idle?.transport.close();
      await this.#options.serve(transport);
      const { onclose } = transport;
      transport.onclose = (): void => {
        if (transport.sessionId !== undefined) this.#clients.delete(transport.sessionId);
        onclose?.();
      };
      return await transport.handleRequest(request);
    } finally {
      this.#coming.delete(transport);
      if (transport.sessionId === undefined) await transport.close();
    }
  }

  #newTransport(): WebStandardStreamableHTTPServerTransport {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => {
        this.#coming.delete(transport);
        this.#clients.set(id, { transport, usedMs: this.#options.now() });
      },
      maxRequestBodySize: BODY_MAX_BYTES,
    });
    return transport;
  }

  /** Who has asked for nothing for the longest time, if that is long enough to make room for another. */
  #idlest(): Client | undefined {
    const oldest = [...this.#clients.values()].toSorted((a, b) => a.usedMs - b.usedMs)[0];
    if (oldest === undefined || this.#options.now() - oldest.usedMs < IDLE_MS) return undefined;
    return oldest;
  }
}

/** What stands for a secret in a comparison that takes the same time for all. */
async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
