/**
 * The host's end of a joined viewer's connection.
 *
 * @module
 */
import type { Seat } from "./admission.ts";
import { toBase64Url } from "./bytes.ts";
import { type Clock, MAX_DELAY_MS } from "./clock.ts";
import { type ByeCode, type ClosingCode, closingOf, PeerError } from "./closing.ts";
import { pack } from "./compress.ts";
import { readSeq } from "./envelope.ts";
import type { ChannelKeys } from "./key_schedule.ts";
import { COMMAND_MAX_BYTES, COMMANDS_PER_SECOND } from "./limits.ts";
import {
  decodeViewerMessage,
  encodeHostMessage,
  type HostMessageJson,
  type ViewerMessage,
} from "./messages.ts";
import type { NoticeCode } from "./notices.ts";
import type { Role } from "./role.ts";
import { Opener, Sealer } from "./seal.ts";
import type { WireSocket } from "./socket.ts";
import type { StreamSealer } from "./stream.ts";
import type { Claims } from "./token.ts";

/** What a viewer asks of the session: its messages but for those that the connection itself answers. */
export type ViewerCommand = Exclude<ViewerMessage, { kind: "join" | "ack" | "ping" | "leave" }>;

/** Why a peer is gone: it left, its connection was cut, or a reason to close it. */
export type GoneReason = "left" | "cut" | ClosingCode;

/** What a peer is made of. */
export interface PeerOptions {
  readonly socket: WireSocket;
  readonly opener: Opener;
  readonly keys: ChannelKeys;
  readonly stream: StreamSealer;
  readonly clock: Clock;
  readonly seat: Seat;
  readonly name: string;
  /** Whether it says that it is a program which acts by itself. */
  readonly agent: boolean;
  /** The last stream message that the viewer has seen, when it comes back. */
  readonly resumedSeq: number | undefined;
  /** What the welcome says of the session. */
  readonly session: SessionDescription;
  /** Called with an error that no peer can cause. */
  readonly onBug: (error: unknown) => void;
}

/** What a welcome says of the session. */
export interface SessionDescription {
  /** The header line of the recording that the session is. */
  readonly header: string;
  /** The session's time. */
  readonly atMs: number;
}

/** How long before its token expires a viewer is warned; one that comes later than that, when it comes. */
export const EXPIRY_WARNINGS_MS: readonly number[] = [5 * 60_000, 60_000];

/**
 * A viewer. Its faults close its connection and are told to {@link onClose}; no method throws for them, and all do
 * nothing once it is closed.
 */
export class ViewerPeer {
  readonly #options: PeerOptions;
  readonly #socket: WireSocket;
  readonly #stream: StreamSealer;
  readonly #sealer: Sealer;
  readonly #budget: Budget;
  #cancelExpiry: () => void = () => {};
  #onCommand: (command: ViewerCommand) => void = () => {};
  #onClose: (reason: GoneReason) => void = () => {};
  #closed: GoneReason | undefined;
  #epoch: number;
  #position: number | undefined;
  #sentBytes = 0;
  #acked = { seq: 0, bytes: 0 };
  #latencyMs: number | undefined;

