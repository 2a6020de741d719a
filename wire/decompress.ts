/**
 * The viewer's half of compression, in a browser too: see `compress.ts`.
 *
 * @module
 */
import { Inflate, inflateSync } from "fflate";
import { PeerError } from "./closing.ts";
import { PLAINTEXT_MAX_BYTES } from "./limits.ts";
import { ByteReader, decodeRecords } from "./records.ts";

const PLAIN = 0;
const DEFLATED = 1;
/** Deflate makes at most 1,032 bytes of one: of a slice of this size, 4 MB. */
const SLICE_BYTES = 4_096;

/**
 * Takes a body out of a plaintext. Throws a {@link PeerError} when it is not exactly as long as it says, before more
 * than a few megabytes too many are made of it.
 */
export function unpack(plaintext: Uint8Array): Uint8Array {
  switch (plaintext[0]) {
    case PLAIN:
      return plaintext.subarray(1);
    case DEFLATED: {
      const reader = new ByteReader(plaintext.subarray(1));
      const length = reader.varint();
      if (length > PLAINTEXT_MAX_BYTES) throw new PeerError("message-too-large");
      return inflate(reader.rest(), length);
    }
    default:
      throw new PeerError("message-malformed", "its coding is not known");
  }
}

function inflate(deflated: Uint8Array, length: number): Uint8Array {
  let body: Uint8Array | undefined;
  try {
    body = deflated.length <= SLICE_BYTES
      // One byte too many is enough to see that there are too many: the rest is dropped.
      ? inflateSync(deflated, { out: new Uint8Array(length + 1) })
      : inflateSlices(deflated, length);
  } catch (cause) {
    throw new PeerError("message-malformed", "it is not deflated", { cause });
  }
  if (body?.length !== length) throw new PeerError("message-malformed", "its length is wrong");
  return body;
}

/** The inflated bytes, or `undefined` as soon as they are more than `length`. */
function inflateSlices(deflated: Uint8Array, length: number): Uint8Array | undefined {
  const body = new Uint8Array(length);
  let at = 0;
  const inflater = new Inflate((chunk) => {
    if (at + chunk.length <= length) body.set(chunk, at);
    at += chunk.length;
  });
  for (let start = 0; start < deflated.length && at <= length; start += SLICE_BYTES) {
    const end = start + SLICE_BYTES;
    inflater.push(deflated.subarray(start, end), end >= deflated.length);
  }
  return at === length ? body : undefined;
}

/** The event lines in a plaintext of the stream. Throws a {@link PeerError}. */
export function decompressedLines(plaintext: Uint8Array): string {
  return decodeRecords(unpack(plaintext));
}
