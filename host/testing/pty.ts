/**
 * A program's terminal for tests: it says what the test says.
 *
 * @module
 */
import type { SessionPty, SessionStatus } from "../session.ts";

/** A {@link SessionPty} without a program. */
export class FakePty implements SessionPty {
  /** What was typed. */
  input = "";
  /** Sizes it was given, as `COLSxROWS`. */
  readonly sizes: string[] = [];
  readonly signals: string[] = [];
  readonly exited: Promise<SessionStatus>;
  readonly #exit = Promise.withResolvers<SessionStatus>();
  readonly #chunks: (Uint8Array | null)[] = [];
  #reader: ((chunk: Uint8Array | null) => void) | undefined;
  #asked = Promise.withResolvers<void>();

  constructor() {
    this.exited = this.#exit.promise;
  }

  read(): Promise<Uint8Array | null> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) return Promise.resolve(chunk);
    this.#asked.resolve();
    return new Promise((resolve) => this.#reader = resolve);
  }

  write(data: Uint8Array): Promise<void> {
    this.input += new TextDecoder().decode(data);
    return Promise.resolve();
  }

  dropTyped(): void {
    this.input += "<drop>";
  }

  resize(cols: number, rows: number): void {
    this.sizes.push(`${cols}x${rows}`);
  }

  kill(signal: string): void {
    this.signals.push(signal);
  }

  /** The program prints this; resolves when the session has taken it. */
  async print(output: string): Promise<void> {
    this.#put(new TextEncoder().encode(output));
    await this.#asked.promise;
  }

  /** The program ends. */
  end(status: SessionStatus = { code: 0, signal: null }): void {
    this.#put(null);
    this.#exit.resolve(status);
  }

  #put(chunk: Uint8Array | null): void {
    this.#asked = Promise.withResolvers();
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) this.#chunks.push(chunk);
    else reader(chunk);
  }
}
