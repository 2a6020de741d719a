/**
 * The viewer's half of one connection, without its transport: what goes in, what comes out.
 *
 * @module
 */
import { type ClientEphemeral, ClientHandshake } from "./client_handshake.ts";
import { PeerError } from "./closing.ts";
import { unpack } from "./decompress.ts";
import { readEnvelope } from "./envelope.ts";
import type { ChannelKeys } from "./key_schedule.ts";
import { MESSAGE_MAX_BYTES } from "./limits.ts";
import type { Link } from "./link.ts";
import {
  decodeHostMessage,
  encodeViewerMessage,
  type HostMessage,
  type ViewerMessageJson,
} from "./messages.ts";
import { Opener, Sealer } from "./seal.ts";
import { StreamOpener } from "./stream_opener.ts";

/** What a viewer has of a session that it was cut off from. */
export interface Resume {
  readonly ticket: string;
  /** The last stream message it has seen. */
  readonly seq: number;
}

/** How a viewer joins. */
export interface JoinOptions {
  /** What it wants to be called. */
  readonly name: string;
  /** Whether the viewer is a program that acts by itself. */
  readonly agent?: boolean;
  readonly resume?: Resume;
  /** Random by default. */
  readonly ephemeral?: ClientEphemeral;
}

/** The welcome, without the stream's key. */
export type Welcome = Omit<Extract<HostMessage, { kind: "welcome" }>, "key">;

/** What came of a message. */
export type Received =
  /** The host proved itself; this is to be sent. */
  | { readonly kind: "reply"; readonly message: Uint8Array }
  | Welcome
  /** The state as of stream message `seq`. */
  | { readonly kind: "state"; readonly seq: number; readonly atMs: number; readonly lines: string }
  /** Stream message `seq`. */
  | { readonly kind: "lines"; readonly seq: number; readonly lines: string }
  /** What the viewer's own pane shows: the whole as of `seq` with `atMs`, else what comes next. */
  | {
    readonly kind: "pane";
    readonly seq: number;
    readonly atMs?: number;
    readonly lines: string;
  }
  | Extract<HostMessage, { kind: "epoch" | "notice" | "link" | "pong" | "bye" }>;

type Phase =
  | { readonly kind: "hello"; readonly handshake: ClientHandshake }
  | { readonly kind: "joining"; readonly channel: Opener }
  | { readonly kind: "joined"; readonly channel: Opener; readonly stream: StreamOpener };

/** One connection of a viewer. After an error it is of no more use. */
export class ClientSession {
  readonly #options: JoinOptions;
  #phase: Phase;
  #sealer: Sealer | undefined;
  #receivedBytes = 0;
  /** The first message to send. */
  readonly hello: Uint8Array;

  constructor(link: Link, options: JoinOptions) {
    const handshake = new ClientHandshake(link, options.ephemeral);
    this.#options = options;
    this.#phase = { kind: "hello", handshake };
    this.hello = handshake.hello;
  }

  /** Bytes of all states, stream messages and `pane` messages so far, sealed. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Takes in a message of the host. Throws a {@link PeerError}. */
  receive(message: Uint8Array | string): Received {
    if (typeof message === "string") throw new PeerError("message-malformed", "it is text");
    if (message.length > MESSAGE_MAX_BYTES) throw new PeerError("message-too-large");
    const phase = this.#phase;
    if (phase.kind === "hello") return this.#reply(phase.handshake.finish(message));
    if (phase.kind === "joined" && readEnvelope(message).type === "stream") {
      const { seq, lines } = phase.stream.open(message);
      this.#receivedBytes += message.length;
      return { kind: "lines", seq, lines };
    }
    const received = this.#hear(unpack(phase.channel.open(message)));
    if (received.kind === "state" || received.kind === "pane") {
      this.#receivedBytes += message.length;
    }
    return received;
  }

  /** Seals a message for the host. */
  seal(message: ViewerMessageJson): Uint8Array {
    if (this.#sealer === undefined) throw new Error("The handshake is not finished");
    return this.#sealer.seal(encodeViewerMessage(message));
  }

  #reply(keys: ChannelKeys): Received {
    const { name, agent, resume } = this.#options;
    this.#phase = { kind: "joining", channel: new Opener(keys.toViewer, { kind: "to-viewer" }) };
    this.#sealer = new Sealer(keys.toHost, { kind: "to-host" });
    const join = {
      kind: "join",
      name,
      ...(agent === true && { agent }),
      ...(resume !== undefined && { resume }),
    } as const;
    return { kind: "reply", message: this.seal(join) };
  }

  #hear(plaintext: Uint8Array): Received {
    const { message, lines } = decodeHostMessage(plaintext);
    const phase = this.#phase;
    if (message.kind === "welcome") {
      if (phase.kind !== "joining") throw new PeerError("message-out-of-place", "a welcome");
      const { key, ...welcome } = message;
      this.#phase = {
        kind: "joined",
        channel: phase.channel,
        stream: new StreamOpener(key, message.epoch),
      };
      return welcome;
    }
    if (phase.kind !== "joined") throw new PeerError("message-out-of-place", "before the welcome");
    switch (message.kind) {
      case "state":
        phase.stream.catchUp(message.seq);
        return { ...message, lines };
      case "pane": {
        const { kind, seq, atMs } = message;
        return { kind, seq, ...(atMs !== undefined && { atMs }), lines };
      }
      case "epoch":
        phase.stream.rekey(message.epoch, message.key);
        return message;
      case "notice":
      case "link":
      case "pong":
      case "bye":
        return message;
      default:
        return message satisfies never;
    }
  }
}
