/**
 * Looks after a server's connections from time to time, and cuts those that should not be there.
 *
 * @module
 */
import { CollabError } from "../format/errors.ts";
import type { Client } from "./client_address.ts";
import type { Clock } from "./clock.ts";
import { OpenConnections } from "./open_connections.ts";
import { type TcpSocket, TcpSockets } from "./tcp_sockets.ts";
import { UnfinishedMessage } from "./unfinished_messages.ts";

/** How often. Looking at 2,000 connections takes about 3 ms. */
const EVERY_MS = 5_000;
/**
 * How often it is looked how much sockets have brought: those of strangers, and those of viewers. What comes in between is
 * what this process can read in that time, of all of them together.
 */
const STRANGERS_EVERY_MS = 25, VIEWERS_EVERY_MS = 250;

/** What the system keeps of a connection until it is read: enough for all that viewers send. */
const RECEIVE_BUFFER_BYTES = 64 * 1_024;

/** A WebSocket that is being looked after. */
interface Watched {
  readonly from: Client;
  readonly message: UnfinishedMessage;
  /** Tells the session and the sender that it is too much. */
  readonly tooMuch: () => void;
  /** The connection; "new" until it was looked for among all, and "gone" when it was not there. */
  socket: TcpSocket | "new" | "gone";
}

/** Told of what happens to a WebSocket. */
export interface Guarded {
  /** A whole message came. */
  heard(): void;
  /** Its sender was let in. */
  letIn(): void;
  /** It has closed. */
  gone(): void;
}

/** Guards a port until it is disposed of. */
export class ConnectionGuard implements Disposable {
  readonly #port: number;
  readonly #clock: Clock;
  readonly #connections = new OpenConnections();
  #sockets: TcpSockets | undefined;
  #cancel: () => void = () => {};
  readonly #watched = new Set<Watched>();
  #cancelWatch: () => void = () => {};
  /** When sockets are looked at next. */
  #watchMs = Infinity;

  constructor(port: number, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
    this.#sockets = openSockets();
    if (this.#sockets === undefined) return;
    this.#sockets.boundBuffers(port, RECEIVE_BUFFER_BYTES);
    this.#sockets.sendAtOnce(port);
    this.#arm(this.#sockets);
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

  /**
   * A connection became a WebSocket. `tooMuch` is called when more of a message has come than a message may have; the
   * connection is cut a moment later.
   */
  upgraded(from: Client, tooMuch: () => void): Guarded {
    this.#connections.upgraded(from, this.#clock.now());
    const message = new UnfinishedMessage();
    const watched: Watched = { from, message, tooMuch, socket: "new" };
    this.#watched.add(watched);
    this.#watchWithin(STRANGERS_EVERY_MS);
    return {
      heard: () => message.heard(),
      letIn: () => message.letIn(),
      gone: () => {
        this.#watched.delete(watched);
        this.#connections.gone(from);
      },
    };
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#cancelWatch();
    this.#watched.clear();
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

  #watchWithin(ms: number): void {
    const sockets = this.#sockets;
    const atMs = this.#clock.now() + ms;
    if (sockets === undefined || atMs >= this.#watchMs) return;
    this.#cancelWatch();
    this.#watchMs = atMs;
    this.#cancelWatch = this.#clock.after(ms, () => {
      this.#watchMs = Infinity;
      this.#watch(sockets);
      const all = [...this.#watched];
      if (all.some(({ message }) => !message.isIn)) this.#watchWithin(STRANGERS_EVERY_MS);
      else if (all.length > 0) this.#watchWithin(VIEWERS_EVERY_MS);
    });
  }

  #watch(sockets: TcpSockets): void {
    this.#find(sockets);
    for (const { socket, message, tooMuch } of [...this.#watched]) {
      if (typeof socket === "string") continue;
      const receivedBytes = sockets.receivedBytes(socket);
      if (receivedBytes === undefined) continue;
      const sentence = message.look(receivedBytes);
      if (sentence === "tell") tooMuch();
      else if (sentence === "cut") sockets.reset(socket, this.#port);
    }
  }

  /** Finds the connections of those that are new. */
  #find(sockets: TcpSockets): void {
    const added = [...this.#watched].filter(({ socket }) => socket === "new");
    if (added.length === 0) return;
    const found = new Map(sockets.accepted(this.#port).map((socket) => [nameOf(socket), socket]));
    for (const watched of added) watched.socket = found.get(nameOf(watched.from)) ?? "gone";
  }
}

function nameOf({ address, port }: Pick<Client, "address" | "port">): string {
  return `${address}|${port}`;
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
