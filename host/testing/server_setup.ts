/**
 * A server of a session that is to be tested, and how it is asked: by hand where no client would do it.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import type { WireSocket } from "../../wire/socket.ts";
import type { Client } from "../client_address.ts";
import type { Server, ServerOptions } from "../server_options.ts";

/** A server to be tested, and how to reach it. */
export interface ServerKind {
  /** What the tests' names say of it. */
  readonly name: string;
  readonly scheme: "http" | "https";
  start(options: ServerOptions): Server | Promise<Server>;
  /** Connects; whatever is sent next is HTTP. */
  connect(port: number): Promise<Duplex>;
  /** What `fetch` needs. */
  httpClient?(): Deno.HttpClient;
}

export const SESSION: string = "A".repeat(22);
const LOOPBACK = { hostname: "127.0.0.1", port: 0 };

/** What was answered to a request by hand. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: Uint8Array;
}

/** A server whose sockets are kept, and nothing else. */
export class SetUp implements AsyncDisposable {
  readonly sockets: WireSocket[] = [];
  readonly clients: Client[] = [];
  readonly server: Server;
  readonly #kind: ServerKind;
  readonly #http: Deno.HttpClient | undefined;

  private constructor(kind: ServerKind, server: Server) {
    this.#kind = kind;
    this.server = server;
    this.#http = kind.httpClient?.();
  }

  static async start(kind: ServerKind, options: Partial<ServerOptions> = {}): Promise<SetUp> {
    let setUp: SetUp | undefined = undefined;
    const accept = (socket: WireSocket, client: Client): void => {
      setUp!.sockets.push(socket);
      setUp!.clients.push(client);
    };
    const server = await kind.start({
      address: LOOPBACK,
      session: SESSION,
      accept,
      joined: () => 0,
      // deno-lint-ignore require-await
      assets: async () => undefined,
      ...options,
    });
    return setUp = new SetUp(kind, server);
  }

  get port(): number {
    return this.server.address.port;
  }

  url(path = `/s/${SESSION}`): string {
    return `${this.#kind.scheme}://127.0.0.1:${this.port}${path}`;
  }

  fetch(path?: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url(path), {
      ...init,
      ...(this.#http !== undefined && { client: this.#http }),
    });
  }

  async status(path?: string, init?: RequestInit): Promise<number> {
    const response = await this.fetch(path, init);
    await response.body?.cancel();
    return response.status;
  }

  connect(): Promise<Duplex> {
    return this.#kind.connect(this.port);
  }

  /** Asks by hand: the path goes out as it is given, which no client of HTTP would do. */
  async request(
    method: string,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const socket = await this.connect();
    try {
      return await ask(socket, this.port, method, path, headers);
    } finally {
      await closed(socket);
    }
  }

  /** Opens a WebSocket by hand, with any headers; the status that it is answered with. */
  async upgrade(headers: Record<string, string> = {}, path?: string): Promise<number> {
    const socket = await this.connect();
    try {
      return await this.#upgrade(socket, headers, path);
    } finally {
      await closed(socket);
    }
  }

  /** Opens a WebSocket by hand, and leaves it open. */
  async open(): Promise<Duplex> {
    const socket = await this.connect();
    assert.equal(await this.#upgrade(socket), 101);
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http?.close();
    await this.server.close(0);
  }

  async #upgrade(
    socket: Duplex,
    headers: Record<string, string> = {},
    path = `/s/${SESSION}`,
  ): Promise<number> {
    const { status } = await ask(socket, this.port, "GET", path, {
      "Upgrade": "websocket",
      "Connection": "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    });
    return status;
  }
}

/** Sends a request, and reads what comes: all of it, or, where a WebSocket was asked for, the beginning. */
async function ask(
  socket: Duplex,
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const all: Record<string, string> = {
    "Host": `127.0.0.1:${port}`,
    "Connection": "close",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const chunks: Uint8Array[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on("data", (data: Uint8Array) => {
    chunks.push(Uint8Array.from(data));
    // A socket that is now a WebSocket's stays open.
    if (all.Upgrade !== undefined) resolve();
  });
  socket.once("end", resolve);
  socket.once("error", reject);
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  await promise;
  const bytes = new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("\r\n\r\n") + 4;
  return {
    status: Number(text.split(" ")[1]),
    headers: text.slice(0, end).toLowerCase(),
    body: bytes.subarray(end),
  };
}

/** Ends a connection from this side. */
export async function closed(socket: Duplex): Promise<void> {
  if (socket.closed) return;
  await new Promise<void>((resolve) => socket.destroy().once("close", () => resolve()));
}

/** Waits until the other side has ended a connection. */
export async function endOf(socket: Duplex): Promise<void> {
  socket.resume();
  await new Promise<void>((resolve) => {
    socket.once("end", resolve);
    socket.once("close", resolve);
    socket.once("error", () => resolve());
  });
  await closed(socket);
}
