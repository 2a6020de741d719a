/**
 * The host's half of a join: a socket that is not trusted yet, until it has shown a token and that it knows the secret.
 *
 * @module
 */
import type { Admission } from "./admission.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type ClosingCode, isGuess, isRefusal, PeerError } from "./closing.ts";
import { decodeClientHello } from "./hello.ts";
import { type Answer, answerHello } from "./host_handshake.ts";
import type { ChannelKeys } from "./key_schedule.ts";
import { JOIN_TIMEOUT_MS, REFUSAL_DELAY_MS, UNAUTHENTICATED_MAX_BYTES } from "./limits.ts";
import { decodeViewerMessage } from "./messages.ts";
import { cleanName } from "./name.ts";
import { Opener } from "./seal.ts";
import type { WireSocket } from "./socket.ts";
import type { StreamSealer } from "./stream.ts";
import { type Claims, type SessionKeys, verifyToken } from "./token.ts";
import { closeSocket, type SessionDescription, ViewerPeer } from "./viewer_peer.ts";

/** What is known of where a socket comes from. */
export interface Caution {
  /** How long a handshake from there has to wait, in milliseconds. */
  delayMs(): number;
  /** Somebody there was wrong about a token or the secret, or did not know how to greet. */
  guessed(): void;
}

/** What a session gives for its viewers to be let in. */
export interface HostDeps {
  readonly keys: SessionKeys;
  /** The secret in the session's links. */
  readonly secret: Uint8Array;
  readonly stream: StreamSealer;
  readonly admission: Admission;
  /** What a welcome says of the session now. */
  readonly describe: () => SessionDescription;
  /** A viewer is in and was welcomed: it now needs a state. A former connection of the same one is closed by then. */
  readonly onJoin: (peer: ViewerPeer) => void;
  /** A socket was not let in. The session need not do anything. */
  readonly onRefused?: (code: ClosingCode) => void;
  /** An error that no peer can cause; it has closed that connection. Reported as uncaught by default. */
  readonly onBug?: (error: unknown) => void;
  readonly clock?: Clock;
  /** What the viewer is called, as the transport has found out; without it, what it says itself. */
  readonly name?: string;
  /** Makes who guesses wait. Nobody has to by default. */
  readonly caution?: Caution;
}

/**
 * Lets a viewer in, or not. Never throws, and closes the socket if the viewer is not in after five seconds, not
 * counting what {@link Caution} makes it wait.
 */
export function acceptViewer(socket: WireSocket, deps: HostDeps): void {
  new Joining(socket, deps).start();
}

type Phase =
  | { readonly kind: "hello" }
  /** A message is being dealt with. */
  | { readonly kind: "busy" }
  /** The refusal is due in a while; whatever comes until then is ignored. */
  | { readonly kind: "refusing" }
  | { readonly kind: "join"; readonly answer: Answer; readonly claims: Claims }
  | { readonly kind: "done" };

class Joining {
  readonly #socket: WireSocket;
  readonly #deps: HostDeps;
  readonly #clock: Clock;
  #phase: Phase = { kind: "hello" };
  #bytes = 0;
  #helloAtMs = 0;
  #cancelTimer: () => void = () => {};

  constructor(socket: WireSocket, deps: HostDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.#clock = deps.clock ?? systemClock;
  }

  start(): void {
    this.#limitTime();
    this.#socket.onmessage = (message) =>
      void this.#receive(message).catch((error) => this.#fail(error));
    this.#socket.onclose = () => this.#end();
  }

  async #receive(message: Uint8Array | string): Promise<void> {
    if (typeof message === "string") throw new PeerError("hello-malformed", "it is text");
    this.#bytes += message.length;
    if (this.#bytes > UNAUTHENTICATED_MAX_BYTES) throw new PeerError("message-too-large");
    const phase = this.#phase;
    switch (phase.kind) {
      case "hello":
        this.#phase = { kind: "busy" };
        return await this.#hold(message);
      case "join":
        this.#phase = { kind: "busy" };
        return this.#join(message, phase.answer.keys, phase.claims);
      case "busy":
        throw new PeerError("message-out-of-place", "nothing may follow a hello");
      case "refusing":
      case "done":
        return;
      default:
        return phase satisfies never;
    }
  }

