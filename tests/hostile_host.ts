/**
 * A host that proves to be who its link says, and then says to its viewers what no host of ours does.
 *
 * @module
 */
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
// @ts-types="@types/ws"
import { WebSocketServer } from "ws";
import { systemClock } from "../wire/clock.ts";
import { acceptViewer } from "../wire/host_side.ts";
import { formatLink } from "../wire/link.ts";
import { fromNodeWebSocket } from "../wire/node_socket.ts";
import { TestHost } from "../wire/test_support.ts";

/** See the module. */
export class HostileHost implements AsyncDisposable {
  /** What seals for its viewers. */
  readonly host: TestHost;
  /** The connections of its viewers, under the WebSockets. */
  readonly sockets: Socket[] = [];
  readonly #server: WebSocketServer;
  /** Those that were written to: nothing else is sent on them. */
  readonly #taken = new Set<Socket>();

  private constructor(host: TestHost, server: WebSocketServer) {
    this.host = host;
    this.#server = server;
    server.on("connection", (socket, request) => {
      this.sockets.push(request.socket);
      const wire = fromNodeWebSocket(socket), { send } = wire;
      wire.send = (message) => {
        if (!this.#taken.has(request.socket)) send(message);
      };
      acceptViewer(wire, host.deps);
    });
  }

  static async start(): Promise<HostileHost> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    await once(server, "listening");
    return new HostileHost(await TestHost.start(systemClock), server);
  }

  /** Lets one in who may type. */
  async link(): Promise<string> {
    const { port } = this.#server.address() as AddressInfo;
    const link = await this.host.link({ role: "control" });
    return formatLink({ ...link, origin: `http://127.0.0.1:${port}` });
  }

  /** Sends event lines, each with its newline, as the next message of the stream. */
  say(...lines: string[]): void {
    this.host.broadcast(lines.join(""));
  }

  /**
   * Writes under the last WebSocket, which is used for nothing else from then on.
   *
   * @param socket another one
   * @returns whether the system has taken it: not when the viewer is gone
   */
  async write(bytes: Uint8Array, socket: Socket = this.sockets.at(-1)!): Promise<boolean> {
    this.#taken.add(socket);
    if (socket.destroyed) return false;
    return await new Promise((resolve) => socket.write(bytes, (error) => resolve(!error)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
