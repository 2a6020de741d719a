/**
 * Opens transports on Node, with a bound on what a message takes before it is whole.
 *
 * @module
 */
import type { Duplex } from "node:stream";
// @ts-types="@types/ws"
import WebSocket from "ws";
import { MESSAGE_MAX_BYTES } from "../wire/limits.ts";
import { fromNodeWebSocket } from "../wire/node_socket.ts";
import type { WireSocket } from "../wire/socket.ts";

/** Opens a WebSocket of the npm package `ws`, over a stream of the caller's if there is one. */
export function dialNodeWebSocket(
  url: string,
  signal: AbortSignal,
  createConnection?: () => Duplex,
): Promise<WireSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WireSocket>();
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: MESSAGE_MAX_BYTES,
    ...(createConnection !== undefined && { createConnection }),
  });
  const abort = (): void => socket.terminate();
  signal.addEventListener("abort", abort, { once: true });
  socket.once("open", () => resolve(fromNodeWebSocket(socket)));
  socket.on("error", reject);
  socket.once("close", () => reject(new Error("The connection was closed")));
  return promise.finally(() => signal.removeEventListener("abort", abort));
}
