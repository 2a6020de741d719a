/**
 * The host's server for clients that have to show a certificate. It is made of `node:https`, for `Deno.serve` cannot ask for
 * one; what it answers is the same.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
// @ts-types="@types/ws"
import { type WebSocket, WebSocketServer } from "ws";
import { COMMAND_MAX_BYTES } from "../../wire/limits.ts";
import { fromNodeWebSocket } from "../../wire/node_socket.ts";
import { needWholeTls } from "../../wire/tls_runtime.ts";
import { canonicalAddress, type Client } from "../client_address.ts";
import { systemClock } from "../clock.ts";
import { ConnectionGuard } from "../connection_guard.ts";
import { Doorman, failed, isUpgrade, notAWebSocket } from "../doorman.ts";
import type { Address } from "../listen.ts";
import { listenError } from "../server.ts";
import { IDLE_TIMEOUT_MS, type Server, type ServerOptions } from "../server_options.ts";
import { tooLongMessage } from "../unfinished_messages.ts";
import { certificateName } from "./client_name.ts";
import { proveRefusal } from "./mtls_proof.ts";

/** What such a server needs besides. */
export interface MtlsServerOptions extends ServerOptions {
  readonly certificate: { readonly cert: string; readonly key: string };
  /** The certificates of those who may issue a client's, in PEM. */
  readonly authorities: string;
  /** The version of Deno that this is. */
  readonly version: string;
}

/**
 * Listens, and shows to itself that it refuses who has no certificate of the right authority.
 *
 * @throws {CollabError} `mtls-unsupported`, `mtls-unproven`, `listen-failed`, `certificate-unusable`
 */
export async function startMtlsServer(options: MtlsServerOptions): Promise<Server> {
  needWholeTls("mtls-unsupported", "ask clients for a certificate", options.version);
  const server = new MtlsServer(options);
  try {
    await server.listen();
    await proveRefusal(server.address, options.session);
    server.open();
    return server;
  } catch (error) {
    await server.close(0);
    throw error;
  }
}

