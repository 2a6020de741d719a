/**
 * Which proxy the environment names for an address, by the variables that `curl` and the runtime go by.
 *
 * @module
 */
import { utf8 } from "./bytes.ts";

/** A proxy that speaks HTTP, without TLS to itself. */
export interface Proxy {
  readonly hostname: string;
  readonly port: number;
  /** What it is shown (RFC 7617), where its address has a name and a password. */
  readonly authorization?: string;
}

/**
 * The proxy for a `ws:` or `wss:` address: `undefined` for none, `"other"` for one that does not speak HTTP. This machine's
 * own addresses are reached without any.
 *
 * @param read a variable of the environment
 */
export function proxyOf(
  url: URL,
  read: (name: string) => string | undefined,
): Proxy | "other" | undefined {
  const scheme = url.protocol === "wss:" ? "https" : "http";
  const named = either(`${scheme}_proxy`, read) ?? either("all_proxy", read);
  if (named === undefined || isLocal(url.hostname)) return undefined;
  if (isExcepted(url.hostname, either("no_proxy", read) ?? "")) return undefined;
  return parse(named.includes("://") ? named : `http://${named}`) ?? "other";
}

function parse(address: string): Proxy | undefined {
  try {
    const { protocol, hostname, port, username, password } = new URL(address);
    if (protocol !== "http:") return undefined;
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return {
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port || 80),
      ...(user !== ":" && { authorization: `Basic ${btoa(String.fromCharCode(...utf8(user)))}` }),
    };
  } catch {
    return undefined;
  }
}

function either(name: string, read: (name: string) => string | undefined): string | undefined {
  return read(name) || read(name.toUpperCase()) || undefined;
}

function isLocal(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

/** Whether a name, or a domain that it is in, is in a list such as `localhost,.example.com`. */
function isExcepted(hostname: string, list: string): boolean {
  return list.split(",").map((entry) => entry.trim().toLowerCase()).some((entry) =>
    entry === "*" ||
    entry !== "" && `.${hostname}`.endsWith(`.${entry.replace(/^\*?\./, "").replace(/:\d+$/, "")}`)
  );
}
