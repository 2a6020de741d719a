/**
 * The viewer's half of the stream.
 *
 * @module
 */
import { PeerError } from "./closing.ts";
import { decompressedLines } from "./decompress.ts";
import { Opener } from "./seal.ts";

/** Opens the stream's messages, each once and in order; only the host can say that some were left out. */
export class StreamOpener {
  #key: Uint8Array;
  #epoch: number;
  #opener: Opener | undefined;

  /** @param epoch the epoch that `key` is the key of */
  constructor(key: Uint8Array, epoch: number) {
    this.#key = key;
    this.#epoch = epoch;
  }

  /** The sequence number that the viewer's state is at; `undefined` before the first catch-up. */
  get position(): number | undefined {
    return this.#opener?.seq;
  }

  /** Begins an epoch: the next message is under its key. Throws a {@link PeerError} when it is not a later one. */
  rekey(epoch: number, key: Uint8Array): void {
    if (epoch <= this.#epoch) throw new PeerError("sequence-broken", "an epoch came again");
    this.#epoch = epoch;
    this.#key = key;
    if (this.#opener !== undefined) this.#openAfter(this.#opener.seq);
  }

  /** Goes on after message `seq`, of which the host has sent the state. Throws a {@link PeerError} when that is in the past. */
  catchUp(seq: number): void {
    if (seq < (this.position ?? 0)) throw new PeerError("sequence-broken", "a state came again");
    this.#openAfter(seq);
  }

  /** Opens the next message: its number and its event lines. Throws a {@link PeerError}. */
  open(message: Uint8Array): { readonly seq: number; readonly lines: string } {
    if (this.#opener === undefined) {
      throw new PeerError("message-out-of-place", "a stream message before the first state");
    }
    const lines = decompressedLines(this.#opener.open(message));
    return { seq: this.#opener.seq, lines };
  }

  #openAfter(seq: number): void {
    this.#opener = new Opener(this.#key, { kind: "stream", epoch: this.#epoch }, seq);
  }
}
