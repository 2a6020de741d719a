/**
 * The host's half of the stream: event lines, sealed once for all viewers.
 *
 * @module
 */
import { pack } from "./compress.ts";
import { encodeRecords } from "./records.ts";
import { KEY_BYTES, Sealer } from "./seal.ts";

/** Seals the stream: one key an epoch, one counter for all epochs. */
export class StreamSealer {
  readonly #createKey: () => Uint8Array;
  #key: Uint8Array;
  #epoch = 1;
  #epochStart = 0;
  #sealer: Sealer;

  /** @param createKey makes the key of an epoch; a random one by default */
  constructor(createKey: () => Uint8Array = randomKey) {
    this.#createKey = createKey;
    this.#key = createKey();
    this.#sealer = new Sealer(this.#key, { kind: "stream", epoch: this.#epoch });
  }

  /** The sequence number of the last message, 0 before the first. It goes on through epochs. */
  get seq(): number {
    return this.#sealer.seq;
  }

  /** The epoch of the next message, from 1. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The sequence number after which the epoch began. */
  get epochStart(): number {
    return this.#epochStart;
  }

  /** The epoch's key: for welcomes and for `epoch` messages, nothing else. */
  get key(): Uint8Array {
    return this.#key;
  }

  /**
   * Seals event lines, each with its newline, as the next message of the stream.
   *
   * @param options `joinable`: whether someone who saw nothing before can start here
   */
  seal(lines: string, options: { readonly joinable?: boolean } = {}): Uint8Array {
    return this.#sealer.seal(pack(encodeRecords(lines)), options.joinable ?? false);
  }

  /** Begins an epoch: messages from here on are under a new key, that only those get who are told it. */
  nextEpoch(): void {
    this.#key = this.#createKey();
    this.#epoch++;
    this.#epochStart = this.seq;
    this.#sealer = new Sealer(this.#key, { kind: "stream", epoch: this.#epoch }, this.#epochStart);
  }
}

function randomKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}