class MtlsServer implements Server {
  readonly #options: MtlsServerOptions;
  readonly #doorman: Doorman;
  readonly #https: HttpsServer;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // The session itself refuses what is half as large, by name.
    maxPayload: 2 * COMMAND_MAX_BYTES,
  });
  readonly #sockets = new Set<WebSocket>();
  /** Those that have answered the last ping. */
  readonly #alive = new WeakSet<WebSocket>();
  #guard: ConnectionGuard | undefined;
  #address: Address;
  #open = false;
  #cancelPing: () => void = () => {};
  #closed: Promise<void> | undefined;

  constructor(options: MtlsServerOptions) {
    this.#options = options;
    this.#address = options.address;
    this.#doorman = new Doorman(options);
    this.#https = makeServer(options);
    this.#https.on("request", (request, response) => void this.#answer(request, response));
    this.#https.on("upgrade", (request, socket, head) => void this.#upgrade(request, socket, head));
    this.#https.on("tlsClientError", () => {
      if (this.#open) options.refused?.("certificate-refused");
    });
    // Who breaks TLS or HTTP gets no answer.
    this.#https.on("clientError", (_, socket) => void socket.destroy());
  }

  get address(): Address {
    return this.#address;
  }

  async listen(): Promise<void> {
    const { hostname, port } = this.#options.address;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#https.once("error", reject);
    this.#https.listen(port, hostname, resolve);
    try {
      await promise;
    } catch (cause) {
      throw listenError(this.#options.address, cause);
    }
    const bound = this.#https.address();
    if (bound === null || typeof bound === "string") throw new Error("The server has no port");
    this.#address = { hostname: bound.address, port: bound.port };
    this.#guard = new ConnectionGuard(bound.port, this.#clock);
    this.#ping();
  }

  /** It was shown to refuse whom it should: from here on refusals are told. */
  open(): void {
    this.#open = true;
  }

  close(graceMs: number): Promise<void> {
    return this.#closed ??= this.#close(graceMs);
  }

  async #close(graceMs: number): Promise<void> {
    await this.#doorman.whenAllGone(graceMs);
    this.#cancelPing();
    this.#guard?.[Symbol.dispose]();
    for (const socket of this.#sockets) socket.terminate();
    if (!this.#https.listening) return;
    await new Promise<void>((resolve) => {
      this.#https.close(() => resolve());
      this.#https.closeAllConnections();
    });
  }

  get #clock(): NonNullable<ServerOptions["clock"]> {
    return this.#options.clock ?? systemClock;
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const client = clientOf(message.socket);
    response.once("close", this.#guard!.request(client));
    const request = toRequest(message);
    const answer = request === undefined || isUpgrade(request)
      ? notAWebSocket()
      : await Promise.resolve(this.#doorman.page(request)).catch(failed);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(new Uint8Array(await answer.arrayBuffer()));
  }

  async #upgrade(message: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void> {
    socket.on("error", () => {});
    const client = clientOf(message.socket);
    const request = toRequest(message);
    const refused = request === undefined
      ? notAWebSocket()
      : isUpgrade(request)
      ? this.#doorman.refusal(request, client)
      : await Promise.resolve(this.#doorman.page(request)).catch(failed);
    if (refused !== undefined) return await refuse(socket, refused);
    // `ws` looks whether it is asked for rightly, and answers by itself if not.
    this.#webSockets.handleUpgrade(
      message,
      socket,
      head as never,
      (opened) => this.#opened(opened, client),
    );
  }

  #opened(socket: WebSocket, client: Client): void {
    const wire = fromNodeWebSocket(socket);
    const guarded = this.#guard!.upgraded(client, () => wire.onmessage?.(tooLongMessage()));
    const left = this.#doorman.entered(client);
    this.#sockets.add(socket);
    this.#alive.add(socket);
    socket.on("message", guarded.heard);
    socket.on("pong", () => this.#alive.add(socket));
    socket.once("close", () => {
      this.#sockets.delete(socket);
      guarded.gone();
      left();
    });
    this.#doorman.accept(wire, { ...client, letIn: guarded.letIn });
  }

  /** Asks every peer whether it is there, and cuts those that have not answered since the last time. */
  #ping(): void {
    this.#cancelPing = this.#clock.after(IDLE_TIMEOUT_MS / 2, () => {
      for (const socket of this.#sockets) {
        if (!this.#alive.delete(socket)) socket.terminate();
        else socket.ping();
      }
      this.#ping();
    });
  }
}

function makeServer({ address, certificate, authorities }: MtlsServerOptions): HttpsServer {
  try {
    return createServer({
      cert: certificate.cert,
      key: certificate.key,
      ca: authorities,
      requestCert: true,
      rejectUnauthorized: true,
      // It keeps the client's certificate, and so its name, from who listens on the network.
      minVersion: "TLSv1.3",
    });
  } catch (cause) {
    throw listenError(address, cause);
  }
}

function clientOf(socket: Pick<TLSSocket, never> & IncomingMessage["socket"]): Client {
  const { remoteAddress = "", remotePort = 0 } = socket;
  const name = certificateName((socket as TLSSocket).getPeerCertificate());
  return { address: canonicalAddress(remoteAddress), port: remotePort, name };
}

/** A request as the web has it; `undefined` for one that it cannot have. */
function toRequest({ url = "/", method = "GET", headers }: IncomingMessage): Request | undefined {
  const all = new Headers();
  try {
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) all.set(name, String(value));
    }
    return new Request(`https://${headers.host ?? "unknown"}${url}`, { method, headers: all });
  } catch {
    return undefined;
  }
}

/** Answers who does not get a socket. */
async function refuse(socket: Duplex, answer: Response): Promise<void> {
  const body = new Uint8Array(await answer.arrayBuffer());
  const headers = { ...Object.fromEntries(answer.headers), "content-length": body.length };
  const lines = Object.entries({ ...headers, connection: "close" })
    .map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${answer.status} ${answer.statusText}\r\n${lines.join("")}\r\n`);
  socket.end(body);
}
