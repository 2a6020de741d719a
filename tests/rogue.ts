/**
 * A viewer that joins by hand, says what it likes, and keeps all that it is given: the keys above all.
 *
 * @module
 */
import { ClientHandshake } from "../wire/client_handshake.ts";
import { unpack } from "../wire/decompress.ts";
import { readEnvelope } from "../wire/envelope.ts";
import type { ChannelKeys } from "../wire/key_schedule.ts";
import { type Link, parseLink } from "../wire/link.ts";
import {
  decodeHostMessage,
  encodeViewerMessage,
  type HostMessage,
  type ViewerMessageJson,
} from "../wire/messages.ts";
import { Opener, Sealer } from "../wire/seal.ts";
import { type RawOptions, RawSocket } from "./raw_socket.ts";

/** How it comes to the door. */
export interface GreetOptions extends RawOptions {
  /** What it has instead of what the link says. */
  readonly link?: Partial<Link>;
}

/** How it joins. */
export interface RogueOptions extends GreetOptions {
  readonly name?: string;
  /** A place that it had before. */
  readonly resume?: { readonly ticket: string; readonly seq: number };
}

/** See the module. */
export class Rogue implements AsyncDisposable {
  readonly socket: RawSocket;
  /** What was said to it alone, in order. */
  readonly heard: HostMessage[] = [];
  /** How many messages of the stream came. */
  streamed = 0;
  /** The stream's keys that it was given, by their epochs. */
  readonly streamKeys = new Map<number, Uint8Array>();
  readonly #opener: Opener;
  readonly sealer: Sealer;

  private constructor(socket: RawSocket, { toHost, toViewer }: ChannelKeys) {
    this.socket = socket;
    this.sealer = new Sealer(toHost, { kind: "to-host" });
    this.#opener = new Opener(toViewer, { kind: "to-viewer" });
    socket.onmessage = (message) => this.#hear(message as Uint8Array);
  }

  /** Shakes hands, and says nothing yet: it is not in. Rejects with the reason when it is not let in. */
  static async greet(url: string, { link, ...options }: GreetOptions = {}): Promise<Rogue> {
    const handshake = new ClientHandshake({ ...parseLink(url), ...link });
    const socket = await RawSocket.open(url, options);
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    socket.onmessage = (message) => resolve(message as Uint8Array);
    socket.send(handshake.hello);
    try {
      const answer = await Promise.race([promise, refusal(socket)]);
      return new Rogue(socket, handshake.finish(answer));
    } catch (error) {
      await socket[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Joins; it has its first state then. */
  static async join(url: string, options: RogueOptions = {}): Promise<Rogue> {
    const { name = "mallory", resume, ...raw } = options;
    const rogue = await Rogue.greet(url, raw);
    rogue.say({ kind: "join", name, ...(resume && { resume }) });
    try {
      await Promise.race([rogue.hears("state"), refusal(rogue.socket)]);
    } catch (error) {
      await rogue[Symbol.asyncDispose]();
      throw error;
    }
    return rogue;
  }

  /** The welcome. */
  get welcome(): Extract<HostMessage, { kind: "welcome" }> {
    const message = this.heard.find(({ kind }) => kind === "welcome");
    if (message?.kind !== "welcome") throw new Error("There was no welcome");
    return message;
  }

  /** Codes of notices and byes, in order. */
  get codes(): string[] {
    return this.heard.flatMap((message) => "code" in message ? [message.code] : []);
  }

  say(message: ViewerMessageJson): void {
    this.shout(encodeViewerMessage(message));
  }

  /** Seals anything. */
  shout(plaintext: Uint8Array | string): void {
    const bytes = typeof plaintext === "string" ? new TextEncoder().encode(plaintext) : plaintext;
    this.socket.send(this.sealer.seal(bytes));
  }

  /** Resolves when it has been told something of a kind, or with a code, so many times. */
  async hears(what: string, times = 1): Promise<void> {
    const told = (): number =>
      this.heard.filter((message) =>
        message.kind === what || "code" in message && message.code === what
      ).length;
    while (told() < times) {
      if (!this.socket.open) throw new Error(`The connection is gone, without ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Resolves when the host has dealt with all that was said before; rejects when it hangs up. */
  async heeded(): Promise<void> {
    const pongs = this.heard.filter(({ kind }) => kind === "pong").length;
    this.say({ kind: "ping", t: 0 });
    await this.hears("pong", pongs + 1);
  }

  /** Whether a message of the stream, to whomever it was sent, opens with a key that it was ever given. */
  opens(message: Uint8Array): boolean {
    const { seq } = readEnvelope(message);
    return [...this.streamKeys].some(([epoch, key]) => {
      try {
        new Opener(key, { kind: "stream", epoch }, seq - 1).open(message);
        return true;
      } catch {
        return false;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.socket[Symbol.asyncDispose]();
  }

  #hear(message: Uint8Array): void {
    if (readEnvelope(message).type === "stream") {
      this.streamed++;
      return;
    }
    const said = decodeHostMessage(unpack(this.#opener.open(message))).message;
    if (said.kind === "welcome" || said.kind === "epoch") this.streamKeys.set(said.epoch, said.key);
    this.heard.push(said);
  }
}

/** Rejects with the reason that the host closes with; never resolves. */
async function refusal(socket: RawSocket): Promise<never> {
  const reason = await socket.told;
  throw new Error(reason);
}
