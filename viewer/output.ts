/**
 * Standard output as a stream of lines for another program.
 *
 * @module
 */

/** Where lines go. */
export interface LineSink {
  /** Resolves when all of it is written. Rejects when nobody reads any more. */
  write(text: string): Promise<void>;
}

/** Standard output. */
export function standardOutput(): LineSink {
  const encoder = new TextEncoder();
  return {
    write: async (text) => {
      const data = encoder.encode(text);
      for (let at = 0; at < data.length;) at += await Deno.stdout.write(data.subarray(at));
    },
  };
}