  #limitTime(): void {
    this.#cancelTimer = this.#clock.after(JOIN_TIMEOUT_MS, () => this.#close("join-timeout"));
  }

  /** Looks at a hello only when those who guess have waited. */
  async #hold(message: Uint8Array): Promise<void> {
    const delayMs = this.#deps.caution?.delayMs() ?? 0;
    if (delayMs <= 0) return await this.#greet(message);
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      this.#limitTime();
      void this.#greet(message).catch((error) => this.#fail(error));
    });
  }

  async #greet(message: Uint8Array): Promise<void> {
    const { keys } = this.#deps;
    this.#helloAtMs = this.#clock.now();
    const hello = decodeClientHello(message);
    if (hello.session !== keys.session) throw new PeerError("session-unknown");
    const claims = await verifyToken(keys, hello.token, this.#clock.now());
    const answer = await answerHello(message, hello, this.#deps);
    if (this.#phase.kind !== "busy") return;
    this.#phase = { kind: "join", answer, claims };
    this.#socket.send(answer.message);
  }

  #join(message: Uint8Array, keys: ChannelKeys, claims: Claims): void {
    const { admission, stream, describe, onJoin } = this.#deps;
    const opener = new Opener(keys.toHost, { kind: "to-host" });
    const join = decodeViewerMessage(openJoin(opener, message));
    if (join.kind !== "join") throw new PeerError("message-out-of-place", "not a join");
    const ticket = join.resume?.ticket;
    const seat = admission.admit({ claims, ticket }, this.#clock.now());
    const session = describe();
    this.#end();
    const peer = new ViewerPeer({
      socket: this.#socket,
      opener,
      keys,
      stream,
      clock: this.#clock,
      seat,
      name: cleanName(this.#deps.name ?? join.name),
      agent: join.agent === true,
      resumedSeq: seat.ticket === ticket ? join.resume?.seq : undefined,
      session,
      onBug: (error) => this.#bug(error),
    });
    admission.occupy(seat, () => peer.close("superseded"));
    peer.attempt(() => onJoin(peer));
  }

  #fail(error: unknown): void {
    if (!(error instanceof PeerError)) this.#bug(error);
    // Also when the socket is gone by now: hanging up early is no way around it.
    else if (isGuess(error.code)) this.#deps.caution?.guessed();
    if (this.#phase.kind === "done" || this.#phase.kind === "refusing") return;
    if (!(error instanceof PeerError)) return this.#close("internal");
    if (!isRefusal(error.code)) return this.#close(error.code);
    const { code } = error;
    this.#phase = { kind: "refusing" };
    this.#cancelTimer();
    const leftMs = this.#helloAtMs + REFUSAL_DELAY_MS - this.#clock.now();
    this.#cancelTimer = this.#clock.after(Math.max(0, leftMs), () => this.#close(code));
  }

  #close(code: ClosingCode): void {
    this.#end();
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    closeSocket(this.#socket, code);
    this.#deps.onRefused?.(code);
  }

  #end(): void {
    this.#phase = { kind: "done" };
    this.#cancelTimer();
  }

  #bug(error: unknown): void {
    if (this.#deps.onBug === undefined) globalThis.reportError(error);
    else this.#deps.onBug(error);
  }
}

/** Opens the first sealed message: who cannot seal it does not know the link's secret. */
function openJoin(opener: Opener, message: Uint8Array): Uint8Array {
  try {
    return opener.open(message);
  } catch (cause) {
    if (!(cause instanceof PeerError) || cause.code !== "seal-broken") throw cause;
    throw new PeerError("secret-wrong", undefined, { cause });
  }
}
