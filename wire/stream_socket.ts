/**
 * A client's WebSocket over a stream of bytes, such as a TCP connection. Nothing that the other side sends, leaves unread or
 * does not say makes it keep more than its bounds.
 *
 * @module
 */
import { type Clock, systemClock } from "./clock.ts";
import { PeerError } from "./closing.ts";
import { binaryFrame, closeFrame, FrameReader, type Incoming, pongFrame } from "./frames.ts";
import { MESSAGE_MAX_BYTES, UNSENT_MAX_BYTES } from "./limits.ts";
import type { WireSocket } from "./socket.ts";

/** A connection, as far as a WebSocket needs it: a `Deno.Conn` is one. */
export interface ByteStream {
  /** Reads what has come: how many bytes, or `null` at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of the bytes, and says how many. */
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/** What a {@link StreamSocket} needs besides. */
export interface StreamSocketOptions {
  /** Bytes that came after the answer to the upgrade. */
  readonly rest?: Uint8Array;
  /** Most bytes of a message. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

/** Read at a time. */
const CHUNK_BYTES = 64 * 1_024;
/** How long the other side may take to answer a close. */
const CLOSE_MS = 1_000;
/** There was no close frame (RFC 6455, section 7.1.5). */
const CUT = 1006;

/**
 * See the module. It is open from the start: the upgrade is done by whoever makes it. Nothing is read before there is
 * somebody to be told of it: {@link onmessage} is set, or the socket is closed.
 */
export class StreamSocket implements WireSocket {
  onclose: WireSocket["onclose"] = null;
  #onmessage: WireSocket["onmessage"] = null;
  readonly #stream: ByteStream;
  readonly #reader: FrameReader;
  readonly #clock: Clock;
  readonly #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  /** What came before anything is read. */
  #rest: Uint8Array | undefined;
  /** The latest ping, as long as it is not answered: of several only that one need be (section 5.5.3). */
  #pinged: Uint8Array | undefined;
  #writing = false;
  #state: "open" | "closing" | "closed" = "open";
  #cancelClose: () => void = () => {};

  constructor(stream: ByteStream, options: StreamSocketOptions = {}) {
    const { rest = new Uint8Array(), maxBytes = MESSAGE_MAX_BYTES, clock = systemClock } = options;
    this.#stream = stream;
    this.#reader = new FrameReader(maxBytes);
    this.#clock = clock;
    this.#rest = rest;
  }

  get onmessage(): WireSocket["onmessage"] {
    return this.#onmessage;
  }

  set onmessage(told: WireSocket["onmessage"]) {
    this.#onmessage = told;
    this.#begin();
  }

  send(message: Uint8Array): void {
    if (this.#state === "open") this.#queue(binaryFrame(message, mask()));
  }

  close(code = 1000, reason = ""): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#begin();
    this.#queue(closeFrame(code, reason, mask()));
    this.#cancelClose = this.#clock.after(CLOSE_MS, () => this.#end(CUT, ""));
  }

  #begin(): void {
    const rest = this.#rest;
    if (rest === undefined) return;
    this.#rest = undefined;
    // By then `onclose` is set too.
    queueMicrotask(() => void this.#receive(rest));
  }

  async #receive(rest: Uint8Array): Promise<void> {
    try {
      this.#take(rest);
      for (const chunk = new Uint8Array(CHUNK_BYTES); this.#state !== "closed";) {
        const count = await this.#stream.read(chunk);
        if (count === null) break;
        this.#take(chunk.subarray(0, count));
      }
    } catch {
      // It was cut, or closed from this side.
    }
    this.#end(CUT, "");
  }

  #take(chunk: Uint8Array): void {
    try {
      this.#reader.read(chunk, (incoming) => this.#hear(incoming));
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      // What comes after it cannot be read: there is no answer to wait for.
      this.close(error.closeCode, error.code);
      this.#end(error.closeCode, error.code);
    }
  }

  #hear(incoming: Incoming): void {
    if (this.#state === "closed") return;
    switch (incoming.kind) {
      case "binary":
        return this.#deliver(incoming.bytes);
      case "text":
        return this.#deliver(incoming.text);
      case "ping":
        if (this.#state === "closing") return;
        this.#pinged = incoming.payload;
        return void this.#write();
      case "close":
        this.close(incoming.code, incoming.reason);
        return this.#end(incoming.code, incoming.reason);
      default:
        return incoming satisfies never;
    }
  }

  #deliver(message: Uint8Array | string): void {
    if (this.#state !== "open") return;
    try {
      this.#onmessage?.(message);
    } catch (bug) {
      // As from any event: it is no fault of the connection's.
      reportError(bug);
    }
  }

  #queue(bytes: Uint8Array): void {
    this.#unsentBytes += bytes.length;
    // Whoever does not read what it is sent is as good as gone.
    if (this.#unsentBytes > UNSENT_MAX_BYTES) return this.#end(CUT, "");
    this.#unsent.push(bytes);
    void this.#write();
  }

  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    try {
      for (let bytes = this.#next(); bytes !== undefined; bytes = this.#next()) {
        for (let at = 0; at < bytes.length;) at += await this.#stream.write(bytes.subarray(at));
      }
    } catch {
      this.#end(CUT, "");
    }
    // In the very turn in which nothing was left: what is queued after it is written by a call of its own.
    this.#writing = false;
    if (this.#state === "closed") this.#hangUp();
  }

  #next(): Uint8Array | undefined {
    const pinged = this.#pinged;
    if (pinged !== undefined) {
      this.#pinged = undefined;
      return pongFrame(pinged, mask());
    }
    const bytes = this.#unsent.shift();
    if (bytes !== undefined) this.#unsentBytes -= bytes.length;
    return bytes;
  }

  /** It is over. With a close frame what is still to be written may go first, for a while. */
  #end(code: number, reason: string): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#cancelClose();
    if (code === CUT || !this.#writing) this.#hangUp();
    else this.#cancelClose = this.#clock.after(CLOSE_MS, () => this.#hangUp());
    this.onclose?.(code, reason);
  }

  #hangUp(): void {
    this.#cancelClose();
    this.#unsent.length = 0;
    this.#pinged = undefined;
    try {
      this.#stream.close();
    } catch {
      // It was closed before.
    }
  }
}

function mask(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(4));
}
