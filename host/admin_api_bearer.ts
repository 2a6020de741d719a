/**
 * Who may use the admin API: whoever has a link of role admin.
 *
 * @module
 */
import { fromBase64Url, sameBytes } from "../wire/bytes.ts";
import { PeerError } from "../wire/closing.ts";
import { type Claims, type SessionIdentity, verifyToken } from "../wire/token.ts";

/** What bearers are checked against. */
export interface BearerOptions {
  readonly identity: SessionIdentity;
  /** The secret in the session's links. */
  readonly secret: Uint8Array;
  readonly links: {
    /** The links that let people in. */
    readonly list: readonly { readonly id: string }[];
  };
  /** Milliseconds since 1970. */
  now(): number;
}

/** A secret and a token; the certificate's fingerprint at the end of a link says nothing here. */
const BEARER = /^Bearer +([\w-]{43})\.([\w-]+\.[\w-]+\.[\w-]+)(?:\.[\w-]{43})?$/i;

/**
 * Who the bearer is, or `undefined` when it may not do anything. It shows all that stands after the `#` of its link,
 * `SECRET.TOKEN`: the token alone is also known to who listens to a join that is not under TLS, and would here be enough
 * to get every link.
 *
 * A link for one participant lets one participant in, and is no key to this.
 */
export async function admitBearer(
  authorization: string | null,
  options: BearerOptions,
): Promise<Claims | undefined> {
  const [, secret, token] = BEARER.exec(authorization ?? "") ?? [];
  if (secret === undefined || token === undefined) return undefined;
  const claims = await verified(token, options);
  const knows = sameBytes(fromBase64Url(secret) ?? [], options.secret);
  if (claims === undefined || !knows) return undefined;
  const listed = options.links.list.some(({ id }) => id === claims.id);
  return claims.role === "admin" && !claims.single && listed ? claims : undefined;
}

async function verified(
  token: string,
  { identity, now }: BearerOptions,
): Promise<Claims | undefined> {
  try {
    return await verifyToken(identity, token, now());
  } catch (error) {
    if (error instanceof PeerError) return undefined;
    throw error;
  }
}
