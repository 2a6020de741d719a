/**
 * The seal on messages: XChaCha20-Poly1305 with a strict counter, the envelope as additional data.
 *
 * A nonce is used once: a key belongs to one direction of one connection, or to one epoch of one stream; there is one
 * {@link Sealer} for it, whose counter goes up with each message and never wraps.
 *
 * @module
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { utf8 } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import {
  ENVELOPE_BYTES,
  type MessageType,
  nextSeq,
  readEnvelope,
  writeEnvelope,
} from "./envelope.ts";

/** Bytes of a key. */
export const KEY_BYTES = 32;
/** Bytes of the authentication tag at the end of a sealed message. */
export const TAG_BYTES = 16;
/** What sealing adds to a plaintext. */
export const OVERHEAD_BYTES = ENVELOPE_BYTES + TAG_BYTES;

const NONCE_BYTES = 24;

/** What a key is for. */
export type SealUse =
  | { readonly kind: "to-host" }
  | { readonly kind: "to-viewer" }
  | { readonly kind: "stream"; readonly epoch: number };

const LABELS = { "to-host": "to-host", "to-viewer": "to-viewer", "stream": "stream" } as const;

/** 16 bytes of label, the epoch (0 in a channel), the sequence number, both big-endian. */
function createNonce(use: SealUse): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce.set(utf8(LABELS[use.kind]));
  new DataView(nonce.buffer).setUint32(16, use.kind === "stream" ? use.epoch : 0);
  return nonce;
}

function typeOf(use: SealUse): MessageType {
  return use.kind === "stream" ? "stream" : "channel";
}

/** Puts the sequence number of a message where its nonce has it. */
function setSeq(nonce: Uint8Array, message: Uint8Array): void {
  nonce.set(message.subarray(1, ENVELOPE_BYTES), NONCE_BYTES - 4);
}

/** Seals messages under one key, counting. */
export class Sealer {
  readonly #key: Uint8Array;
  readonly #type: MessageType;
  readonly #nonce: Uint8Array;
  #seq: number;

  /** @param afterSeq the sequence number that the first message comes after */
  constructor(key: Uint8Array, use: SealUse, afterSeq = 0) {
    this.#key = key;
    this.#type = typeOf(use);
    this.#nonce = createNonce(use);
    this.#seq = afterSeq;
  }

  /** The sequence number of the last message. */
  get seq(): number {
    return this.#seq;
  }

  /** Seals a message. Throws a {@link PeerError} when the counter is used up. */
  seal(plaintext: Uint8Array, joinable = false): Uint8Array {
    this.#seq = nextSeq(this.#seq);
    const message = new Uint8Array(OVERHEAD_BYTES + plaintext.length);
    writeEnvelope(message, { type: this.#type, joinable, seq: this.#seq });
    setSeq(this.#nonce, message);
    xchacha20poly1305(this.#key, this.#nonce, message.subarray(0, ENVELOPE_BYTES))
      .encrypt(plaintext, message.subarray(ENVELOPE_BYTES));
    return message;
  }
}

/** Opens messages sealed under one key, each once and in order. */
export class Opener {
  readonly #key: Uint8Array;
  readonly #type: MessageType;
  readonly #nonce: Uint8Array;
  #seq: number;

  /** @param afterSeq the sequence number that the first message comes after */
  constructor(key: Uint8Array, use: SealUse, afterSeq = 0) {
    this.#key = key;
    this.#type = typeOf(use);
    this.#nonce = createNonce(use);
    this.#seq = afterSeq;
  }

  /** The sequence number of the last message. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Opens the next message. Throws a {@link PeerError}: `sequence-broken` for any other message than the next one,
   * `seal-broken` when it was not sealed under this key for this use, or was changed.
   */
  open(message: Uint8Array): Uint8Array {
    const { type, seq } = readEnvelope(message);
    if (type !== this.#type) throw new PeerError("message-out-of-place", `a ${type} message`);
    const expected = nextSeq(this.#seq);
    if (seq !== expected) {
      throw new PeerError("sequence-broken", `expected message ${expected}, not ${seq}`);
    }
    setSeq(this.#nonce, message);
    const plaintext = openAead(this.#key, this.#nonce, message);
    this.#seq = seq;
    return plaintext;
  }
}

function openAead(key: Uint8Array, nonce: Uint8Array, message: Uint8Array): Uint8Array {
  if (message.length < OVERHEAD_BYTES) throw new PeerError("message-malformed", "it is cut");
  try {
    return xchacha20poly1305(key, nonce, message.subarray(0, ENVELOPE_BYTES))
      .decrypt(message.subarray(ENVELOPE_BYTES));
  } catch (cause) {
    throw new PeerError("seal-broken", undefined, { cause });
  }
}
