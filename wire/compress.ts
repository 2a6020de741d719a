/**
 * The host's half of compression: deflate where it pays.
 *
 * A plaintext begins with one byte: 0, then the body; or 1, then the body's length as unsigned LEB128, then the body
 * as raw deflate (RFC 1951).
 *
 * @module
 */
import { constants, deflateRawSync } from "node:zlib";
import { ByteWriter } from "./records.ts";

/** The body follows as it is. */
export const PLAIN = 0;
/** The body's length and the deflated body follow. */
export const DEFLATED = 1;

/** Shorter bodies are not worth the 30 microseconds: an echoed key must leave at once. */
export const DEFLATE_MIN_BYTES = 200;

/** Packs a body as a plaintext. */
export function pack(body: Uint8Array): Uint8Array {
  if (body.length >= DEFLATE_MIN_BYTES) {
    const writer = new ByteWriter(body.length);
    writer.byte(DEFLATED);
    writer.varint(body.length);
    writer.append(deflateRawSync(body, { level: constants.Z_BEST_SPEED }));
    if (writer.bytes().length < body.length) return writer.bytes();
  }
  const plain = new Uint8Array(1 + body.length);
  plain[0] = PLAIN;
  plain.set(body, 1);
  return plain;
}
