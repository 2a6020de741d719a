/**
 * Decompression of a stream in bounded memory.
 *
 * @module
 */
import { constants, createGunzip } from "node:zlib";

/** How a compressed stream ended: whole, or before its end. */
export type GzipEnd = "whole" | "cut off";

/**
 * How many compressed bytes are handed over at a time: what they expand to, a thousandfold at most, is in memory
 * at once.
 */
const PIECE_BYTES = 16 * 1024;

/**
 * Decompresses what `next` returns until it returns `undefined`, and hands it to `take`, which owns it. Throws what
 * `take` throws, and the error of `node:zlib` when the data is damaged.
 */
export async function gunzip(
  next: () => Promise<Uint8Array | undefined>,
  take: (bytes: Uint8Array) => void,
): Promise<GzipEnd> {
  // Not DecompressionStream: it holds all that a bomb expands to.
  const stream = createGunzip({ chunkSize: 256 * 1024 });
  let failure: unknown;
  // Not every Deno says "close" after an error.
  const { promise: over, resolve: stop } = Promise.withResolvers<void>();
  const fail = (error: unknown): void => {
    failure ??= error;
    stop();
  };
  stream.on("end", () => stop()).on("close", () => stop()).on("error", fail);
  stream.on("data", (bytes: Uint8Array) => {
    if (failure !== undefined) return;
    try {
      take(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    } catch (error) {
      fail(error);
    }
  });
  try {
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
      for (let at = 0; at < chunk.length && failure === undefined; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        // After an error the callback may never come.
        const written = new Promise<void>((resolve) => stream.write(piece, () => resolve()));
        await Promise.race([written, over]);
      }
      if (failure !== undefined) break;
    }
    if (failure === undefined) stream.end();
    await over;
  } finally {
    stream.destroy();
  }
  if (failure === undefined) return "whole";
  if (isEarlyEnd(failure)) return "cut off";
  throw failure;
}

function isEarlyEnd(error: unknown): boolean {
  return error instanceof Error && "errno" in error && error.errno === constants.Z_BUF_ERROR;
}
