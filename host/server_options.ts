/**
 * What every server of a session is made of, however it listens, and what it can do.
 *
 * @module
 */
import type { LoadAssets } from "../viewer/web_assets.ts";
import type { ClosingCode } from "../wire/closing.ts";
import type { WireSocket } from "../wire/socket.ts";
import type { Caller, Client } from "./client_address.ts";
import type { Clock } from "./clock.ts";
import type { Address } from "./listen.ts";

/** What a server is made of. */
export interface ServerOptions {
  readonly address: Address;
  /** The session's id. */
  readonly session: string;
  /** A socket opened; nothing is known of who it is but what `client` says. */
  accept(socket: WireSocket, client: Caller): void;
  /** Somebody was turned away before there was a socket. */
  refused?(code: ClosingCode, client?: Client): void;
  /** How many of the sockets are viewers that were let in. */
  joined(): number;
  /** A certificate and its key, in PEM: the server talks TLS. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Loads the browser's page; it is not asked before a browser asks. Default: the page that was built. */
  readonly assets?: LoadAssets;
  readonly clock?: Clock;
}

/** How many WebSockets may be open at a time; beyond it a viewer is told to try again. */
export interface ServerLimits {
  readonly sockets: number;
  /** Of them, those that have not been let in. */
  readonly strangers: number;
  /** Of them, those from one address (IPv6: one network). This machine's own may have any number. */
  readonly perAddress: number;
}

/** What is not told otherwise. */
export const SERVER_LIMITS: ServerLimits = Object.freeze({
  sockets: 5_000,
  strangers: 1_000,
  perAddress: 100,
});

/** A running server. */
export interface Server {
  /** Where it listens. */
  readonly address: Address;
  /** Stops: sockets that are closing may finish, those that do not are cut after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** A peer that answers no ping for this long is gone. */
export const IDLE_TIMEOUT_MS = 30_000;
