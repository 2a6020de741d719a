/**
 * The viewer's half of a handshake. It needs no WebCrypto: a page served over plain HTTP has none.
 *
 * @module
 */
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { PeerError } from "./closing.ts";
import { decodeHostHello, encodeClientHello, type HostHello } from "./hello.ts";
import {
  type ChannelKeys,
  deriveChannelKeys,
  signedBytes,
  transcriptHash,
} from "./key_schedule.ts";
import type { Link } from "./link.ts";
import { sessionIdOf } from "./session_id.ts";

/** What a handshake is made of on the viewer's side; random, except in test vectors. */
export interface ClientEphemeral {
  /** X25519 private key, 32 bytes. */
  readonly x25519: Uint8Array;
  /** The seed of the ML-KEM-768 key pair, 64 bytes. */
  readonly mlKem: Uint8Array;
}

/** One handshake. */
export class ClientHandshake {
  readonly #link: Link;
  readonly #privateKey: Uint8Array;
  readonly #decapsulationKey: Uint8Array;
  /** The message that opens the handshake. */
  readonly hello: Uint8Array;

  constructor(link: Link, ephemeral: ClientEphemeral = randomEphemeral()) {
    const { publicKey, secretKey } = ml_kem768.keygen(ephemeral.mlKem);
    this.#link = link;
    this.#privateKey = ephemeral.x25519;
    this.#decapsulationKey = secretKey;
    this.hello = encodeClientHello({
      session: link.session,
      share: x25519.getPublicKey(ephemeral.x25519),
      encapsulationKey: publicKey,
      token: link.token,
    });
  }

  /**
   * Checks the host's answer and derives the connection's keys. Throws a {@link PeerError}: `host-unproven` when the
   * answer does not come from the session's key for this very hello.
   */
  finish(message: Uint8Array): ChannelKeys {
    const { hello, signed, signature } = decodeHostHello(message);
    const transcript = transcriptHash(this.hello, signed);
    if (
      sessionIdOf(hello.publicKey) !== this.#link.session ||
      !ed25519.verify(signature, signedBytes(transcript), hello.publicKey, { zip215: false })
    ) throw new PeerError("host-unproven");
    const secrets = { secret: this.#link.secret, ...this.#agree(hello) };
    return deriveChannelKeys(secrets, transcript);
  }

  #agree(hello: HostHello): { x25519: Uint8Array; mlKem: Uint8Array } {
    try {
      return {
        x25519: x25519.getSharedSecret(this.#privateKey, hello.share),
        mlKem: ml_kem768.decapsulate(hello.cipherText, this.#decapsulationKey),
      };
    } catch (cause) {
      throw new PeerError("hello-malformed", "its keys", { cause });
    }
  }
}

function randomEphemeral(): ClientEphemeral {
  return {
    x25519: crypto.getRandomValues(new Uint8Array(32)),
    mlKem: crypto.getRandomValues(new Uint8Array(64)),
  };
}
