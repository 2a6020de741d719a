/**
 * Somebody in between who sees every message of a plain connection, as a relay does, and may do with it what they like.
 *
 * @module
 */
import { ByteReader } from "./byte_reader.ts";

/** Whose message it is. */
export type Side = "host" | "viewer";

/** A message on its way. */
export interface Passing {
  readonly from: Side;
  /** As it was sent: envelope and ciphertext, or a hello. */
  readonly message: Uint8Array;
  /** Its number in this connection and direction, from 0: the hello. */
  readonly index: number;
  /** The number of the connection, from 0. */
  readonly connection: number;
}

/** Why an end was closed, as was said to the other. */
export interface Closed {
  readonly by: Side;
  readonly code: number;
  readonly reason: string;
}

/** A frame of a WebSocket, whole. */
export interface Frame {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** What becomes of a message: what is sent in its place, messages or other frames. */
export type Meddle = (passing: Passing) => readonly (Uint8Array | Frame)[];

const TEXT = 1, BINARY = 2, CLOSE = 8;

/** The frame that closes. */
export function closeFrame(code: number, reason: string): Frame {
  const payload = [code >> 8, code & 0xff, ...new TextEncoder().encode(reason)];
  return { opcode: CLOSE, payload: Uint8Array.from(payload) };
}

/** Sends every connection on to `target` (`host:port`), message by message, until disposed. */
export class Meddler implements AsyncDisposable {
  /** Everything goes on as it is by default. */
  meddle: Meddle = ({ message }) => [message];
  /** All messages that came, before anything was done with them. */
  readonly seen: Passing[] = [];
  readonly closed: Closed[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #target: { readonly hostname: string; readonly port: number };
  readonly #open = new Set<Deno.TcpConn>();
  readonly #running = new Set<Promise<void>>();
  readonly #waiting = new Set<() => void>();
  #connections = 0;

  constructor(target: string) {
    const { hostname, port } = new URL(`tcp://${target}`);
    this.#target = { hostname, port: Number(port) };
    this.#track(this.#accept());
  }

  /** The same link through here. */
  link(link: string): string {
    const url = new URL(link);
    url.host = `127.0.0.1:${this.#listener.addr.port}`;
    return url.href;
  }

  /** Resolves once something that was seen satisfies `look`. */
  async until(look: () => boolean): Promise<void> {
    if (look()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => void (look() && resolve());
    this.#waiting.add(check);
    await promise;
    this.#waiting.delete(check);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await Promise.all(this.#running);
  }

  #track(running: Promise<void>): void {
    this.#running.add(running);
    running.finally(() => this.#running.delete(running));
  }

  async #accept(): Promise<void> {
    for await (const viewer of this.#listener) this.#track(this.#serve(viewer));
  }

  async #serve(viewer: Deno.TcpConn): Promise<void> {
    const connection = this.#connections++;
    const host = await Deno.connect(this.#target);
    for (const end of [viewer, host]) {
      this.#open.add(end);
      end.setNoDelay();
    }
    try {
      await Promise.all([
        this.#copy("viewer", connection, viewer, host),
        this.#copy("host", connection, host, viewer),
      ]);
    } finally {
      for (const end of [viewer, host]) {
        this.#open.delete(end);
        close(end);
      }
    }
  }

  async #copy(
    from: Side,
    connection: number,
    source: Deno.TcpConn,
    target: Deno.TcpConn,
  ): Promise<void> {
    const reader = new ByteReader(source);
    try {
      await write(target, await reader.until("\r\n\r\n"));
      for (let index = 0;;) {
        const frame = await readFrame(reader);
        const passing = { from, message: frame.payload, index, connection };
        if (frame.opcode === BINARY) index++;
        for (const sent of this.#handle(passing, frame)) {
          await write(target, encodeFrame(sent, from));
        }
      }
    } catch {
      // One side has said its last word; what the other has to say still gets through.
      await target.closeWrite().catch(() => {});
    }
  }

  #handle(passing: Passing, frame: Frame): readonly Frame[] {
    const { opcode, payload } = frame;
    if (opcode === BINARY || opcode === TEXT) this.seen.push(passing);
    if (opcode === CLOSE) {
      const code = payload.length < 2 ? 1005 : payload[0]! << 8 | payload[1]!;
      const reason = new TextDecoder().decode(payload.subarray(2));
      this.closed.push({ by: passing.from, code, reason });
    }
    const sent = opcode === BINARY
      ? this.meddle(passing).map((sent) =>
        sent instanceof Uint8Array ? { opcode, payload: sent } : sent
      )
      : [frame];
    for (const check of [...this.#waiting]) check();
    return sent;
  }
}

async function readFrame(reader: ByteReader): Promise<Frame> {
  const [first, second] = await reader.take(2) as unknown as [number, number];
  if ((first & 0xf0) !== 0x80) throw new Error("A frame that is not whole came");
  let length = second & 0x7f;
  if (length >= 126) {
    const bytes = await reader.take(length === 126 ? 2 : 8);
    length = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  }
  const mask = (second & 0x80) === 0 ? undefined : await reader.take(4);
  const payload = await reader.take(length);
  if (mask !== undefined) payload.forEach((byte, i) => payload[i] = byte ^ mask[i % 4]!);
  return { opcode: first & 0x0f, payload };
}

/** A viewer's frames are masked: with zeros here. */
function encodeFrame({ opcode, payload }: Frame, from: Side): Uint8Array {
  const { length } = payload;
  const masked = from === "viewer" ? 0x80 : 0;
  const size = length < 126
    ? [masked | length]
    : length < 65_536
    ? [masked | 126, length >> 8, length & 0xff]
    : [masked | 127, 0, 0, 0, 0, ...new Uint8Array(new Uint32Array([length]).buffer).reverse()];
  const head = [0x80 | opcode, ...size, ...(masked === 0 ? [] : [0, 0, 0, 0])];
  const frame = new Uint8Array(head.length + length);
  frame.set(head);
  frame.set(payload, head.length);
  return frame;
}

async function write(connection: Deno.TcpConn, data: Uint8Array): Promise<void> {
  for (let sent = 0; sent < data.length;) sent += await connection.write(data.subarray(sent));
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}
