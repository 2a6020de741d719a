/**
 * The link that a presenter gives away: `https://HOST/s/SESSION#SECRET.TOKEN`, with `.PIN` behind it where the server's
 * certificate is to be that one, and `ssh://HOST/PORT/s/SESSION#SECRET.TOKEN` for a host that is reached over SSH. A
 * browser never sends what follows the `#` to a server.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";
import { fromBase64Url, toBase64Url } from "./bytes.ts";
import { TOKEN_MAX_BYTES } from "./limits.ts";
import { sessionIdBytes } from "./session_id.ts";

/** Bytes of a link's secret. */
export const SECRET_BYTES = 32;
/** Bytes of a certificate's fingerprint: SHA-256 of its DER form. */
export const PIN_BYTES = 32;

/** Whom the system's `ssh` is to call. */
export interface SshTarget {
  /** Absent for whom `ssh` takes by itself. */
  readonly user?: string;
  /** A name, an address (IPv6 without brackets), or a `Host` of `~/.ssh/config`. */
  readonly host: string;
  /** Absent for the one that `ssh` takes by itself. */
  readonly port?: number;
}

/** A link, taken apart. */
export interface Link {
  /** Such as `http://127.0.0.1:1234`, without a path. With {@link ssh}, as it is seen from there. */
  readonly origin: string;
  /** The session's id. */
  readonly session: string;
  /** What both sides of a handshake must know: 32 bytes. */
  readonly secret: Uint8Array;
  /** The JWT that lets its bearer in. */
  readonly token: string;
  /** The fingerprint of the one certificate that the server may show, 32 bytes; only with `https:`. */
  readonly pin?: Uint8Array;
  /** The machine from which {@link origin} can be reached. */
  readonly ssh?: SshTarget;
}

/** Makes a new secret. */
export function createSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/** Puts a link together. */
export function formatLink(link: Link): string {
  const page = link.ssh === undefined ? pageUrl(link) : sshUrl(link, link.ssh);
  const pin = link.pin === undefined ? "" : `.${toBase64Url(link.pin)}`;
  return `${page}#${toBase64Url(link.secret)}.${link.token}${pin}`;
}

/**
 * Takes a link apart. Throws a {@link UsageError} that says which part is missing and never repeats the secret.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const text = `http://127.0.0.1:8080/s/${"A".repeat(22)}#${"A".repeat(43)}.e30.e30.AA`;
 * assert.equal(parseLink(text).origin, "http://127.0.0.1:8080");
 * assert.equal(formatLink(parseLink(text)), text);
 * ```
 */
export function parseLink(text: string): Link {
  const url = parseUrl(text.trim());
  const { session, ...place } = url.protocol === "ssh:" ? sshPlace(url) : webPlace(url);
  if (sessionIdBytes(session) === undefined) throw bad('its path is not "/s/SESSION"');
  const keys = parseFragment(url.hash.slice(1));
  if (keys.pin !== undefined && url.protocol !== "https:") {
    throw bad("it names a certificate, and does not begin with https://");
  }
  return { ...place, session, ...keys };
}

/** The address of the session's page: the link without what is secret. */
export function pageUrl(link: Pick<Link, "origin" | "session">): string {
  return `${link.origin}/s/${link.session}`;
}

/** The address of the session's WebSocket: the page's, with `ws:` for `http:`. */
export function socketUrl(link: Pick<Link, "origin" | "session">): string {
  return pageUrl(link).replace(/^http/, "ws");
}

/**
 * Reads `[USER@]HOST[:PORT]`, where an IPv6 address stands in brackets. Nothing in it can be taken for an option of `ssh`.
 *
 * @returns `undefined` for anything else
 */
export function parseSshTarget(text: string): SshTarget | undefined {
  const match =
    /^(?:(\w[\w.+-]{0,63})@)?(?:\[([\da-f:.]{2,64})\]|(\w[\w.-]{0,252}))(?::(\d{1,5}))?$/i.exec(
      text,
    );
  const host = match?.[2] ?? match?.[3];
  const user = match?.[1], port = match?.[4];
  if (host === undefined || (port !== undefined && !isPort(port))) return undefined;
  return {
    ...(user !== undefined && { user }),
    host,
    ...(port !== undefined && { port: Number(port) }),
  };
}

/** Writes what {@link parseSshTarget} reads. */
export function formatSshTarget({ user, host, port }: SshTarget): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${user === undefined ? "" : `${user}@`}${name}${port === undefined ? "" : `:${port}`}`;
}

function sshUrl({ origin, session }: Link, ssh: SshTarget): string {
  return `ssh://${formatSshTarget(ssh)}/${new URL(origin).port || "80"}/s/${session}`;
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw bad("it is not a URL");
  }
  if (url.search !== "") throw bad("it has a user name or a query");
  return url;
}

function webPlace(url: URL): Pick<Link, "origin" | "session"> {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw bad("it does not begin with http://, https:// or ssh://");
  }
  if (url.username !== "" || url.password !== "") throw bad("it has a user name or a query");
  const session = /^\/s\/([\w-]+)\/?$/.exec(url.pathname)?.[1];
  if (session === undefined) throw bad('its path is not "/s/SESSION"');
  return { origin: url.origin, session };
}

/** Of `ssh://TARGET/PORT/s/SESSION`. */
function sshPlace(url: URL): Pick<Link, "origin" | "session" | "ssh"> {
  const ssh = parseSshTarget(/^ssh:\/\/([^/?#]*)/i.exec(url.href)?.[1] ?? "");
  if (ssh === undefined) throw bad('it does not begin with "ssh://USER@HOST" or "ssh://HOST"');
  const [, port = "", session] = /^\/(\d{1,5})\/s\/([\w-]+)\/?$/.exec(url.pathname) ?? [];
  if (session === undefined || !isPort(port)) throw bad('its path is not "/PORT/s/SESSION"');
  return { origin: new URL(`http://127.0.0.1:${port}`).origin, session, ssh };
}

function isPort(text: string): boolean {
  return /^[1-9]\d*$/.test(text) && Number(text) <= 65_535;
}

function parseFragment(fragment: string): Pick<Link, "secret" | "token" | "pin"> {
  if (fragment === "") {
    throw bad("it has nothing after a #: quote it when you paste it into a shell");
  }
  const parts = fragment.split(".");
  const secret = parts.length > 1 ? fromBase64Url(parts[0]!) : undefined;
  if (secret?.length !== SECRET_BYTES) throw bad("its secret, between # and the first dot, is cut");
  const token = parts.slice(1, 4).join(".");
  if (token.length > TOKEN_MAX_BYTES || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    throw bad("its token, after the first dot, is cut");
  }
  if (parts.length < 5) return { secret, token };
  const pin = parts.length === 5 ? fromBase64Url(parts[4]!) : undefined;
  if (pin?.length !== PIN_BYTES) throw bad("its end, the certificate's fingerprint, is cut");
  return { secret, token, pin };
}

function bad(why: string): UsageError {
  return new UsageError("link-invalid", `Cannot use the link: ${why}`);
}
