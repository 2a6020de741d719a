/**
 * From a handshake's secrets to a channel's keys.
 *
 * @module
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, utf8 } from "./bytes.ts";
import { KEY_BYTES } from "./seal.ts";

/** The keys of one connection, one a direction. */
export interface ChannelKeys {
  readonly toHost: Uint8Array;
  readonly toViewer: Uint8Array;
}

/** What a handshake agreed on. */
export interface HandshakeSecrets {
  /** The link's secret. */
  readonly secret: Uint8Array;
  /** The X25519 shared secret. */
  readonly x25519: Uint8Array;
  /** The ML-KEM-768 shared secret. */
  readonly mlKem: Uint8Array;
}

/** The hash of both hellos as they went over the wire, the host's without its signature. */
export function transcriptHash(clientHello: Uint8Array, hostHello: Uint8Array): Uint8Array {
  return sha256(concat(
    utf8("collab/1 transcript"),
    u32(clientHello.length),
    clientHello,
    u32(hostHello.length),
    hostHello,
  ));
}

/** What the session's key signs in the host's hello. */
export function signedBytes(transcript: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(utf8("collab/1 host hello"), transcript);
}

/** A connection's keys. Who does not know all three secrets and the transcript cannot derive them. */
export function deriveChannelKeys(secrets: HandshakeSecrets, transcript: Uint8Array): ChannelKeys {
  const keys = hkdf(
    sha256,
    concat(secrets.x25519, secrets.mlKem),
    secrets.secret,
    concat(utf8("collab/1 channel keys"), transcript),
    2 * KEY_BYTES,
  );
  return { toHost: keys.slice(0, KEY_BYTES), toViewer: keys.slice(KEY_BYTES) };
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