  /** Welcomes the viewer. The session then sends a state with {@link sendDirect}. */
  constructor(options: PeerOptions) {
    const { socket, stream, clock } = options;
    this.#options = options;
    this.#socket = socket;
    this.#stream = stream;
    this.#sealer = new Sealer(options.keys.toViewer, { kind: "to-viewer" });
    this.#budget = new Budget(clock.now());
    this.#epoch = stream.epoch;
    const leftMs = this.claims.expiresAtMs - clock.now();
    const warnings = EXPIRY_WARNINGS_MS.filter((ms) => ms < leftMs);
    // Who comes when none is left is warned at once.
    this.#awaitExpiry(warnings.length > 0 ? warnings : [leftMs]);
    socket.onmessage = (message) => this.attempt(() => this.#receive(message));
    socket.onclose = () => this.attempt(() => this.#end("cut"));
    this.#welcome();
  }

  /** Who the participant is; the same again when it comes back after a cut. */
  get id(): string {
    return this.#options.seat.id;
  }

  /** What it wants to be called, cleaned; may be empty, and the same as another's. */
  get name(): string {
    return this.#options.name;
  }

  /** Whether it is a program that acts by itself: by its own word, or because its link is for one. */
  get agent(): boolean {
    return this.#options.agent || this.claims.role === "agent";
  }

  /** What its token says. */
  get claims(): Claims {
    return this.#options.seat.claims;
  }

  /** The last stream message that it had seen when it came back after a cut; `undefined` when it is new. */
  get resumedSeq(): number | undefined {
    return this.#options.resumedSeq;
  }

  /** The stream message that it will be at once it has all that was sent; `undefined` before the first state. */
  get position(): number | undefined {
    return this.#position;
  }

  /** The last stream message that it says it has painted. */
  get ackedSeq(): number {
    return this.#acked.seq;
  }

  /** How many bytes of stream messages, states and `pane` messages it says it has painted. */
  get ackedBytes(): number {
    return this.#acked.bytes;
  }

  /** How many bytes of those were sent that it has not yet said it has painted. */
  get inFlightBytes(): number {
    return this.#sentBytes - this.#acked.bytes;
  }

  /** How long its last ping took, by its own account. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  /** Why it is gone, or `undefined` while it is there. */
  get closed(): GoneReason | undefined {
    return this.#closed;
  }

  /** Sets what is called with each command. */
  onCommand(callback: (command: ViewerCommand) => void): void {
    this.#onCommand = callback;
  }

  /** Sets what is called once, when the viewer is gone. */
  onClose(callback: (reason: GoneReason) => void): void {
    this.#onClose = callback;
  }

  /**
   * Sends a message that the stream was sealed as: the one after {@link position}, no other. When a new epoch began,
   * its key goes first.
   */
  sendStream(message: Uint8Array): void {
    if (this.#closed !== undefined) return;
    const seq = readSeq(message);
    if (this.#position === undefined || seq !== this.#position + 1) {
      throw new Error(`A viewer at stream message ${this.#position} cannot take ${seq}`);
    }
    if (seq <= this.#stream.epochStart) {
      throw new Error(`Stream message ${seq} is of a former epoch`);
    }
    this.#rekey();
    this.#position = seq;
    this.#sentBytes += message.length;
    this.#send(message);
  }

  /**
   * Sends event lines on the viewer's own channel: what takes it to the state as of stream message `seq`.
   *
   * @param lines event lines, each with its newline
   * @param seq the stream message after which the viewer goes on
   * @param atMs where the first line's interval begins, and where the stream's clock stands after the last:
   *   the session's time of stream message `seq` (`EventEncoder.atMs` of the stream's encoder)
   */
  sendDirect(lines: string, seq: number, atMs: number): void {
    if (this.#closed !== undefined) return;
    if (seq < (this.#position ?? 0) || seq > this.#stream.seq) {
      throw new Error(`A viewer at stream message ${this.#position} cannot be taken to ${seq}`);
    }
    this.#rekey();
    this.#position = seq;
    this.#sentBytes += this.#sendMessage({ kind: "state", seq, atMs }, lines);
  }

  /**
   * Sends event lines of what the viewer's own pane shows.
   *
   * @returns how many bytes it takes, and how many were sent with it in all; nothing when the viewer is gone
   */
  sendPane(
    at: { readonly seq: number; readonly atMs?: number },
    lines: string,
  ): { readonly bytes: number; readonly until: number } | undefined {
    if (this.#closed !== undefined) return undefined;
    const bytes = this.#sendMessage({ kind: "pane", ...at }, lines);
    return { bytes, until: this.#sentBytes += bytes };
  }

  /** Tells this viewer what came of something that it asked for or typed. */
  notice(code: NoticeCode): void {
    this.#sendMessage({ kind: "notice", code });
  }

  /** Gives this viewer a link that it asked for. */
  link(role: Role, url: string): void {
    this.#sendMessage({ kind: "link", role, url });
  }

  /** Says why, and closes. @param options `status`: the command's exit status, with `ended` */
  close(code: ByeCode, options: { readonly status?: number } = {}): void {
    if (this.#closed !== undefined) return;
    this.#sendMessage({ kind: "bye", code, ...options });
    this.#end(code);
  }

  /** Runs something for this viewer: its fault ends its connection; an error of our own does too, and is reported. */
  attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#end(error instanceof PeerError ? error.code : "internal");
      if (!(error instanceof PeerError)) this.#options.onBug(error);
    }
  }

  /** Waits for the first of these warnings, in milliseconds before the expiry, or for that. */
  #awaitExpiry([warningMs, ...rest]: readonly number[]): void {
    const { clock } = this.#options;
    const { expiresAtMs } = this.claims;
    const due = (): void => {
      if (warningMs === undefined) return this.close("token-expired");
      this.notice("link-expires-soon");
      const leftMs = expiresAtMs - clock.now();
      this.#awaitExpiry(rest.filter((ms) => ms < leftMs));
    };
    this.#cancelExpiry = at(clock, expiresAtMs - (warningMs ?? 0), () => this.attempt(due));
  }

  #welcome(): void {
    const { seat, name, session } = this.#options;
    this.#sendMessage({
      kind: "welcome",
      you: { id: seat.id, name, role: seat.claims.role },
      ticket: seat.ticket,
      expiresAtMs: seat.claims.expiresAtMs,
      epoch: this.#stream.epoch,
      key: toBase64Url(this.#stream.key),
      seq: this.#stream.seq,
      atMs: session.atMs,
      header: session.header,
    });
  }

  #rekey(): void {
    if (this.#epoch === this.#stream.epoch) return;
    this.#epoch = this.#stream.epoch;
    this.#sendMessage({
      kind: "epoch",
      epoch: this.#epoch,
      key: toBase64Url(this.#stream.key),
    });
  }

  /** Returns how many bytes it takes. */
  #sendMessage(message: HostMessageJson, lines?: string): number {
    const sealed = this.#sealer.seal(pack(encodeHostMessage(message, lines)));
    this.#send(sealed);
    return sealed.length;
  }

  #send(message: Uint8Array): void {
    if (this.#closed !== undefined) return;
    try {
      this.#socket.send(message);
    } catch {
      this.#end("cut");
    }
  }

  #receive(message: Uint8Array | string): void {
    if (this.#closed !== undefined) return;
    if (typeof message === "string") throw new PeerError("message-malformed", "it is text");
    if (message.length > COMMAND_MAX_BYTES) throw new PeerError("message-too-large");
    if (!this.#budget.take(this.#options.clock.now())) throw new PeerError("message-flood");
    this.#obey(decodeViewerMessage(this.#options.opener.open(message)));
  }

  #obey(message: ViewerMessage): void {
    switch (message.kind) {
      case "ack":
        return this.#ack(message.seq, message.bytes);
      case "ping":
        if (message.latencyMs !== undefined) this.#latencyMs = message.latencyMs;
        this.#sendMessage({ kind: "pong", t: message.t });
        return;
      case "leave":
        return this.#end("left");
      case "join":
        throw new PeerError("message-out-of-place", "a second join");
      default:
        this.#onCommand(message);
    }
  }

  #ack(seq: number, bytes: number): void {
    const { seq: lastSeq, bytes: lastBytes } = this.#acked;
    if (
      seq < lastSeq || bytes < lastBytes || seq > (this.#position ?? 0) || bytes > this.#sentBytes
    ) throw new PeerError("message-malformed", "it acknowledges what was not sent");
    this.#acked = { seq, bytes };
  }

  #end(reason: GoneReason): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#cancelExpiry();
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    closeSocket(this.#socket, reason);
    this.#onClose(reason);
  }
}

/** Closes a socket for a reason; one that is closed already stays so. */
export function closeSocket(socket: WireSocket, reason: GoneReason): void {
  try {
    if (reason === "left" || reason === "cut") socket.close();
    else socket.close(closingOf(reason).closeCode, reason);
  } catch {
    // It was not open any more.
  }
}

/** Calls back at a time, however far away. */
function at(clock: Clock, timeMs: number, callback: () => void): () => void {
  let cancel = (): void => {};
  const arm = (): void => {
    const delayMs = timeMs - clock.now();
    cancel = delayMs > MAX_DELAY_MS
      ? clock.after(MAX_DELAY_MS, arm)
      : clock.after(Math.max(0, delayMs), callback);
  };
  arm();
  return () => cancel();
}

/** A token bucket of messages. */
class Budget {
  #left = 2 * COMMANDS_PER_SECOND;
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  take(nowMs: number): boolean {
    const refill = Math.max(0, nowMs - this.#atMs) / 1000 * COMMANDS_PER_SECOND;
    this.#left = Math.min(2 * COMMANDS_PER_SECOND, this.#left + refill) - 1;
    this.#atMs = nowMs;
    return this.#left >= 0;
  }
}
