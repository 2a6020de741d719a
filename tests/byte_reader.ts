/**
 * Reads a connection in pieces of a given size.
 *
 * @module
 */

/** See the module. Every method rejects at the end of the connection. */
export class ByteReader {
  readonly #source: Pick<Deno.TcpConn, "read">;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: Pick<Deno.TcpConn, "read">) {
    this.#source = source;
  }

  /** So many bytes. */
  async take(length: number): Promise<Uint8Array> {
    while (this.#rest.length < length) await this.#more();
    const taken = this.#rest.slice(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  /** Everything up to a text, and that. */
  async until(text: string): Promise<Uint8Array> {
    for (;;) {
      const at = new TextDecoder("latin1").decode(this.#rest).indexOf(text);
      if (at >= 0) return await this.take(at + text.length);
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    const bytes = await this.#source.read(buffer);
    if (bytes === null) throw new Error("The connection has ended");
    const joined = new Uint8Array(this.#rest.length + bytes);
    joined.set(this.#rest);
    joined.set(buffer.subarray(0, bytes), this.#rest.length);
    this.#rest = joined;
  }
}
