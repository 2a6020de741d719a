/**
 * The transport: whole binary messages, in order, until it closes. Everything else in `wire/` knows only this.
 *
 * @module
 */

/** One end of an open transport. */
export interface WireSocket {
  /** Queues a message. Does nothing once the socket is closing. */
  send(message: Uint8Array): void;
  /** Closes after what is queued. @param code 1000 or 4000 to 4999; @param reason at most 123 bytes */
  close(code?: number, reason?: string): void;
  /** A message came; text is passed on as a string, for it to be refused. */
  onmessage: ((message: Uint8Array | string) => void) | null;
  /** The transport is gone. May be called twice. */
  onclose: ((code: number, reason: string) => void) | null;
}

/**
 * Opens a transport to a `ws:` or `wss:` address; rejects when that fails or is aborted, with a `PeerError` where the
 * other side is the cause and the reason has a name.
 */
export type Dial = (url: string, signal: AbortSignal) => Promise<WireSocket>;

/** Wraps a WebSocket, open or about to be. */
export function fromWebSocket(socket: WebSocket): WireSocket {
  socket.binaryType = "arraybuffer";
  const wire: WireSocket = {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(message as Uint8Array<ArrayBuffer>);
    },
    close: (code = 1000, reason = "") => socket.close(code, reason),
    onmessage: null,
    onclose: null,
  };
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) =>
    wire.onmessage?.(typeof data === "string" ? data : new Uint8Array(data));
  socket.onclose = ({ code, reason }) => wire.onclose?.(code, reason);
  // An error is followed by a close.
  socket.onerror = () => {};
  return wire;
}

/**
 * Opens a WebSocket of the runtime's. It keeps what comes of a message until all of it is there, however long it is: that is
 * for the browser, whose tab has a bound, and for servers one trusts. `tcp_dial.ts` has what a viewer opens elsewhere.
 */
export function dialWebSocket(url: string, signal: AbortSignal): Promise<WireSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const wire = fromWebSocket(socket);
    const abort = (): void => socket.close();
    signal.addEventListener("abort", abort, { once: true });
    socket.onopen = () => {
      signal.removeEventListener("abort", abort);
      resolve(wire);
    };
    wire.onclose = (code) => {
      signal.removeEventListener("abort", abort);
      reject(new Error(`Cannot open a WebSocket: closed with ${code}`));
    };
  });
}
