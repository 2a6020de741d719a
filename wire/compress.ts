/**
 * The host's half of compression: deflate where it pays.
 *
 * A plaintext begins with one byte: 0, then the body; or 1, then the body's length as unsigned LEB128, then the body
 * as raw deflate (RFC 1951).
 *
 * @module
 */
import { deflateRawSync } from "node:zlib";
import { ByteWriter } from "./records.ts";

/** The body follows as it is. */
const PLAIN = 0;
/** The body's length and the deflated body follow. */
const DEFLATED = 1;

/**
 * Shorter bodies are not worth the 25 µs: an echoed key must leave at once. Measured on vim, htop and a shell, deflate
 * at zlib's default level leaves 0.4 to 0.6 of the records; its fastest level takes as long and leaves a third more. A
 * preset dictionary would save another 1 % of what is long enough, at three times the time.
 */
const DEFLATE_MIN_BYTES = 128;

/** Packs a body as a plaintext. */
export function pack(body: Uint8Array): Uint8Array {
  if (body.length >= DEFLATE_MIN_BYTES) {
    const writer = new ByteWriter(body.length);
    writer.byte(DEFLATED);
    writer.varint(body.length);
    writer.append(deflateRawSync(body));
    if (writer.bytes().length < body.length) return writer.bytes();
  }
  const plain = new Uint8Array(1 + body.length);
  plain[0] = PLAIN;
  plain.set(body, 1);
  return plain;
}
