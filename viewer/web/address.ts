/**
 * The link that the page was opened with: taken out of the address bar at once, and kept for a reload.
 *
 * @module
 */
import { UsageError } from "../../format/errors.ts";
import { fromBase64Url } from "../../wire/bytes.ts";
import { type Link, parseLink } from "../../wire/link.ts";

/** What is used of `location`. */
export interface Address {
  readonly origin: string;
  readonly pathname: string;
  readonly hash: string;
}

/** What is used of `sessionStorage`, which lasts as long as the tab. */
export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What the address holds. */
export type Found =
  | { readonly kind: "link"; readonly link: Link }
  /** The link cannot be used, and why. */
  | { readonly kind: "bad"; readonly why: string };

const KEY = "collab.link";

/**
 * Reads the link, from the address or from what a page before a reload left. Whoever calls removes the fragment from the
 * address bar.
 */
export function takeLink(address: Address, storage: TabStorage | undefined): Found {
  const { origin, pathname, hash } = address;
  const page = `${origin}${pathname}`;
  const fragment = hash.length > 1 ? hash : keptFragment(page, storage);
  try {
    const link = parseLink(`${page}${fragment ?? ""}`);
    storage?.setItem(KEY, `${page}${fragment}`);
    return { kind: "link", link };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const cut = "This link is not whole: copy all of it, with everything after the #";
    return { kind: "bad", why: cut };
  }
}

/** Who was removed does not come back by a reload. */
export function forgetLink(storage: TabStorage | undefined): void {
  storage?.removeItem(KEY);
}

/** Whether a link lets in one participant only, as its token says; the host alone checks that. */
export function isSingleUse(link: Pick<Link, "token">): boolean {
  return claimsOf(link).once === true;
}

/** What the host knows a link by, as its token says. */
export function tokenId(link: Pick<Link, "token">): string | undefined {
  const { jti } = claimsOf(link);
  return typeof jti === "string" ? jti : undefined;
}

/** What a token says, without any check. */
function claimsOf({ token }: Pick<Link, "token">): Readonly<Record<string, unknown>> {
  try {
    const claims = fromBase64Url(token.split(".")[1] ?? "");
    const value: unknown = JSON.parse(new TextDecoder().decode(claims));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function keptFragment(page: string, storage: TabStorage | undefined): string | undefined {
  const kept = storage?.getItem(KEY);
  return kept?.startsWith(`${page}#`) ? kept.slice(page.length) : undefined;
}

/** The tab's storage, or `undefined` where the browser has none for this page. */
export function tabStorage(): TabStorage | undefined {
  let storage: TabStorage | undefined;
  try {
    storage = sessionStorage;
  } catch {
    // Asking throws where the browser keeps nothing.
  }
  return storage;
}
