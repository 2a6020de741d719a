/**
 * The links that a session gave out.
 *
 * @module
 */
import { toBase64Url } from "../wire/bytes.ts";
import { formatLink } from "../wire/link.ts";
import type { Role } from "../wire/role.ts";
import { mintToken, type SessionKeys } from "../wire/token.ts";

/** A link that lets people in. */
export interface IssuedLink {
  /** The name of its token. */
  readonly id: string;
  readonly url: string;
  readonly role: Role;
  /** When it stops to let anyone in, in milliseconds since 1970: a whole second. */
  readonly expiresAtMs: number;
  /** Whether it lets in one participant only. */
  readonly once: boolean;
}

/** What is asked of another link. */
export interface InviteOptions {
  readonly role: Role;
  /** How long it lets people in, in milliseconds; absent for as long as the first link. */
  readonly expiresMs?: number | undefined;
  readonly once?: boolean | undefined;
}

/** What links are made of. */
export interface LinksOptions {
  readonly keys: SessionKeys;
  /** The secret that all of a session's links share. */
  readonly secret: Uint8Array;
  /** Where the host is reached, as `http://127.0.0.1:1234`. */
  readonly origin: string;
  /** When a link expires that does not say so itself, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Most invites that are remembered. Beyond it the oldest is no longer listed; it goes on letting people in. */
const MAX_INVITES = 1_000;

/** Makes a session's links, and knows them. */
export class Links {
  readonly #options: LinksOptions;
  #first: Promise<IssuedLink> | undefined;
  #primary: IssuedLink | undefined;
  #invites: IssuedLink[] = [];

  constructor(options: LinksOptions) {
    this.#options = options;
  }

  /** Every link that still lets people in, as far as its expiry goes: the first one, then invites as they were made. */
  get list(): readonly IssuedLink[] {
    const now = this.#options.now();
    const all = this.#primary === undefined ? this.#invites : [this.#primary, ...this.#invites];
    return all.filter(({ expiresAtMs }) => expiresAtMs > now);
  }

  /** The link that the session began with, expired or not; `undefined` until {@link first} has made it. */
  get primary(): IssuedLink | undefined {
    return this.#primary;
  }

  /** Makes the link that the session begins with. It is made once: later calls give the same. */
  first(role: Role, options: { readonly once?: boolean } = {}): Promise<IssuedLink> {
    return this.#first ??= this.#issue({ role, ...options }).then((link) => this.#primary = link);
  }

  /** Makes another link. */
  async invite(options: InviteOptions): Promise<IssuedLink> {
    const link = await this.#issue(options);
    const now = this.#options.now();
    this.#invites = [
      ...this.#invites.filter(({ expiresAtMs }) => expiresAtMs > now),
      link,
    ].slice(-MAX_INVITES);
    return link;
  }

  async #issue({ role, expiresMs, once = false }: InviteOptions): Promise<IssuedLink> {
    const { keys, secret, origin, now } = this.#options;
    const wanted = expiresMs === undefined ? this.#options.expiresAtMs : now() + expiresMs;
    // A token counts whole seconds.
    const expiresAtMs = Math.ceil(wanted / 1_000) * 1_000;
    const id = toBase64Url(crypto.getRandomValues(new Uint8Array(9)));
    const token = await mintToken(keys, { role, expiresAtMs, single: once, id });
    const url = formatLink({ origin, session: keys.session, secret, token });
    return { id, url, role, expiresAtMs, once };
  }
}
