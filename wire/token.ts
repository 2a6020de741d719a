/**
 * Tokens: JWTs signed with the session's Ed25519 key. Whoever knows the session's id can check one, only the host
 * can make one.
 *
 * @module
 */
import { CompactSign, compactVerify } from "jose";
import * as v from "valibot";
import { concat, fromBase64Url, toBase64Url, utf8 } from "./bytes.ts";
import { PeerError } from "./closing.ts";
import { TOKEN_MAX_BYTES } from "./limits.ts";
import { type Role, ROLES } from "./role.ts";
import { sessionIdOf } from "./session_id.ts";

/** What a token says. */
export interface Claims {
  /** The session it is for. */
  readonly session: string;
  readonly role: Role;
  /** When it stops to let in, and who came in with it has to leave. */
  readonly expiresAtMs: number;
  /** Its own name, to find out that it was used, and to withdraw it. */
  readonly id: string;
  /** Whether it lets in one participant only. */
  readonly single: boolean;
}

/** Who a session is: what is needed to check a token. */
export interface SessionIdentity {
  readonly session: string;
  /** The raw Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly verifyKey: CryptoKey;
}

/** A session's own keys. */
export interface SessionKeys extends SessionIdentity {
  readonly signingKey: CryptoKey;
}

const ED25519 = { name: "Ed25519" };
/** PKCS #8 around a raw Ed25519 private key (RFC 8410, section 7). */
const PKCS8_ED25519 = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);

/**
 * Makes a session's keys.
 *
 * @param seed 32 bytes to make them of; random ones by default
 */
export async function createSessionKeys(
  seed: Uint8Array = crypto.getRandomValues(new Uint8Array(32)),
): Promise<SessionKeys> {
  const pkcs8 = concat(PKCS8_ED25519, seed);
  const [signingKey, exportable] = await Promise.all([
    crypto.subtle.importKey("pkcs8", pkcs8, ED25519, false, ["sign"]),
    crypto.subtle.importKey("pkcs8", pkcs8, ED25519, true, ["sign"]),
  ]);
  // WebCrypto gives the public half of a private key in a JWK only (RFC 8037).
  const { x } = await crypto.subtle.exportKey("jwk", exportable);
  return { ...await identityOf(fromBase64Url(x!)!), signingKey };
}

/** The session that a raw Ed25519 public key names. */
export async function identityOf(publicKey: Uint8Array): Promise<SessionIdentity> {
  const raw = new Uint8Array(publicKey);
  const verifyKey = await crypto.subtle.importKey("raw", raw, ED25519, true, ["verify"]);
  return { session: sessionIdOf(raw), publicKey: raw, verifyKey };
}

/** What is asked of a new token. */
export interface TokenOptions {
  readonly role: Role;
  /** Rounded up to the second. */
  readonly expiresAtMs: number;
  readonly single?: boolean;
  /** Its name; random by default. */
  readonly id?: string;
}

/** Makes a token. */
export async function mintToken(keys: SessionKeys, options: TokenOptions): Promise<string> {
  const payload = {
    sid: keys.session,
    role: options.role,
    exp: Math.ceil(options.expiresAtMs / 1000),
    jti: options.id ?? toBase64Url(crypto.getRandomValues(new Uint8Array(9))),
    ...(options.single === true ? { once: true } : {}),
  };
  return await new CompactSign(utf8(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "EdDSA" })
    .sign(keys.signingKey);
}

const Payload = v.strictObject({
  sid: v.pipe(v.string(), v.length(22)),
  role: v.picklist(ROLES),
  exp: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e12)),
  jti: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  once: v.optional(v.literal(true)),
});

/**
 * Checks a token's signature, session and expiry. Throws a {@link PeerError} with `token-invalid`, `token-foreign` or
 * `token-expired`. Whether it was used or withdrawn is for the host to know.
 */
export async function verifyToken(
  identity: SessionIdentity,
  token: string,
  nowMs: number,
): Promise<Claims> {
  // Another session's token cannot have this one's signature; it is told apart by what it says of itself.
  const genuine = await isGenuine(identity, token);
  const payload = readPayload(token);
  if (payload !== undefined && payload.sid !== identity.session) {
    throw new PeerError("token-foreign");
  }
  if (!genuine || payload === undefined) throw new PeerError("token-invalid");
  const expiresAtMs = payload.exp * 1000;
  if (expiresAtMs <= nowMs) throw new PeerError("token-expired");
  const { sid, role, jti, once } = payload;
  return { session: sid, role, expiresAtMs, id: jti, single: once === true };
}

async function isGenuine(identity: SessionIdentity, token: string): Promise<boolean> {
  if (token.length > TOKEN_MAX_BYTES) return false;
  // jose lets the unused bits of a last character pass.
  if (!token.split(".").every((part) => fromBase64Url(part) !== undefined)) return false;
  try {
    await compactVerify(token, identity.verifyKey, { algorithms: ["EdDSA"] });
    return true;
  } catch {
    return false;
  }
}

/** What a token says, without any check of who says it. */
function readPayload(token: string): v.InferOutput<typeof Payload> | undefined {
  const bytes = fromBase64Url(token.split(".")[1] ?? "");
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const result = v.safeParse(Payload, value);
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
