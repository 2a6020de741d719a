/**
 * Links the lines of an audit log, and signs some of them.
 *
 * @module
 */
import type { JsonObject } from "../../format/json.ts";
import { toBase64Url } from "../../wire/bytes.ts";
import type { SessionKeys } from "../../wire/token.ts";
import { encodeLine, hashOf, type Place, signedBytes } from "./line.ts";

/** The end of a chain. */
export class Chain {
  /** Gets each line, with its newline. */
  onLine: (line: string) => void = () => {};
  readonly #keys: SessionKeys;
  readonly #now: () => number;
  #seq = 0;
  #prev: string;
  /** What came while a line was being signed, which takes less than a millisecond; it is written after that line. */
  #waiting: (() => void)[] = [];
  #signing: Promise<void> | undefined;

  /** `now` gives milliseconds since 1970. */
  constructor(keys: SessionKeys, now: () => number) {
    this.#keys = keys;
    this.#now = now;
    this.#prev = hashOf(keys.session);
  }

  /** Adds a line; `members` are all but its place. */
  add(members: JsonObject): void {
    const at = this.#at();
    const add = (): void => this.onLine(this.#link(encodeLine(this.#place(at), members)));
    if (this.#signing === undefined) add();
    else this.#waiting.push(add);
  }

  /** The first line, which is signed, for the caller to write. */
  first(members: JsonObject): Promise<string> {
    return this.#signed(members);
  }

  /** Adds a line that is signed, and with it all that came before; resolves when it is there. */
  async sign(members: JsonObject): Promise<void> {
    while (this.#signing !== undefined) await this.#signing;
    this.#signing = this.#addSigned(members);
    await this.#signing;
  }

  async #addSigned(members: JsonObject): Promise<void> {
    this.onLine(await this.#signed(members));
    this.#signing = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const add of waiting) add();
  }

  async #signed(members: JsonObject): Promise<string> {
    const place = this.#place(this.#at());
    const bytes = signedBytes(encodeLine(place, members));
    const signature = await crypto.subtle.sign("Ed25519", this.#keys.signingKey, bytes);
    return this.#link(encodeLine(place, members, toBase64Url(new Uint8Array(signature))));
  }

  #at(): string {
    return new Date(this.#now()).toISOString();
  }

  #place(at: string): Place {
    return { seq: this.#seq + 1, at, prev: this.#prev };
  }

  #link(line: string): string {
    this.#seq++;
    this.#prev = hashOf(line);
    return `${line}\n`;
  }
}
