/**
 * The host's half of a handshake: WebCrypto for the curves, four times as fast as TypeScript.
 *
 * @module
 */
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { concat } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import { type ClientHello, encodeHostHello } from "./hello.ts";
import {
  type ChannelKeys,
  deriveChannelKeys,
  signedBytes,
  transcriptHash,
} from "./key_schedule.ts";
import type { SessionKeys } from "./token.ts";

/** The host's ephemeral halves; random, except in test vectors. */
export interface HostEphemeral {
  /** Agrees with a viewer's X25519 share: the host's own share, and the shared secret. */
  agree(share: Uint8Array): Promise<{ readonly share: Uint8Array; readonly secret: Uint8Array }>;
  /** Makes a shared secret for a viewer's ML-KEM-768 key. */
  encapsulate(
    key: Uint8Array,
  ): { readonly cipherText: Uint8Array; readonly sharedSecret: Uint8Array };
}

/** What the host answers, and the keys of the connection. */
export interface Answer {
  readonly message: Uint8Array;
  readonly keys: ChannelKeys;
}

/**
 * Answers a viewer's hello.
 *
 * @param message the hello as it came
 * @param hello the same, decoded
 * @throws {PeerError} `hello-malformed` for keys that are none
 */
export async function answerHello(
  message: Uint8Array,
  hello: ClientHello,
  host: { readonly keys: SessionKeys; readonly secret: Uint8Array },
  ephemeral: HostEphemeral = RANDOM,
): Promise<Answer> {
  const { agreed, encapsulated } = await agree(hello, ephemeral);
  const unsigned = encodeHostHello({
    share: agreed.share,
    cipherText: encapsulated.cipherText,
    publicKey: host.keys.publicKey,
  });
  const transcript = transcriptHash(message, unsigned);
  const signature = await crypto.subtle.sign(
    "Ed25519",
    host.keys.signingKey,
    signedBytes(transcript),
  );
  const keys = deriveChannelKeys(
    { secret: host.secret, x25519: agreed.secret, mlKem: encapsulated.sharedSecret },
    transcript,
  );
  return { message: concat(unsigned, new Uint8Array(signature)), keys };
}

async function agree(
  hello: ClientHello,
  ephemeral: HostEphemeral,
): Promise<{
  agreed: Awaited<ReturnType<HostEphemeral["agree"]>>;
  encapsulated: ReturnType<HostEphemeral["encapsulate"]>;
}> {
  try {
    const encapsulated = ephemeral.encapsulate(hello.encapsulationKey);
    return { agreed: await ephemeral.agree(hello.share), encapsulated };
  } catch (cause) {
    throw new PeerError("hello-malformed", "its keys", { cause });
  }
}

const RANDOM: HostEphemeral = {
  async agree(share): Promise<{ share: Uint8Array; secret: Uint8Array }> {
    const [pair, theirs] = await Promise.all([
      crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]),
      crypto.subtle.importKey("raw", new Uint8Array(share), { name: "X25519" }, false, []),
    ]) as [CryptoKeyPair, CryptoKey];
    const [raw, secret] = await Promise.all([
      crypto.subtle.exportKey("raw", pair.publicKey),
      // Refuses the shares of small order, whose secret would be zero.
      crypto.subtle.deriveBits({ name: "X25519", public: theirs }, pair.privateKey, 256),
    ]);
    return { share: new Uint8Array(raw), secret: new Uint8Array(secret) };
  },
  encapsulate: (key) => ml_kem768.encapsulate(key),
};
