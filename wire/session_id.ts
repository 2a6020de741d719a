/**
 * A session's id names its key: the first half of the SHA-256 of the public key. Anyone can check that a key
 * is the session's, and no one can make another key with the same id.
 *
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { fromBase64Url, toBase64Url } from "./bytes.ts";

/** Bytes of a session id. */
export const SESSION_ID_BYTES = 16;

/** The id of the session that a raw Ed25519 public key is the key of: 22 characters of base64url. */
export function sessionIdOf(publicKey: Uint8Array): string {
  return toBase64Url(sha256(publicKey).subarray(0, SESSION_ID_BYTES));
}

/** The bytes of a session id, or `undefined` when it is not one. */
export function sessionIdBytes(session: string): Uint8Array | undefined {
  const bytes = fromBase64Url(session);
  return bytes?.length === SESSION_ID_BYTES ? bytes : undefined;
}
