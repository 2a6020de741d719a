/**
 * WebSocket frames (RFC 6455, section 5) as a client takes and writes them, with a bound on what is kept of a message that
 * is not whole: a runtime's own WebSocket has none.
 *
 * @module
 */
import { PeerError } from "./closing.ts";

const CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
/** Set in the first byte of a message's last frame. */
const FIN = 0x80;
/** Set in the second byte of what a client sends. */
const MASKED = 0x80;
/** Longest payload of a frame that is no part of a message. */
const CONTROL_MAX_BYTES = 125;
/** First and second byte, and eight of the length. */
const HEAD_MAX_BYTES = 10;
const FIRST_BYTES = 4_096;
/** A close frame without a code (section 7.1.5). */
const NO_CODE = 1005;

/** What came. */
export type Incoming =
  | { readonly kind: "binary"; readonly bytes: Uint8Array }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "ping"; readonly payload: Uint8Array }
  | { readonly kind: "close"; readonly code: number; readonly reason: string };

/** The frame that is being read. */
interface Frame {
  readonly opcode: number;
  readonly last: boolean;
  /** Bytes of its payload that are still to come. */
  missing: number;
}

/** Puts a server's bytes together to messages. After an error it is of no more use. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #head = new Uint8Array(HEAD_MAX_BYTES);
  #headLength = 0;
  #frame: Frame | undefined;
  /** The opcode of a message that has begun. */
  #message: number | undefined;
  readonly #data: Gathered;
  readonly #control: Gathered = new Gathered(CONTROL_MAX_BYTES);

  /** @param maxBytes longest message */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#data = new Gathered(maxBytes);
  }

  /**
   * Takes in what came next, however it was cut; of `chunk` nothing is kept. Throws a {@link PeerError}:
   * `message-too-large` before more than the longest message is kept, or `message-malformed`.
   */
  read(chunk: Uint8Array, take: (incoming: Incoming) => void): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#frame === undefined) this.#readHead(chunk[at++]!);
      const frame = this.#frame;
      if (frame === undefined) continue;
      const end = Math.min(chunk.length, at + frame.missing);
      if (end > at) this.#gathered(frame).add(chunk.subarray(at, end));
      frame.missing -= end - at;
      at = end;
      if (frame.missing > 0) return;
      this.#frame = undefined;
      const incoming = this.#finish(frame);
      if (incoming !== undefined) take(incoming);
    }
  }

  #gathered({ opcode }: Frame): Gathered {
    return opcode >= CLOSE ? this.#control : this.#data;
  }

  #readHead(byte: number): void {
    const head = this.#head;
    head[this.#headLength++] = byte;
    if (this.#headLength < 2) return;
    const short = head[1]!;
    if (short >= MASKED) throw malformed("a server's frame is masked");
    const size = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (this.#headLength < size) return;
    this.#headLength = 0;
    this.#begin(head[0]!, payloadLength(head, size));
  }

  #begin(first: number, length: number): void {
    const opcode = first & 0x0f;
    const last = (first & FIN) !== 0;
    if ((first & 0x70) !== 0) throw malformed("an extension was not agreed upon");
    switch (opcode) {
      case CLOSE:
      case PING:
      case PONG:
        if (!last || length > CONTROL_MAX_BYTES) {
          throw malformed("a control frame is in fragments, or too long");
        }
        break;
      case TEXT:
      case BINARY:
        if (this.#message !== undefined) throw malformed("a message begins inside another");
        this.#message = opcode;
        break;
      case CONTINUATION:
        if (this.#message === undefined) throw malformed("nothing is to be continued");
        break;
      default:
        throw malformed("a frame's opcode is not known");
    }
    if (opcode < CLOSE && this.#data.length + length > this.#maxBytes) {
      throw new PeerError("message-too-large");
    }
    this.#frame = { opcode, last, missing: length };
  }

  #finish({ opcode, last }: Frame): Incoming | undefined {
    if (opcode >= CLOSE) return controlOf(opcode, this.#control.take());
    if (!last) return undefined;
    const message = this.#message;
    this.#message = undefined;
    const bytes = this.#data.take();
    return message === TEXT
      ? { kind: "text", text: new TextDecoder().decode(bytes) }
      : { kind: "binary", bytes };
  }
}

function payloadLength(head: Uint8Array, size: number): number {
  if (size === 2) return head[1]!;
  const view = new DataView(head.buffer);
  const length = size === 4 ? view.getUint16(2) : Number(view.getBigUint64(2));
  if (length <= (size === 4 ? 125 : 0xffff)) {
    throw malformed("a length is not in its shortest form");
  }
  return length;
}

function controlOf(opcode: number, payload: Uint8Array): Incoming | undefined {
  if (opcode === PONG) return undefined;
  if (opcode === PING) return { kind: "ping", payload };
  if (payload.length === 0) return { kind: "close", code: NO_CODE, reason: "" };
  if (payload.length === 1) throw malformed("a close frame's code is cut");
  const reason = new TextDecoder().decode(payload.subarray(2));
  return { kind: "close", code: payload[0]! << 8 | payload[1]!, reason };
}

/** Bytes that belong together. */
class Gathered {
  readonly #maxBytes: number;
  #bytes: Uint8Array = EMPTY;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#length;
  }

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (this.#length === 0) this.#bytes = bytes.slice();
    else {
      if (length > this.#bytes.length) this.#grow(length);
      this.#bytes.set(bytes, this.#length);
    }
    this.#length = length;
  }

  /** All of them; it is empty then. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = EMPTY;
    this.#length = 0;
    return bytes;
  }

  #grow(length: number): void {
    const capacity = Math.max(length, FIRST_BYTES, this.#bytes.length * 2);
    const grown = new Uint8Array(Math.min(capacity, this.#maxBytes));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

const EMPTY = new Uint8Array();

/** A binary message as one frame. @param mask four bytes that nobody can foresee (section 10.3) */
export function binaryFrame(message: Uint8Array, mask: Uint8Array): Uint8Array<ArrayBuffer> {
  return frame(BINARY, message, mask);
}

/** What answers a ping. */
export function pongFrame(payload: Uint8Array, mask: Uint8Array): Uint8Array<ArrayBuffer> {
  return frame(PONG, payload, mask);
}

/** What ends a WebSocket. @param code as a server may be sent; none for {@link NO_CODE} */
export function closeFrame(
  code: number,
  reason: string,
  mask: Uint8Array,
): Uint8Array<ArrayBuffer> {
  if (code === NO_CODE) return frame(CLOSE, EMPTY, mask);
  const text = new TextEncoder().encode(reason);
  const payload = new Uint8Array(2 + text.length);
  payload[0] = code >> 8;
  payload[1] = code & 0xff;
  payload.set(text, 2);
  return frame(CLOSE, payload, mask);
}

function frame(opcode: number, payload: Uint8Array, mask: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const size = length < 126 ? 2 : length <= 0xffff ? 4 : HEAD_MAX_BYTES;
  const bytes = new Uint8Array(size + 4 + length);
  bytes[0] = FIN | opcode;
  bytes[1] = MASKED | (size === 2 ? length : size === 4 ? 126 : 127);
  const view = new DataView(bytes.buffer);
  if (size === 4) view.setUint16(2, length);
  if (size === HEAD_MAX_BYTES) view.setBigUint64(2, BigInt(length));
  bytes.set(mask, size);
  for (let i = 0; i < length; i++) bytes[size + 4 + i] = payload[i]! ^ mask[i & 3]!;
  return bytes;
}

function malformed(detail: string): PeerError {
  return new PeerError("message-malformed", detail);
}
