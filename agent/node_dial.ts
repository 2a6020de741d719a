/**
 * Opens transports where the runtime has no WebSocket of its own: Node before version 22.
 *
 * @module
 */
// @ts-types="@types/ws"
import WebSocket from "ws";
import { MESSAGE_MAX_BYTES } from "../wire/limits.ts";
import { fromNodeWebSocket } from "../wire/node_socket.ts";
import type { Dial, WireSocket } from "../wire/socket.ts";

/** Opens a WebSocket of the npm package `ws`. */
export const dialNodeWebSocket: Dial = (url, signal) => {
  const { promise, resolve, reject } = Promise.withResolvers<WireSocket>();
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: MESSAGE_MAX_BYTES,
  });
  const abort = (): void => socket.terminate();
  signal.addEventListener("abort", abort, { once: true });
  socket.once("open", () => resolve(fromNodeWebSocket(socket)));
  socket.on("error", reject);
  socket.once("close", () => reject(new Error("The connection was closed")));
  return promise.finally(() => signal.removeEventListener("abort", abort));
};
