/**
 * One attempt at a connection, over a transport: handshake, acknowledgements, pings.
 *
 * @module
 */
import { AckPolicy } from "./ack.ts";
import type { ClientSession, Received } from "./client_session.ts";
import type { Clock } from "./clock.ts";
import { closingByNumber, type ClosingCode, closingOf, PeerError } from "./closing.ts";
import type { ViewerMessageJson } from "./messages.ts";
import type { LossReason } from "./reconnect.ts";
import type { Dial, WireSocket } from "./socket.ts";

/** Who is told what came of it. After {@link onLost} or `hangUp` nothing more is. */
export interface CallHandlers {
  /** A message came, but for the handshake's own. */
  readonly onReceived: (received: Exclude<Received, { kind: "reply" }>) => void;
  /** It is gone, or could not be made. */
  readonly onLost: (why: LossReason) => void;
  /** A ping took so long. */
  readonly onLatency: (latencyMs: number) => void;
}

/** One attempt at a connection. */
export class Call {
  readonly #session: ClientSession;
  readonly #clock: Clock;
  readonly #handlers: CallHandlers;
  readonly #abort = new AbortController();
  readonly #closing = Promise.withResolvers<void>();
  readonly #acks = new AckPolicy();
  #socket: WireSocket | undefined;
  #welcomed = false;
  #over = false;
  #latencyMs: number | undefined;
  /** Who waits for the answer to each ping, in their order. */
  #pings: ((answered: boolean) => void)[] = [];
  #seq = 0;
  #ackAtMs: number | undefined;
  #cancelAck: () => void = () => {};

  constructor(session: ClientSession, clock: Clock, handlers: CallHandlers) {
    this.#session = session;
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** Opens the transport and says hello. */
  start(dial: Dial, url: string): void {
    dial(url, this.#abort.signal).then(
      (socket) => this.#opened(socket),
      (error) => this.#lose(error instanceof PeerError ? error.code : "unreachable"),
    );
  }

  /** Sends a message. Returns whether it could: not before the welcome. */
  send(message: ViewerMessageJson): boolean {
    if (this.#over || !this.#welcomed || this.#socket === undefined) return false;
    this.#socket.send(this.#session.seal(message));
    return true;
  }

  /** Asks the host for an answer. @param onAnswer told whether one came */
  ping(onAnswer: (answered: boolean) => void = () => {}): void {
    const latencyMs = this.#latencyMs;
    const t = this.#clock.now();
    const sent = this.send({ kind: "ping", t, ...(latencyMs === undefined ? {} : { latencyMs }) });
    if (sent) this.#pings.push(onAnswer);
    else onAnswer(false);
  }

  /** All up to stream message `seq` has been painted. */
  painted(seq: number): void {
    this.#acks.painted(seq);
    this.#acknowledge();
  }

  /** Resolves once it was ended from this side and the other side knows. */
  get closed(): Promise<void> {
    return this.#closing.promise;
  }

  /** Ends it from this side. */
  hangUp(why: ClosingCode | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#abort.abort();
    this.#cancelAck();
    for (const onAnswer of this.#pings.splice(0)) onAnswer(false);
    const socket = this.#socket;
    if (socket === undefined) return this.#closing.resolve();
    socket.onmessage = null;
    socket.onclose = () => this.#closing.resolve();
    if (why === undefined) socket.close();
    else socket.close(closingOf(why).closeCode, why);
  }

  #opened(socket: WireSocket): void {
    if (this.#over) return socket.close();
    this.#socket = socket;
    socket.onmessage = (message) => this.#receive(message);
    socket.onclose = (code) => this.#closed(code);
    socket.send(this.#session.hello);
  }

  #receive(message: Uint8Array | string): void {
    let received: Received;
    try {
      received = this.#session.receive(message);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      this.hangUp(error.code);
      this.#handlers.onLost(error.code);
      return;
    }
    this.#take(received);
  }

  #take(received: Received): void {
    switch (received.kind) {
      case "reply":
        this.#socket?.send(received.message);
        return;
      case "welcome":
        this.#welcomed = true;
        break;
      case "state":
      case "lines":
        this.#seq = received.seq;
        this.#acks.received(received.seq, this.#session.receivedBytes);
        break;
      case "pane":
        // Acknowledged with the session's stream: it has no place of its own there.
        this.#acks.received(this.#seq, this.#session.receivedBytes);
        break;
      case "pong":
        this.#latencyMs = Math.max(0, this.#clock.now() - received.t);
        this.#handlers.onLatency(this.#latencyMs);
        this.#pings.shift()?.(true);
        break;
      case "epoch":
      case "notice":
      case "link":
      case "bye":
        break;
      default:
        received satisfies never;
    }
    this.#handlers.onReceived(received);
  }

  /** Sends an acknowledgement when one is due, or sees to it later. */
  #acknowledge(): void {
    const { dueMs } = this.#acks;
    if (this.#over || dueMs === undefined || dueMs === this.#ackAtMs) return;
    this.#cancelAck();
    const nowMs = this.#clock.now();
    if (dueMs <= nowMs) {
      this.#ackAtMs = undefined;
      this.send({ kind: "ack", ...this.#acks.take(nowMs) });
      return;
    }
    this.#ackAtMs = dueMs;
    this.#cancelAck = this.#clock.after(dueMs - nowMs, () => {
      this.#ackAtMs = undefined;
      this.#acknowledge();
    });
  }

  #closed(closeCode: number): void {
    this.#closing.resolve();
    const code = closingByNumber(closeCode);
    // A close frame is not sealed. Before the welcome there is nothing better; after it, the host says a final reason
    // under seal, and whoever sits in between may only cut.
    const believed = code !== undefined && !(this.#welcomed && closingOf(code).final);
    this.#lose(believed ? code : this.#welcomed ? "cut" : "unreachable");
  }

  #lose(why: LossReason): void {
    if (this.#over) return;
    this.hangUp(undefined);
    this.#handlers.onLost(why);
  }
}
