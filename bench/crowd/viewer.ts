/**
 * A viewer of the crowd: it joins, acknowledges and pings as a real one does, by the same code. Only what it is for
 * differs: unless it is told to, it does not open the stream's messages, it just looks at their numbers.
 *
 * @module
 */
import { AckPolicy } from "../../wire/ack.ts";
import { ClientSession } from "../../wire/client_session.ts";
import { readEnvelope } from "../../wire/envelope.ts";
import { type Link, socketUrl } from "../../wire/link.ts";
import type { Receiver, Sockets } from "./sockets.ts";

const PING_MS = 5000;
const OPCODE_BINARY = 2, OPCODE_CLOSE = 8, OPCODE_PING = 9, OPCODE_PONG = 10;

/** What is told of a viewer. */
export interface Observer {
  /** It has the screen. */
  joined(): void;
  /** A stream message arrived; `lines` for a viewer that opens them. */
  message(seq: number, lines: string | undefined): void;
  /** The host left something out for it, or closed. */
  lost(why: string): void;
}

/** How a viewer of the crowd is. */
export interface CrowdViewerOptions {
  readonly name: string;
  /** Whether it opens every message of the stream. */
  readonly opens: boolean;
}

/** One viewer. */
export class CrowdViewer implements Receiver {
  /** The bytes of all messages it got, with their frames. */
  bytes = 0;
  readonly #sockets: Sockets;
  readonly #observer: Observer;
  readonly #session: ClientSession;
  readonly #acks = new AckPolicy();
  readonly #opens: boolean;
  readonly #fd: number;
  #phase: "upgrade" | "joining" | "joined" | "closed" = "upgrade";
  #rest = new Uint8Array(0);
  #sealedBytes = 0;
  #seq = 0;
  #pingDueMs = 0;
  #latencyMs: number | undefined;

  constructor(sockets: Sockets, link: Link, options: CrowdViewerOptions, observer: Observer) {
    this.#sockets = sockets;
    this.#observer = observer;
    this.#opens = options.opens;
    this.#session = new ClientSession(link, { name: options.name });
    const url = new URL(socketUrl(link));
    this.#fd = sockets.connect(Number(url.port), this);
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    const request = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\n` +
      `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
    sockets.send(this.#fd, new TextEncoder().encode(request));
  }

  /** Stops reading, as a suspended process does. */
  stop(): void {
    this.#sockets.watch(this.#fd, false);
  }

  /** Sends what is due. Called a few times a second. */
  tick(nowMs: number): void {
    if (this.#phase !== "joined") return;
    if ((this.#acks.dueMs ?? Infinity) <= nowMs) {
      this.#send(this.#session.seal({ kind: "ack", ...this.#acks.take(nowMs) }));
    }
    if (this.#pingDueMs > nowMs) return;
    this.#pingDueMs = nowMs + PING_MS;
    const latency = this.#latencyMs === undefined ? {} : { latencyMs: this.#latencyMs };
    this.#send(this.#session.seal({ kind: "ping", t: nowMs, ...latency }));
  }

  receive(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    let data = bytes;
    if (this.#rest.length > 0) {
      data = new Uint8Array(this.#rest.length + bytes.length);
      data.set(this.#rest);
      data.set(bytes, this.#rest.length);
    }
    let at = this.#phase === "upgrade" ? this.#upgrade(data) : 0;
    while (at < data.length && this.#phase !== "upgrade") {
      const end = this.#frame(data, at);
      if (end === undefined) break;
      at = end;
    }
    this.#rest = data.slice(at);
  }

  closed(): void {
    if (this.#phase !== "closed") this.#observer.lost("closed");
    this.#phase = "closed";
  }

  #upgrade(data: Uint8Array): number {
    const head = new TextDecoder("latin1").decode(data);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return 0;
    if (!head.startsWith("HTTP/1.1 101")) {
      throw new Error(`Cannot upgrade: ${head.split("\r\n")[0]}`);
    }
    this.#phase = "joining";
    this.#send(this.#session.hello);
    return end + 4;
  }

  /** Takes one WebSocket frame (RFC 6455, 5.2) and gives where it ends; `undefined` when it is not all there. */
  #frame(data: Uint8Array, at: number): number | undefined {
    const view = new DataView(data.buffer, data.byteOffset + at, data.length - at);
    if (view.byteLength < 2) return undefined;
    let length = view.getUint8(1) & 0x7f, head = 2;
    if (length === 126) {
      if (view.byteLength < (head = 4)) return undefined;
      length = view.getUint16(2);
    } else if (length === 127) {
      if (view.byteLength < (head = 10)) return undefined;
      length = Number(view.getBigUint64(2));
    }
    if (view.byteLength < head + length) return undefined;
    const payload = data.subarray(at + head, at + head + length);
    const opcode = view.getUint8(0) & 0x0f;
    if (opcode === OPCODE_BINARY) this.#message(payload);
    else if (opcode === OPCODE_PING) this.#send(payload, OPCODE_PONG);
    else if (opcode === OPCODE_CLOSE) this.#close(payload);
    return at + head + length;
  }

  #message(message: Uint8Array): void {
    const { type, seq } = readEnvelope(message);
    if (type === "stream" && this.#phase === "joined") {
      if (seq !== this.#seq + 1) this.#observer.lost(`message ${seq} after ${this.#seq}`);
      const received = this.#opens ? this.#session.receive(message) : undefined;
      this.#took(seq, message.length);
      this.#observer.message(seq, received?.kind === "lines" ? received.lines : undefined);
      return;
    }
    // A copy: what the session keeps of it must outlive the read buffer.
    const received = this.#session.receive(message.slice());
    switch (received.kind) {
      case "reply":
        return this.#send(received.message);
      case "state":
        this.#took(received.seq, message.length);
        if (this.#phase === "joined") return this.#observer.lost("a state instead of messages");
        this.#phase = "joined";
        this.#pingDueMs = performance.now() + Math.random() * PING_MS;
        return this.#observer.joined();
      case "pong":
        this.#latencyMs = Math.max(0, performance.now() - received.t);
        return;
      case "bye":
        return this.#observer.lost(`bye: ${received.code}`);
      case "welcome":
      case "notice":
      case "link":
      case "epoch":
      case "lines":
      case "pane":
        return;
      default:
        return received satisfies never;
    }
  }

  #took(seq: number, bytes: number): void {
    this.#seq = seq;
    this.#sealedBytes += bytes;
    this.#acks.received(seq, this.#sealedBytes);
    this.#acks.painted(seq);
  }

  #close(payload: Uint8Array): void {
    this.#observer.lost(`closed: ${new TextDecoder().decode(payload.subarray(2))}`);
    this.#phase = "closed";
  }

  /** A client's frames are masked; a mask of zeros leaves the bytes as they are. */
  #send(payload: Uint8Array, opcode: number = OPCODE_BINARY): void {
    const long = payload.length > 125;
    const frame = new Uint8Array((long ? 8 : 6) + payload.length);
    frame[0] = 0x80 | opcode;
    frame[1] = 0x80 | (long ? 126 : payload.length);
    if (long) frame.set([payload.length >>> 8, payload.length & 255], 2);
    frame.set(payload, frame.length - payload.length);
    this.#sockets.send(this.#fd, frame);
  }
}
