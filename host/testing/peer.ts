/**
 * A live stream for tests, without seals and sockets.
 *
 * @module
 */
import { eventCode, eventData, EventDecoder } from "../../format/events.ts";
import { Screen } from "../../format/screen.ts";
import type { StreamPeer } from "../broadcast.ts";
import { frameText } from "./sink.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Numbers messages and leaves them readable. */
export class FakeStream {
  seq = 0;
  /** How many messages were sealed, for all viewers together. */
  get sealed(): number {
    return this.seq;
  }

  seal(lines: string): Uint8Array {
    return encoder.encode(`${++this.seq}\n${lines}`);
  }
}

/** A viewer that plays what it gets, and acknowledges it when told to. */
export class FakePeer implements StreamPeer {
  readonly resumedSeq: number | undefined;
  position: number | undefined;
  inFlightBytes = 0;
  closed: StreamPeer["closed"];
  status: number | undefined;
  /** Codes and data of events that draw nothing. */
  readonly events: string[] = [];
  /** Messages: `stream` or `direct`, and their size. */
  readonly messages: { readonly kind: "stream" | "direct"; readonly bytes: number }[] = [];
  /** The session's time, by the stream. */
  atMs = 0;
  /** Whether everything is acknowledged as soon as it comes. */
  prompt = true;
  #screen: Screen | undefined;

  constructor(options: { resumedSeq?: number; screen?: Screen } = {}) {
    this.resumedSeq = options.resumedSeq;
    this.#screen = options.screen;
  }

  sendStream(message: Uint8Array): void {
    const [, seq, lines] = /^(\d+)\n([^]*)$/.exec(decoder.decode(message))!;
    if (Number(seq) !== this.position! + 1) throw new Error(`${seq} after ${this.position}`);
    this.position = Number(seq);
    this.#take("stream", message.length, lines!);
  }

  sendDirect(lines: string, seq: number, atMs: number): void {
    if (seq < (this.position ?? 0)) throw new Error(`${seq} after ${this.position}`);
    this.position = seq;
    this.atMs = atMs;
    this.#take("direct", lines.length, lines);
  }

  close(code: "ended", options: { readonly status?: number } = {}): void {
    this.closed = code;
    this.status = options.status;
  }

  /** Acknowledges everything. */
  ack(): void {
    this.inFlightBytes = 0;
  }

  get screen(): Screen {
    return this.#screen ??= new Screen({ cols: 80, rows: 24, scrollback: 10_000 });
  }

  /** What is shown. */
  get text(): string {
    return frameText(this.screen.frame());
  }

  [Symbol.dispose](): void {
    this.#screen?.[Symbol.dispose]();
  }

  #take(kind: "stream" | "direct", bytes: number, lines: string): void {
    this.messages.push({ kind, bytes });
    if (!this.prompt) this.inFlightBytes += bytes;
    for (const { event, atMs } of new EventDecoder(this.atMs).decodeAll(lines)) {
      this.atMs = atMs;
      if (event.kind === "output") this.screen.write(event.data);
      else if (event.kind === "resize") this.screen.resize(event.cols, event.rows);
      else this.events.push(`${eventCode(event)} ${String(eventData(event))}`);
    }
  }
}
