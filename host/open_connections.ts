/**
 * Which connections a server has to cut, for the HTTP server itself waits for ever: those that never say what they want,
 * those that have nothing to say any more, and too many from one place. It does nothing
 * itself: the time and what is open are told to it.
 *
 * @module
 */
import { isLoopbackAddress, networkOf } from "./client_address.ts";

/** A connection that the system has open, by whom it is from. */
export interface OpenConnection {
  /** Written canonically. */
  readonly address: string;
  readonly port: number;
}

/** What a connection is used for. */
type Use =
  /** No whole request has come yet. */
  | { readonly kind: "silent" }
  /** Requests are being answered. */
  | { readonly kind: "busy"; readonly requests: number }
  /** All requests were answered. */
  | { readonly kind: "idle" }
  /** It is a viewer's WebSocket: others see to it. */
  | { readonly kind: "socket" }
  /** It is one that was told to go. */
  | { readonly kind: "closing" };

interface Known extends OpenConnection {
  readonly use: Use;
  /** Since when. */
  readonly sinceMs: number;
}

/** How long a connection may take to bring its first whole request: TLS, and its headers. */
export const REQUEST_TIMEOUT_MS = 15_000;
/** How long one may stay open between requests. */
export const IDLE_TIMEOUT_MS = 60_000;
/** How long a WebSocket may stay that was told to go: who answers pings, and never that, would stay for ever. */
const CLOSE_TIMEOUT_MS = 5_000;
/** How long an answer may take to be read. */
export const ANSWER_TIMEOUT_MS = 300_000;
/** Most connections from one place that are no WebSockets; the machine's own are not counted. */
export const MAX_PER_NETWORK = 50;

/** Knows what a server's connections are used for. */
export class OpenConnections {
  readonly #known = new Map<string, Known>();

  /** A whole request came. */
  request(from: OpenConnection, nowMs: number): void {
    const use = this.#use(from);
    const requests = use.kind === "busy" ? use.requests : 0;
    this.#set(from, { kind: "busy", requests: requests + 1 }, nowMs);
  }

  /** A request was answered, or cannot be any more. */
  answered(from: OpenConnection, nowMs: number): void {
    const use = this.#use(from);
    if (use.kind !== "busy") return;
    const { requests } = use;
    this.#set(
      from,
      requests > 1 ? { kind: "busy", requests: requests - 1 } : { kind: "idle" },
      nowMs,
    );
  }

  /** A connection became a WebSocket. */
  upgraded(from: OpenConnection, nowMs: number): void {
    this.#set(from, { kind: "socket" }, nowMs);
  }

  /** A WebSocket was told to go. */
  closing(from: OpenConnection, nowMs: number): void {
    if (this.#use(from).kind === "socket") this.#set(from, { kind: "closing" }, nowMs);
  }

  /** A connection is gone: the next one from there is another. */
  gone(from: OpenConnection): void {
    this.#known.delete(keyOf(from));
  }

  /** Told what the system has open now, says which connections to cut. */
  look<T extends OpenConnection>(open: readonly T[], nowMs: number): T[] {
    const seen = new Map(open.map((connection) => [keyOf(connection), connection]));
    for (const key of this.#known.keys()) if (!seen.has(key)) this.#known.delete(key);
    for (const [key, { address, port }] of seen) {
      if (!this.#known.has(key)) this.#set({ address, port }, { kind: "silent" }, nowMs);
    }
    const all = [...this.#known.values()];
    const late = all.filter(({ use, sinceMs }) => nowMs - sinceMs >= patienceMs(use));
    return [...new Set([...late, ...crowded(all)])].map((known) => seen.get(keyOf(known))!);
  }

  #use(from: OpenConnection): Use {
    return this.#known.get(keyOf(from))?.use ?? { kind: "silent" };
  }

  #set({ address, port }: OpenConnection, use: Use, sinceMs: number): void {
    this.#known.set(keyOf({ address, port }), { address, port, use, sinceMs });
  }
}

function keyOf({ address, port }: OpenConnection): string {
  return `${address}|${port}`;
}

function patienceMs(use: Use): number {
  switch (use.kind) {
    case "silent":
      return REQUEST_TIMEOUT_MS;
    case "busy":
      return ANSWER_TIMEOUT_MS;
    case "idle":
      return IDLE_TIMEOUT_MS;
    case "socket":
      return Infinity;
    case "closing":
      return CLOSE_TIMEOUT_MS;
    default:
      return use satisfies never;
  }
}

/** Those beyond what one place may have: the oldest ones that are not being answered. */
function crowded(all: readonly Known[]): Known[] {
  const groups = Map.groupBy(
    all.filter(({ use, address }) =>
      use.kind !== "socket" && use.kind !== "closing" && !isLoopbackAddress(address)
    ),
    ({ address }) => networkOf(address),
  );
  return [...groups.values()].flatMap((group) => {
    const excess = group.length - MAX_PER_NETWORK;
    if (excess <= 0) return [];
    return group
      .filter(({ use }) => use.kind !== "busy")
      .sort((a, b) => a.sinceMs - b.sinceMs)
      .slice(0, excess);
  });
}
