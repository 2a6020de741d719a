/**
 * A WebSocket by hand, over a TCP connection from an address of one's choice: it can do what no well-meaning client
 * does, such as send frames that are none, or stay when it is told to go.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import net from "node:net";
import type { WireSocket } from "../wire/socket.ts";
import { DEADLINE_MS } from "./terminal.ts";

const CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
/** What a frame is. */
export const OPCODES = { CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG } as const;

/** How a raw socket behaves. */
export interface RawOptions {
  /** Where it comes from: on Linux any address of 127.0.0.0/8. */
  readonly from?: string;
  /** Whether it goes when it is told to; default true. */
  readonly obeysClose?: boolean;
}

/** See the module. */
export class RawSocket implements WireSocket, AsyncDisposable {
  onmessage: WireSocket["onmessage"] = null;
  onclose: WireSocket["onclose"] = null;
  /** Bytes that came after the upgrade. */
  received = 0;
  /** What the server's close frame said. */
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #socket: net.Socket;
  readonly #gone = Promise.withResolvers<void>();
  readonly #told = Promise.withResolvers<string>();
  readonly #obeysClose: boolean;
  #buffer = new Uint8Array();
  #over = false;

  private constructor(socket: net.Socket, rest: Uint8Array, obeysClose: boolean) {
    this.#socket = socket;
    this.#obeysClose = obeysClose;
    socket.on("data", (data: Uint8Array) => this.#take(data));
    socket.on("close", () => this.#end());
    queueMicrotask(() => this.#take(rest));
  }

  /** Opens the WebSocket of a link. Rejects when there is no `101`. */
  static async open(link: string, options: RawOptions = {}): Promise<RawSocket> {
    const { hostname, port, pathname } = new URL(link);
    const socket = await connectTo(hostname, Number(port), options.from);
    const key = randomBytes(16).toString("base64");
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    const [head, rest] = await readHead(socket);
    if (/^HTTP\/1.1 101 /.test(head)) {
      return new RawSocket(socket, rest, options.obeysClose ?? true);
    }
    await destroy(socket);
    throw new Error(`There is no WebSocket: ${head.split("\r\n", 1)[0]}`);
  }

  /** Whether the TCP connection is still there. */
  get open(): boolean {
    return !this.#over;
  }

  /** The reason that the server gave, once it has said that it closes; rejects when it goes without one. */
  get told(): Promise<string> {
    return before(this.#told.promise, "the server to close");
  }

  /** Resolves when the TCP connection is gone. */
  get gone(): Promise<void> {
    return before(this.#gone.promise, "the connection to end");
  }

  send(message: Uint8Array): void {
    this.frame(BINARY, message);
  }

  text(text: string): void {
    this.frame(TEXT, new TextEncoder().encode(text));
  }

  close(code = 1000, reason = ""): void {
    const payload = new Uint8Array([code >> 8, code & 0xff, ...new TextEncoder().encode(reason)]);
    this.frame(CLOSE, payload);
  }

  /** Sends one frame; `fin`: the last of its message. */
  frame(opcode: number, payload: Uint8Array, { fin = true } = {}): void {
    this.write(header(opcode, payload.length, fin));
    // A mask of zeros leaves it as it is.
    this.write(payload);
  }

  /** Writes bytes as they are. */
  write(bytes: Uint8Array): void {
    if (!this.#over) this.#socket.write(bytes);
  }

  /** Resolves when all that was written is with the system; rejects when the connection is gone. */
  async flushed(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.write(new Uint8Array(), (error) => error ? reject(error) : resolve());
    await Promise.race([promise, this.#gone.promise.then(() => Promise.reject(new Error("gone")))]);
  }

  /** Reads no further, and goes on. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await destroy(this.#socket);
    this.#end();
  }

  #take(data: Uint8Array): void {
    this.received += data.length;
    this.#buffer = concat(this.#buffer, data);
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      this.#heed(frame.opcode, frame.payload);
    }
  }

  #next(): { readonly opcode: number; readonly payload: Uint8Array } | undefined {
    const buffer = this.#buffer;
    if (buffer.length < 2) return undefined;
    const view = new DataView(buffer.buffer, buffer.byteOffset);
    const short = buffer[1]! & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (buffer.length < start) return undefined;
    const length = short === 126
      ? view.getUint16(2)
      : short === 127
      ? Number(view.getBigUint64(2))
      : short;
    if (buffer.length < start + length) return undefined;
    this.#buffer = buffer.slice(start + length);
    return { opcode: buffer[0]! & 0x0f, payload: buffer.slice(start, start + length) };
  }

  #heed(opcode: number, payload: Uint8Array): void {
    switch (opcode) {
      case BINARY:
        this.onmessage?.(payload);
        return;
      case TEXT:
        this.onmessage?.(new TextDecoder().decode(payload));
        return;
      case PING:
        this.frame(PONG, payload);
        return;
      case CLOSE: {
        const code = payload.length < 2 ? 1005 : payload[0]! << 8 | payload[1]!;
        const reason = new TextDecoder().decode(payload.subarray(2));
        this.closed ??= { code, reason };
        this.#told.resolve(reason);
        if (this.#obeysClose) this.#socket.end(header(CLOSE, 0));
        this.onclose?.(code, reason);
        return;
      }
      default:
    }
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#told.promise.catch(() => {});
    this.#told.reject(new Error("The connection ended without a close frame"));
    this.#gone.resolve();
    this.onclose?.(1006, "");
  }
}

/** A client's frame header; its mask is zeros. */
export function header(opcode: number, length: number, fin = true): Uint8Array {
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = new Uint8Array(size + 4);
  const view = new DataView(bytes.buffer);
  bytes[0] = (fin ? 0x80 : 0) | opcode;
  bytes[1] = 0x80 | (size === 2 ? length : size === 4 ? 126 : 127);
  if (size === 4) view.setUint16(2, length);
  if (size === 10) view.setBigUint64(2, BigInt(length));
  return bytes;
}

/** Opens a TCP connection from an address. */
export async function connectTo(
  host: string,
  port: number,
  from: string | undefined,
): Promise<net.Socket> {
  const socket = net.connect({ host, port, ...(from !== undefined && { localAddress: from }) });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("error", reject);
  });
  // What goes wrong from here on is seen by its end.
  socket.on("error", () => {});
  return socket;
}

async function readHead(socket: net.Socket): Promise<[string, Uint8Array]> {
  let all = new Uint8Array();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const onData = (data: Uint8Array): void => {
    all = concat(all, data);
    const end = new TextDecoder("latin1").decode(all).indexOf("\r\n\r\n");
    if (end >= 0) resolve(end + 4);
  };
  const onEnd = (): void => reject(new Error("The server hung up"));
  socket.on("data", onData);
  socket.once("close", onEnd);
  try {
    const end = await before(promise, "an answer");
    return [new TextDecoder("latin1").decode(all.subarray(0, end)), all.slice(end)];
  } finally {
    socket.off("data", onData);
    socket.off("close", onEnd);
  }
}

async function destroy(socket: net.Socket): Promise<void> {
  if (socket.closed) return;
  await new Promise<void>((resolve) => socket.once("close", () => resolve()).destroy());
}

async function before<T>(promise: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), DEADLINE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
