/**
 * Looks after a server's connections from time to time, and cuts those that should not be there.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import type { Client } from "./client_address.ts";
import type { Clock } from "./clock.ts";
import { OpenConnections } from "./open_connections.ts";
import { TcpSockets } from "./tcp_sockets.ts";

/** How often. Looking at 2,000 connections takes about 3 ms. */
const EVERY_MS = 5_000;

/** Guards a port until it is disposed of. */
export class ConnectionGuard implements Disposable {
  readonly #port: number;
  readonly #clock: Clock;
  readonly #connections = new OpenConnections();
  #sockets: TcpSockets | undefined;
  #cancel: () => void = () => {};

  constructor(port: number, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
    this.#sockets = openSockets();
    if (this.#sockets !== undefined) this.#arm(this.#sockets);
  }

  /** A whole request came. What it returns is called when it was answered. */
  request(from: Client): () => void {
    this.#connections.request(from, this.#clock.now());
    return () => this.#connections.answered(from, this.#clock.now());
  }

  /** A WebSocket was told to go. */
  closing(from: Client): void {
    this.#connections.closing(from, this.#clock.now());
  }

  /** A connection became a WebSocket. What it returns is called when that has closed. */
  upgraded(from: Client): () => void {
    this.#connections.upgraded(from, this.#clock.now());
    return () => this.#connections.gone(from);
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#sockets?.[Symbol.dispose]();
    this.#sockets = undefined;
  }

  #arm(sockets: TcpSockets): void {
    this.#cancel = this.#clock.after(EVERY_MS, () => {
      const open = sockets.accepted(this.#port);
      for (const socket of this.#connections.look(open, this.#clock.now())) {
        sockets.cut(socket, this.#port);
      }
      this.#arm(sockets);
    });
  }
}

/** `undefined` where the system cannot be asked: then it is not guarded. */
function openSockets(): TcpSockets | undefined {
  try {
    return new TcpSockets();
  } catch (error) {
    if (error instanceof CollabError) return undefined;
    throw error;
  }
}
