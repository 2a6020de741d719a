/**
 * The transport over a WebSocket of the npm package `ws`, at either end.
 *
 * @module
 */
// @ts-types="@types/ws"
import type WebSocket from "ws";
import type { RawData } from "ws";
import { type ClosingCode, closingOf } from "./closing.ts";
import type { WireSocket } from "./socket.ts";

/** `WebSocket.OPEN`. */
const OPEN = 1;

/** Wraps a WebSocket of `ws` that is open. */
export function fromNodeWebSocket(socket: WebSocket): WireSocket {
  const wire: WireSocket = {
    send: (message) => {
      if (socket.readyState === OPEN) socket.send(message, () => {});
    },
    close: (code = 1000, reason = "") => socket.close(code, reason),
    onmessage: null,
    onclose: null,
  };
  socket.on("message", (data, isBinary) => {
    const bytes = copyOf(data);
    wire.onmessage?.(isBinary ? bytes : new TextDecoder().decode(bytes));
  });
  let fault: ClosingCode | undefined;
  socket.on("close", (code, reason) => {
    if (fault === undefined) wire.onclose?.(code, reason.toString());
    else wire.onclose?.(closingOf(fault).closeCode, fault);
  });
  // An error is followed by a close.
  socket.on("error", (error) => fault = faultOf(error));
  return wire;
}

/** What the other side did, when it was that. */
function faultOf(error: Error): ClosingCode | undefined {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (/UNSUPPORTED_MESSAGE_LENGTH|TOO_MANY/.test(code)) return "message-too-large";
  return code.startsWith("WS_ERR_") ? "message-malformed" : undefined;
}

/** A plain array of bytes, of memory that nothing else uses. */
function copyOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) throw new Error("A message in fragments came: none were asked for");
  return data instanceof ArrayBuffer ? new Uint8Array(data) : Uint8Array.from(data);
}
