/**
 * A small HTTP server beside the session's own, for programs and not for pages: metrics, the admin API.
 *
 * @module
 */
import { CollabError, UsageError } from "../format/errors.ts";
import { type Address, isLoopback } from "./listen.ts";

/** What a side server is made of. */
export interface SideServerOptions {
  readonly address: Address;
  /** Answers a request that is not from a page. */
  handler(request: Request): Response | Promise<Response>;
  /** What a request from a page, or for another server, is answered with. */
  forbidden(): Response | Promise<Response>;
}

/** A running side server. */
export interface SideServer {
  /** As `http://127.0.0.1:9464`. */
  readonly origin: string;
  /** Stops: answers that are on their way may take so long. */
  close(graceMs: number): Promise<void>;
}

/** Most requests that are being answered at a time. */
const MAX_REQUESTS = 64;

/** Headers of every answer: it is for programs, and a browser shall neither run, frame, share nor keep it. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** An answer with a side server's headers. */
export function sideAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: { ...HEADERS, "content-type": "text/plain; charset=utf-8", ...headers },
  });
}

/**
 * Listens.
 *
 * @throws {CollabError} `listen-failed`
 */
export function startSideServer(options: SideServerOptions): SideServer {
  const abort = new AbortController();
  const requests = new Set<Promise<void>>();
  const server = listen(options, requests, abort.signal);
  const { hostname, port } = server.addr;
  return {
    origin: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    async close(graceMs): Promise<void> {
      const timer = Promise.withResolvers<void>();
      const late = setTimeout(timer.resolve, graceMs);
      // A server that is shut down waits for its slowest client, and cannot be aborted any more.
      await Promise.race([Promise.allSettled(requests), timer.promise]);
      clearTimeout(late);
      abort.abort();
      await server.finished;
    },
  };
}

function listen(
  options: SideServerOptions,
  requests: Set<Promise<void>>,
  signal: AbortSignal,
): Deno.HttpServer<Deno.NetAddr> {
  const { address } = options;
  const handler: Deno.ServeHandler<Deno.NetAddr> = (request, { completed }) => {
    if (requests.size >= MAX_REQUESTS) {
      return sideAnswer(503, "Too many requests: try again in a while\n", { "retry-after": "1" });
    }
    const answered = completed.catch(() => {}).finally(() => requests.delete(answered));
    requests.add(answered);
    return isFromPage(request, address) ? options.forbidden() : options.handler(request);
  };
  const failed = (): Response => sideAnswer(500, "The host failed to answer\n");
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

/**
 * Whether a request is made by a page: it says from which site, or it is for a name that is not this machine's own (a
 * site can have its name lead here, and its pages are then of the same origin).
 */
function isFromPage(request: Request, address: Address): boolean {
  if (request.headers.has("origin")) return true;
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "none") return true;
  if (!isLoopback(address)) return false;
  const { hostname } = new URL(request.url);
  return !isLoopback({ hostname: hostname.replace(/^\[|\]$/g, ""), port: 0 });
}

/**
 * Refuses to serve what is not for those who could reach it.
 *
 * @throws {UsageError} `metrics-insecure`, `admin-api-remote`
 */
export function checkServices(
  { metrics, adminApi, insecure }: {
    readonly metrics?: Address;
    readonly adminApi?: Address;
    readonly insecure: boolean;
  },
): void {
  if (metrics !== undefined && !insecure) checkMetrics(metrics);
  if (adminApi !== undefined) checkAdminApi(adminApi);
}

function checkMetrics(address: Address): void {
  if (isLoopback(address)) return;
  throw new UsageError(
    "metrics-insecure",
    `Refuse to serve metrics on "${address.hostname}", where others can read them: use 127.0.0.1, or add --insecure ` +
      "if the network is trusted",
  );
}

/** What travels is the key to everything. */
function checkAdminApi(address: Address): void {
  if (isLoopback(address)) return;
  throw new UsageError(
    "admin-api-remote",
    `Refuse to serve the admin API on "${address.hostname}": it is for this machine alone; use 127.0.0.1, and ` +
      "`ssh -L` from elsewhere",
  );
}
