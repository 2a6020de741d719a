/**
 * The link that a presenter gives away: `https://HOST/s/SESSION#SECRET.TOKEN`. A browser never sends what follows the
 * `#` to a server.
 *
 * @module
 */
import { UsageError } from "../format/errors.ts";
import { fromBase64Url, toBase64Url } from "./bytes.ts";
import { TOKEN_MAX_BYTES } from "./limits.ts";
import { sessionIdBytes } from "./session_id.ts";

/** Bytes of a link's secret. */
export const SECRET_BYTES = 32;

/** A link, taken apart. */
export interface Link {
  /** Such as `http://127.0.0.1:1234`, without a path. */
  readonly origin: string;
  /** The session's id. */
  readonly session: string;
  /** What both sides of a handshake must know: 32 bytes. */
  readonly secret: Uint8Array;
  /** The JWT that lets its bearer in. */
  readonly token: string;
}

/** Makes a new secret. */
export function createSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/** Puts a link together. */
export function formatLink(link: Link): string {
  return `${pageUrl(link)}#${toBase64Url(link.secret)}.${link.token}`;
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
  const session = /^\/s\/([\w-]+)\/?$/.exec(url.pathname)?.[1];
  if (session === undefined || sessionIdBytes(session) === undefined) {
    throw bad('its path is not "/s/SESSION"');
  }
  const fragment = url.hash.slice(1);
  if (fragment === "") {
    throw bad("it has nothing after a #: quote it when you paste it into a shell");
  }
  const dot = fragment.indexOf(".");
  const secret = dot < 0 ? undefined : fromBase64Url(fragment.slice(0, dot));
  if (secret?.length !== SECRET_BYTES) throw bad("its secret, between # and the first dot, is cut");
  const token = fragment.slice(dot + 1);
  if (token.length > TOKEN_MAX_BYTES || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    throw bad("its token, after the first dot, is cut");
  }
  return { origin: url.origin, session, secret, token };
}

/** The address of the session's page: the link without what is secret. */
export function pageUrl(link: Pick<Link, "origin" | "session">): string {
  return `${link.origin}/s/${link.session}`;
}

/** The address of the session's WebSocket: the page's, with `ws:` for `http:`. */
export function socketUrl(link: Pick<Link, "origin" | "session">): string {
  return pageUrl(link).replace(/^http/, "ws");
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw bad("it is not a URL");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw bad("it does not begin with http:// or https://");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "") {
    throw bad("it has a user name or a query");
  }
  return url;
}

function bad(why: string): UsageError {
  return new UsageError("link-invalid", `Cannot use the link: ${why}`);
}
