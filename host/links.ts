/**
 * The links that a session gave out.
 *
 * @module
 */
import { toBase64Url } from "../wire/bytes.ts";
import { formatLink, type SshTarget } from "../wire/link.ts";
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
  /** The fingerprint of the certificate that the host shows. */
  readonly pin?: Uint8Array | undefined;
  /** The machine from which the host is reached. */
  readonly ssh?: SshTarget | undefined;
  /** When a link expires that does not say so itself, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** Milliseconds since 1970. */
  now(): number;
}

/** What is asked of the first link. */
interface FirstOptions {
  readonly role: Role;
  readonly once: boolean;
}

/** Most invites that let people in at a time: every link that does is listed, and can be withdrawn. */
const MAX_INVITES = 1_000;
/** No link's id looks like an option of a command, or begins as the word for all of them does. */
const UNUSABLE_ID = /^(?:-|all)/i;

/** Makes a session's links, and knows them. */
export class Links {
  readonly #options: LinksOptions;
  /** How long the first link lets people in. */
  readonly #lifeMs: number;
  /** When links expire that do not say so themselves. */
  #expiresAtMs: number;
  #first: Promise<IssuedLink> | undefined;
  #asFirst: FirstOptions = { role: "view", once: false };
  #renewing: Promise<IssuedLink> | undefined;
  #primary: IssuedLink | undefined;
  #invites: readonly IssuedLink[] = [];

  constructor(options: LinksOptions) {
    this.#options = options;
    this.#expiresAtMs = options.expiresAtMs;
    this.#lifeMs = options.expiresAtMs - options.now();
  }

  /** Every link that still lets people in, as far as its expiry goes: the first one, then invites as they were made. */
  get list(): readonly IssuedLink[] {
    const all = this.#primary === undefined ? this.#invites : [this.#primary, ...this.#invites];
    return this.#valid(all);
  }

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#options.now();
  }

  /**
   * The link that the session began with, or that took its place, expired or not; `undefined` until {@link first} has
   * made it, and once it was withdrawn.
   */
  get primary(): IssuedLink | undefined {
    return this.#primary;
  }

  /** Makes the link that the session begins with. It is made once: later calls give the same. */
  first(role: Role, options: { readonly once?: boolean } = {}): Promise<IssuedLink> {
    if (this.#first === undefined) this.#asFirst = { role, once: options.once === true };
    return this.#first ??= this.#issueFirst();
  }

  /** Makes another link; `undefined` when there are too many. */
  async invite(options: InviteOptions): Promise<IssuedLink | undefined> {
    if (this.#valid(this.#invites).length >= MAX_INVITES) return undefined;
    const link = await this.#issue(options);
    this.#invites = [...this.#valid(this.#invites), link];
    return link;
  }

  /** The listed links whose ids are this or begin with it. */
  find(id: string): readonly IssuedLink[] {
    const exact = this.list.filter((link) => link.id === id);
    return exact.length > 0 ? exact : this.list.filter((link) => link.id.startsWith(id));
  }

  /** No longer lists a link. */
  remove({ id }: Pick<IssuedLink, "id">): void {
    if (this.#primary?.id === id) this.#primary = undefined;
    this.#invites = this.#invites.filter((link) => link.id !== id);
  }

  /** Makes another first link, like the one that the session began with and good for as long, from now on. */
  renew(): Promise<IssuedLink> {
    this.#expiresAtMs = this.#options.now() + this.#lifeMs;
    // One that is only being made has let nobody in: it serves all who want another.
    return this.#renewing ??= this.#issueFirst().finally(() => this.#renewing = undefined);
  }

  #valid(links: readonly IssuedLink[]): IssuedLink[] {
    const now = this.#options.now();
    return links.filter(({ expiresAtMs }) => expiresAtMs > now);
  }

  async #issueFirst(): Promise<IssuedLink> {
    return this.#primary = await this.#issue(this.#asFirst);
  }

  async #issue({ role, expiresMs, once = false }: InviteOptions): Promise<IssuedLink> {
    const { keys, secret, origin, pin, ssh, now } = this.#options;
    const nowMs = now();
    const wanted = expiresMs !== undefined
      ? nowMs + expiresMs
      // Once the first link has expired, another is good for as long as that was.
      : this.#expiresAtMs > nowMs
      ? this.#expiresAtMs
      : nowMs + this.#lifeMs;
    // A token counts whole seconds.
    const expiresAtMs = Math.ceil(wanted / 1_000) * 1_000;
    const id = createId();
    const token = await mintToken(keys, { role, expiresAtMs, single: once, id });
    const url = formatLink({
      origin,
      session: keys.session,
      secret,
      token,
      ...(pin !== undefined && { pin }),
      ...(ssh !== undefined && { ssh }),
    });
    return { id, url, role, expiresAtMs, once };
  }
}

function createId(): string {
  for (;;) {
    const id = toBase64Url(crypto.getRandomValues(new Uint8Array(9)));
    if (!UNUSABLE_ID.test(id)) return id;
  }
}
